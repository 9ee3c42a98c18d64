"""The compiler of documents, kept warm with its fonts and templates.

Its threads do not survive a fork: a process forked from one that has printed would wait for them for ever. The
queue's worker forks for each job, so there a fresh process prints instead (`python -m ayumi.papers.press`).
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

TEMPLATES: Final = Path(__file__).parent / "typst"
FONTS: Final = (
    "biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf",
    "biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf",
    "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
    "noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
)
STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
PATIENCE: Final = 120

_printed: Final[set[int]] = set()


def font_files(packages: Path) -> list[Path]:
    """The fonts of documents inside a folder of npm packages."""
    files = [packages / "@expo-google-fonts" / name for name in FONTS]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise FileNotFoundError(f"fonts for documents are missing: {', '.join(missing)}")
    return files


def print_pdf(packages: Path, template: str, inputs: dict[str, str], made: int | None) -> bytes:
    """Compile a template of the folder `typst`; `made` is the moment of its making in seconds, or now."""
    if _printed and os.getpid() not in _printed:
        return _in_fresh_process(packages, template, inputs, made)
    _printed.add(os.getpid())
    return _press(packages).compile(template, inputs, made)


class Press:
    """A compiler with its fonts; it takes one document at a time."""

    def __init__(self, packages: Path) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(file.parent) for file in font_files(packages)],
        )
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
        self._turn = Lock()

    def compile(self, template: str, inputs: dict[str, str], made: int | None) -> bytes:
        path = TEMPLATES / f"{template}.typ"
        with self._turn:
            pdf = self._compiler.compile(
                input=path, format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=made
            )
        if not isinstance(pdf, bytes):
            raise TypeError("a document is one file")
        return pdf


@cache
def _press(packages: Path) -> Press:
    return Press(packages)


def _in_fresh_process(packages: Path, *job: object) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps([str(packages), *job]).encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"printing failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def main(job: Sequence[Any]) -> bytes:
    """One document for another process."""
    packages, *rest = job
    return print_pdf(Path(packages), *rest)


if __name__ == "__main__":
    sys.stdout.buffer.write(main(json.load(sys.stdin.buffer)))
