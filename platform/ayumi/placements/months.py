"""A month at an employer: its days, what was asked, what was answered. Asked by pages of both sides."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Subquery, and_, bindparam, case, func, null, select
from sqlalchemy.dialects.postgresql import distinct_on

from ayumi.employers.model import Employer, Site
from ayumi.japan.calendar import Month
from ayumi.kernel.db import Rows, db, here, one, straight
from ayumi.kernel.errors import NotFound
from ayumi.kernel.kept import kept
from ayumi.kernel.tenancy import Door
from ayumi.participants import fields
from ayumi.participants.fields import Group
from ayumi.participants.model import Participant
from ayumi.participants.queries import visible
from ayumi.placements.model import Confirmation, ConfirmationRequest, DayStatus, ExperienceDay, Placement
from ayumi.placements.queries import COUNTS, OF_PERSON, in_month, of_day


def days_of_month(employer_id: UUID, month: Month) -> Rows:
    """Return an employer's days of a month with nickname and person, for supporters and the office."""
    query = (
        select(
            *of_day(),
            Placement.nickname,
            ExperienceDay.participant_id,
            *names(),
            Site.name.label("site_name"),
        )
        .join(Placement, Placement.id == ExperienceDay.placement_id)
        .join(Site, Site.id == Placement.site_id)
        .join(Participant, OF_PERSON)
        .where(in_month(employer_id, month.first, month.last), visible())
        .order_by(ExperienceDay.held_on, Placement.nickname)
    )
    return db.session.execute(query).all()


def asked_days(employer_id: UUID, month: Month) -> Rows:
    """Return what the employer's own page shows of a month: nicknames and days, nothing else of anybody.

    Restricted people are not on it; of those days the office asks itself.
    """
    query = (
        select(*of_day(), Placement.nickname)
        .join(Placement, Placement.id == ExperienceDay.placement_id)
        .where(in_month(employer_id, month.first, month.last), ~ExperienceDay.is_restricted)
        .order_by(ExperienceDay.held_on, Placement.nickname)
    )
    return db.session.execute(query).all()


def names() -> tuple[Any, ...]:
    """The columns of a person's name, for those who may see it; the others see the nickname."""
    return (Participant.family_name, Participant.given_name) if fields.sees(Group.NAME) else ()


def nickname(placement_id: UUID) -> str:
    """Return the nickname of a placement, as its employer may read it."""
    found = db.session.scalar(select(Placement.nickname).where(Placement.id == placement_id))
    if found is None:
        raise NotFound
    return found


def open_days(employer_id: UUID, month: Month) -> Rows:
    """Return (id, status) of the days of a month that wait for the employer's word, locked until it is kept.

    For the office with the firm and employer each belongs to, which the employer itself may not read.
    """
    return db.session.execute(_open_days(), _of_month(employer_id, month)).all()


def waits(employer_id: UUID, month: Month) -> bool:
    """Tell whether any day of a month waits for the employer's word."""
    return db.session.execute(_open_days(any_one=True), _of_month(employer_id, month)).first() is not None


@kept
def _open_days(any_one: bool = False) -> Select[*tuple[Any, ...]]:
    of_month = in_month(bindparam("employer"), bindparam("first", type_=Date()), bindparam("last", type_=Date()))
    query = select(ExperienceDay.id, ExperienceDay.status).where(of_month, ExperienceDay.status == DayStatus.RECORDED)
    if here().door is not Door.EMPLOYER:
        query = query.join(Participant, OF_PERSON).where(visible())
        query = query.add_columns(ExperienceDay.firm_id, ExperienceDay.employer_id)
    return query.limit(1) if any_one else query.order_by(ExperienceDay.id).with_for_update(of=ExperienceDay)


def _of_month(employer_id: UUID, month: Month) -> dict[str, Any]:
    return {"employer": employer_id, "first": month.first, "last": month.last}


ASKED_MONTHS = straight(
    select(ConfirmationRequest.month, ConfirmationRequest.sent_at, ConfirmationRequest.answered_at)
    .where(ConfirmationRequest.employer_id == bindparam("employer"), ConfirmationRequest.sent_at.is_not(None))
    .order_by(ConfirmationRequest.month.desc())
    .limit(12)
)


def asked_months(employer_id: UUID) -> Rows:
    """Return the months an employer has been asked about, newest first: month, sent_at, answered_at."""
    return db.session.execute(ASKED_MONTHS, {"employer": employer_id}).all()


def confirmations(employer_id: UUID, month: Month) -> Rows:
    """Return what an employer has said of a month, newest first, with who wrote it down. For the office."""
    return db.session.execute(
        select(
            Confirmation.id,
            Confirmation.channel,
            Confirmation.given_by,
            Confirmation.given_at,
            Confirmation.note if fields.sees(Group.NAME) else null().label("note"),
            Confirmation.file_id,
            Confirmation.entered_by,
        )
        .where(Confirmation.employer_id == employer_id, Confirmation.month == month.first)
        .order_by(Confirmation.given_at.desc())
    ).all()


