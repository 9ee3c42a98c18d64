"""Break-glass: an operator asks, a second one approves, the municipality agrees; for hours, to read only.

Each step is told at once to the municipality's administrators and section heads, a request to the other operators,
too. Who looks at what is written into the municipality's own journal, and it reviews that afterwards.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ayumi.hosting import queries
from ayumi.hosting.breaks import VIEWED
from ayumi.hosting.model import TRANSITIONS, EndedBy, GlassBreak, GlassStatus
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, db, here, one, tenant
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.kernel.journal import Actor
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.municipalities import queries as municipalities

ANSWERED_WITHIN = timedelta(hours=24)
WAITING = (GlassStatus.ASKED, GlassStatus.APPROVED)
WRITTEN = "%Y-%m-%dT%H:%M:%S.%fZ"
RUNNING = (*WAITING, GlassStatus.OPEN)


class Moment(StrEnum):
    """What the municipality is told of."""

    ASKED = "asked"
    APPROVED = "approved"
    OPENED = "opened"
    REFUSED = "refused"
    ENDED = "ended"


class NotByOneself(Refused):
    """Whoever asks does not approve."""

    message = _("You have asked for this yourself. Another operator has to approve it.")


class TooLate(Conflict):
    """A request that nobody answered in a day."""

    message = _("This request is more than a day old. It has to be made again.")


def ask(*, id: UUID, name: str, reason: str, ticket: str, hours: int, pledged: bool) -> GlassBreak:
    """Ask to look into the present municipality. The same ``id`` again returns the request made before."""
    made = db.session.get(GlassBreak, (tenant(), id))
    if made is not None:
        return made
    if not pledged:
        raise Invalid(fields={"pledged": _("Without this you cannot look.")})
    if not municipalities.is_in_service(db.session(), tenant()):
        raise Conflict(_("The municipality is suspended: nobody looks inside."))
    me, now = _operator(), clock.now()
    if db.session.scalar(select(GlassBreak.id).where(GlassBreak.asked_by == me, GlassBreak.status.in_(RUNNING))):
        raise Conflict(_("You have asked for this municipality already."))
    made = add(
        GlassBreak(
            id=id,
            asked_by=me,
            asked_by_name=name,
            asked_at=now,
            reason=reason,
            ticket=ticket,
            hours=hours,
            needs_consent=_needs_consent(),
            status=GlassStatus.ASKED,
        )
    )
    changes = {"reason": [None, reason], "ticket": [None, ticket], "hours": [None, hours]}
    journal.note(made, "asked", after=GlassStatus.ASKED.value, changes=changes)
    _tell(made, Moment.ASKED)
    promise("glass_waiting", once=f"glass_waiting:{id}", glass_break_id=id)
    promise("glass_end", once=f"glass_end:{id}:asked", after=now + ANSWERED_WITHIN, glass_break_id=id)
    return made


def approve(id: UUID, *, name: str) -> GlassBreak:
    """Approve another operator's request: it opens, or waits for the municipality where that has to agree, too."""
    asked, me = one(GlassBreak, id, lock=True), _operator()
    if asked.asked_by == me:
        raise NotByOneself
    if asked.status is not GlassStatus.ASKED:
        raise states.IllegalMove
    _check_fresh(asked)
    asked.approved_by, asked.approved_by_name, asked.approved_at = me, name, clock.now()
    asked.needs_consent = asked.needs_consent or _needs_consent()
    if asked.needs_consent:
        states.change(asked, GlassStatus.APPROVED, table=TRANSITIONS, action="approved")
        _tell(asked, Moment.APPROVED)
    else:
        _open(asked, action="approved")
    return asked


def agree(id: UUID) -> GlassBreak:
    """Agree for the municipality to what a second operator has approved: it opens now."""
    approved = one(GlassBreak, id, lock=True)
    _check_fresh(approved)
    approved.agreed_by, approved.agreed_at = here().membership_id, clock.now()
    _open(approved, action="agreed")
    return approved


