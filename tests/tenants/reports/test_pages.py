"""The report on the page: figures that lead to their people, files."""

import io
import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from ayumi.participants.model import NamedStaff
from ayumi.reports import queries, rules
from ayumi.reports.model import Figure
from tests.reports.hand import MARCH
from tests.reports.march import Made, a_march
from tests.tenants.pages import path, text_of
from tests.world import Member, a_member, a_town, inside, logged_in, working

Counted = list[str]


@pytest.fixture(scope="module")
def march(app: Flask) -> Made:
    made = a_march(app, "甲野台")
    with working(app, made.town):
        rules.compile(MARCH.previous)
        db.session.commit()
        rules.compile(MARCH)
    return made


@pytest.fixture(scope="module")
def other(app: Flask) -> Made:
    made = a_march(app, "乙川原")
    with working(app, made.town):
        rules.compile(MARCH)
    return made


@pytest.fixture
def head(app: Flask, march: Made) -> FlaskClient:
    return logged_in(app, march.head)


@pytest.fixture
def fresh(app: Flask) -> Made:
    """A March that is not compiled, for tests that change something."""
    return a_march(app)


def figure_id(app: Flask, made: Made, key: str, dimension: str = "") -> object:
    with working(app, made.town):
        report = queries.current(MARCH)
        assert report
        query = select(Figure.id).where(Figure.report_id == report.id, Figure.key == key, Figure.dimension == dimension)
        return db.session.scalars(query).one()


def the_report(app: Flask, made: Made) -> UUID:
    with working(app, made.town):
        report = queries.current(MARCH)
        assert report
        return report.id


def test_months_are_listed_with_how_far_they_are(head: FlaskClient, march: Made) -> None:
    page = text_of(head, path(march.head, "/reports/"))
    assert "令和8年3月" in page
    assert "集計済み" in page
    assert "未集計" in page


def test_the_page_is_the_report(head: FlaskClient, march: Made) -> None:
    page = text_of(head, path(march.head, "/reports/2026-03/"))
    assert "令和8年3月の報告" in page
    assert "第1版" in page
    assert "集計定義 2026-1版" in page
    for section in ("参加者", "出席", "週次支援記録", "就労体験", "協力事業所への支払い", "目標", "気がかり・同意"):
        assert f">{section}</h2>" in page
    assert page.count("<svg xmlns") == 3
    assert "甲野台北の店" in page
    assert "先月より -1人" in page


def test_it_reads_in_english_too(app: Flask, march: Made) -> None:
    client = logged_in(app, march.head)
    client.get("/language/en")
    page = text_of(client, path(march.head, "/reports/2026-03/"))
    for words in ("Report of Mar 2026", "People supported", "Handed in late", "Attendance by week", "What is counted"):
        assert words in page
    assert not re.findall(
        r"[ぁ-ん]{3}", re.sub(r"<a[^>]*>日本語</a>|甲野台\w+|青空法人|若葉法人|試験\w*", "", main_of(page))
    )


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_a_figure_leads_to_its_people(app: Flask, march: Made, head: FlaskClient) -> None:
    page = text_of(head, path(march.head, "/reports/2026-03/"))
    link = path(march.head, f"/reports/figures/{figure_id(app, march, 'records_missing')}")
    assert f'href="{link}"' in page
    people = text_of(head, link)
    assert "甲野台馬場" in people
    assert "甲野台堀" in people
    assert "集計の時点で期限を過ぎ、まだ一度も提出されていない記録。" in people


def test_a_restricted_person_is_counted_and_named_only_to_those_named_for_them(
    app: Flask, march: Made, head: FlaskClient
) -> None:
    link = path(march.head, f"/reports/figures/{figure_id(app, march, 'people_by_status', 'paused')}")
    page = text_of(head, link)
    assert "甲野台土井" not in page
    assert "ほかに、閲覧を制限している人が1人います。" in page
    named = a_member(app, march.town, Party.STAFF, Role.CASEWORKER)
    with inside(app, march.head):
        db.session.add(NamedStaff(participant_id=march.people["土井"], membership_id=named.membership_id))
    assert "甲野台土井" in text_of(logged_in(app, named), link)


