"""Take somebody in, let support rest and go on, and end it."""

from datetime import date
from uuid import UUID

from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, here
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.outbox import promise
from ayumi.kernel.words import _
from ayumi.participants import queries as participants
from ayumi.participants import rules as people
from ayumi.participants.model import Participant, Status
from ayumi.selection import queries
from ayumi.selection.model import TRANSITIONS, EndReason, Enrolment, EnrolmentStatus, SelectionRoute


class AlreadyRunning(Conflict):
    """Nobody is taken in twice at a time."""

    message = _("Support of this person is running already. End it first if it shall begin anew.")


class ChangedMeanwhile(Conflict):
    """Somebody else has changed it since the page was opened."""

    message = _("Somebody else has changed this support in the meantime. Please look at it again.")


class NoRoute(Invalid):
    """The municipality has not said how it chooses people."""

    message = _("How this municipality chooses people is not entered yet. Please ask the administrator.")


def decide(
    participant: Participant,
    *,
    id: UUID,
    route: SelectionRoute,
    decided_on: date,
    decided_by: str,
    reason: str,
    wish: str | None,
    starts_on: date,
) -> Enrolment:
    """Write down the decision to take somebody in; the route is kept as it reads that day.

    The whole act of taking somebody in, with goal and consent, is ``ayumi.plans.enrolling.enrol``.
    """
    if queries.running(participant.id):
        raise AlreadyRunning
    _check_days(participant, decided_on, starts_on)
    enrolment = add(
        Enrolment(
            id=id,
            participant_id=participant.id,
            route_id=route.id,
            route_label=route.label,
            decided_on=decided_on,
            decided_by=decided_by,
            reason=reason,
            wish=wish,
            starts_on=starts_on,
            status=EnrolmentStatus.ACTIVE,
            firm_id=participant.firm_id,
            entered_by=here().membership_id,
            entered_at=clock.now(),
        )
    )
    journal.note(enrolment, "decided", after=EnrolmentStatus.ACTIVE.value)
    people.set_status(participant, Status.ACTIVE)
    _weeks(enrolment)
    return enrolment


def _check_days(participant: Participant, decided_on: date, starts_on: date) -> None:
    if decided_on > clock.today():
        raise Invalid(fields={"decided_on": _("A decision cannot lie in the future.")})
    if starts_on < decided_on:
        raise Invalid(fields={"starts_on": _("Support cannot begin before it was decided.")})
    earlier = queries.last_ended(participant.id)
    if earlier and earlier.ends_on and starts_on <= earlier.ends_on:
        raise Invalid(fields={"starts_on": _("The earlier support had not ended on this day.")})


def deliver_by(participant: Participant, firm_id: UUID | None) -> None:
    """Say who supports somebody: a firm under contract today, or own staff. Supporters of the other place go."""
    if firm_id != participant.delivery_firm_id:
        people.assign(
            participant,
            edition=participant.edition,
            caseworker_id=participant.caseworker_id,
            delivery_firm_id=firm_id,
        )


def pause(enrolment: Enrolment, *, edition: int, why: str) -> Enrolment:
    """Let support rest; no weeks are expected meanwhile."""
    return _move(enrolment, edition, EnrolmentStatus.PAUSED, Status.PAUSED, "paused", why)


def resume(enrolment: Enrolment, *, edition: int, why: str) -> Enrolment:
    """Let support go on after a rest."""
    return _move(enrolment, edition, EnrolmentStatus.ACTIVE, Status.ACTIVE, "resumed", why)


def end(enrolment: Enrolment, *, edition: int, ends_on: date, reason: EndReason, note: str | None = None) -> Enrolment:
    """End support. What was agreed and seen stays; taking the person in again later begins a new enrolment."""
    _same(enrolment, edition)
    if ends_on > clock.today():
        raise Invalid(fields={"ends_on": _("The last day lies in the future. Please end support on that day.")})
    if ends_on < enrolment.starts_on:
        raise Invalid(fields={"ends_on": _("Support cannot end before its first day.")})
    enrolment.ends_on, enrolment.end_reason, enrolment.end_note = ends_on, reason, note
    return _move(enrolment, edition, EnrolmentStatus.ENDED, Status.ENDED, "ended", note)


def prolong(enrolment: Enrolment, *, edition: int, why: str) -> Enrolment:
    """Say why support goes on beyond a year."""
    _same(enrolment, edition)
    if not queries.term(enrolment).asks_why:
        raise ChangedMeanwhile
    journal.note(enrolment, "prolonged", why=why)
    return enrolment


def _move(
    enrolment: Enrolment, edition: int, target: EnrolmentStatus, status: Status, action: str, why: str | None
) -> Enrolment:
    _same(enrolment, edition)
    states.change(enrolment, target, table=TRANSITIONS, action=action, why=why)
    people.set_status(participants.one(enrolment.participant_id, lock=True), status, why=why)
    _weeks(enrolment)
    return enrolment


def _same(enrolment: Enrolment, edition: int) -> None:
    if enrolment.edition != edition:
        raise ChangedMeanwhile


def _weeks(enrolment: Enrolment) -> None:
    """Weeks are expected, or no longer, from now on."""
    promise("expected_weeks", once=f"expected_weeks:{enrolment.id}:{enrolment.edition}")
