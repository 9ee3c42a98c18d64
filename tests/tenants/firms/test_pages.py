"""Which firms work here, until when, for how many people; who works here; and how people are chosen."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.contracts import queries
from ayumi.kernel import clock, ids
from tests.selection.acts import a_person, enrolled
from tests.tenants.pages import made, path, send, text_of, token
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside, logged_in

TODAY = clock.today()


@pytest.fixture
def head(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.SECTION_HEAD, Role.CASEWORKER, name="原 健一")


@pytest.fixture
def client(app: Flask, head: Member) -> FlaskClient:
    browser = logged_in(app, head)
    with browser.session_transaction() as cookie:
        cookie["language"] = "en"
    return browser


def a_form(**more: Any) -> dict[str, Any]:
    given = {"_token": token(), "title": "業務委託", "purpose": "", "firm_id": "", "firm_kind": "npo"}
    dates = {"starts_on": str(TODAY), "ends_on": str(TODAY + timedelta(days=200))}
    return given | dates | {"firm_name": f"NPO法人 {ids.new().hex}", "firm_kana": "ハマカゼ"} | more


def test_firms_are_listed_with_their_access_and_their_people(app: Flask, head: Member, client: FlaskClient) -> None:
    running, over = a_firm(app, name="はまかぜ"), a_firm(app, name="ひびき会")
    a_contract(app, head.town, running)
    a_contract(app, head.town, over, ends_on=TODAY - timedelta(days=3))
    with inside(app, head):
        enrolled(a_person(), delivery_firm_id=running)
    page = text_of(client, path(head, "/firms/"))
    assert page.index("Under contract") < page.index("1 person") < page.index("Reading only") < page.index("0 people")


def test_a_firms_page_says_until_when_it_can_still_read(app: Flask, head: Member, client: FlaskClient) -> None:
    over, gone = a_firm(app), a_firm(app)
    a_contract(app, head.town, over, ends_on=TODAY - timedelta(days=3))
    a_contract(app, head.town, gone, ends_on=TODAY - timedelta(days=100))
    assert "the firm can only read" in text_of(client, path(head, f"/firms/{over}"))
    assert "This firm has no access" in text_of(client, path(head, f"/firms/{gone}"))


def test_a_firm_of_another_municipality_is_not_there(app: Flask, head: Member, client: FlaskClient) -> None:
    other, firm_id = a_town(app), a_firm(app)
    contract_id = a_contract(app, other, firm_id)
    assert client.get(path(head, f"/firms/{firm_id}")).status_code == 404
    assert client.get(path(head, f"/firms/contracts/{contract_id}")).status_code == 404


def test_a_contract_with_a_new_firm_is_entered_once(app: Flask, head: Member, client: FlaskClient) -> None:
    form = a_form()
    first = made(send(client, path(head, "/firms/contracts/new"), **form))
    assert made(send(client, path(head, "/firms/contracts/new"), **form)) == first
    with inside(app, head):
        assert [row.id for row in queries.overview(TODAY)] == [first]


def test_a_contract_names_its_firm_and_ends_after_it_begins(head: Member, client: FlaskClient) -> None:
    answer = send(client, path(head, "/firms/contracts/new"), **a_form(firm_name="", title=""))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#field-firm_name"' in page
    assert 'href="#field-title"' in page
    backwards = a_form(ends_on=str(TODAY - timedelta(days=1)))
    assert 'href="#field-ends_on"' in send(client, path(head, "/firms/contracts/new"), **backwards).text


def test_changed_dates_are_kept(app: Flask, head: Member, client: FlaskClient) -> None:
    contract_id = a_contract(app, head.town, a_firm(app))
    yesterday = TODAY - timedelta(days=1)
    form = {"title": "業務委託", "purpose": "", "starts_on": "2020-04-01", "ends_on": str(yesterday), "edition": 1}
    made(send(client, path(head, f"/firms/contracts/{contract_id}"), **form))
    with inside(app, head):
        assert queries.one(contract_id).ends_on == yesterday
    late = send(client, path(head, f"/firms/contracts/{contract_id}"), **form | {"title": "後からの題"})
    assert late.status_code == 409
    assert "後からの題" in late.text


def test_caseworkers_see_firms_and_enter_no_contract(app: Flask, head: Member) -> None:
    worker = logged_in(app, a_member(app, head.town, Party.STAFF, Role.CASEWORKER))
    assert "/firms/contracts/new" not in text_of(worker, path(head, "/firms/"))
    assert worker.get(path(head, "/firms/contracts/new")).status_code == 403


def test_who_works_here_shows_own_people_and_those_of_firms(app: Flask, head: Member, client: FlaskClient) -> None:
    firm_id = a_firm(app, name="はまかぜ")
    a_contract(app, head.town, firm_id)
    a_member(app, head.town, Party.FIRM, Role.SUPPORTER, name="鈴木 一郎", firm_id=firm_id)
    a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER, name="よその 職員")
    page = text_of(client, path(head, "/firms/staff"))
    assert page.index("原 健一") < page.index("はまかぜ") < page.index("鈴木 一郎")
    assert "よその 職員" not in page


def test_how_people_are_chosen_is_readable_by_all_staff(head: Member, client: FlaskClient) -> None:
    assert "ケースワーカーが主導して決定" in text_of(client, path(head, "/selection/"))
