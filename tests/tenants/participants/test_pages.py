"""People on pages: found, registered, changed, assigned, hidden; by whoever may, and nobody else."""

import re
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from ayumi.participants import queries, rules
from ayumi.participants.model import Participant, Status
from tests.participants.people import a_person
from tests.records.scene import a_scene
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, csrf_of, inside, logged_in

GIVEN = {
    "family_name": "山田",
    "given_name": "花子",
    "family_kana": "ﾔﾏﾀﾞ",
    "given_kana": "はなこ",
    "birth_date.era": "昭和",
    "birth_date.year": "55",
    "birth_date.month": "4",
    "birth_date.day": "1",
    "case_number": "A-1",
    "delivery_firm_id": "own",
}


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")


@pytest.fixture
def client(app: Flask, caseworker: Member) -> FlaskClient:
    return logged_in(app, caseworker)


def page(client: FlaskClient, town: Town, path: str = "", answers: int = 200, **asked: Any) -> str:
    answer = client.get(f"/t/{town.slug}/people{path or '/'}", query_string=asked)
    assert answer.status_code == answers, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


def send(client: FlaskClient, town: Town, path: str, **fields: Any) -> Any:
    return client.post(f"/t/{town.slug}/people{path}", data=fields | {"csrf_token": csrf_of(client)})


def registered(app: Flask, member: Member, **given: Any) -> UUID:
    with inside(app, member):
        return a_person(**given).id


