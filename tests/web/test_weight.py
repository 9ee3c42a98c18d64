"""What a page weighs for whoever looks at it: the first time with style and scripts, the next time by itself."""

import gzip
import re
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.delivery.records.lists import ROWS_OF_GRID
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.kernel.db import add, db
from ayumi.menus.model import Menu, MenuStatus, Tier
from ayumi.records import drafts
from ayumi.records.model import WeeklyRecord
from tests.records.scene import a_person, attended, expect, said
from tests.world import Member, Town, a_member, a_town, inside, logged_in

FIRST, REPEATED = 150_000, 30_000
IMPORTED = re.compile(r"""(?:import|from)\s+["']\./([^"']+)["']""")
PEOPLE = 50


@pytest.fixture(scope="module")
def staff(app: Flask) -> tuple[Town, Member]:
    """A municipality with as many people as a page shows, and somebody who supports all of them."""
    town = a_town(app)
    worker = a_member(app, town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER, Role.CASEWORKER)
    for number in range(PEOPLE):
        a_person(app, town, supporter=worker, family_name=f"佐藤{number}", given_name="陽子")
    expect(app, town)
    return town, worker


@pytest.fixture(scope="module")
def full(app: Flask, staff: tuple[Town, Member]) -> tuple[Town, FlaskClient]:
    """The same, with their browser."""
    town, worker = staff
    return town, logged_in(app, worker)


def transferred(client: FlaskClient, path: str) -> tuple[bytes, dict[str, str]]:
    """What comes over the line, and its headers."""
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, path
    return answer.data, dict(answer.headers)


def beside(client: FlaskClient, page: str) -> dict[str, int]:
    """Address -> weight of everything a page asks for, but for fonts."""
    waiting, found = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page), dict[str, int]()
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        data, headers = transferred(client, address)
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert re.match(r"/assets/[0-9a-f]{12}/", address), "the address names the content"
        found[address] = len(data)
        if address.endswith(".js"):
            folder = address.rpartition("/")[0]
            waiting += [f"{folder}/{name}" for name in IMPORTED.findall(gzip.decompress(data).decode())]
    return found


@pytest.mark.parametrize("path", ["", "people/?who=all", "records/", "approval/", "reports/", "employers/"])
def test_a_page_is_light_the_first_time_and_lighter_afterwards(full: tuple[Town, FlaskClient], path: str) -> None:
    town, client = full
    data, headers = transferred(client, f"/t/{town.slug}/{path}")
    assert headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in headers["Vary"]
    assets = beside(client, gzip.decompress(data).decode())
    assert any(address.endswith("ayumi.css") for address in assets)
    assert len(data) < REPEATED
    assert len(data) + sum(assets.values()) < FIRST


def test_everyones_week_is_as_light_although_it_holds_two_hundred_cells(app: Flask, staff: tuple[Town, Member]) -> None:
    town, worker = staff
    client, monday = logged_in(app, worker), week_start(clock.today())
    with inside(app, worker):
        write(town, monday)
    data, _headers = transferred(client, f"/t/{town.slug}/records/weeks/{monday}?who=all")
    page = gzip.decompress(data).decode()
    assert page.count("<select") == ROWS_OF_GRID * 7 * 2
    assert len(data) < REPEATED
    assert len(data) + sum(beside(client, page).values()) < FIRST


def write(town: Town, monday: date) -> None:
    """Something stands on every day of everybody's, so that no cell is like another; and there are more menus."""
    menus = [add(Menu(name=f"支援メニュー{each}", tier=Tier.WORK, status=MenuStatus.PUBLISHED)) for each in range(8)]
    db.session.flush()
    for number, week in enumerate(db.session.scalars(select(WeeklyRecord).where(WeeklyRecord.week_start == monday))):
        days = [
            attended(
                town, monday + timedelta(days=each), menu_id=menus[(number + each) % 8].id, starts_at=time(each, number)
            )
            for each in range(7)
        ]
        drafts.save_week(week.id, edition=week.edition, content=said(town, *days))


def test_a_browser_that_cannot_unpack_gets_the_page_as_it_is(full: tuple[Town, FlaskClient]) -> None:
    town, client = full
    answer = client.get(f"/t/{town.slug}/people/?who=all", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert "佐藤0" in answer.text


def test_the_length_of_a_packed_page_does_not_tell_how_well_it_packs(full: tuple[Town, FlaskClient]) -> None:
    town, client = full
    lengths = {len(transferred(client, f"/t/{town.slug}/reports/")[0]) for _time in range(12)}
    assert len(lengths) > 3
