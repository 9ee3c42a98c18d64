"""What tests of invitations and resets begin with."""

import re
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from ayumi.accounts.model import Membership, Party, Role
from ayumi.invitations import rules
from ayumi.invitations.model import Invitation, ResetRequest
from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from jobs.kinds import KINDS
from tests.notices.inbox import mails_to, words
from tests.world import Member, Town, working

NEW_PASSWORD = "vier unbekannte Segel"


def fresh_email() -> str:
    """Return an address that nobody has."""
    return f"new-{ids.new().hex}@new.example"


def invite(email: str, **more: Any) -> UUID:
    """Invite somebody to the staff; call it inside a member's place."""
    given = {"email": email, "name": "新任 花子", "party": Party.STAFF, "roles": [Role.CASEWORKER]}
    return rules.invite(**given | more)


def keep_promises(app: Flask, town: Town, kind: str) -> int:
    """Do what was promised of one kind, as the worker would, and return how often."""
    with app.app_context(), visiting(Place(Door.WORKER, tenant_id=town.tenant_id)) as session:
        waiting = session.scalars(select(Promise).where(Promise.kind == kind, Promise.done_at.is_(None))).all()
        todo = [(each.id, dict(each.arguments)) for each in waiting]
    for id, arguments in todo:
        with working(app, town):
            KINDS[kind](**arguments)
        with app.app_context(), visiting(Place(Door.WORKER, tenant_id=town.tenant_id)) as session:
            session.execute(update(Promise).where(Promise.id == id).values(done_at=Promise.promised_at))
    return len(todo)


def links(email: str, kind: str) -> list[str]:
    """Return the paths of the links mailed to an address, oldest first."""
    return [path for mail in mails_to(email) for path in re.findall(rf"(/{kind}/[\w-]+)", words(mail))]


def of_town(app: Flask, town: Town, model: type[Any]) -> list[Any]:
    """Return all rows of one kind of a town."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        rows = list(session.scalars(select(model)))
        session.expunge_all()
        return rows


def the_invitation(app: Flask, town: Town, email: str) -> Invitation:
    """Return the one invitation of an address."""
    (found,) = [each for each in of_town(app, town, Invitation) if each.email == email]
    assert isinstance(found, Invitation)
    return found


def requests_of(app: Flask, member: Member) -> list[ResetRequest]:
    """Return what somebody has asked."""
    return [each for each in of_town(app, member.town, ResetRequest) if each.membership_id == member.membership_id]


def places_of(app: Flask, town: Town, account_id: UUID) -> list[Membership]:
    """Return the places of an account in a town."""
    return [each for each in of_town(app, town, Membership) if each.account_id == account_id]


def deeds(app: Flask, town: Town, subject_id: UUID) -> list[str]:
    """Return what the journal says was done to a thing, oldest first."""
    entries = [each for each in of_town(app, town, Entry) if each.subject_id == subject_id]
    return [each.action for each in sorted(entries, key=lambda entry: entry.seq)]
