"""Agreements, prices and answers on paper: the municipality's own pages about employers."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ayumi.accounts.model import Party, Role
from ayumi.employers import queries
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import Promise
from ayumi.placements import months
from tests.employers.scene import FIRST, LAST_MONTH, Scene, a_placement, a_scene, agreement_of, some_days
from tests.world import a_member, csrf_of, inside, logged_in

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app)


@pytest.fixture
def worker(app: Flask, scene: Scene) -> FlaskClient:
    return logged_in(app, scene.worker)


@pytest.fixture
def head(app: Flask, scene: Scene) -> FlaskClient:
    return logged_in(app, scene.head)


def send(client: FlaskClient, scene: Scene, path: str, **fields: Any) -> TestResponse:
    return client.post(f"/t/{scene.town.slug}{path}", data=fields | {"csrf_token": csrf_of(client)})


def page(client: FlaskClient, scene: Scene, path: str) -> str:
    answer = client.get(f"/t/{scene.town.slug}{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def an_employer(client: FlaskClient, scene: Scene, **fields: Any) -> TestResponse:
    return send(client, scene, "/employers/new", _token=str(ids.new()), **{"name": "いわて農園"} | fields)


class TestEmployers:
    def test_one_is_entered_and_found(self, worker: FlaskClient, scene: Scene) -> None:
        assert an_employer(worker, scene, kana="いわてのうえん", offers=["experience", "job"]).status_code == 302
        assert "いわて農園" in page(worker, scene, "/employers/?q=イワテ")
        assert "いわて農園" not in page(worker, scene, "/employers/?agreement=yes")

    def test_the_same_name_twice_is_said_beside_the_name(self, worker: FlaskClient, scene: Scene) -> None:
        answer = an_employer(worker, scene, name="北上川ベーカリー", business="製パン")
        assert answer.status_code == 422
        assert "同じ名前の事業所" in answer.get_data(as_text=True) and "製パン" in answer.get_data(as_text=True)

    @pytest.mark.parametrize("wrong", [{"contact_email": "takada"}, {"corporate_number": "1234567890123"}])
    def test_what_cannot_be_is_refused(self, worker: FlaskClient, scene: Scene, wrong: dict[str, str]) -> None:
        assert an_employer(worker, scene, **wrong).status_code == 422

    def test_finance_reads_but_does_not_write(self, app: Flask, scene: Scene) -> None:
        client = logged_in(app, a_member(app, scene.town, Party.STAFF, Role.FINANCE_OFFICER))
        assert "/employers/new" not in page(client, scene, "/employers/")
        assert an_employer(client, scene).status_code == 403


class TestAgreements:
    def test_the_next_year_begins_on_the_terms_of_this(self, app: Flask, worker: FlaskClient, scene: Scene) -> None:
        path = f"/employers/{scene.employer_id}/agreements/new"
        assert "傷害保険" in page(worker, scene, path)
        year = fiscal_year(FIRST) + 1
        said = {"fee_kind": "honorarium", "payer": "municipality", "tax_treatment": "outside_scope"}
        dates = {"fiscal_year": year, "starts_on": f"{year}-04-01", "ends_on": f"{year + 1}-03-31"}
        assert send(worker, scene, path, _token=str(ids.new()), **said, **dates).status_code == 302
        assert send(worker, scene, path, _token=str(ids.new()), **said, **dates).status_code == 422
        with inside(app, scene.worker):
            assert len(queries.agreements(scene.employer_id)) == 2


class TestPrices:
    def propose(self, app: Flask, client: FlaskClient, scene: Scene) -> str:
        with inside(app, scene.worker):
            path = f"/agreements/{agreement_of(scene).id}/prices/new"
        fields = {"yen": "２，１６０円", "tax_rate_pct": "10", "valid_from": str(FIRST)}
        assert send(client, scene, path, _token=str(ids.new()), **fields).status_code == 302
        with inside(app, scene.worker):
            return str(queries.waiting_prices()[0].id)

    def test_two_people_make_a_price(self, app: Flask, worker: FlaskClient, head: FlaskClient, scene: Scene) -> None:
        price_id = self.propose(app, worker, scene)
        assert f"/prices/{price_id}/approve" not in page(worker, scene, "/prices/")
        assert f"/prices/{price_id}/approve" in page(head, scene, "/prices/")
        assert send(head, scene, f"/prices/{price_id}/approve").status_code == 302
        assert "2,160円" in page(worker, scene, f"/employers/{scene.employer_id}")

    def test_the_proposer_is_shown_no_button_and_refused(self, app: Flask, head: FlaskClient, scene: Scene) -> None:
        price_id = self.propose(app, head, scene)
        assert f"/prices/{price_id}/approve" not in page(head, scene, "/prices/")
        assert send(head, scene, f"/prices/{price_id}/approve").status_code == 403

    def test_caseworkers_do_not_approve(self, app: Flask, worker: FlaskClient, head: FlaskClient, scene: Scene) -> None:
        price_id = self.propose(app, head, scene)
        assert send(worker, scene, f"/prices/{price_id}/approve").status_code == 403

    def test_turning_down_needs_a_reason(
        self, app: Flask, worker: FlaskClient, head: FlaskClient, scene: Scene
    ) -> None:
        price_id = self.propose(app, worker, scene)
        assert send(head, scene, f"/prices/{price_id}/reject").status_code == 422
        assert send(head, scene, f"/prices/{price_id}/reject", reason="桁が違います").status_code == 302
        assert "桁が違います" in page(worker, scene, f"/employers/{scene.employer_id}")


class TestConfirmations:
    @pytest.fixture(autouse=True)
    def three(self, app: Flask, scene: Scene) -> list[Any]:
        return some_days(app, scene, a_placement(app, scene), 2, 5, 9)

    def give(self, client: FlaskClient, scene: Scene, days: list[Any], **more: Any) -> TestResponse:
        said = {"channel": "paper", "given_by": "高田 治", "given_on": str(clock.today()), "_token": str(ids.new())}
        path = f"/employers/{scene.employer_id}/months/{LAST_MONTH}/answer"
        return send(client, scene, path, day=[str(day) for day in days], **said | more)

    def test_the_month_tells_who_was_asked_and_who_answered(
        self, worker: FlaskClient, scene: Scene, three: list[Any]
    ) -> None:
        assert "未依頼" in page(worker, scene, f"/confirmations/?month={LAST_MONTH}")
        self.give(worker, scene, three)
        seen = page(worker, scene, f"/confirmations/?month={LAST_MONTH}")
        assert "すべて確認済" in seen and "紙で 高田 治" in seen

    def test_a_paper_is_kept_with_its_scan(
        self, app: Flask, worker: FlaskClient, scene: Scene, three: list[Any]
    ) -> None:
        assert self.give(worker, scene, three, scan=(io.BytesIO(PDF), "確認書.pdf")).status_code == 302
        with inside(app, scene.worker):
            word = months.confirmations(scene.employer_id, LAST_MONTH)[0]
            assert (word.channel.value, word.given_by) == ("paper", "高田 治")
        scan = worker.get(f"/t/{scene.town.slug}/confirmations/{word.id}/scan")
        assert scan.data == PDF
        assert scan.headers["Content-Disposition"].startswith("attachment")

    def test_a_file_that_is_none_is_refused_and_the_ticks_kept(
        self, app: Flask, worker: FlaskClient, scene: Scene, three: list[Any]
    ) -> None:
        answer = self.give(worker, scene, three[:1], scan=(io.BytesIO(b"MZ\x90\x00"), "確認書.pdf"))
        assert answer.status_code == 422
        assert answer.get_data(as_text=True).count('name="day"') == 3
        with inside(app, scene.worker):
            assert months.confirmations(scene.employer_id, LAST_MONTH) == []
            assert db.session.scalars(select(StoredFile.id)).all() == []

    def test_sent_twice_it_is_one_confirmation(
        self, app: Flask, worker: FlaskClient, scene: Scene, three: list[Any]
    ) -> None:
        token = str(ids.new())
        for _twice in range(2):
            assert self.give(worker, scene, three, _token=token).status_code == 302
        with inside(app, scene.worker):
            assert len(months.confirmations(scene.employer_id, LAST_MONTH)) == 1

    def test_unticked_days_stay_open(self, app: Flask, worker: FlaskClient, scene: Scene, three: list[Any]) -> None:
        self.give(worker, scene, three[:2], channel="phone")
        with inside(app, scene.worker):
            assert months.month_state(LAST_MONTH)[0].recorded == 1

    def test_a_link_is_promised_once_however_often_the_button_is_pressed(
        self, app: Flask, worker: FlaskClient, scene: Scene
    ) -> None:
        for path in (f"/employers/{scene.employer_id}/months/{LAST_MONTH}/ask", f"/confirmations/{LAST_MONTH}/ask"):
            assert send(worker, scene, path).status_code == 302
        with inside(app, scene.worker):
            assert [each.kind for each in db.session.scalars(select(Promise))] == ["confirmation_link"]

    def test_those_who_only_look_cannot_answer_for_an_employer(
        self, head: FlaskClient, scene: Scene, three: list[Any]
    ) -> None:
        assert self.give(head, scene, three).status_code == 403
        assert "/answer" not in page(head, scene, f"/employers/{scene.employer_id}/months/{LAST_MONTH}")


def test_things_of_another_municipality_are_not_there(app: Flask, worker: FlaskClient, scene: Scene) -> None:
    other = a_scene(app)
    with inside(app, other.worker):
        agreement_id = agreement_of(other).id
    for path in (f"/employers/{other.employer_id}", f"/agreements/{agreement_id}/edit"):
        assert worker.get(f"/t/{scene.town.slug}{path}").status_code == 404
    assert send(worker, scene, f"/employers/{other.employer_id}/months/{LAST_MONTH}/ask").status_code == 404
