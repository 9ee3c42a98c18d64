"""Find employers, what is agreed with them, and what a day costs."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from ayumi.accounts.model import Membership
from ayumi.employers import model
from ayumi.employers.model import Agreement, Employer, EmployerStatus, Offer, PriceStatus, Site, UnitPrice
from ayumi.firms.model import Firm
from ayumi.japan.calendar import fiscal_year
from ayumi.japan.kana import to_katakana
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, straight
from ayumi.kernel.db import one as row
from ayumi.kernel.errors import NotFound

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which employers a list shows, and in which order."""

    text: str = ""
    status: EmployerStatus | None = None
    offer: Offer | None = None
    agreed: bool | None = None
    sort: str = "name"
    down: bool = False
    page: int = 1


def every(wanted: Wanted, *also: ColumnElement[bool]) -> Rows:
    """Return one page of employers with this fiscal year's agreement, today's price and their sites.

    ``total`` in each row is the number of all that fit. ``also``: further conditions on Employer.id, from features
    that stand above this one.
    """
    today = clock.today()
    query = (
        select(
            Employer.id,
            Employer.name,
            Employer.kana,
            Employer.business,
            Employer.offers,
            Employer.status,
            Firm.name.label("firm_name"),
            Agreement.fee_kind,
            Agreement.fiscal_year,
            UnitPrice.yen,
            _sites(True).label("sites_accepted"),
            _sites(False).label("sites"),
            func.count().over().label("total"),
        )
        .outerjoin(Firm, Firm.id == Employer.firm_id)
        .outerjoin(Agreement, and_(Agreement.employer_id == Employer.id, Agreement.fiscal_year == fiscal_year(today)))
        .outerjoin(UnitPrice, and_(UnitPrice.agreement_id == Agreement.id, _counts_on(today)))
        .where(*_conditions(wanted), *also)
    )
    return db.session.execute(_page(_sorted(query, wanted), wanted.page)).all()


def _sites(accepted: bool) -> ColumnElement[int]:
    query = select(func.count(Site.id)).where(Site.employer_id == Employer.id)
    return (query.where(Site.accepted_on.is_not(None)) if accepted else query).scalar_subquery()


def _counts_on(on: date) -> ColumnElement[bool]:
    return and_(UnitPrice.status == PriceStatus.APPROVED, UnitPrice.valid_from <= on, UnitPrice.valid_to >= on)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        said = [Employer.name, Employer.business]
        found.append(
            or_(
                Employer.kana.contains(to_katakana(wanted.text), autoescape=True),
                *(column.contains(wanted.text, autoescape=True) for column in said),
            )
        )
    if wanted.status is not None:
        found.append(Employer.status == wanted.status)
    if wanted.offer is not None:
        found.append(Employer.offers.contains([wanted.offer.value]))
    if wanted.agreed is not None:
        found.append(Agreement.id.is_not(None) if wanted.agreed else Agreement.id.is_(None))
    return found


def _sorted(query: Any, wanted: Wanted) -> Any:
    key: Any = UnitPrice.yen if wanted.sort == "price" else func.coalesce(Employer.kana, Employer.name)
    return query.order_by(key.desc().nulls_last() if wanted.down else key.asc().nulls_last(), Employer.id)


def _page(query: Any, page: int) -> Any:
    return query.limit(A_PAGE).offset((page - 1) * A_PAGE)


def one(employer_id: UUID) -> Employer:
    """Return this employer, or raise NotFound."""
    return row(Employer, employer_id)


def site(site_id: UUID) -> Site:
    """Return this site, or raise NotFound."""
    return row(Site, site_id)


def agreement(agreement_id: UUID) -> Agreement:
    """Return this agreement, or raise NotFound."""
    return row(Agreement, agreement_id)


def price(price_id: UUID) -> UnitPrice:
    """Return this price, or raise NotFound."""
    return row(UnitPrice, price_id)


def sites(employer_id: UUID) -> Rows:
    """Return an employer's sites, those that have agreed first."""
    return db.session.execute(
        select(Site.id, Site.name, Site.address, Site.offers, Site.capacity, Site.accepted_on)
        .where(Site.employer_id == employer_id)
        .order_by(Site.accepted_on.nulls_last(), Site.name)
    ).all()


def open_sites() -> Rows:
    """Return (id, name, employer_id, employer_name, accepted_on) of the sites of partners, for choosing one."""
    return db.session.execute(
        select(Site.id, Site.name, Site.employer_id, Employer.name.label("employer_name"), Site.accepted_on)
        .join(Employer, Employer.id == Site.employer_id)
        .where(Employer.status != EmployerStatus.RESTING)
        .order_by(func.coalesce(Employer.kana, Employer.name), Site.name)
    ).all()


