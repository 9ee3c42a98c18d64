"""A suspended municipality: its people read a calm page, its jobs wait, nothing is lost, and it goes on."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import journal
from ayumi.kernel.db import db, one, visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise, promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu
from ayumi.municipalities import queries as municipalities
from jobs import dispatcher, perform
from jobs.kinds import KINDS
from tests.hosting.operators import an_operator, hosting
from tests.isolation.populated import populate
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, at, inside, logged_in, posted


@dataclass
class Scene:
    """A municipality with somebody of each side."""

    app: Flask
    town: Town
    staff: Member
    supporter: Member

    def suspend(self) -> None:
        """Suspend it, as an operator does."""
        browser = hosting(self.app, an_operator(self.app))
        assert posted(browser, f"/operator/m/{self.town.slug}/suspend", why="契約の確認").status_code == 302

    def resume(self) -> None:
        """Let it go on."""
        browser = hosting(self.app, an_operator(self.app))
        assert posted(browser, f"/operator/m/{self.town.slug}/resume").status_code == 302


@pytest.fixture
def scene(app: Flask) -> Scene:
    town, firm_id = a_town(app), a_firm(app)
    a_contract(app, town, firm_id)
    staff = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    return Scene(app, town, staff, a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id))


def rename(*, menu_id: str) -> None:
    """A job that leaves a mark."""
    journal.note(one(Menu, UUID(menu_id)), "renamed")


def test_staff_and_firms_read_a_calm_page_and_come_back_to_what_was(scene: Scene) -> None:
    console, portal = logged_in(scene.app, scene.staff), logged_in(scene.app, scene.supporter)
    scene.suspend()
    for browser, address in ((console, f"/t/{scene.town.slug}/people/"), (portal, f"/portal/{scene.town.slug}/")):
        answer = browser.get(address)
        assert answer.status_code == 503
        assert "support@ayumi.example" in answer.get_data(as_text=True)
        assert browser.get(address, headers={"HX-Request": "true"}).get_json()["error"] == "suspended"
    assert posted(console, f"/t/{scene.town.slug}/menus/new", name="x").status_code == 503
    scene.resume()
    assert console.get(f"/t/{scene.town.slug}/people/").status_code == 200
    assert portal.get(f"/portal/{scene.town.slug}/").status_code == 200


def test_other_municipalities_of_the_same_people_go_on(scene: Scene) -> None:
    other = a_town(scene.app)
    again = a_member(scene.app, other, Party.STAFF, Role.CASEWORKER, account_id=scene.staff.account_id)
    scene.suspend()
    assert logged_in(scene.app, again).get(f"/t/{other.slug}/").status_code == 200


def test_it_stands_in_the_municipalitys_own_journal_with_the_reason(scene: Scene) -> None:
    for _time in range(2):
        scene.suspend()
    scene.resume()
    with at(scene.app, Place(Door.OWNER, tenant_id=scene.town.tenant_id)):
        rows = db.session.execute(
            select(Entry.action, Entry.why).where(Entry.subject == "municipality").order_by(Entry.seq)
        ).all()
    assert [tuple(row) for row in rows] == [("suspended", "契約の確認"), ("resumed", None)]


def test_its_jobs_are_neither_sent_nor_done_nor_counted_and_are_done_when_it_goes_on(
    scene: Scene, store: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "rename", rename)
    with inside(scene.app, scene.staff):
        promise("rename", menu_id=scene.town.menu_id)
    scene.suspend()
    with scene.app.app_context():
        assert dispatcher.dispatch(store) == 0
    with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        promise_id = session.scalars(select(Promise.id).where(Promise.kind == "rename")).one()
    with scene.app.app_context():  # one that stood in line already
        perform.keep(tenant_id=scene.town.tenant_id, promise_id=promise_id.hex)
    assert marks(scene) == (0, 0)
    scene.resume()
    with scene.app.app_context():
        assert dispatcher.dispatch(store) == 1
        perform.keep(tenant_id=scene.town.tenant_id, promise_id=promise_id.hex)
    assert marks(scene) == (1, 1)


def marks(scene: Scene) -> tuple[int, int]:
    """Return how often the job was tried, and done."""
    with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        tried = session.scalars(select(Promise.attempts).where(Promise.kind == "rename")).one()
        done = len(session.scalars(select(Entry.id).where(Entry.action == "renamed")).all())
    return tried, done


def test_the_timetable_passes_it_by(scene: Scene) -> None:
    other = a_town(scene.app)
    scene.suspend()
    with scene.app.app_context(), visiting(Place(Door.DISPATCHER)) as session:
        served = set(municipalities.in_service(session))
    assert other.tenant_id in served
    assert scene.town.tenant_id not in served


def test_an_employer_that_comes_by_link_reads_it_too(app: Flask) -> None:
    place = populate(app, "休町")
    browser = logged_in(app, place.members["contact"])
    address = f"/portal/employer/month/{place.month}"
    assert browser.get(address).status_code == 200
    assert (
        posted(hosting(app, an_operator(app)), f"/operator/m/{place.town.slug}/suspend", why="確認").status_code == 302
    )
    assert browser.get(address).status_code == 503
