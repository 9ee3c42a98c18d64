"""Who is supported at month's end, by whom and towards what; who came, who left, who took a consent back."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Text, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from ayumi.consents.model import Consent, ConsentStatus
from ayumi.firms.model import Firm
from ayumi.kernel.journal import Entry
from ayumi.participants.model import Participant, Status
from ayumi.plans.model import Goal
from ayumi.reports.measures.measure import Measure, Rows, per_person
from ayumi.reports.scope import Blank
from ayumi.selection.model import Enrolment, EnrolmentStatus

SUPPORTED = (Status.ACTIVE.value, Status.PAUSED.value)
OWN = "own"


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of people."""
    standing = _standing(scope)
    who, supported = standing.c.participant_id, standing.c.status.in_(SUPPORTED)
    goals = _goals(scope)
    return [
        Measure("people_in_support", per_person(who).where(supported)),
        Measure("people_by_status", per_person(who, by=standing.c.status)),
        Measure("people_by_delivery", _by_delivery(standing).where(supported)),
        Measure("people_new", _began(scope)),
        Measure("people_ended", _ended(scope, "")),
        Measure("people_ended_by_reason", _ended(scope, Enrolment.end_reason)),
        Measure(
            "goals_by_kind",
            per_person(who, by=func.coalesce(goals.c.kind, "none"))
            .outerjoin(goals, goals.c.enrolment_id == standing.c.enrolment_id)
            .where(supported),
        ),
        Measure("goals_changed", _goals_changed(scope)),
        Measure("consents_withdrawn", _withdrew(scope)),
    ]


# Where everybody stood ---


def _standing(scope: Blank) -> CTE:
    """Everybody who was known: where they stood and who supported them when the scope ends."""
    running = _running(scope)
    begun = aliased(Enrolment)
    was_taken_in = exists().where(
        begun.tenant_id == scope.tenant_id,
        begun.participant_id == Participant.id,
        begun.starts_on <= scope.last,
    )
    said = _status_said(scope)
    status = case(
        (and_(running.c.id.is_not(None), said == Status.PAUSED.value), Status.PAUSED.value),
        (running.c.id.is_not(None), Status.ACTIVE.value),
        (or_(was_taken_in, said == Status.ENDED.value), Status.ENDED.value),
        else_=Status.CANDIDATE.value,
    )
    return (
        select(
            Participant.id.label("participant_id"),
            running.c.id.label("enrolment_id"),
            status.label("status"),
            _delivery_said(scope).label("delivery"),
        )
        .outerjoin(running, running.c.participant_id == Participant.id)
        .where(or_(was_taken_in, Participant.created_at < scope.until))
        .cte("standing")
    )


def _running(scope: Blank) -> CTE:
    """The enrolment of each person that had begun and not ended."""
    return (
        select(Enrolment.id, Enrolment.participant_id)
        .ext(distinct_on(Enrolment.participant_id))
        .where(
            Enrolment.starts_on <= scope.last,
            or_(Enrolment.ends_on.is_(None), Enrolment.ends_on > scope.last),
        )
        .order_by(Enrolment.participant_id, Enrolment.starts_on.desc())
        .cte("running")
    )


def _status_said(scope: Blank) -> ColumnElement[Any]:
    """A person's status as the journal tells it for the scope's end; where it is silent, as it is now."""
    changed = Entry.status_after.is_not(None)
    return func.coalesce(
        _last_before(scope, Entry.status_after, changed),
        _first_after(scope, Entry.status_before, changed),
        cast(Participant.status, Text),
    )


def _delivery_said(scope: Blank) -> ColumnElement[Any]:
    """Who supported a person when the scope ends: a firm's id or ``own``."""
    changes = Entry.changes["delivery_firm_id"]
    moved = Entry.changes.has_key("delivery_firm_id")
    return func.coalesce(
        _last_before(scope, func.coalesce(changes[1].astext, OWN), moved),
        _first_after(scope, func.coalesce(changes[0].astext, OWN), moved),
        cast(Participant.delivery_firm_id, Text),
        OWN,
    )


def _last_before(scope: Blank, value: Any, condition: Any) -> Any:
    return _told(scope, value, condition, Entry.at < scope.until, Entry.at.desc(), Entry.id.desc())


def _first_after(scope: Blank, value: Any, condition: Any) -> Any:
    return _told(scope, value, condition, Entry.at >= scope.until, Entry.at, Entry.id)


def _told(scope: Blank, value: Any, condition: Any, when: Any, *order: Any) -> Any:
    return (
        select(value)
        .where(
            Entry.subject == literal(Participant.__tablename__),
            Entry.subject_id == Participant.id,
            condition,
            when,
        )
        .order_by(*order)
        .limit(1)
        .correlate(Participant)
        .scalar_subquery()
    )


def _by_delivery(standing: CTE) -> Rows:
    by, own = standing.c.delivery, standing.c.delivery == OWN
    order = case((own, "0"), else_=literal("1").concat(Firm.kana))
    query = per_person(standing.c.participant_id, by=by, label=Firm.name, sort=order)
    return query.outerjoin(Firm, cast(Firm.id, Text) == by)


# Coming and going ---


def _began(scope: Blank) -> Rows:
    query = per_person(Enrolment.participant_id).distinct()
    return query.where(Enrolment.starts_on.between(scope.first, scope.last))


def _ended(scope: Blank, by: Any) -> Rows:
    return (
        per_person(Enrolment.participant_id, by=by)
        .distinct()
        .where(
            Enrolment.status == EnrolmentStatus.ENDED,
            Enrolment.ends_on.between(scope.first, scope.last),
        )
    )


# Goals and consents ---


def _goals(scope: Blank) -> CTE:
    """The goal of each enrolment as it was agreed when the scope ends."""
    return (
        select(Goal.enrolment_id, cast(Goal.kind, Text).label("kind"))
        .ext(distinct_on(Goal.enrolment_id))
        .where(Goal.agreed_on <= scope.last)
        .order_by(Goal.enrolment_id, Goal.version.desc())
        .cte("agreed")
    )


def _goals_changed(scope: Blank) -> Rows:
    return (
        per_person(Goal.participant_id, count=func.count())
        .where(Goal.version > 1, Goal.agreed_on.between(scope.first, scope.last))
        .group_by(Goal.participant_id)
    )


def _withdrew(scope: Blank) -> Rows:
    return (
        per_person(Consent.participant_id)
        .distinct()
        .where(
            Consent.status == ConsentStatus.WITHDRAWN,
            Consent.withdrawn_on.between(scope.first, scope.last),
        )
    )
