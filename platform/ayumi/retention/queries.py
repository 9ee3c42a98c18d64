"""Find disposal lists and what stands on them; names only of people whom whoever is here may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, select

from ayumi.accounts.model import Membership
from ayumi.contracts.model import Contract
from ayumi.employers.model import Agreement, Employer
from ayumi.fees.model import Statement
from ayumi.firms.model import Firm
from ayumi.kernel.db import Rows, db, one
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.placements.model import Confirmation
from ayumi.reports.model import MonthlyReport
from ayumi.retention.model import Artefact, Disposal, DisposalItem, DisposalStatus

PER_PAGE: Final = 50


def every() -> Rows:
    """Return all lists, newest first, with how much stands on each."""
    counted = (
        select(
            DisposalItem.disposal_id,
            func.count().label("listed"),
            func.count().filter(DisposalItem.is_kept_back).label("kept_back"),
        )
        .group_by(DisposalItem.disposal_id)
        .subquery()
    )
    query = (
        select(
            Disposal.id,
            Disposal.due_on,
            Disposal.status,
            Disposal.drafted_at,
            Disposal.carried_out_at,
            Membership.name.label("drafted_by"),
            counted.c.listed,
            counted.c.kept_back,
        )
        .outerjoin(counted, counted.c.disposal_id == Disposal.id)
        .outerjoin(Membership, Membership.id == Disposal.drafted_by)
        .order_by(Disposal.drafted_at.desc())
    )
    return db.session.execute(query).all()


def waiting() -> Rows:
    """Return (id, due_on, handed_in_at, drafted_by, listed) of the lists that wait for a second person."""
    listed = select(func.count()).where(DisposalItem.disposal_id == Disposal.id, DisposalItem.is_kept_back.is_(False))
    return db.session.execute(
        select(
            Disposal.id,
            Disposal.due_on,
            Disposal.handed_in_at,
            Membership.name.label("drafted_by"),
            listed.correlate(Disposal).scalar_subquery().label("listed"),
        )
        .outerjoin(Membership, Membership.id == Disposal.drafted_by)
        .where(Disposal.status == DisposalStatus.HANDED_IN)
        .order_by(Disposal.handed_in_at)
    ).all()


@dataclass(frozen=True, slots=True)
class Page:
    """A list as its page shows it: itself, who acted, how much of each kind, and one page of its items."""

    disposal: Disposal
    drafted_by: str
    approved_by: str
    counts: Rows
    items: Rows
    total: int
    names: Mapping[UUID, Any]

    @property
    def done(self) -> int:
        """How much has been erased so far."""
        return sum(row.erased for row in self.counts)

    @property
    def wanted(self) -> int:
        """How much is to be erased."""
        return sum(row.listed - row.kept_back for row in self.counts)


def page(disposal_id: UUID, number: int = 1, *, with_people: bool) -> Page:
    """Return one page of a list. ``with_people``: whoever is here may read about people at all."""
    disposal = one(Disposal, disposal_id)
    items = _items(disposal_id, number)
    found = _names(items, with_people=with_people)
    acted = [each for each in (disposal.drafted_by, disposal.approved_by) if each]
    members = db.session.execute(select(Membership.id, Membership.name).where(Membership.id.in_(acted)))
    by: dict[Any, str] = {row.id: row.name for row in members}
    counts = _counts(disposal_id)
    return Page(
        disposal,
        by.get(disposal.drafted_by, ""),
        by.get(disposal.approved_by, ""),
        counts,
        items,
        sum(row.listed for row in counts),
        found,
    )


def _counts(disposal_id: UUID) -> Rows:
    query = (
        select(
            DisposalItem.artefact,
            func.count().label("listed"),
            func.count().filter(DisposalItem.is_kept_back).label("kept_back"),
            func.count(DisposalItem.erased_at).label("erased"),
        )
        .where(DisposalItem.disposal_id == disposal_id)
        .group_by(DisposalItem.artefact)
        .order_by(_in_order())
    )
    return db.session.execute(query).all()


def _in_order() -> Any:
    return case({each.value: number for number, each in enumerate(Artefact)}, value=DisposalItem.artefact)


def _items(disposal_id: UUID, number: int) -> Rows:
    query = (
        select(DisposalItem)
        .where(DisposalItem.disposal_id == disposal_id)
        .order_by(DisposalItem.subject.desc(), DisposalItem.completed_on, DisposalItem.subject_id, _in_order())
        .limit(PER_PAGE)
        .offset((max(number, 1) - 1) * PER_PAGE)
    )
    return db.session.scalars(query).all()


def _names(items: Collection[Any], *, with_people: bool) -> Mapping[UUID, Any]:
    ids: dict[str, list[UUID]] = {}
    for item in items:
        ids.setdefault(item.subject, []).append(item.subject_id)
    found: dict[UUID, Any] = {}
    for subject, asked in NAMES.items():
        if subject in ids and (with_people or subject != "participant"):
            found |= {row.id: row for row in db.session.execute(asked(ids[subject]))}
    return found


def _people(ids: Collection[UUID]) -> Any:
    return select(Participant.id, Participant.case_number, Participant.family_name, Participant.given_name).where(
        Participant.id.in_(ids), participants.visible()
    )


def _statements(ids: Collection[UUID]) -> Any:
    return select(Statement.id, Statement.month, Statement.employer_name.label("name")).where(Statement.id.in_(ids))


def _confirmations(ids: Collection[UUID]) -> Any:
    return (
        select(Confirmation.id, Confirmation.month, Employer.name)
        .join(Employer, Employer.id == Confirmation.employer_id)
        .where(Confirmation.id.in_(ids))
    )


def _contracts(ids: Collection[UUID]) -> Any:
    return (
        select(Contract.id, Firm.name, Contract.ends_on)
        .join(Firm, Firm.id == Contract.firm_id)
        .where(Contract.id.in_(ids))
    )


def _agreements(ids: Collection[UUID]) -> Any:
    return (
        select(Agreement.id, Employer.name, Agreement.ends_on)
        .join(Employer, Employer.id == Agreement.employer_id)
        .where(Agreement.id.in_(ids))
    )


def _reports(ids: Collection[UUID]) -> Any:
    return select(MonthlyReport.id, MonthlyReport.month).where(MonthlyReport.id.in_(ids))


NAMES: Final = {
    "participant": _people,
    "fee_statement": _statements,
    "confirmation": _confirmations,
    "contract": _contracts,
    "employer_agreement": _agreements,
    "monthly_report": _reports,
}


def item(item_id: UUID) -> DisposalItem:
    """Return one line of a list, or raise NotFound."""
    return one(DisposalItem, item_id)


def disposal(disposal_id: UUID) -> Disposal:
    """Return a list, or raise NotFound."""
    return one(Disposal, disposal_id)
