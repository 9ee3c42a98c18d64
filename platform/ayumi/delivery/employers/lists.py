"""The list of employers: what the address asks for, and what the page shows of it."""

from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext

from ayumi.employers import labels, queries
from ayumi.employers.model import EmployerStatus, Offer
from ayumi.employers.queries import Wanted
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.placements import queries as placements
from ayumi.web.links import to

Word = TypeVar("Word", bound=StrEnum)

KEPT = ("q", "status", "offer", "agreement", "days", "sort", "down")


def shown() -> dict[str, Any]:
    """Return everything the list shows."""
    wanted, month = wanted_of_address(), Month.of(clock.today())
    with_days = request.args.get("days") == "yes"
    also = [placements.has_days(month.first, month.last)] if with_days else []
    rows = queries.every(wanted, *also)
    days = placements.days_by_employer([row.id for row in rows], month.first, month.last)
    return {
        "rows": rows,
        "total": rows[0].total if rows else 0,
        "wanted": wanted,
        "month": month,
        "days": days,
        "fields": fields(wanted, with_days),
        "is_narrowed": with_days or wanted_is_narrow(wanted),
        "page_url": lambda number: address(page=number),
        "sort_url": lambda key: address(sort=key, down="1" if wanted.sort == key and not wanted.down else ""),
    }


def wanted_of_address() -> Wanted:
    """Read the filters from the address; what makes no sense there is left out."""
    asked = request.args
    return Wanted(
        text=asked.get("q", "").strip()[:80],
        status=word(EmployerStatus, asked.get("status")),
        offer=word(Offer, asked.get("offer")),
        agreed={"yes": True, "no": False}.get(asked.get("agreement", "")),
        sort="price" if asked.get("sort") == "price" else "name",
        down=asked.get("down") == "1",
        page=max(asked.get("page", 1, type=int), 1),
    )


def wanted_is_narrow(wanted: Wanted) -> bool:
    """Tell whether any filter is set."""
    return bool(wanted.text or wanted.status or wanted.offer or wanted.agreed is not None)


def word(words: type[Word], text: str | None) -> Word | None:
    """Return the word of this name, or None."""
    return next((each for each in words if each.value == text), None)


def address(**changed: object) -> str:
    """Return the list's address with some of its questions changed."""
    asked = {name: request.args.get(name, "") for name in KEPT} | {name: str(said) for name, said in changed.items()}
    query = urlencode({name: said for name, said in asked.items() if said})
    return f"{to('employers.index')}?{query}" if query else to("employers.index")


def fields(wanted: Wanted, with_days: bool) -> list[dict[str, Any]]:
    """Return the fields of the row of filters."""
    everything = ("", gettext("All"))
    agreed = {True: "yes", False: "no"}.get(wanted.agreed) if wanted.agreed is not None else ""
    return [
        {"name": "q", "label": gettext("Name, reading or trade"), "type": "search", "value": wanted.text},
        _select("status", gettext("State"), wanted.status, [everything, *_pairs(labels.STATUSES)]),
        _select("offer", gettext("What they offer"), wanted.offer, [everything, *_pairs(labels.OFFERS)]),
        _select(
            "agreement",
            gettext("Agreement this fiscal year"),
            agreed,
            [everything, ("yes", gettext("Agreed")), ("no", gettext("None yet"))],
        ),
        _select(
            "days", gettext("Days this month"), "yes" if with_days else "", [everything, ("yes", gettext("With days"))]
        ),
    ]


def _select(name: str, label: str, value: Any, choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "label": label, "type": "select", "value": value or "", "choices": choices}


def _pairs(words: dict[Any, str]) -> list[tuple[str, str]]:
    return [(each.value, gettext(label)) for each, label in words.items()]
