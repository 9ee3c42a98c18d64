"""A small world for tests: each test makes its own municipality, so nothing has to be cleaned up.

town = a_town(app)
worker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
client = logged_in(app, worker)
with inside(app, worker):          # the database through that person's door; commits at the end
    person = rules.register(...)
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.contracts.model import Contract
from ayumi.factors import apps
from ayumi.firms.model import Firm, FirmKind
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, enter, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu, MenuStatus, Tier
from ayumi.municipalities.model import AccessPolicy, Delivery, Municipality, Programme
from ayumi.selection.model import SelectionRoute
from ayumi.web import permissions

PASSWORD = "correct horse battery"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the app of everybody who works for a firm
DOORS = {Party.STAFF: Door.STAFF, Party.FIRM: Door.FIRM, Party.EMPLOYER: Door.EMPLOYER}
_count = itertools.count(1)


@dataclass(frozen=True)
class Town:
    """A municipality made for a test."""

    tenant_id: int
    slug: str
    name: str
    menu_id: UUID
    route_id: UUID


@dataclass(frozen=True)
class Member:
    """Somebody who belongs to a town."""

    town: Town
    account_id: UUID
    membership_id: UUID
    email: str
    party: Party
    firm_id: UUID | None = None
    employer_id: UUID | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def place(self) -> Place:
        """Where they work."""
        return Place(
            DOORS[self.party],
            tenant_id=self.town.tenant_id,
            firm_id=self.firm_id,
            employer_id=self.employer_id,
            account_id=self.account_id,
            membership_id=self.membership_id,
            sees=permissions.sees(self),  # type: ignore[arg-type]  # it asks for party and roles
        )


@contextmanager
def at(app: Flask, place: Place) -> Iterator[None]:
    """Be in a place with the session of an application context; commit when it ends well."""
    with app.app_context():
        enter(place)
        yield
        db.session.commit()


@contextmanager
def inside(app: Flask, member: Member) -> Iterator[None]:
    """Be where somebody works, through their door."""
    with at(app, member.place):
        yield


@contextmanager
def working(app: Flask, town: Town) -> Iterator[None]:
    """Be in a town through the worker's door."""
    with at(app, Place(Door.WORKER, tenant_id=town.tenant_id)):
        yield


def a_town(app: Flask, *, delivery: Delivery = Delivery.DIRECT, name: str = "") -> Town:
    """Make a municipality with its programme, one menu and its way of choosing people."""
    number = next(_count)
    slug = f"town-{ids.new().hex[-12:]}"
    name = name or f"試験{number}市"
    with app.app_context():
        with visiting(Place(Door.OWNER)) as session:
            town = Municipality(
                slug=slug,
                name=name,
                kana="シケンシ",
                prefecture="試験県",
                band=number % 20 + 1,
                created_at=clock.now(),
            )
            session.add(town)
            session.flush()
            tenant_id = town.id
        with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            menu = Menu(name="朝の会", tier=Tier.DAILY_LIFE, status=MenuStatus.PUBLISHED)
            route = SelectionRoute(
                key="caseworker_led",
                edition=1,
                is_current=True,
                label="ケースワーカーが主導して決定",
                steps=[],
                parties=[],
                sheets=[],
                decided_by="caseworker",
                consent_before_enrolment=False,
            )
            policy = AccessPolicy(second_factor_required=False)
            session.add_all([Programme(runs_programme=True, delivery=delivery), policy, menu, route])
            session.flush()
            return Town(tenant_id, slug, name, menu.id, route.id)


def a_firm(app: Flask, *, name: str = "") -> UUID:
    """Make a firm."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        firm = Firm(
            name=name or f"試験法人{next(_count)}",
            kana="シケンホウジン",
            kind=FirmKind.NPO,
            created_at=clock.now(),
        )
        session.add(firm)
        session.flush()
        return firm.id


def a_contract(
    app: Flask, town: Town, firm_id: UUID, *, starts_on: date | None = None, ends_on: date | None = None
) -> UUID:
    """Let a firm work for a town, for a year around today unless said otherwise."""
    today = clock.today()
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        contract = Contract(
            firm_id=firm_id,
            title="就労準備支援事業業務委託",
            starts_on=starts_on or today - timedelta(days=365),
            ends_on=ends_on or today + timedelta(days=120),
        )
        session.add(contract)
        session.flush()
        return contract.id


def a_member(
    app: Flask,
    town: Town,
    party: Party,
    *roles: Role,
    name: str = "",
    firm_id: UUID | None = None,
    employer_id: UUID | None = None,
    account_id: UUID | None = None,
) -> Member:
    """Make somebody who belongs to a town; give ``account_id`` for a second place of the same person."""
    number = next(_count)
    with app.app_context():
        with visiting(Place(Door.OWNER)) as session:
            if account_id is None:
                account = accounts.add_account(
                    session,
                    email=f"person{number}-{ids.new().hex[-8:]}@test.example",
                    name=name or f"職員{number}",
                    password=PASSWORD,
                )
                account_id, email = account.id, account.email
            else:
                email = session.get_one(Account, account_id).email
        with visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
            membership = Membership(
                account_id=account_id,
                party=party,
                roles=[role.value for role in roles],
                name=name or f"職員{number}",
                kana=f"ショクイン{number}",
                firm_id=firm_id,
                employer_id=employer_id,
                starts_on=clock.today() - timedelta(days=400),
                confidentiality_pledge_on=clock.today() - timedelta(days=400),
            )
            session.add(membership)
            session.flush()
            if party is Party.FIRM:
                apps.put(session, account_id, secret=TOTP_SECRET)
            return Member(town, account_id, membership.id, email, party, firm_id, employer_id, frozenset(roles))


def logged_in(app: Flask, member: Member) -> FlaskClient:
    """Return a browser in which this person is logged in, with a session of its own in the database."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        account = session.get_one(Account, member.account_id)
        only = (member.town.tenant_id, member.employer_id) if member.party is Party.EMPLOYER else (None, None)
        key = accounts.open_session(
            session,
            account,
            user_agent="tests",
            second_factor=True,
            only_tenant_id=only[0],
            only_employer_id=only[1],
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{member.account_id}:{key}"
        cookie["_fresh"] = True
    return client


def posted(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form with its CSRF token, as the page would."""
    return client.post(path, data=fields | {"csrf_token": csrf_of(client)})


def csrf_of(client: FlaskClient) -> str:
    """Return a CSRF token that fits this browser's session."""
    page = client.get("/login?next=/", headers={"Accept": "text/html"})
    if page.status_code == 302:
        page = client.get("/account")
    text = page.get_data(as_text=True)
    mark = 'name="csrf_token" value="'
    return text[text.index(mark) + len(mark) :].split('"', 1)[0]
