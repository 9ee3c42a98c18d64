"""SQL as the things it says, by squawk's own reading of it: where a line begins or a comment stands does not matter.

Each thing has a path, from its statement down to itself, ``ALTER_TABLE/ADD_COLUMN/CHECK_CONSTRAINT``. What a function
would do some day is not among them: the migration itself does not do it.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SQUAWK = str(Path(sys.executable).with_name("squawk"))
LINE = re.compile(r"^(?P<depth> *)(?P<kind>[A-Z_]+)@(?P<begins>\d+)\.\.(?P<ends>\d+)", re.MULTILINE)
NAMES_A_TABLE = ("TABLE_NAME_REF", "RELATION_NAME_REF")  # how such paths end


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is said, and in which words."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: everything it says, itself first."""

    parts: list[Part]

    @property
    def creates(self) -> str | None:
        """The table that it creates."""
        return next((plain(part.words) for part in self.parts if part.path == "CREATE_TABLE/TABLE_NAME"), None)

    @property
    def table(self) -> str | None:
        """The table that it is about: the first it names."""
        return next((plain(part.words) for part in self.parts if part.path.endswith(NAMES_A_TABLE)), None)


def plain(name: str) -> str:
    """Return a name without its quotation marks."""
    return name.replace('"', "")


def statements(sql: str) -> list[Statement]:
    """Read SQL."""
    found: list[Statement] = []
    for part in parts(sql):
        if "/" not in part.path:
            found.append(Statement([]))
        found[-1].parts.append(part)
    return found


def parts(sql: str) -> Iterator[Part]:
    """Give everything that some SQL says, each statement before what is in it."""
    said, above = sql.encode(), list[str]()
    for line in LINE.finditer(tree(sql)):
        depth = len(line["depth"]) // 2
        above[depth:] = [line["kind"]]
        if depth and line["kind"] not in ("WHITESPACE", "COMMENT") and "ATOMIC_BODY" not in above:
            yield Part("/".join(above[1:]), said[int(line["begins"]) : int(line["ends"])].decode())


def tree(sql: str) -> str:
    """Ask squawk how it reads some SQL."""
    return subprocess.run([SQUAWK, "--debug", "parse"], input=sql, capture_output=True, text=True, check=True).stdout