def confirmation(confirmation_id: UUID) -> Confirmation:
    """Return this confirmation, or raise NotFound."""
    return one(Confirmation, confirmation_id)


def split(days: Rows) -> tuple[list[Any], list[Any]]:
    """Return the days that are confirmed and those in question."""
    return (
        [day for day in days if day.status is DayStatus.CONFIRMED],
        [day for day in days if day.status is DayStatus.DISPUTED],
    )


def by_month(employer_id: UUID) -> Rows:
    """Return the last twelve months with days at an employer, newest first: month, days, confirmed, disputed."""
    month = func.date_trunc("month", ExperienceDay.held_on).cast(Date).label("month")
    query = (
        select(
            month,
            func.count(ExperienceDay.id).label("days"),
            _of(DayStatus.CONFIRMED),
            _of(DayStatus.DISPUTED),
        )
        .join(Participant, OF_PERSON)
        .where(ExperienceDay.employer_id == employer_id, COUNTS, visible())
        .group_by(month)
        .order_by(month.desc())
        .limit(12)
    )
    return db.session.execute(query).all()


def month_state(month: Month, employer_id: UUID | None = None) -> Rows:
    """Return one row an employer with days in a month: how many, in which state, asked and answered when and how."""
    days, last, request = _counted(month), _last_word(month), ConfirmationRequest
    asked = and_(request.employer_id == Employer.id, request.month == month.first)
    only = [] if employer_id is None else [Employer.id == employer_id]
    return db.session.execute(
        select(
            Employer.id.label("employer_id"),
            Employer.name.label("employer_name"),
            Employer.contact_email,
            days.c.days,
            days.c.people,
            days.c.recorded,
            days.c.confirmed,
            days.c.disputed,
            request.sent_at,
            func.coalesce(request.sent_times, 0).label("sent_times"),
            request.answered_at,
            last.c.channel,
            last.c.given_by,
            last.c.given_at,
        )
        .join(days, days.c.employer_id == Employer.id)
        .outerjoin(request, asked)
        .outerjoin(last, last.c.employer_id == Employer.id)
        .where(*only)
        .order_by(func.coalesce(Employer.kana, Employer.name), Employer.id)
    ).all()


def unconfirmed(month: Month) -> Rows:
    """Return the employers of a month on whose days their word is still missing."""
    return [row for row in month_state(month) if row.recorded]


def to_ask(month: Month) -> list[UUID]:
    """Return the employers with an address whose days of a month wait for their word."""
    query = (
        select(Employer.id)
        .join(ExperienceDay, ExperienceDay.employer_id == Employer.id)
        .where(
            ExperienceDay.held_on.between(month.first, month.last),
            ExperienceDay.status == DayStatus.RECORDED,
            ~ExperienceDay.is_restricted,
            Employer.contact_email.is_not(None),
        )
        .distinct()
        .order_by(Employer.id)
    )
    return list(db.session.scalars(query))


def open_disputes(limit: int | None = None) -> Rows:
    """Return the days that employers question, oldest first; ``total`` in each row counts them all."""
    query = (
        select(
            *of_day(),
            Placement.nickname,
            ExperienceDay.participant_id,
            *names(),
            Employer.name.label("employer_name"),
            func.count().over().label("total"),
        )
        .join(Placement, Placement.id == ExperienceDay.placement_id)
        .join(Employer, Employer.id == ExperienceDay.employer_id)
        .join(Participant, OF_PERSON)
        .where(ExperienceDay.status == DayStatus.DISPUTED, visible())
        .order_by(ExperienceDay.held_on, Employer.name)
        .limit(limit)
    )
    return db.session.execute(query).all()


def _of(status: DayStatus) -> ColumnElement[int]:
    return func.count(case((ExperienceDay.status == status, 1))).label(status.value)


def _counted(month: Month) -> Subquery:
    return (
        select(
            ExperienceDay.employer_id,
            func.count(ExperienceDay.id).label("days"),
            func.count(ExperienceDay.participant_id.distinct()).label("people"),
            _of(DayStatus.RECORDED),
            _of(DayStatus.CONFIRMED),
            _of(DayStatus.DISPUTED),
        )
        .join(Participant, OF_PERSON)
        .where(ExperienceDay.held_on.between(month.first, month.last), COUNTS, visible())
        .group_by(ExperienceDay.employer_id)
        .subquery()
    )


def _last_word(month: Month) -> Subquery:
    return (
        select(Confirmation.employer_id, Confirmation.channel, Confirmation.given_by, Confirmation.given_at)
        .where(Confirmation.month == month.first)
        .ext(distinct_on(Confirmation.employer_id))
        .order_by(Confirmation.employer_id, Confirmation.given_at.desc())
        .subquery()
    )
