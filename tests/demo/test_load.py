"""The demonstration gets into the database whole, once, and as it was made up."""

import json
import time
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from ayumi.accounts.model import Membership
from ayumi.config import settings
from ayumi.demo.employers import employers_of
from ayumi.demo.firms import firms
from ayumi.demo.generate import people_of
from ayumi.demo.load import everything
from ayumi.employers.model import Employer, UnitPrice
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu
from ayumi.municipalities.model import Municipality
from ayumi.participants.model import Participant
from ayumi.placements.model import ExperienceDay
from ayumi.records.model import RecordDay, RecordVersion, WeeklyRecord

SLUGS = ("morioka", "yokohama", "koshigaya", "kushiro")


@pytest.fixture(scope="module")
def today(app: Flask) -> date:
    day = clock.today()
    with app.app_context():
        everything.load(day, only=SLUGS)
    return day


def tenant_of(slug: str) -> int:
    with visiting(Place(Door.OWNER)) as session:
        return session.scalars(select(Municipality.id).where(Municipality.slug == slug)).one()


def counted(slug: str, model: type) -> int:
    with visiting(Place(Door.OWNER, tenant_id=tenant_of(slug))) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("slug", SLUGS)
def test_every_person_week_version_and_day_is_there(app: Flask, today: date, slug: str) -> None:
    cast = people_of(slug, today)
    weeks = [week for person in cast.people for week in person.weeks]
    versions = [version for week in weeks for version in week.versions]
    with app.app_context():
        assert counted(slug, Participant) == len(cast.people)
        assert counted(slug, WeeklyRecord) == len(weeks)
        assert counted(slug, RecordVersion) == len(versions)
        assert counted(slug, RecordDay) == sum(len(version.days) for version in versions)
        assert counted(slug, ExperienceDay) == sum(len(p.days) for person in cast.people for p in person.placements)


def test_loading_again_changes_nothing_and_is_quick(app: Flask, today: date) -> None:
    with app.app_context():
        before = {slug: counted(slug, RecordDay) for slug in SLUGS}
        started = time.process_time()  # ours alone, however busy the machine is
        everything.load(today, only=SLUGS)
        assert time.process_time() - started < 3
        assert {slug: counted(slug, RecordDay) for slug in SLUGS} == before


def test_the_logins_are_written_and_let_their_owners_in(app: Flask, today: date) -> None:
    rows = json.loads(Path(settings().demo_logins).read_text(encoding="utf-8"))
    caseworker = next(row for row in rows if row["email"] == "caseworker.1@morioka.example")
    browser = app.test_client()
    page = browser.get("/login").text
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    fields = {"email": caseworker["email"], "password": caseworker["password"], "csrf_token": token}
    answer = browser.post("/login", data=fields, follow_redirects=True)
    assert answer.request.path == "/t/morioka/"
    assert Path(settings().demo_logins).stat().st_mode & 0o077 == 0


def test_one_firm_serves_two_municipalities(today: date) -> None:
    assert any(len({contract.municipality for contract in firm.contracts}) == 2 for firm in firms(today))


def test_a_municipality_can_be_loaded_as_on_its_first_day(app: Flask, today: date) -> None:
    with app.app_context():
        everything.load(today, only=("ageo",), with_people=False)
        assert counted("ageo", Membership) > len(people_of("ageo", today).staff)
        assert counted("ageo", Employer) == len(employers_of("ageo", today))
        assert counted("ageo", UnitPrice) > 0
        assert counted("ageo", Menu) > 0
        assert counted("ageo", Participant) == counted("ageo", WeeklyRecord) == 0
