"""Forms about a person: what stands in them, and what happens when two people change the same person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from marshmallow import Schema
from sqlalchemy.orm.exc import StaleDataError

from ayumi.accounts import queries as accounts
from ayumi.delivery.people import differences
from ayumi.firms import queries as firms
from ayumi.kernel import journal
from ayumi.kernel.db import db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.participants import fields, queries
from ayumi.participants.schemas import OWN, AssignSchema, EditSchema, RegisterSchema, RestrictSchema
from ayumi.web.formats import moment
from ayumi.web.forms import Field, Form
from ayumi.web.visit import visit
from tenants.participants import choices


def known(person: Any) -> Form:
    """Return the form of what is known of a person; what its reader may not see is no part of it."""
    schema = EditSchema(exclude=sorted(fields.hidden()))
    return Form(schema, fields.known(person, schema.fields), choices=choices.barriers())


def of_new() -> Form:
    """Return the form of a new person."""
    schema = RegisterSchema(exclude=sorted(fields.hidden()))
    return Form(schema, choices.first_guess(visit()), choices=choices.of_new() | choices.barriers())


@dataclass(slots=True)
class Told:
    """What a form's page says when somebody else was quicker."""

    form: Form
    who: str = ""
    when: str = ""
    changed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        """Whether somebody else was quicker."""
        return bool(self.when)

    @property
    def status(self) -> int:
        """The status of the page."""
        return 409 if self.is_late else self.form.status


@contextmanager
def told(form: Form, person: Any) -> Iterator[Told]:
    """Keep what was typed when somebody else has saved meanwhile, and say what they changed.

    Sending the same form once more is then a decision made in knowledge, so it carries the new edition.
    """
    found = Told(form)
    try:
        yield found
    except (ChangedMeanwhile, StaleDataError):
        db.session.rollback()
        fresh = queries.one(person.id)
        assert form.typed is not None
        form.typed["edition"] = fresh.edition
        _look_up(found, fresh)


def _look_up(found: Told, fresh: Any) -> None:
    entries = [entry for entry in journal.history(fresh.id) if entry.changes][:1]
    ids = differences.mentioned(entries)
    names = accounts.names_of(ids) | firms.names_of(ids)
    for entry in entries:
        found.who, found.when = names.get(entry.membership_id, gettext("The platform")), moment(entry.at)
        found.changed = differences.differences(entry.changes, names)
    found.when = found.when or gettext("just now")


class AssignForm(Form):
    """Who is there for a person. Supporters are those of the place that is chosen."""

    def __init__(self, person: Any, chosen: str = "") -> None:
        self.person = person
        here = queries.around(person)
        supporters = [row.id for row in queries.supporters_of(person.id)]
        initial = {
            "edition": person.edition,
            "caseworker_id": person.caseworker_id or "",
            "delivery_firm_id": chosen or person.delivery_firm_id or OWN,
            "supporter_ids": supporters,
        }
        offered = {
            "caseworker_id": choices.caseworkers(person.caseworker_id, here.caseworker or ""),
            "delivery_firm_id": choices.places(person.delivery_firm_id),
        }
        super().__init__(AssignSchema(), initial, choices=offered)
        self.everybody = {place: choices.supporters(place) for place, _name in offered["delivery_firm_id"]}

    @property
    def place(self) -> str:
        """The place chosen so far."""
        chosen = str(self["delivery_firm_id"].value)
        return chosen if chosen in self.everybody else OWN

    def supporters(self, place: str) -> Field:
        """Return the field of one place's supporters."""
        made = self["supporter_ids"]
        made.choices, made.type = self.everybody[place], "checkboxes"
        made.options = {"id": f"field-supporter_ids-{place}" if place != self.place else "", "across": True}
        return made


def restriction(person: Any) -> Form:
    """Who may see a person: those named already, or oneself to begin with."""
    before = [row.id for row in queries.named_staff_of(person.id)]
    named = {"staff_ids": before or [visit().membership_id]}
    return Form(RestrictSchema(), named, choices={"staff_ids": choices.nameable()})


def untouched(schema: Schema) -> Form:
    """Return a form as it was before anything was typed, also while another one is being sent."""
    made = Form(schema)
    made.typed = None
    return made
