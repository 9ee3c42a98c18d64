"""A list is handed in on a page, followed while it is checked, and corrected with what the page says."""

import io
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import load_workbook

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.papers.sheets_in import read_table
from ayumi.participants import cells
from ayumi.participants.labels import BARRIERS
from ayumi.participants.sheet import COLUMNS, Sheet
from jobs import participant_import
from tests.participants.lists import a_file, a_row
from tests.world import Member, Town, a_member, a_town, csrf_of, logged_in, working


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def client(app: Flask, caseworker: Member) -> FlaskClient:
    return logged_in(app, caseworker)


def handed_in(client: FlaskClient, town: Town, data: bytes, name: str = "名簿.csv", token: UUID | None = None) -> Any:
    fields = {"_token": str(token or uuid4()), "csrf_token": csrf_of(client), "file": (io.BytesIO(data), name)}
    return client.post(f"/t/{town.slug}/people/imports/", data=fields, content_type="multipart/form-data")


def worked(app: Flask, town: Town, address: str) -> None:
    with working(app, town):
        participant_import.run(address.rsplit("/", 1)[1])


def text_of(client: FlaskClient, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).get_data(as_text=True)


class TestHandingIn:
    def test_it_is_followed_until_everybody_is_there(self, app: Flask, town: Town, client: FlaskClient) -> None:
        answer = handed_in(client, town, a_file([a_row(1), a_row(2)]))
        assert answer.status_code == 302
        waiting = text_of(client, answer.location)
        assert f'hx-get="{answer.location}"' in waiting
        assert "0 / 2" in waiting
        worked(app, town, answer.location)
        part = text_of(client, answer.location, **{"HX-Request": "true"})
        assert "<html" not in part
        assert "hx-get" not in part
        everybody = text_of(client, f"/t/{town.slug}/people/?who=all")
        assert everybody.count('class="row-link"') == 2

    def test_a_double_click_hands_in_once(self, town: Town, client: FlaskClient) -> None:
        token, data = uuid4(), a_file([a_row(1)])
        answers = [handed_in(client, town, data, token=token) for _ in range(2)]
        assert answers[0].location == answers[1].location
        assert text_of(client, f"/t/{town.slug}/people/imports/").count('class="row-link"') == 1

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"", ""),
            (b"", "empty.csv"),
            (b"%PDF-1.7 ...", "list.csv"),
            (a_file([{"姓": "山田"}]), "few.csv"),
            (a_file([a_row(1)]).split(b"\r\n")[0], "headings.csv"),
            (a_file([a_row(1, 備考="123456789018")]), "numbers.csv"),
        ],
    )
    def test_what_cannot_be_taken_is_told_at_once(
        self, town: Town, client: FlaskClient, data: bytes, name: str
    ) -> None:
        answer = handed_in(client, town, data, name)
        assert answer.status_code == 422
        assert 'href="#field-file"' in answer.get_data(as_text=True)

    def test_it_is_for_those_who_may(self, app: Flask, town: Town) -> None:
        for role, status in ((Role.FINANCE_OFFICER, 403), (Role.ADMINISTRATOR, 302)):
            browser = logged_in(app, a_member(app, town, Party.STAFF, role))
            assert handed_in(browser, town, a_file([a_row(1)])).status_code == status

    def test_an_import_of_another_municipality_is_not_there(self, app: Flask, town: Town, client: FlaskClient) -> None:
        other = a_town(app)
        stranger = logged_in(app, a_member(app, other, Party.STAFF, Role.CASEWORKER))
        address = handed_in(stranger, other, a_file([a_row(1)])).location.replace(other.slug, town.slug)
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/corrections.xlsx").status_code == 404


class TestCorrecting:
    def test_mistakes_are_listed_and_the_list_comes_back_with_them(
        self, app: Flask, town: Town, caseworker: Member, client: FlaskClient
    ) -> None:
        rows = [a_row(1, 生年月日="昭和64年2月1日"), a_row(2, 備考="=1+1")]
        address = handed_in(client, town, a_file(rows)).location
        worked(app, town, address)
        text = text_of(client, address)
        assert re.search(r"生年月日.*そのような日付|生年月日.*暦", text, re.S)
        book = client.get(f"{address}/corrections.xlsx").get_data()
        table = read_table(book, "list.xlsx")
        assert table.rows[0].cells[0].startswith("生年月日: ")
        assert table.rows[1].cells[0] == ""
        assert "=1+1" in table.rows[1].cells
        assert len(Sheet(table).left_out) == 1

    def test_the_list_comes_back_only_to_whoever_handed_it_in(
        self, app: Flask, town: Town, client: FlaskClient
    ) -> None:
        address = handed_in(client, town, a_file([a_row(1, 姓="")])).location
        worked(app, town, address)
        colleague = logged_in(app, a_member(app, town, Party.STAFF, Role.CASEWORKER))
        assert colleague.get(address).status_code == 200
        assert colleague.get(f"{address}/corrections.xlsx").status_code == 404

    def test_work_that_failed_for_good_is_not_waited_for(self, app: Flask, town: Town, client: FlaskClient) -> None:
        address = handed_in(client, town, a_file([a_row(1)])).location
        with app.app_context(), visiting(Place(Door.WORKER, tenant_id=town.tenant_id)) as session:
            session.query(Promise).update({"gave_up_at": clock.now()})
        assert "hx-get" not in text_of(client, address)
        with app.app_context():
            db.session.remove()


class TestTemplate:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_it_has_every_column_and_is_understood(self, town: Town, client: FlaskClient, kind: str) -> None:
        answer = client.get(f"/t/{town.slug}/people/imports/template.{kind}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        read = Sheet(read_table(answer.get_data(), f"template.{kind}"))
        assert set(read.places) == {column.name for column in COLUMNS}
        assert read.left_out == []

    def test_the_workbook_explains_its_columns_on_a_second_sheet(self, town: Town, client: FlaskClient) -> None:
        data = client.get(f"/t/{town.slug}/people/imports/template.xlsx").get_data()
        assert len(load_workbook(io.BytesIO(data)).sheet_names) == 2

    def test_every_barrier_can_be_written_in_the_words_of_the_page(self, town: Town, client: FlaskClient) -> None:
        text = text_of(client, f"/t/{town.slug}/people/new")
        for barrier, word in BARRIERS.items():
            label = re.search(rf'value="{barrier.value}".*?<span>(.*?)</span>', text, re.S)
            assert label, word
            assert cells.barrier(label[1]) is barrier, label[1]
