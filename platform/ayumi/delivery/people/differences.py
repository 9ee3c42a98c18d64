"""What the journal says of a person, in words: which field, what it was, what it became."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext, pgettext

from ayumi.kernel.words import _
from ayumi.participants import fields
from ayumi.participants.labels import BARRIERS
from ayumi.participants.model import Barrier
from ayumi.participants.schemas import AssignSchema, ParticipantSchema, RestrictSchema
from ayumi.web.formats import date_long

ACTIONS: dict[str, str] = {
    "registered": _("Registered"),
    "imported": _("Registered from a list"),
    "edited": _("What is known was changed"),
    "updated_by_import": _("Changed from a list"),
    "assigned": _("Who is there for the person was changed"),
    "handed_over": _("Handed over to the next firm"),
    "delivery_changed": _("Who is there for the person was changed"),
    "restricted": _("Hidden from all but a few"),
    "restriction_lifted": _("Opened to all staff again"),
    "paused": _("Support rests"),
    "resumed": _("Support goes on after a rest"),
    "prolonged": _("Support goes on beyond a year"),
}


def _labels() -> dict[str, str]:
    fields = {**ParticipantSchema().fields, **AssignSchema().fields, **RestrictSchema().fields}
    return {name: field.metadata.get("label", "") for name, field in fields.items()}


LABELS = _labels()
OF_PEOPLE = ("caseworker_id", "supporter_ids", "staff_ids", "delivery_firm_id")


def differences(changes: Mapping[str, list[Any]], names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """Return (field, before → after) for what a journal entry says was changed."""
    return [
        (gettext(LABELS[name]), f"{_said(name, before, names)} → {_said(name, after, names)}")
        for name, (before, after) in fields.told(changes).items()
        if LABELS.get(name)
    ]


def mentioned(rows: Iterable[Any]) -> set[UUID]:
    """Return the identifiers of people and firms that entries speak of."""
    found: set[UUID] = {row.membership_id for row in rows if row.membership_id}
    for row in rows:
        for name, pair in (row.changes or {}).items():
            if name in OF_PEOPLE:
                found |= {UUID(each) for side in pair for each in _listed(side)}
    return found


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def _said(name: str, value: Any, names: Mapping[UUID, str]) -> str:
    if name == "delivery_firm_id" and not value:
        return str(gettext("Own staff"))
    if not value:
        return str(pgettext("field", "nothing"))
    if name in OF_PEOPLE:
        return "、".join(names.get(UUID(each), "—") for each in _listed(value))
    if name == "barriers":
        return "、".join(gettext(BARRIERS[Barrier(each)]) for each in value)
    return date_long(date.fromisoformat(value)) if name == "birth_date" else str(value)
