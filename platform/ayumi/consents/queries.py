"""Find what people have agreed to."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from ayumi.consents.model import Consent, ConsentStatus, Scope
from ayumi.firms.model import Firm
from ayumi.kernel import clock
from ayumi.kernel.db import Base, Rows, db, tenant
from ayumi.kernel.db import one as row
from ayumi.kernel.files.model import StoredFile
from ayumi.participants import fields
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.selection.model import Enrolment, EnrolmentStatus


def one(consent_id: UUID, *, lock: bool = False) -> Consent:
    """Return this consent if its person is here to see, else raise NotFound."""
    found = row(Consent, consent_id, lock=lock)
    participants.one(found.participant_id)
    return found


def of(participant_id: UUID) -> Rows:
    """Return a person's consents, newest first, with the scan's file name and the firm it names where there is one.

    One that is wholly about what may not be seen here (doctors to be asked) is left out.
    Say ``participants.queries.one`` before: this looks at nobody's restriction.
    """
    return db.session.execute(
        select(
            Consent.id,
            fields.scopes(Consent.scopes).label("scopes"),
            Consent.form,
            Consent.given_on,
            Consent.expires_on,
            Consent.witness,
            Consent.file_id,
            StoredFile.filename,
            Consent.withdrawn_on,
            Consent.withdrawal_reason,
            Consent.status,
            Firm.name.label("for_firm"),
        )
        .outerjoin(Firm, Firm.id == Consent.for_firm_id)
        .outerjoin(StoredFile, StoredFile.id == Consent.file_id)
        .where(Consent.participant_id == participant_id, func.cardinality(fields.scopes(Consent.scopes)) > 0)
        .order_by(Consent.given_on.desc(), Consent.entered_at.desc())
    ).all()


def holds() -> ColumnElement[bool]:
    """Condition that holds for a consent in force today, also before the night's job has looked at it."""
    return (Consent.status == ConsentStatus.IN_FORCE) & or_(
        Consent.expires_on.is_(None), Consent.expires_on >= clock.today()
    )


def in_force(participant_id: UUID, scope: Scope | None = None) -> Consent | None:
    """Return the consent in force that lasts longest and covers ``scope`` (any scope when it is left out)."""
    query = select(Consent).where(Consent.participant_id == participant_id, holds())
    if scope is not None:
        query = query.where(Consent.scopes.contains([scope.value]))
    return db.session.scalar(query.order_by(Consent.expires_on.desc().nulls_first(), Consent.given_on.desc()).limit(1))


def withdrawn_with(consent: Consent) -> list[Consent]:
    """Return the consents in force that change when this one is withdrawn: itself, and those that share a matter.

    A renewed consent stands beside the one before it; taking back what was agreed must not leave that one open.
    """
    return list(
        db.session.scalars(
            select(Consent)
            .where(
                Consent.participant_id == consent.participant_id,
                Consent.status == ConsentStatus.IN_FORCE,
                Consent.scopes.overlap(consent.scopes),
            )
            .order_by(Consent.given_on)
        )
    )


def expiring(within_days: int, membership_id: UUID | None = None, limit: int | None = None) -> Rows:
    """Return the consents of people in support that run out soon or have run out, with nothing newer in their place.

    Soonest first: consent_id, participant_id, family_name, given_name, kana, expires_on, scopes, caseworker_id and
    ``total`` of all. ``membership_id``: only this caseworker's people.
    """
    newer = aliased(Consent)
    covered = exists().where(
        newer.participant_id == Consent.participant_id,
        newer.status == ConsentStatus.IN_FORCE,
        newer.id != Consent.id,
        newer.scopes.contains(Consent.scopes),
        or_(newer.expires_on.is_(None), newer.expires_on > Consent.expires_on),
    )
    query = (
        select(
            Consent.id.label("consent_id"),
            Participant.id.label("participant_id"),
            Participant.family_name,
            Participant.given_name,
            Participant.family_kana,
            Participant.given_kana,
            Participant.caseworker_id,
            Consent.expires_on,
            fields.scopes(Consent.scopes).label("scopes"),
            Consent.status,
            func.count().over().label("total"),
        )
        .join(Participant, Participant.id == Consent.participant_id)
        .where(
            participants.visible(),
            exists().where(Enrolment.participant_id == Participant.id, Enrolment.status != EnrolmentStatus.ENDED),
            Consent.status != ConsentStatus.WITHDRAWN,
            func.cardinality(fields.scopes(Consent.scopes)) > 0,
            Consent.expires_on <= clock.today() + timedelta(days=within_days),
            ~covered,
        )
        .order_by(Consent.expires_on, Participant.kana_key)
        .limit(limit)
    )
    if membership_id is not None:
        query = query.where(Participant.caseworker_id == membership_id)
    return db.session.execute(query).all()


def to_ask(membership_id: UUID | None = None, limit: int | None = None) -> Rows:
    """Return the people in support of a firm that may not look at them: their consent has to be asked for (again).

    By reading: participant_id, names, caseworker_id, firm_name and ``total`` of all. ``membership_id``: only this
    caseworker's people.
    """
    query = (
        select(
            Participant.id.label("participant_id"),
            Participant.family_name,
            Participant.given_name,
            Participant.family_kana,
            Participant.given_kana,
            Participant.caseworker_id,
            Firm.name.label("firm_name"),
            func.count().over().label("total"),
        )
        .join(Firm, Firm.id == Participant.delivery_firm_id)
        .where(
            participants.visible(),
            exists().where(Enrolment.participant_id == Participant.id, Enrolment.status != EnrolmentStatus.ENDED),
            or_(Participant.firm_id.is_(None), Participant.firm_until < clock.today()),
        )
        .order_by(Participant.kana_key, Participant.id)
        .limit(limit)
    )
    if membership_id is not None:
        query = query.where(Participant.caseworker_id == membership_id)
    return db.session.execute(query).all()


def run_out() -> list[Consent]:
    """Return the consents that are still marked as in force after their last day."""
    return list(
        db.session.scalars(
            select(Consent)
            .where(Consent.status == ConsentStatus.IN_FORCE, Consent.expires_on < clock.today())
            .with_for_update()
        )
    )


def records_in_sight(participant_id: UUID) -> int:
    """Return how many weekly records a firm can read of somebody at this moment."""
    weeks = Base.metadata.tables["weekly_record"]
    return (
        db.session.scalar(
            select(func.count())
            .select_from(weeks)
            .where(
                weeks.c.tenant_id == tenant(),
                weeks.c.participant_id == participant_id,
                weeks.c.firm_id.is_not(None),
            )
        )
        or 0
    )
