"""The page of packings: for administrators, asked again who they are, streamed and written down."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving.model import Packing, PackingStatus
from jobs import packing
from tests.tenants.pages import made, path, send, text_of, token
from tests.world import Member, a_member, a_town, inside, logged_in, working


@pytest.fixture
def administrator(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


def packed(app: Flask, member: Member) -> str:
    """Ask on the page, let the job run, and return the address of the packing."""
    client = logged_in(app, member)
    id = made(send(client, path(member, "/moving/"), _token=token()))
    with working(app, member.town):
        packing.run(packing_id=str(id))
    return path(member, f"/moving/{id}")


def test_it_is_asked_for_packed_and_fetched(app: Flask, administrator: Member) -> None:
    client, address = logged_in(app, administrator), packed(app, administrator)
    assert "一式ができました" in text_of(client, address)
    answer = client.get(f"{address}/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"PK")
    answer.close()
    with working(app, administrator.town):
        promises = db.session.scalars(select(Promise.arguments).where(Promise.kind == "reading")).all()
    assert [each["action"] for each in promises if each["subject"] == "packing"] == ["exported"]


def test_whoever_has_been_away_from_the_screen_is_asked_again(app: Flask, administrator: Member) -> None:
    client, address = logged_in(app, administrator), packed(app, administrator)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        earlier = text("UPDATE login_session SET confirmed_at = :at WHERE account_id = :id")
        session.execute(earlier, {"at": clock.now() - timedelta(minutes=20), "id": administrator.account_id})
    answer = client.get(f"{address}/file")
    assert answer.status_code == 302
    assert "/confirm" in answer.location


def test_nobody_but_administrators_packs(app: Flask, administrator: Member) -> None:
    for role in (Role.SECTION_HEAD, Role.SUPERVISING_CASEWORKER, Role.CASEWORKER, Role.FINANCE_OFFICER):
        client = logged_in(app, a_member(app, administrator.town, Party.STAFF, role))
        assert client.get(path(administrator, "/moving/")).status_code == 403


def test_clicked_twice_it_is_asked_for_once(app: Flask, administrator: Member) -> None:
    client, word = logged_in(app, administrator), token()
    assert made(send(client, path(administrator, "/moving/"), _token=word)) == made(
        send(client, path(administrator, "/moving/"), _token=word)
    )


def test_while_it_is_made_the_page_says_how_far_it_is(app: Flask, administrator: Member) -> None:
    client = logged_in(app, administrator)
    id = made(send(client, path(administrator, "/moving/"), _token=token()))
    with inside(app, administrator):
        row = db.session.get_one(Packing, (administrator.town.tenant_id, id))
        assert row.status is PackingStatus.ASKED
    page = text_of(client, path(administrator, f"/moving/{id}"))
    assert "<progress" in page
    piece = client.get(path(administrator, f"/moving/{id}"), headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<progress" in piece
    assert "<html" not in piece
