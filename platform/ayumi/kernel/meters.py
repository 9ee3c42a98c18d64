"""Counts of what happens, made by every process of a host together and read by one (``ayumi metrics``).

Labels are words of ours and numbers of municipalities: never a name, an address or an identifier of a person.
Without a folder to count in, each process counts for itself alone.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, multiprocess, values

REGISTRY = CollectorRegistry()
OWNER = re.compile(r"_(\d+)\.db$")

_process: Callable[[], int] = os.getpid


def begin(folder: str | None) -> None:
    """Count in this folder from now on. Nothing may have been counted before."""
    if not folder or os.environ.get("PROMETHEUS_MULTIPROC_DIR") == folder:
        return
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    values.ValueClass = values.MultiProcessValue(lambda: _process())  # type: ignore[no-untyped-call]


def count_as_one() -> None:
    """Let the processes that this one forks count as this one: they are many, short, and one at a time."""
    global _process
    own = os.getpid()
    _process = lambda: own  # noqa: E731


def gone(process: int) -> None:
    """Forget what a process held when it ended: its counts stay, its connections do not."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]


def forget_the_dead(folder: str | None) -> None:
    """Forget what processes held that were killed together with whoever would have noticed.

    Their counts stay: a sum that falls looks like a burst to whoever reads it. The folder is emptied when the machine
    starts.
    """
    for file in Path(folder).glob("gauge_live*.db") if folder else ():
        owner = OWNER.search(file.name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            file.unlink(missing_ok=True)