def _open(approved: GlassBreak, *, action: str) -> None:
    approved.opened_at = clock.now()
    approved.ends_at = approved.opened_at + timedelta(hours=approved.hours)
    states.change(approved, GlassStatus.OPEN, table=TRANSITIONS, action=action)
    _tell(approved, Moment.OPENED)
    promise("glass_end", once=f"glass_end:{approved.id}", after=approved.ends_at, glass_break_id=approved.id)


def refuse(id: UUID, *, refusal: str) -> GlassBreak:
    """Refuse a request, or take one's own back."""
    asked = one(GlassBreak, id, lock=True)
    asked.refused_at, asked.refusal = clock.now(), refusal
    states.change(asked, GlassStatus.REFUSED, table=TRANSITIONS, action="refused", why=refusal)
    _tell(asked, Moment.REFUSED)
    return asked


def end(id: UUID, *, by: EndedBy) -> GlassBreak:
    """Close the glass before its time. Done twice it is done once."""
    opened = one(GlassBreak, id, lock=True)
    if opened.status not in (GlassStatus.ENDED, GlassStatus.REVIEWED):
        opened.ended_at, opened.ended_by = clock.now(), by
        states.change(opened, GlassStatus.ENDED, table=TRANSITIONS, action="ended")
        _tell(opened, Moment.ENDED)
    return opened


def end_for_municipality(id: UUID) -> GlassBreak:
    """Close the glass because the municipality wishes so."""
    return end(id, by=EndedBy.MUNICIPALITY)


def run_out(id: UUID) -> None:
    """Close what is over, and refuse what nobody has answered in time. The worker does it; again, it does nothing."""
    found, now = one(GlassBreak, id, lock=True), clock.now()
    if found.status is GlassStatus.OPEN and found.ends_at is not None and found.ends_at <= now:
        end(id, by=EndedBy.TIME)
    elif found.status in WAITING and found.asked_at + ANSWERED_WITHIN <= now:
        found.refused_at = now
        states.change(found, GlassStatus.REFUSED, table=TRANSITIONS, action="lapsed")
        _tell(found, Moment.REFUSED)


def review(id: UUID, *, review: str) -> GlassBreak:
    """Write down what the municipality found when it looked back."""
    ended = one(GlassBreak, id, lock=True)
    ended.review, ended.reviewed_by, ended.reviewed_at = review, here().membership_id, clock.now()
    states.change(ended, GlassStatus.REVIEWED, table=TRANSITIONS, action="reviewed", why=review)
    return ended


def viewed(id: UUID, *, page: str, subject: str | None = None, subject_id: UUID | None = None) -> None:
    """Promise to write into the municipality's journal that the operator was shown a page, each time again."""
    about: dict[str, Any] = {} if subject_id is None else {"subject": subject, "subject_id": subject_id}
    when = clock.now().strftime(WRITTEN)
    promise("glass_view", glass_break_id=id, account_id=_operator(), page=page, at=when, **about)


def write_down(
    id: UUID, *, account_id: UUID, page: str, at: str, subject: str | None = None, subject_id: str | None = None
) -> None:
    """Write a promised view into the journal in the operator's name. The worker does it."""
    changes = {"page": [None, page]}
    if subject_id is not None:
        changes |= {"subject": [None, subject], "subject_id": [None, subject_id]}
    by = Actor(door=Door.GLASS, at=datetime.strptime(at, f"{WRITTEN[:-1]}%z"), account_id=account_id)
    journal.note_of(GlassBreak.__tablename__, id, VIEWED, changes=changes, by=by)


def _check_fresh(asked: GlassBreak) -> None:
    if asked.status in WAITING and asked.asked_at + ANSWERED_WITHIN <= clock.now():
        raise TooLate


def _needs_consent() -> bool:
    policy = queries.access_policy(tenant())
    return policy is None or policy.glass_needs_consent


def _operator() -> UUID:
    account_id = here().account_id
    if account_id is None:
        raise Refused
    return account_id


def _tell(about: GlassBreak, moment: Moment) -> None:
    promise(
        "glass_notice", once=f"glass_notice:{about.id}:{moment.value}", glass_break_id=about.id, moment=moment.value
    )
