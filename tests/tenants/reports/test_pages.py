"""The report on the page: figures that lead to their people, editions, words, files, and compiling it again."""

import io
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update

from ayumi.accounts.model import Party, Role
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise
from ayumi.participants.model import NamedStaff, Participant
from ayumi.reports import queries, rules, runs
from ayumi.reports.model import Figure, Run, RunStatus
from jobs import monthly_report
from tests.reports.hand import MARCH, at
from tests.reports.march import Made, a_march
from tests.tenants.pages import path, send, text_of, token
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


# Compiling again ---


def compile_by_button(app: Flask, made: Made, client: FlaskClient, mark: str) -> str:
    answer = send(client, path(made.head, "/reports/2026-03/compile"), _token=mark)
    assert answer.status_code == 302
    return str(answer.location)


def work(app: Flask, made: Made) -> None:
    """Do what was promised, as the worker would."""
    with working(app, made.town):
        for row in db.session.scalars(select(Promise).where(Promise.kind == "monthly_report")).all():
            monthly_report.run(**row.arguments)


def test_the_button_leads_to_where_one_sees_how_far_it_is(app: Flask, fresh: Made) -> None:
    client, mark = logged_in(app, fresh.head), token()
    where = compile_by_button(app, fresh, client, mark)
    assert where == compile_by_button(app, fresh, client, mark)
    waiting = text_of(client, where)
    assert "順番を待っています" in waiting
    assert "<progress" in waiting
    assert f'hx-get="{where}"' in waiting
    assert "<noscript>" in waiting
    assert "この月を集計しています" in text_of(client, path(fresh.head, "/reports/2026-03/"))
    work(app, fresh)
    done = text_of(client, where)
    assert "令和8年3月の報告ができました" in done
    assert "hx-get" not in main_of(done)


