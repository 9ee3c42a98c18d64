"""Before the first look at anybody stands the pledge: of each place, dated, asked once."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from ayumi.accounts.model import Membership, Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.invitations.acts import deeds, places_of
from tests.isolation.urls import RULES, methods
from tests.world import Member, a_contract, a_firm, a_member, a_town, logged_in, posted


def new(app: Flask, member: Member) -> Member:
    """Let somebody not have pledged yet."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=member.town.tenant_id)) as session:
        mine = update(Membership).where(Membership.id == member.membership_id)
        session.execute(mine.values(confidentiality_pledge_on=None))
    return member


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return new(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))


@pytest.fixture
def supporter(app: Flask) -> Member:
    town, firm = a_town(app), a_firm(app, name="はまかぜ")
    a_contract(app, town, firm)
    return new(app, a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm))


def give(client: FlaskClient, home: str, **more: str) -> str:
    answer = posted(client, f"{home}pledge/", **{"pledged": "1"} | more)
    assert answer.status_code == 302, answer.text[-2000:]
    return answer.location


@pytest.mark.parametrize("face", ["console", "portal"])
def test_no_page_opens_before_it(app: Flask, caseworker: Member, supporter: Member, face: str) -> None:
    member = caseworker if face == "console" else supporter
    client, seen = logged_in(app, member), 0
    for rule in RULES:
        if not rule.endpoint.startswith(f"{face}.") or rule.arguments != {"municipality"} or "GET" not in methods(rule):
            continue
        answer = client.get(rule.rule.replace("<municipality>", member.town.slug))
        if ".pledge." in rule.endpoint or answer.status_code == 403:
            continue
        assert answer.status_code == 302, rule.rule
        assert "/pledge/?next=" in answer.location, rule.rule
        seen += 1
    assert seen > 3


def test_nothing_can_be_sent_before_it(app: Flask, caseworker: Member) -> None:
    client = logged_in(app, caseworker)
    answer = posted(client, f"/t/{caseworker.town.slug}/people/new", family_name="山田")
    assert answer.location.endswith("/pledge/")


def test_it_is_written_down_with_its_day_and_leads_on(app: Flask, caseworker: Member) -> None:
    client, home = logged_in(app, caseworker), f"/t/{caseworker.town.slug}/"
    wanted = client.get(f"{home}people/").location
    assert "守秘" in client.get(wanted).text
    assert give(client, home, next=f"{home}people/") == f"{home}people/"
    assert client.get(f"{home}people/").status_code == 200
    (place,) = places_of(app, caseworker.town, caseworker.account_id)
    assert place.confidentiality_pledge_on == clock.today()
    assert deeds(app, caseworker.town, place.id) == ["pledged"]


def test_given_twice_it_keeps_its_first_day(app: Flask, caseworker: Member) -> None:
    client, home = logged_in(app, caseworker), f"/t/{caseworker.town.slug}/"
    give(client, home)
    with clock.at(clock.now() + timedelta(hours=30)):
        give(logged_in(app, caseworker), home)
    (place,) = places_of(app, caseworker.town, caseworker.account_id)
    assert place.confidentiality_pledge_on == clock.today()
    assert deeds(app, caseworker.town, place.id) == ["pledged"]


def test_without_the_tick_nothing_is_pledged(app: Flask, caseworker: Member) -> None:
    home = f"/t/{caseworker.town.slug}/"
    assert posted(logged_in(app, caseworker), f"{home}pledge/").status_code == 422
    assert places_of(app, caseworker.town, caseworker.account_id)[0].confidentiality_pledge_on is None


def test_it_leads_nowhere_else(app: Flask, caseworker: Member) -> None:
    home = f"/t/{caseworker.town.slug}/"
    assert give(logged_in(app, caseworker), home, next="//evil.example/") == home


def test_people_of_a_firm_pledge_to_their_firm(app: Flask, supporter: Member) -> None:
    client, home = logged_in(app, supporter), f"/portal/{supporter.town.slug}/"
    assert "はまかぜ" in client.get(f"{home}pledge/").text
    assert give(client, home) == home
    assert deeds(app, supporter.town, supporter.membership_id) == ["pledged"]


def test_a_pledge_in_one_place_is_none_in_another(app: Flask, caseworker: Member) -> None:
    there = a_town(app)
    new(app, a_member(app, there, Party.STAFF, Role.CASEWORKER, account_id=caseworker.account_id))
    client = logged_in(app, caseworker)
    give(client, f"/t/{caseworker.town.slug}/")
    assert client.get(f"/t/{caseworker.town.slug}/").status_code == 200
    assert client.get(f"/t/{there.slug}/").status_code == 302