def test_added_tax_is_told_as_nobodys_share(app: Flask, march: Made, head: FlaskClient) -> None:
    page = text_of(head, path(march.head, f"/reports/figures/{figure_id(app, march, 'fees_approved')}"))
    assert "7,128" in page
    assert "4,320 円" in page
    assert "648円" in page


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.CASEWORKER, True), (Role.SECTION_HEAD, True), (Role.FINANCE_OFFICER, False), (Role.ADMINISTRATOR, False)],
)
def test_people_behind_figures_are_for_those_who_work_with_people(
    app: Flask, march: Made, role: Role, may: bool
) -> None:
    client = logged_in(app, a_member(app, march.town, Party.STAFF, role))
    report = path(march.head, "/reports/2026-03/")
    assert ("/reports/figures/" in text_of(client, report)) is may
    link = path(march.head, f"/reports/figures/{figure_id(app, march, 'people_new')}")
    assert client.get(link).status_code == (200 if may else 403)


def test_files_are_downloaded_with_their_names(app: Flask, march: Made, head: FlaskClient) -> None:
    report_id = the_report(app, march)
    for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = head.get(path(march.head, f"/reports/files/{report_id}/{kind}"))
        assert answer.status_code == 200
        assert answer.data.startswith(begins)
        assert f"report-2026-03-edition-1.{kind}" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert load_workbook(io.BytesIO(head.get(path(march.head, f"/reports/files/{report_id}/xlsx")).data))


def test_nothing_of_another_town_is_there(app: Flask, march: Made, other: Made, head: FlaskClient) -> None:
    report_id = the_report(app, other)
    for tail in (
        f"/reports/figures/{figure_id(app, other, 'people_in_support')}",
        f"/reports/files/{report_id}/pdf",
        f"/reports/files/{report_id}/xlsx",
    ):
        assert head.get(path(march.head, tail)).status_code == 404
    assert head.get(path(other.head, "/reports/2026-03/")).status_code == 404
    assert "乙川原" not in text_of(head, path(march.head, "/reports/2026-03/"))


@pytest.mark.parametrize("month", ["2026-13", "26-3", "2999-01", "2014-01", "x"])
def test_what_is_no_month_has_no_page(head: FlaskClient, march: Made, month: str) -> None:
    assert head.get(path(march.head, f"/reports/{month}/")).status_code == 404


def test_a_month_without_a_report_says_what_to_do(app: Flask, fresh: Made) -> None:
    page = text_of(logged_in(app, fresh.head), path(fresh.head, "/reports/2026-03/"))
    assert "この月の報告はまだありません。" in page
    assert "今すぐ集計する" in page


# What it asks of the database ---


@pytest.mark.usefixtures("other")
def test_lists_ask_the_database_few_questions(app: Flask, march: Made, counted: Counted, head: FlaskClient) -> None:
    text_of(head, path(march.head, "/reports/"))
    for tail in ("/reports/", f"/reports/figures/{figure_id(app, march, 'people_in_support')}"):
        counted.clear()
        text_of(head, path(march.head, tail))
        asked = [each for each in counted if each.lstrip().startswith(("SELECT", "WITH"))]
        assert len(asked) <= 8, asked


def test_a_report_page_asks_the_same_however_much_there_is(
    app: Flask, march: Made, counted: Counted, head: FlaskClient
) -> None:
    empty = a_town(app)
    boss: Member = a_member(app, empty, Party.STAFF, Role.SECTION_HEAD)
    with working(app, empty):
        rules.compile(MARCH.previous)
        db.session.commit()
        rules.compile(MARCH)
    found = []
    for client, member in ((head, march.head), (logged_in(app, boss), boss)):
        text_of(client, path(member, "/reports/2026-03/"))
        counted.clear()
        text_of(client, path(member, "/reports/2026-03/"))
        found.append(len(counted))
    assert found[0] == found[1]
