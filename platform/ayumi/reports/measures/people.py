"""Who is supported at month's end, by whom and towards what; who came, who left, who took a consent back."""

from typing import Any

from sqlalchemy import CTE, FromClause, Text, and_, case, cast, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

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
    enrolled, told = _enrolled(scope), _told(scope)
    running, was_taken_in = enrolled.c.running[1], enrolled.c.participant_id.is_not(None)
    said = func.coalesce(told.c.status_before[1], told.c.status_after[1], cast(Participant.status, Text))
    delivery = func.coalesce(
        told.c.delivery_before[1], told.c.delivery_after[1], cast(Participant.delivery_firm_id, Text), OWN
    )
    status = case(
        (and_(running.is_not(None), said == Status.PAUSED.value), Status.PAUSED.value),
        (running.is_not(None), Status.ACTIVE.value),
        (or_(was_taken_in, said == Status.ENDED.value), Status.ENDED.value),
        else_=Status.CANDIDATE.value,
    )
    return (
        select(
            Participant.id.label("participant_id"),
            running.label("enrolment_id"),
            status.label("status"),
            delivery.label("delivery"),
        )
        .outerjoin(enrolled, enrolled.c.participant_id == Participant.id)
        .join(told, true())
        .where(or_(was_taken_in, Participant.created_at < scope.until))
        .cte("standing")
    )


def _enrolled(scope: Blank) -> CTE:
    """Everybody who had been taken in, with the enrolment that had begun and not ended, the newest first."""
    running = or_(Enrolment.ends_on.is_(None), Enrolment.ends_on > scope.last)
    newest = func.array_agg(aggregate_order_by(Enrolment.id, Enrolment.starts_on.desc())).filter(running)
    query = select(Enrolment.participant_id, newest.label("running")).where(Enrolment.starts_on <= scope.last)
    return query.group_by(Enrolment.participant_id).cte("enrolled")


def _told(scope: Blank) -> FromClause:
    """What the journal tells of a person's status and of who supports them, read once.

    Each as lists: what it became before the scope ends, the last first; what it was until it changed after that, the
    first first. Where both are empty it is as it is now.
    """
    firm, moved = Entry.changes["delivery_firm_id"], Entry.changes.has_key("delivery_firm_id")
    changed = Entry.status_after.is_not(None)

    def before(value: Any, condition: Any) -> Any:
        last_first = aggregate_order_by(value, Entry.at.desc(), Entry.id.desc())
        return func.array_agg(last_first).filter(condition, Entry.at < scope.until)

    def after(value: Any, condition: Any) -> Any:
        return func.array_agg(aggregate_order_by(value, Entry.at, Entry.id)).filter(condition, Entry.at >= scope.until)

    return (
        select(
            before(Entry.status_after, changed).label("status_before"),
            after(Entry.status_before, changed).label("status_after"),
            before(func.coalesce(firm[1].astext, OWN), moved).label("delivery_before"),
            after(func.coalesce(firm[0].astext, OWN), moved).label("delivery_after"),
        )
        .where(
            Entry.subject == literal(Participant.__tablename__),
            Entry.subject_id == Participant.id,
            or_(changed, moved),
        )
        .lateral("told")
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
