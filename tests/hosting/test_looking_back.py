"""The municipality's side of a look inside: told at once, in its own journal, agreed to, looked back at."""

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.hosting import breaks, glass
from ayumi.hosting.model import EndedBy, GlassStatus
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from jobs.kinds import KINDS
from tests.hosting.glass_scene import Scene, a_scene
from tests.hosting.operators import hosting
from tests.world import a_member, a_town, csrf_of, inside, logged_in, posted, working


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app)


def test_a_municipality_is_told_of_each_step_at_once(scene: Scene) -> None:
    id = scene.open()
    with inside(scene.app, scene.head):
        glass.end(id, by=EndedBy.MUNICIPALITY)
    with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        told = session.scalars(
            select(Promise.arguments).where(Promise.kind == "glass_notice").order_by(Promise.promised_at)
        ).all()
    assert [each["moment"] for each in told] == ["asked", "approved", "opened", "ended"]
    assert {each["glass_break_id"] for each in told} == {str(id)}


def test_a_municipality_has_each_step_in_its_journal_with_who_did_it(scene: Scene) -> None:
    id = scene.open()
    with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        found = session.execute(
            select(Entry.action, Entry.status_after, Entry.account_id).where(Entry.subject_id == id).order_by(Entry.seq)
        ).all()
    assert [tuple(row) for row in found] == [
        ("asked", "asked", scene.asking.account_id),
        ("approved", "approved", scene.second.account_id),
        ("agreed", "open", scene.administrator.account_id),
    ]


def test_a_municipality_sees_every_view_and_looks_back_at_it(scene: Scene) -> None:
    id = scene.open()
    browser = hosting(scene.app, scene.asking)
    for path in ("", "people/", "people/", "menus/"):
        assert browser.get(f"/t/{scene.town.slug}/{path}").status_code == 200
    write_views_down(scene)
    with inside(scene.app, scene.head):
        pages = [(row.changes or {})["page"][1] for row in breaks.views(id)]
        glass.end(id, by=EndedBy.MUNICIPALITY)
    assert pages == ["home.index", "participants.index", "participants.index", "menus.index"]
    client = logged_in(scene.app, scene.head)
    address = f"/t/{scene.town.slug}/glass/{id}"
    assert "participants.index" in client.get(address).get_data(as_text=True)
    assert posted(client, f"{address}/review", review="理由どおりでした").status_code == 302
    assert "理由どおりでした" in client.get(address).get_data(as_text=True)
    assert scene.status(id) is GlassStatus.REVIEWED
    assert posted(client, f"{address}/review", review="もう一度").status_code == 409


def test_a_municipality_sees_on_its_first_page_what_waits_for_it(scene: Scene) -> None:
    id = scene.ask()
    page = logged_in(scene.app, scene.head).get(f"/t/{scene.town.slug}/").get_data(as_text=True)
    assert f"/t/{scene.town.slug}/glass/{id}" in page
    worker = a_member(scene.app, scene.town, Party.STAFF, Role.CASEWORKER)
    assert f"/glass/{id}" not in logged_in(scene.app, worker).get(f"/t/{scene.town.slug}/").get_data(as_text=True)


def test_a_municipality_agrees_through_an_administrator_only(scene: Scene) -> None:
    id = scene.ask()
    scene.approve(id)
    address = f"/t/{scene.town.slug}/glass/{id}/agree"
    assert posted(logged_in(scene.app, scene.head), address).status_code == 403
    assert posted(logged_in(scene.app, scene.administrator), address).status_code == 302
    assert scene.status(id) is GlassStatus.OPEN


def test_another_municipality_does_not_even_know_of_it(scene: Scene) -> None:
    id, other = scene.open(), a_town(scene.app)
    stranger = a_member(scene.app, other, Party.STAFF, Role.ADMINISTRATOR)
    for method, path in (("get", ""), ("post", "/end"), ("post", "/agree"), ("post", "/review")):
        client = logged_in(scene.app, stranger)
        data = {"csrf_token": csrf_of(client)} if method == "post" else None
        assert client.open(f"/t/{other.slug}/glass/{id}{path}", method=method, data=data).status_code == 404
    with pytest.raises(NotFound), inside(scene.app, stranger):
        breaks.one_here(id)
    assert scene.status(id) is GlassStatus.OPEN


def write_views_down(scene: Scene) -> None:
    """Do what the worker does with the views that were promised."""
    with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        promised = session.scalars(
            select(Promise.arguments).where(Promise.kind == "glass_view").order_by(Promise.promised_at)
        ).all()
    for arguments in promised:
        with working(scene.app, scene.town):
            KINDS["glass_view"](**arguments)
