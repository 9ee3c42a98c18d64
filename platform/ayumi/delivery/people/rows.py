"""The rows of a list of people: one is written by its components, the others are its copies."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from ayumi.delivery.people.listing import Listing
from ayumi.delivery.records import marks
from ayumi.japan.calendar import legal_age
from ayumi.kernel import clock
from ayumi.participants.model import Status
from ayumi.records.beside import monday_before, read_week
from ayumi.web.formats import date_short, is_english, years
from ayumi.web.remembered import remember
from ayumi.web.stencil import Stencil, mark

ADDRESS, NAME, KANA, AGE, BY, CASEWORKER, GOAL, WEEK, LAST, STATE = MARKS = tuple(
    map(mark, ("address", "name", "kana", "age", "by", "caseworker", "goal", "week", "last", "state"))
)
NOTHING = "—"
Macro = Callable[..., Markup]

stencils: dict[tuple[bool, bool], Stencil] = {}  # nothing of a place or a person is written into them


def rows(people: Listing, row: Macro, state: Macro, squares: Macro, *, with_caseworker: bool) -> Markup:
    """Return all rows of a page. ``row`` writes one, ``state`` and ``squares`` what stands in two of its cells."""
    kind = (is_english(), with_caseworker)
    if kind not in stencils:
        written = row(ADDRESS, NAME, KANA, AGE, BY, CASEWORKER if with_caseworker else "", GOAL, WEEK, LAST, STATE)
        stencils[kind] = Stencil(str(written), MARKS, {})
    stencil, said = stencils[kind], Said(people, state, squares)
    return stencil.fill_all([said.of(each) for each in people.page.rows])


class Said:
    """What the cells of a row say; what many say alike is put into words once."""

    def __init__(self, people: Listing, state: Macro, squares: Macro) -> None:
        self.people, self.state, self.squares = people, state, squares
        self.own, self.nobody = gettext("Own staff"), gettext("No caseworker yet")
        self.attendance = gettext("Attendance last week")
        self.today, self.monday_before = clock.today(), monday_before()
        self.years, self.week, self.monday = cache(years), cache(self._week), cache(self._monday)
        self.states: dict[Any, Markup] = {}

    def of(self, row: Any) -> dict[str, object]:
        """Return mark -> word."""
        return {
            ADDRESS: self.people.address_of(row.id),
            NAME: f"{row.family_name} {row.given_name}",
            KANA: f"{row.family_kana} {row.given_kana}",
            AGE: self.years(legal_age(row.birth_date, self.today)),
            BY: row.firm_name or self.own,
            CASEWORKER: row.caseworker_name or self.nobody,
            GOAL: row.goal or NOTHING,
            WEEK: self.week(row.week) if row.status is not Status.CANDIDATE else NOTHING,
            LAST: self.monday(row.last_week) if row.last_week else NOTHING,
            STATE: self._state(row),
        }

    def _week(self, word: str | None) -> Markup:
        return remember(self.squares, marks.squares(read_week(word, self.monday_before), 5), self.attendance)

    def _monday(self, on: date) -> str:
        return str(gettext("Week of %(day)s", day=short_monday(on)))

    def _state(self, row: Any) -> Markup:
        key = (row.status, row.concerns, row.is_restricted)
        if key not in self.states:
            self.states[key] = self.state(row)
        return self.states[key]


def short_monday(on: date) -> str:
    """The Monday that names a week: 11/16, and with its year when that is not this one's."""
    if is_english():
        return date_short(on).partition(" ")[2]
    return f"{on.month}/{on.day}" if on.year == clock.today().year else date_short(on)
