"""Counts of what happens, made by every process of a host together and read by one (``ayumi metrics``).

Labels are words of ours and numbers of municipalities: never a name, an address or an identifier of a person.
Without a folder to count in, each process counts for itself alone.

In the folder each process has files of its own, and a mark that it holds locked as long as it lives. So it is known
who is gone, also where processes share the folder and cannot see one another: containers, in which most have number 1.
"""

import fcntl
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import IO

from prometheus_client import CollectorRegistry, values

REGISTRY = CollectorRegistry()
FURTHER = "ayumi.figures"  # among the extensions of an application: collectors of what lies outside the core
ALIVE = ".alive"

_held: dict[int, tuple[str, IO[bytes]]] = {}  # number of this process -> its name, and its mark
_name: Callable[[Path], str]


def begin(folder: str | None) -> None:
    """Count in this folder from now on. Nothing may have been counted before."""
    if not folder or os.environ.get("PROMETHEUS_MULTIPROC_DIR") == folder:
        return
    where = Path(folder)
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    values.ValueClass = values.MultiProcessValue(lambda: _name(where))  # type: ignore[no-untyped-call]


def _own_name(folder: Path) -> str:
    """Return the name of this process, and hold its mark."""
    own = os.getpid()
    if own not in _held:
        for _name_of_other, mark in _held.values():  # forked: the other holds its mark itself
            mark.close()
        _held.clear()
        _held[own] = _marked(folder, f"{own}-{secrets.token_hex(4)}")
    return _held[own][0]


_name = _own_name


def _marked(folder: Path, name: str) -> tuple[str, IO[bytes]]:
    """Make a mark: it is locked before it can be found."""
    half = folder / f"{name}.half"
    mark = half.open("wb")
    fcntl.flock(mark, fcntl.LOCK_EX)
    half.rename(folder / f"{name}{ALIVE}")
    return name, mark


def count_as_one() -> None:
    """Let the processes that this one forks count as this one: they are many, short, and one at a time."""
    global _name
    own = os.environ.get("PROMETHEUS_MULTIPROC_DIR") and _own_name(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
    _name = lambda _folder: own or ""  # noqa: E731


def forget_the_dead(folder: str | None) -> None:
    """Forget what processes held that have ended: their counts stay, their connections do not.

    A sum that falls looks like a burst to whoever reads it. The folder is emptied when the machine starts.
    """
    for mark in Path(folder).glob(f"*{ALIVE}") if folder else ():
        if _is_over(mark):
            for file in mark.parent.glob(f"gauge_live*_{mark.stem}.db"):
                file.unlink(missing_ok=True)
            mark.unlink(missing_ok=True)


def _is_over(mark: Path) -> bool:
    """Tell whether nobody holds a mark any more."""
    try:
        with mark.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        pass
    return True