class TestList:
    def test_a_caseworker_begins_with_their_own_people(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        registered(app, caseworker, family_name="自担", caseworker_id=caseworker.membership_id)
        registered(app, caseworker, family_name="他担")
        assert "自担" in page(client, town)
        assert "他担" not in page(client, town)
        assert "他担" in page(client, town, who="all")

    def test_a_section_head_begins_with_everybody(self, app: Flask, town: Town, caseworker: Member) -> None:
        registered(app, caseworker, family_name="誰か")
        head = logged_in(app, a_member(app, town, Party.STAFF, Role.SECTION_HEAD))
        assert "誰か" in page(head, town)

    def test_an_unlucky_search_offers_to_look_further(self, town: Town, client: FlaskClient) -> None:
        text = page(client, town, q="いない")
        assert "いない" in text
        assert "who=all" in text

    def test_whatever_an_address_asks_the_page_answers(self, town: Town, client: FlaskClient) -> None:
        questions: tuple[dict[str, Any], ...] = (
            {"page": "99999999999"},
            {"page": "-3"},
            {"sort": "drop table"},
            {"caseworker": "x", "delivery": "y", "status": "z", "silent": "1e9"},
            {"q": "'%_"},
            {"find": "no seal of ours"},
        )
        for asked in questions:
            page(client, town, who="all", **asked)

    def test_words_looked_for_stand_sealed_in_the_address(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        registered(app, caseworker, family_name="山田")
        registered(app, caseworker, family_name="鈴木", family_kana="スズキ")
        answer = send(client, town, "/find", q="すずき", who="all", sort="age")
        assert answer.status_code == 303
        assert "すずき" not in unquote(answer.location)
        text = client.get(answer.location).get_data(as_text=True)
        assert "鈴木" in text
        assert "山田" not in text
        assert "すずき" not in "".join(re.findall(r'href="(.*?)"', unquote(text)))

    def test_a_list_asks_the_database_at_most_six_times(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient, counted: list[str]
    ) -> None:
        for _ in range(3):
            registered(app, caseworker, caseworker_id=caseworker.membership_id)
        page(client, town)
        counted.clear()
        page(client, town, who="all", sort="-last", q="や")
        assert len(counted) <= 6, "\n".join(counted)


class TestRegister:
    def test_a_person_is_registered_and_shown(self, app: Flask, town: Town, client: FlaskClient) -> None:
        answer = send(client, town, "/new", **GIVEN, _token=str(uuid4()))
        assert answer.status_code == 302
        text = client.get(answer.location).get_data(as_text=True)
        assert "山田 花子" in text
        assert "ヤマダ" in text

    def test_a_double_click_makes_one_person(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        token = str(uuid4())
        first, second = (send(client, town, "/new", **GIVEN, _token=token) for _ in range(2))
        assert first.location == second.location
        with inside(app, caseworker):
            assert db.session.scalar(select(func.count(Participant.id))) == 1

    def test_what_was_typed_stays_and_every_mistake_is_told(self, town: Town, client: FlaskClient) -> None:
        wrong = {"family_kana": "山田", "birth_date.month": "13", "case_number": "", "note": "個人番号 123456789018"}
        answer = send(client, town, "/new", **GIVEN | wrong)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert len(re.findall(r'href="#field-(family_kana|birth_date|case_number|note)"', text)) == 4
        assert 'value="13"' in text
        assert "花子" not in text or "はなこ" in text

    def test_a_number_that_is_taken_is_told_beside_its_field(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        registered(app, caseworker, case_number="A-1", family_kana="ベツノ")
        answer = send(client, town, "/new", **GIVEN)
        assert answer.status_code == 422
        assert 'href="#field-case_number"' in answer.get_data(as_text=True)

    def test_somebody_alike_is_asked_about_and_then_taken(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        registered(app, caseworker, case_number="A-0")
        answer = send(client, town, "/new", **GIVEN)
        assert answer.status_code == 422
        assert "A-0" in answer.get_data(as_text=True)
        assert send(client, town, "/new", **GIVEN, is_other="1").status_code == 302

    def test_a_finance_officer_does_not_register_people(self, app: Flask, town: Town) -> None:
        officer = logged_in(app, a_member(app, town, Party.STAFF, Role.FINANCE_OFFICER))
        assert send(officer, town, "/new", **GIVEN).status_code == 403


class TestEdit:
    def test_a_change_is_saved(self, app: Flask, town: Town, caseworker: Member, client: FlaskClient) -> None:
        id = registered(app, caseworker, case_number="A-1")
        answer = send(client, town, f"/{id}/edit", **GIVEN, edition="1", phone="090")
        assert answer.status_code == 302
        with inside(app, caseworker):
            assert queries.one(id).phone == "090"

    def test_the_second_of_two_is_told_what_the_first_changed_and_keeps_what_they_typed(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        id = registered(app, caseworker, case_number="A-1")
        colleague = a_member(app, town, Party.STAFF, Role.CASEWORKER, name="菅原 大輔")
        with inside(app, colleague):
            rules.edit(queries.one(id), edition=1, phone="先の番号")
        answer = send(client, town, f"/{id}/edit", **GIVEN, edition="1", phone="後の番号")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 409
        for word in ("菅原 大輔", "先の番号", 'value="後の番号"', 'name="edition" value="2"'):
            assert word in text
        with inside(app, caseworker):
            assert queries.one(id).phone == "先の番号"
        assert send(client, town, f"/{id}/edit", **GIVEN, edition="2", phone="後の番号").status_code == 302


class TestAssign:
    def test_a_firm_and_its_supporters_take_over(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        firm = a_firm(app)
        a_contract(app, town, firm)
        supporter = a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm, name="鈴木 一郎")
        id = registered(app, caseworker)
        assert "鈴木 一郎" in page(client, town, f"/{id}/supporters", delivery_firm_id=str(firm))
        fields = {"edition": "1", "delivery_firm_id": str(firm), "supporter_ids": [str(supporter.membership_id)]}
        assert send(client, town, f"/{id}/assign", **fields, why="委託へ").status_code == 302
        text = page(client, town, f"/{id}")
        assert "鈴木 一郎" in text

    def test_another_municipalitys_firm_is_not_offered(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        stranger = a_firm(app)
        a_contract(app, a_town(app), stranger)
        id = registered(app, caseworker)
        answer = send(client, town, f"/{id}/assign", edition="1", delivery_firm_id=str(stranger))
        assert answer.status_code == 422


class TestRestrict:
    def test_whoever_is_not_named_finds_nobody_any_more(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        id = registered(app, caseworker, family_name="隠野")
        supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
        browser = logged_in(app, supervisor)
        answer = send(browser, town, f"/{id}/restrict", staff_ids=[str(supervisor.membership_id)], why="避難")
        assert answer.status_code == 302
        assert "隠野" in page(browser, town, who="all")
        assert str(id) not in page(client, town, who="all", q="隠野")
        for path in ("", "/edit", "/assign", "/supporters"):
            page(client, town, f"/{id}{path}", answers=404)
        assert send(browser, town, f"/{id}/restrict/lift", why="転居").status_code == 302
        page(client, town, f"/{id}")

    def test_a_caseworker_cannot_restrict(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        id = registered(app, caseworker)
        page(client, town, f"/{id}/restrict", answers=403)


class TestDetail:
    def test_a_life_is_told_on_one_page(self, app: Flask) -> None:
        scene = a_scene(app)
        client = logged_in(app, scene.caseworker)
        text = page(client, scene.town, f"/{scene.person_id}")
        assert "高橋 陽子" in text
        assert "鈴木 一郎" in text
        for kind in ("week", "decision", "work", "change", "nonsense"):
            page(client, scene.town, f"/{scene.person_id}", kind=kind, page="99")

    def test_what_happened_is_told_in_words(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        id = registered(app, caseworker, phone="1")
        with inside(app, caseworker):
            person = queries.one(id)
            rules.edit(person, edition=1, phone="2")
            rules.assign(person, edition=2, caseworker_id=caseworker.membership_id, delivery_firm_id=None)
            rules.set_status(person, Status.ACTIVE)
        text = page(client, town, f"/{id}", kind="change")
        assert "1 → 2" in text
        assert "→ 佐々木 美咲" in text

    def test_somebody_of_another_municipality_is_not_there(self, app: Flask, town: Town, client: FlaskClient) -> None:
        other = a_town(app)
        id = registered(app, a_member(app, other, Party.STAFF, Role.CASEWORKER))
        for path in ("", "/edit", "/assign", "/supporters"):
            page(client, town, f"/{id}{path}", answers=404)
