"""What tests of these pages do."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from ayumi.accounts.model import Membership, Party
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.invitations.acts import fresh_email
from tests.world import Member


def path(member: Member, tail: str = "") -> str:
    """Return an address of the staff pages in somebody's face."""
    face = "portal" if member.party is Party.FIRM else "t"
    return f"/{face}/{member.town.slug}/staff/{tail}"


def a_form(**more: Any) -> dict[str, Any]:
    given = {"_token": str(ids.new()), "name": "新任 花子", "kana": "", "email": fresh_email(), "ends_on": ""}
    return given | {"roles": ["caseworker"]} | more


def ends(app: Flask, member: Member, days: int) -> None:
    """Let somebody's place end so many days from now."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=member.town.tenant_id)) as session:
        last = clock.today() + timedelta(days=days)
        session.execute(update(Membership).where(Membership.id == member.membership_id).values(ends_on=last))
