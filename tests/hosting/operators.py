"""Operators for tests, and the way of a break of the glass, step by step."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Account
from ayumi.hosting import glass
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import PASSWORD, Member, Town, at, inside

_count = itertools.count(1)


@dataclass(frozen=True)
class Operator:
    """Somebody who hosts."""

    account_id: UUID
    email: str
    name: str

    def place(self, town: Town | None = None) -> Place:
        """Where they work: beside all municipalities, or at one."""
        return Place(Door.OPERATOR, tenant_id=town.tenant_id if town else None, account_id=self.account_id)


def an_operator(app: Flask) -> Operator:
    """Make somebody who hosts."""
    name = f"運用者{next(_count)}"
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        email = f"operator-{ids.new().hex[-10:]}@test.example"
        account = accounts.add_account(session, email=email, name=name, password=PASSWORD)
        account.is_operator = True
        return Operator(account.id, email, name)


def hosting(app: Flask, operator: Operator, *, second_factor: bool = True, minutes_ago: int = 0) -> FlaskClient:
    """Return a browser in which an operator is logged in, and showed who they are so many minutes ago."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        account = session.get_one(Account, operator.account_id)
        with clock.at(clock.now() - timedelta(minutes=minutes_ago)):
            key = accounts.open_session(session, account, user_agent="tests", second_factor=second_factor)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{operator.account_id}:{key}"
        cookie["_fresh"] = True
    return client


def asked(app: Flask, operator: Operator, town: Town, *, hours: int = 1) -> UUID:
    """Let an operator ask to look into a town."""
    with at(app, operator.place(town)):
        said = {"reason": "帳票の不具合", "ticket": "T-100", "hours": hours, "pledged": True}
        return glass.ask(id=ids.new(), name=operator.name, **said).id  # type: ignore[arg-type]


def opened(app: Flask, town: Town, *, asking: Operator, second: Operator, administrator: Member) -> UUID:
    """Break the glass of a town: asked, approved, agreed."""
    id = asked(app, asking, town)
    with at(app, second.place(town)):
        glass.approve(id, name=second.name)
    with inside(app, administrator):
        glass.agree(id)
    return id
