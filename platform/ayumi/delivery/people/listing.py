"""The list of people: what the address asks for, and everything the page shows of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from flask_babel import gettext

from ayumi.accounts.model import Party, Role
from ayumi.delivery.people.sealing import seal, unseal
from ayumi.participants import queries
from ayumi.participants.labels import STATUSES
from ayumi.participants.queries import Page, Sift
from ayumi.plans import beside as goals
from ayumi.records import beside as weeks
from ayumi.web.formats import number
from ayumi.web.links import addresses, to
from ayumi.web.visit import visit

Pair = tuple[str, str]

ASKED = ("who", "find", "caseworker", "delivery", "status", "silent", "sort", "page")
SORTS = ("kana", "age", "last", "status")
SILENT = (2, 4)
LAST_PAGE = 10_000
# Whoever works with people day by day begins with their own.
BEGIN_WITH_OWN = {Role.CASEWORKER, Role.EMPLOYMENT_SUPPORT_WORKER, Role.SUPPORTER}


@dataclass
class Listing:
    """A page of people with its filters, and the addresses that change it."""

    asked: dict[str, str]
    sift: Sift
    page: Page
    caseworkers: list[Pair] = field(default_factory=list)
    places: list[Pair] = field(default_factory=list)

    @property
    def statuses(self) -> tuple[Pair, ...]:
        """Statuses to choose from."""
        every = [(status.value, gettext(word)) for status, word in STATUSES.items()]
        return ("", gettext("All but ended")), *every, ("any", gettext("All, also ended"))

    @property
    def silences(self) -> tuple[Pair, ...]:
        """How long there may have been no record."""
        said = [(str(each), gettext("None for %(weeks)s weeks", weeks=each)) for each in SILENT]
        return ("", gettext("Any time")), *said

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides the scope narrows the list."""
        return any(self.asked.get(name) for name in ("caseworker", "delivery", "status", "silent"))

    @property
    def result(self) -> str:
        """How many there are, in words."""
        return str(gettext("%(number)s people", number=number(self.page.total)))

    def url(self, **changes: str) -> str:
        """The address of this list with something else asked for; a new question begins on its first page."""
        asked = {name: value for name, value in (self.asked | {"page": ""} | changes).items() if value}
        return f"{request.path}?{urlencode(asked)}" if asked else request.path

    def sort_url(self, key: str) -> str:
        """The address that sorts by a column, the other way when it does so already."""
        same = key == self.sift.sort
        return self.url(sort=f"-{key}" if same and not self.sift.down else key)

    def page_url(self, page: int) -> str:
        """The address of another page."""
        return self.url(page=str(page))

    @cached_property
    def address_of(self) -> Callable[[UUID], str]:
        """Makes the address of one person's page."""
        return addresses("participants.detail", "participant_id")

    def others(self, *names: str) -> dict[str, str]:
        """What a form keeps besides its own fields."""
        return {name: value for name, value in self.asked.items() if value and name not in (*names, "page")}


def sought() -> str:
    """Return where the search box leads: to the same list, with the words sealed in its address."""
    asked = {name: value for name, value in (_asked() | {"page": ""}).items() if value}
    if not request.values.get("q", "").strip():
        asked.pop("find", None)
    return f"{to('participants.index')}?{urlencode(asked)}"


def listing() -> Listing:
    """Return the list that the address asks for; behind its last page the first one."""
    asked = _asked()
    sift = _sift(asked)
    page = _page(sift)
    if sift.page > 1 and not page.rows:
        sift = replace(sift, page=1)
        page = _page(sift)
    made = Listing(asked, sift, page)
    for row in queries.choices() if visit().party is Party.STAFF else ():
        (made.caseworkers if row.kind == "caseworker" else made.places).append((str(row.id), row.name))
    return made


def _page(sift: Sift) -> Page:
    return queries.page(
        sift, last_week=weeks.last_week, goal=goals.goal, concerns=weeks.concerns, week=weeks.week_before
    )


def _asked() -> dict[str, str]:
    given: Mapping[str, str] = request.values
    asked = {name: "".join(filter(str.isprintable, given.get(name, ""))).strip() for name in ASKED}
    if given.get("q"):
        asked["find"] = seal(given["q"])
    if asked["who"] not in ("mine", "all"):
        asked["who"] = "mine" if visit().roles & BEGIN_WITH_OWN else "all"
    return asked


def _sift(asked: Mapping[str, str]) -> Sift:
    sort = asked["sort"].removeprefix("-")
    return Sift(
        words=unseal(asked["find"]),
        mine=asked["who"] == "mine",
        caseworker_id=_read(UUID, asked["caseworker"]),
        delivery=asked["delivery"],
        status=asked["status"],
        silent_weeks=int(asked["silent"]) if asked["silent"] in map(str, SILENT) else 0,
        sort=sort if sort in SORTS else "kana",
        down=asked["sort"].startswith("-"),
        page=min(max(_read(int, asked["page"]) or 1, 1), LAST_PAGE),
    )


def _read(kind: Callable[[str], Any], text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        return None