def agreements(employer_id: UUID) -> Rows:
    """Return an employer's agreements, newest first."""
    return db.session.execute(
        select(
            Agreement.id,
            Agreement.fiscal_year,
            Agreement.starts_on,
            Agreement.ends_on,
            Agreement.fee_kind,
            Agreement.payer,
            Agreement.tax_treatment,
            Agreement.insurance,
            Agreement.insured_until,
            Agreement.note,
        )
        .where(Agreement.employer_id == employer_id)
        .order_by(Agreement.fiscal_year.desc())
    ).all()


def agreement_on(employer_id: UUID, on: date) -> Agreement | None:
    """Return the agreement in force with an employer on a day."""
    return db.session.scalar(
        select(Agreement).where(
            Agreement.employer_id == employer_id, Agreement.starts_on <= on, Agreement.ends_on >= on
        )
    )


def prices(employer_id: UUID) -> Rows:
    """Return all prices ever proposed to an employer with who proposed and who decided, newest first."""
    entered, decided = aliased(Membership), aliased(Membership)
    return db.session.execute(
        select(
            *_PRICE,
            UnitPrice.reason,
            UnitPrice.entered_at,
            UnitPrice.decided_at,
            entered.name.label("entered_by_name"),
            decided.name.label("decided_by_name"),
        )
        .join(entered, entered.id == UnitPrice.entered_by)
        .outerjoin(decided, decided.id == UnitPrice.decided_by)
        .where(UnitPrice.employer_id == employer_id)
        .order_by(UnitPrice.valid_from.desc(), UnitPrice.version.desc())
    ).all()


_PRICE = (
    UnitPrice.id,
    UnitPrice.agreement_id,
    UnitPrice.employer_id,
    UnitPrice.version,
    UnitPrice.yen,
    UnitPrice.tax_rate_pct,
    UnitPrice.valid_from,
    UnitPrice.valid_to,
    UnitPrice.status,
    UnitPrice.entered_by,
)


def price_on(employer_id: UUID, on: date) -> model.UnitPrice | None:
    """Return the approved price of a day at an employer, or None when there is none."""
    return db.session.scalar(select(UnitPrice).where(UnitPrice.employer_id == employer_id, _counts_on(on)))


def priced(employer_id: UUID, first: date, last: date) -> Rows:
    """Return (yen, valid_from, valid_to, fee_kind, tax_treatment) of the approved prices of a period.

    Asks for nothing an employer may not see, so it works on the employer's own page too.
    """
    return db.session.execute(
        select(UnitPrice.yen, UnitPrice.valid_from, UnitPrice.valid_to, Agreement.fee_kind, Agreement.tax_treatment)
        .join(Agreement, Agreement.id == UnitPrice.agreement_id)
        .where(
            UnitPrice.employer_id == employer_id,
            UnitPrice.status == PriceStatus.APPROVED,
            UnitPrice.valid_from <= last,
            UnitPrice.valid_to >= first,
        )
        .order_by(UnitPrice.valid_from)
    ).all()


def waiting_prices(limit: int | None = None) -> Rows:
    """Return the prices that wait for approval, oldest first; ``total`` in each row counts them all."""
    query = (
        select(
            *_PRICE,
            UnitPrice.entered_at,
            Employer.name.label("employer_name"),
            Agreement.fiscal_year,
            Agreement.fee_kind,
            Agreement.tax_treatment,
            Membership.name.label("entered_by_name"),
            func.count().over().label("total"),
        )
        .join(Employer, Employer.id == UnitPrice.employer_id)
        .join(Agreement, Agreement.id == UnitPrice.agreement_id)
        .join(Membership, Membership.id == UnitPrice.entered_by)
        .where(UnitPrice.status == PriceStatus.PROPOSED)
        .order_by(UnitPrice.entered_at)
        .limit(limit)
    )
    return db.session.execute(query).all()


def prices_of(agreement_id: UUID) -> Rows:
    """Return (id, status) of the prices of an agreement."""
    return db.session.execute(
        select(UnitPrice.id, UnitPrice.status).where(UnitPrice.agreement_id == agreement_id)
    ).all()


def prices_in_force(on: date) -> Rows:
    """Return the approved prices of a day with their employers, by employer."""
    return db.session.execute(
        select(*_PRICE, Employer.name.label("employer_name"), Agreement.fee_kind, Agreement.tax_treatment)
        .join(Employer, Employer.id == UnitPrice.employer_id)
        .join(Agreement, Agreement.id == UnitPrice.agreement_id)
        .where(_counts_on(on))
        .order_by(func.coalesce(Employer.kana, Employer.name), UnitPrice.id)
    ).all()


CONTACT = straight(select(Employer.name, Employer.contact_name, Employer.contact_email))


def contact() -> tuple[str, str | None, str | None]:
    """Return (name, contact's name, contact's address) of the employer whose page this is."""
    found = db.session.execute(CONTACT).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1], found[2]
