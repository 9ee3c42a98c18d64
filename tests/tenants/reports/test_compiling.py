"""Compiling on the page: asked for, followed, failed; the office's own words; what changed between editions."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from ayumi.accounts.model import Party, Role
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise
from ayumi.participants.model import Participant
from ayumi.reports import queries, rules, runs
from ayumi.reports.model import Run, RunStatus
from jobs import monthly_report
from tests.reports.hand import MARCH, at
from tests.reports.march import Made, a_march
from tests.tenants.pages import path, send, text_of, token
from tests.world import a_member, inside, logged_in, working


@pytest.fixture
def fresh(app: Flask) -> Made:
    """A March that is not compiled, for tests that change something."""
    return a_march(app)


@pytest.fixture(scope="module")
def march(app: Flask) -> Made:
    return a_march(app)


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
    assert f'hx-get="{where}"' not in done


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
