"""What people do to prove who they are: type passwords and codes, use a device, wait, come from another browser."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Account, LoginSession
from ayumi.factors import apps, passkeys, recovery
from ayumi.factors.passkeys import Challenge
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import AccessPolicy
from jobs import perform
from tests.factors.authenticator import Device
from tests.hosting.operators import Operator
from tests.world import PASSWORD, TOTP_SECRET, Member, Town, csrf_of


def type_password(browser: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Send the first step."""
    return browser.post("/login", data={"email": email, "password": password, "csrf_token": csrf_of(browser)} | more)


def type_code(browser: FlaskClient, code: str, *, name: str = "code", **more: str) -> TestResponse:
    """Send the second step."""
    token = csrf_in(browser.get("/login/second-step").text)
    return browser.post("/login/second-step", data={name: code, "csrf_token": token} | more)


def csrf_in(page: str) -> str:
    """Return a page's CSRF token; empty where it has none."""
    found = re.search(r'name="csrf_token" value="([^"]*)"', page)
    return found[1] if found else ""


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def without_marks(page: str, *words: str) -> str:
    """Return a page without what differs each time it is asked for, and without these words."""
    plain = re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page)
    for word in words:
        plain = plain.replace(word, "")
    return plain


def code(away: int = 0, secret: str = TOTP_SECRET) -> str:
    """Return the app's code now, or some steps away."""
    return apps.code_at(secret, apps.step_now() + away)


def with_app(app: Flask, member: Member) -> Member:
    """Give somebody an authenticator app."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        apps.put(session, member.account_id, secret=TOTP_SECRET)
    return member


def an_operator(app: Flask) -> str:
    """Make an operator with an app, who belongs to no place; return their address."""
    email = f"operator-{ids.new().hex[-8:]}@test.example"
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        account = accounts.add_account(session, email=email, name="運用 一郎", password=PASSWORD)
        account.is_operator = True
        apps.put(session, account.id, secret=TOTP_SECRET)
    return email


def with_codes(app: Flask, member: Member) -> list[str]:
    """Give somebody codes on paper."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        return recovery.make(session, member.account_id)


def with_passkey(app: Flask, member: Member) -> Device:
    """Give somebody a device with a passkey."""
    device = new_device()
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        from_site = Challenge(b"x" * 32, clock.now())
        account = session.get_one(Account, member.account_id)
        answer = device.make(passkeys.options_to_add(session, account, from_site))
        passkeys.add(session, member.account_id, answer=answer, challenge=from_site, name="phone")
    return device


def options(browser: FlaskClient, purpose: str, page: str) -> str:
    """Fetch what a browser needs for a passkey, as the script of a page does."""
    data = {"csrf_token": csrf_in(browser.get(page, base_url=site_url()).text)}
    return browser.post(f"/passkey/{purpose}", data=data, headers={"X-Requested-With": "fetch"}).text


def ask_factor_of_staff(app: Flask, town: Town, **policy: object) -> None:
    """Let a municipality ask its staff for a second factor, or change its policy otherwise."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.execute(update(AccessPolicy).values({"second_factor_required": True} | policy))


def let_time_pass(app: Flask, member: Member | Operator, minutes: int, *, what: str = "confirmed_at") -> None:
    """Let a moment of somebody's sessions lie further back."""
    column = getattr(LoginSession, what)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.account_id == member.account_id)
            .values({what: column - timedelta(minutes=minutes)})
            .execution_options(synchronize_session=False)
        )


def without_factor(app: Flask, member: Member) -> None:
    """Let somebody's sessions be as if no second factor had been shown."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(
            update(LoginSession).where(LoginSession.account_id == member.account_id).values(second_factor_at=None)
        )


def sessions_of(app: Flask, member: Member) -> list[LoginSession]:
    """Return somebody's living sessions, oldest first."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        query = select(LoginSession).where(
            LoginSession.account_id == member.account_id, LoginSession.ended_at.is_(None)
        )
        found = list(session.scalars(query.order_by(LoginSession.started_at)))
        session.expunge_all()
        return found


def keep_promises(app: Flask, town: Town) -> None:
    """Do what has been promised for a town, as the worker does."""
    with app.app_context(), visiting(Place(Door.WORKER, tenant_id=town.tenant_id)) as session:
        waiting = session.scalars(select(Promise.id).where(Promise.done_at.is_(None))).all()
    with app.app_context():
        for id in waiting:
            perform.keep(tenant_id=town.tenant_id, promise_id=str(id))
        db.session.remove()


def site_url() -> str:
    """Return the address at which passkeys work."""
    return passkeys.site().origin


def new_device() -> Device:
    """Return a device without a passkey yet."""
    return Device(rp_id=passkeys.site().id, origin=passkeys.site().origin)


def passkey_ids(app: Flask, member: Member) -> list[UUID]:
    """Return the passkeys somebody has."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        return [each.id for each in passkeys.every(session, member.account_id)]


def secret_in(page: str) -> str:
    """Return the key a page shows for typing into an app."""
    found = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def codes_in(page: str) -> list[str]:
    """Return the codes on paper a page shows."""
    return re.findall(r"<code>([a-z0-9-]+)</code>", page)


def journal_of(app: Flask, town: Town, action: str) -> list[journal.Entry]:
    """Return the entries of one kind in a town's journal."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        found = list(session.scalars(select(journal.Entry).where(journal.Entry.action == action)))
        session.expunge_all()
        return found