def test_the_part_that_asks_again_is_no_whole_page(app: Flask, fresh: Made) -> None:
    client = logged_in(app, fresh.head)
    where = compile_by_button(app, fresh, client, token())
    with working(app, fresh.town):
        db.session.execute(update(Run).values(status=RunStatus.RUNNING, step="fees", steps_done=3, steps_total=6))
    part = client.get(where, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert "協力事業所への支払いを集計しています" in part
    assert "3 / 6" in part


def test_a_failed_one_says_why_and_what_to_do(app: Flask, fresh: Made) -> None:
    client = logged_in(app, fresh.head)
    where = compile_by_button(app, fresh, client, token())
    with working(app, fresh.town):
        db.session.execute(update(Run).values(status=RunStatus.FAILED, step="pdf", error="files", steps_total=6))
    page = text_of(client, where)
    assert "Excelの表かPDFを保存できませんでした。" in page
    assert "自動でやり直します。" in page
    assert "もう一度集計する" in page
    assert "前回の集計は終わりませんでした" in text_of(client, path(fresh.head, "/reports/2026-03/"))
    assert "集計できませんでした" in text_of(client, path(fresh.head, "/reports/"))


def test_one_that_was_lost_says_so_and_can_be_asked_for_again(app: Flask, fresh: Made) -> None:
    client = logged_in(app, fresh.head)
    where = compile_by_button(app, fresh, client, token())
    with working(app, fresh.town):
        db.session.execute(update(Run).values(asked_at=clock.now() - runs.STALLED))
    assert "途中で止まったようです" in text_of(client, where)
    assert compile_by_button(app, fresh, client, token()) != where


def test_nothing_changed_is_said_in_words(app: Flask, fresh: Made) -> None:
    client = logged_in(app, fresh.head)
    compile_by_button(app, fresh, client, token())
    work(app, fresh)
    where = compile_by_button(app, fresh, client, token())
    with working(app, fresh.town):
        monthly_report.run(month="2026-03", run_id=where.rpartition("/")[2])
    assert "新しい版は作りませんでした。" in text_of(client, where)


@pytest.mark.parametrize(("role", "status"), [(Role.FINANCE_OFFICER, 403), (Role.CASEWORKER, 302)])
def test_compiling_is_for_those_who_may(app: Flask, fresh: Made, role: Role, status: int) -> None:
    client = logged_in(app, a_member(app, fresh.town, Party.STAFF, role))
    assert send(client, path(fresh.head, "/reports/2026-03/compile"), _token=token()).status_code == status


def test_a_month_ahead_is_not_asked_for(app: Flask, fresh: Made) -> None:
    ahead = Month.of(clock.today()).next
    client = logged_in(app, fresh.head)
    assert send(client, path(fresh.head, f"/reports/{ahead}/compile"), _token=token()).status_code == 404


# The office's own words ---


def test_the_words_are_written_shown_and_wait_for_the_next_edition(app: Flask, fresh: Made) -> None:
    with working(app, fresh.town):
        rules.compile(MARCH)
    client, address = logged_in(app, fresh.head), path(fresh.head, "/reports/2026-03/words")
    answer = send(client, address, text="𠮷田さんと<b>話した</b>。", edition="")
    assert answer.status_code == 302
    page = text_of(client, path(fresh.head, "/reports/2026-03/"))
    assert "所見は、この版の集計の後に変わりました。" in page
    with working(app, fresh.town):
        rules.compile(MARCH)
    page = text_of(client, path(fresh.head, "/reports/2026-03/"))
    assert "𠮷田さんと&lt;b&gt;話した&lt;/b&gt;。" in page
    assert "所見は、この版の集計の後に変わりました。" not in page


def test_two_people_writing_the_words_see_both_texts_and_lose_none(app: Flask, fresh: Made) -> None:
    one, address = logged_in(app, fresh.head), path(fresh.head, "/reports/2026-03/words")
    two = logged_in(app, a_member(app, fresh.town, Party.STAFF, Role.SECTION_HEAD, name="次長"))
    send(one, address, text="先の文章", edition="")
    told = send(two, address, text="後の文章", edition="")
    page = told.get_data(as_text=True)
    assert told.status_code == 409
    assert "先の文章" in page
    assert "後の文章" in page
    edition = re.findall(r'name="edition" value="(\d+)"', page)[0]
    assert send(two, address, text="後の文章", edition=edition).status_code == 302
    with working(app, fresh.town):
        found = queries.words(MARCH)
        assert found
        assert found.text == "後の文章"


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.FINANCE_OFFICER])
def test_the_words_are_the_heads(app: Flask, march: Made, role: Role) -> None:
    client = logged_in(app, a_member(app, march.town, Party.STAFF, role))
    assert client.get(path(march.head, "/reports/2026-03/words")).status_code == 403


def test_too_long_words_are_kept_on_the_page(app: Flask, fresh: Made) -> None:
    answer = send(logged_in(app, fresh.head), path(fresh.head, "/reports/2026-03/words"), text="あ" * 4001, edition="")
    assert answer.status_code == 422
    assert "あ" * 4001 in answer.get_data(as_text=True)


# Editions ---


@pytest.fixture
def twice(app: Flask, fresh: Made) -> Iterator[Made]:
    with working(app, fresh.town):
        rules.compile(MARCH)
    with inside(app, fresh.head):
        rules.write_words(MARCH, text="所見", edition=None)
    with working(app, fresh.town):
        rules.compile(MARCH)
    yield fresh


def test_older_editions_stay_readable_and_say_what_they_are(app: Flask, twice: Made) -> None:
    client = logged_in(app, twice.head)
    old = text_of(client, path(twice.head, "/reports/2026-03/1"))
    assert "これは古い版です" in old
    assert "まだ書かれていません。" in old
    assert client.get(path(twice.head, "/reports/2026-03/3")).status_code == 404


def test_what_changed_between_editions_is_told(app: Flask, twice: Made) -> None:
    with inside(app, twice.head):
        person = db.session.get_one(Participant, (twice.town.tenant_id, twice.people["榎本"]))
        person.created_at = at(2026, 4, 1)
    with working(app, twice.town):
        rules.compile(MARCH)
    page = text_of(logged_in(app, twice.head), path(twice.head, "/reports/2026-03/editions"))
    assert page.index("第3版") < page.index("第2版") < page.index("第1版")
    changed = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("第3版") : page.index("第2版")]))
    assert "状態別の人数 候補者 1 0 人" in changed
    assert "所見が変わりました。" in page
    assert "最初の版です。" in page


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
