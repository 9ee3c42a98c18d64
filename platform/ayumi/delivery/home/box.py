"""One thing that waits: how many, the first few, where all of them are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from ayumi.kernel import clock
from ayumi.web import frame

FIRST_FEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One of the first few. ``state`` is (word, kind of tag)."""

    name: str
    url: str
    text: str = ""
    aside: str = ""
    state: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A list on the home page. ``nothing`` is what it says when nothing waits."""

    key: str
    title: str
    total: int
    lines: tuple[Line, ...]
    url: str
    nothing: str
    urgent: bool = False


Maker = Callable[[], Box | None]


def made(makers: Iterable[tuple[str, Maker]]) -> list[Box]:
    """Return the boxes whose permission whoever is here holds."""
    found = [make() for permission, make in makers if frame.may(permission)]
    return [box for box in found if box is not None]


def full_name(row: Any) -> str:
    """Name of the person of a row."""
    return f"{row.family_name} {row.given_name}"


def days_late(due_on: date) -> str:
    """How long something has been due."""
    late = (clock.today() - due_on).days
    return str(ngettext("%(num)s day late", "%(num)s days late", late))


def days_left(until: date) -> str:
    """How long something still lasts."""
    left = (until - clock.today()).days
    if left < 0:
        return str(gettext("over"))
    return str(gettext("today") if left == 0 else ngettext("%(num)s day left", "%(num)s days left", left))
