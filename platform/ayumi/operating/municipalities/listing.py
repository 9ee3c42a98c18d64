"""The table of municipalities as its address asks for it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext, ngettext

from ayumi.hosting import queries
from ayumi.hosting.health import State, states_of
from ayumi.hosting.labels import PLANS, STATES
from ayumi.hosting.model import Plan
from ayumi.hosting.queries import Wanted
from ayumi.kernel.db import Rows, db
from ayumi.web.paging import page_number

ASKED = ("q", "state", "plan", "sort")


@dataclass(slots=True)
class Listing:
    """One page of the table."""

    asked: dict[str, str]
    wanted: Wanted
    page: int
    total: int
    rows: Rows

    @property
    def result(self) -> str:
        """How many there are, in words."""
        return str(ngettext("%(num)s municipality", "%(num)s municipalities", self.total))

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        return any(self.asked[name] for name in ("q", "state", "plan"))

    def url(self, **changes: str) -> str:
        """The address of the table with something else asked for."""
        asked = {name: value for name, value in (self.asked | changes).items() if value}
        return f"{request.path}?{urlencode(asked)}" if asked else request.path

    def sort_url(self, key: str) -> str:
        """The address that sorts by a column, the other way when it does so already."""
        same = key == self.wanted.sort
        return self.url(sort=f"-{key}" if same and not self.wanted.down else key)

    def page_url(self, page: int) -> str:
        """The address of another page."""
        return self.url(page=str(page))

    def fields(self) -> list[dict[str, Any]]:
        """The filters: words, state, plan."""
        states = [("", gettext("All")), *((state.value, gettext(word)) for state, word in STATES.items())]
        plans = [("", gettext("All")), *((plan.value, gettext(word)) for plan, word in PLANS.items())]
        return [
            {"name": "q", "label": gettext("Name, reading or code"), "value": self.asked["q"], "type": "search"},
            {
                "name": "state",
                "label": gettext("State"),
                "value": self.asked["state"],
                "type": "select",
                "choices": states,
            },
            {
                "name": "plan",
                "label": gettext("Booked plan"),
                "value": self.asked["plan"],
                "type": "select",
                "choices": plans,
            },
        ]


def listing() -> Listing:
    """Return the page of the table that the address asks for; behind its last page the first one."""
    asked = {name: "".join(filter(str.isprintable, request.args.get(name, ""))).strip() for name in ASKED}
    sort = asked["sort"].removeprefix("-")
    wanted = Wanted(
        words=asked["q"],
        state=State(asked["state"]) if asked["state"] in set(State) else None,
        plan=Plan(asked["plan"]) if asked["plan"] in set(Plan) else None,
        sort=sort if sort in queries.SORTS else "code",
        down=asked["sort"].startswith("-"),
    )
    page = page_number()
    total, rows = queries.page(db.session(), wanted, page=page)
    made = Listing(asked, wanted, page, total, rows)
    if page > 1 and not rows:
        return replace(made, page=1, rows=queries.page(db.session(), wanted)[1])
    return made


__all__ = ["Listing", "listing", "states_of"]
