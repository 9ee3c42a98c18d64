"""What the caseworker's pages list: weeks to read with their filters, what is next, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ayumi.records import reading
from ayumi.records.reading import Sift

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Which weeks the address asks for: whose, and of which kind."""

    mine: bool
    of: UUID | None
    only: str
    page: int

    def sift(self, membership_id: UUID) -> Sift:
        """The same as the query wants it."""
        whose = self.of or (membership_id if self.mine else None)
        return Sift(caseworker_id=whose, only=self.only)

    @property
    def parameters(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {"who": "mine" if self.mine else "all", "only": self.only, "of": str(self.of) if self.of else ""}
        return {name: value for name, value in said.items() if value}


def asked(given: Mapping[str, str], *, is_caseworker: bool) -> Asked:
    """Read an address: caseworkers see their own people unless they ask for all."""
    who = given.get("who") or ("mine" if is_caseworker else "all")
    only = given.get("only", "")
    page = given.get("page", "1")
    return Asked(
        mine=who == "mine" and not given.get("of"),
        of=_id(given.get("of", "")),
        only=only if only in reading.ONLY else "",
        page=int(page) if page.isdecimal() and page != "0" else 1,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def beside(record_id: UUID, sift: Sift) -> dict[str, Any]:
    """Return the week to read before and after this one in the same list, and its place among all."""
    order = reading.order(sift)
    if record_id not in order:
        return {"before": None, "after": order[0] if order else None, "place": 0, "of": len(order)}
    place = order.index(record_id)
    return {
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        "place": place + 1,
        "of": len(order),
    }
