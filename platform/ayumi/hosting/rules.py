"""Take a municipality onto the platform, change what it has booked, suspend it and let it go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ayumi.accounts.model import Party, Role
from ayumi.hosting import copying, queries
from ayumi.hosting.model import Plan, Subscription
from ayumi.invitations.model import Invitation, InvitationStatus
from ayumi.japan import municipalities as list_of_all
from ayumi.kernel import clock, ids, journal, outbox
from ayumi.kernel.db import db, tenant
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.menus.model import MenuStatus
from ayumi.municipalities import rules as municipalities
from ayumi.municipalities.model import Municipality

INVITATION_LENGTH = timedelta(days=7)
CREATING = 5_301_741  # one at a time: what two clicks see of each other
HERE_ALREADY = _("This municipality is on the platform already.")


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who is invited to set a municipality up."""

    name: str
    email: str


def create(
    *,
    id: UUID,
    code: str,
    slug: str,
    model: str | None,
    menus_published: bool,
    plan: Plan,
    seats: int,
    administrator_name: str,
    administrator_email: str,
) -> Municipality:
    """Take a municipality onto the platform and invite its first administrator.

    Name, reading and prefecture are those of the bundled list. ``model``: the municipality whose configuration it
    starts from. ``id`` names what it has booked: asked again with the same, the municipality made before is returned.
    """
    session = db.session()
    session.execute(select(func.pg_advisory_xact_lock(CREATING)))
    made = session.scalar(
        select(Municipality).join(Subscription, Subscription.tenant_id == Municipality.id).where(Subscription.id == id)
    )
    if made is not None:
        return made
    said = copying.NO_MODEL if model is None else copying.read(session, _of_model(session, model))
    town = _row(session, code=code, slug=slug)
    copying.stand_in(session, town.id)
    copying.write(session, town.id, said, menus=MenuStatus.PUBLISHED if menus_published else MenuStatus.DRAFT)
    session.add(Subscription(tenant_id=town.id, id=id, plan=plan, seats=seats, changed_at=clock.now()))
    session.flush()
    tell(town.id, "taken_in", plan=[None, plan.value], seats=[None, seats], model=[None, model])
    invite(Administrator(administrator_name, administrator_email), tenant_id=town.id)
    return town


def _of_model(session: Session, slug: str) -> int:
    found = session.scalar(select(Municipality.id).where(Municipality.slug == slug, Municipality.left_at.is_(None)))
    if found is None:
        raise Invalid(fields={"model": _("Please choose one.")})
    return found


def _row(session: Session, *, code: str, slug: str) -> Municipality:
    known = list_of_all.by_code(code)
    if known is None:
        text = _("No municipality has this code.")
        raise Invalid(text, fields={"code": text})
    municipalities.check(slug=slug, code=code)
    if session.scalar(select(Municipality.id).where(or_(Municipality.slug == slug, Municipality.code == code))):
        raise Conflict(HERE_ALREADY)
    town = Municipality(
        code=code,
        slug=slug,
        name=known.name,
        kana=known.kana,
        prefecture=known.prefecture,
        band=(session.scalar(select(func.count(Municipality.id))) or 0) % municipalities.BANDS + 1,
        is_demonstration=False,
        created_at=clock.now(),
    )
    session.add(town)
    session.flush()
    return town


def propose_slug(session: Session, code: str) -> str:
    """Return a name in addresses that is free: of the reading, with the prefecture's behind where it is taken."""
    known = list_of_all.by_code(code)
    if known is None:
        return ""
    taken, prefecture = queries.slugs(session), list_of_all.prefecture_of(code)
    names: Sequence[str] = (known.slug, f"{known.slug}-{prefecture.slug}", f"{known.slug}-{code}")
    return next(name for name in names if name not in taken and name not in municipalities.TAKEN_BY_ADDRESSES)


def invite(administrator: Administrator, *, tenant_id: int, id: UUID | None = None) -> UUID:
    """Ask somebody to administer a municipality; a job mails the link. Done twice under one ``id`` it is done once."""
    session = db.session()
    id, now = id or ids.new(), clock.now()
    if session.scalar(select(Invitation.id).where(Invitation.tenant_id == tenant_id, Invitation.id == id)):
        return id
    session.add(
        Invitation(
            tenant_id=tenant_id,
            id=id,
            email=administrator.email.strip().lower(),
            name=administrator.name,
            party=Party.STAFF,
            roles=[Role.ADMINISTRATOR.value],
            status=InvitationStatus.SENT,
            invited_at=now,
            expires_at=now + INVITATION_LENGTH,
            times_sent=1,
        )
    )
    session.flush()
    roles = [[], [Role.ADMINISTRATOR.value]]
    status = InvitationStatus.SENT.value
    journal.note_of("invitation", id, "invited", tenant_id=tenant_id, status_after=status, changes={"roles": roles})
    outbox.promise("invitation_mail", once=f"invitation_mail:{id}:1", tenant_id=tenant_id, invitation_id=id, number=1)
    return id


def book(*, plan: Plan, seats: int, edition: int) -> Subscription:
    """Change what the present municipality has booked; ``edition`` 0 means that nothing was booked yet."""
    booked = queries.subscription(db.session(), tenant())
    if booked is None:
        booked = Subscription(tenant_id=tenant(), plan=plan, seats=seats, changed_at=clock.now())
        db.session.add(booked)
        changes: dict[str, Any] = {"plan": [None, plan.value], "seats": [None, seats]}
    else:
        unchanged(booked, edition)
        changes = rewrite(booked, plan=plan, seats=seats)
        booked.changed_at = clock.now() if changes else booked.changed_at
    if changes:
        db.session.flush()
        tell(tenant(), "booking_changed", **changes)
    return booked


def suspend(*, why: str) -> Municipality:
    """Close the present municipality to everybody, jobs too; nothing is lost. Done twice it is done once."""
    town = _locked()
    if town.suspended_at is None:
        town.suspended_at = clock.now()
        tell(town.id, "suspended", why=why)
    return town


def resume() -> Municipality:
    """Let a suspended municipality go on; what was promised meanwhile is done now."""
    town = _locked()
    if town.suspended_at is not None:
        town.suspended_at = None
        tell(town.id, "resumed")
    return town


def _locked() -> Municipality:
    return db.session.scalars(select(Municipality).where(Municipality.id == tenant()).with_for_update()).one()


def tell(tenant_id: int, action: str, *, why: str | None = None, **changes: Any) -> None:
    """Write into a municipality's journal what was done with it."""
    subject_id = UUID(int=tenant_id)
    journal.note_of("municipality", subject_id, action, tenant_id=tenant_id, why=why, changes=changes or None)
