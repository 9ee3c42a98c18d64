"""Taking somebody in as one act: decision, who supports, goal at the start, and consent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from ayumi.consents import queries as consents
from ayumi.consents import rules as consenting
from ayumi.consents.model import Form, Scope
from ayumi.consents.rules import Scan
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.plans import rules as goals
from ayumi.plans.model import GoalKind
from ayumi.selection import queries as selection
from ayumi.selection import rules as choosing
from ayumi.selection.model import Enrolment, SelectionRoute


def enrol(
    participant_id: UUID,
    *,
    id: UUID,
    decided_on: date,
    decided_by: str,
    reason: str,
    starts_on: date,
    goal_kind: GoalKind,
    goal_text: str,
    wish: str | None = None,
    goal_review_on: date | None = None,
    delivery_firm_id: UUID | None = None,
    **consent: Any,
) -> Enrolment:
    """Take somebody in. The same ``id`` again returns what was made the first time.

    ``consent``: what was agreed in the same act, as ``consent_form``, ``consent_scopes``, ``consent_given_on``,
    ``consent_expires_on``, ``consent_witness`` and ``consent_scan``; nothing when ``consent_form`` is missing.
    """
    participant = participants.one(participant_id, lock=True)
    made = db.session.get(Enrolment, (participant.tenant_id, id))
    if made is not None:
        return made
    route = selection.current_route()
    if route is None:
        raise choosing.NoRoute
    choosing.deliver_by(participant, delivery_firm_id)
    with named("consent_"):
        _consent(participant, id, decided_on, **consent)
    check_consent(participant, route, starts_on)
    decision: dict[str, Any] = {"decided_on": decided_on, "decided_by": decided_by, "reason": reason, "wish": wish}
    enrolment = choosing.decide(participant, id=id, route=route, starts_on=starts_on, **decision)
    with named("goal_"):
        agreed: dict[str, Any] = {
            "kind": goal_kind,
            "text": goal_text,
            "agreed_on": decided_on,
            "review_on": goal_review_on,
        }
        goals.agree(enrolment, id=uuid5(id, "goal"), **agreed)
    return enrolment


def _consent(
    participant: Participant,
    enrolment_id: UUID,
    decided_on: date,
    *,
    consent_form: Form | None = None,
    consent_scopes: list[Scope] | None = None,
    consent_given_on: date | None = None,
    consent_expires_on: date | None = None,
    consent_witness: str | None = None,
    consent_scan: Scan | None = None,
) -> None:
    if consent_form is None:
        if consent_scopes or consent_scan:
            raise Invalid(fields={"form": _("Please choose how the consent was given.")})
        return
    consenting.give(
        participant,
        id=uuid5(enrolment_id, "consent"),
        scopes=consent_scopes or [],
        form=consent_form,
        given_on=consent_given_on or decided_on,
        expires_on=consent_expires_on,
        witness=consent_witness,
        scan=consent_scan,
    )


def check_consent(participant: Participant, route: SelectionRoute, starts_on: date) -> None:
    """Where a municipality takes people in only after they have consented, that is held here."""
    if not route.consent_before_enrolment:
        return
    consent = consents.in_force(participant.id)
    if consent is None:
        raise Invalid(
            fields={
                "consent_form": _(
                    "Here people are taken in only after they have consented. "
                    "Please enter the consent here, or first on the page of consents."
                )
            }
        )
    if consent.given_on > starts_on:
        raise Invalid(fields={"starts_on": _("Support cannot begin before the consent was given.")})


@contextmanager
def named(prefix: str) -> Iterator[None]:
    """Give the fields of a refusal the names that they have in the form of the whole."""
    try:
        yield
    except Invalid as error:
        fields = {prefix + name: sentences for name, sentences in error.fields.items()}
        raise Invalid(error.sentence, fields=fields, **error.params) from error
