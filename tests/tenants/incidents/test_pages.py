"""The register of incidents as its people meet it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock, ids
from tests.world import Town, a_member, a_town, logged_in, posted


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def head(app: Flask, town: Town) -> FlaskClient:
    return logged_in(app, a_member(app, town, Party.STAFF, Role.SECTION_HEAD))


@pytest.fixture
def worker(app: Flask, town: Town) -> FlaskClient:
    return logged_in(app, a_member(app, town, Party.STAFF, Role.CASEWORKER))


def known(**changed: object) -> dict[str, object]:
    said = {"title": "通知書の誤送付", "known_on": clock.today().isoformat(), "what": "別の人に送った。", "people": "1"}
    return said | {"grounds": "sensitive", "_token": str(ids.new())} | changed


def entered(client: FlaskClient, town: Town, **changed: object) -> str:
    answer = posted(client, f"/t/{town.slug}/incidents/new", **known(**changed))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_anybody_on_the_staff_enters_one_and_those_responsible_bring_it_to_its_end(
    town: Town, worker: FlaskClient, head: FlaskClient
) -> None:
    path = entered(worker, town)
    page = head.get(path).text
    assert "個人情報保護委員会への報告が必要です" in page and "あと4日" in page
    today = clock.today().isoformat()
    assert posted(head, f"{path}/first-report", on=today, edition=1).status_code == 302
    assert posted(head, f"{path}/final-report", on=today, edition=2).status_code == 302
    assert posted(head, f"{path}/close", why="報告した。", edition=3).status_code == 302
    assert "終了" in head.get(path).text
    assert posted(head, f"{path}/reopen", why="続きがあった。", edition=4).status_code == 302
    assert "確認中" in head.get(path).text


def test_a_second_click_enters_it_once(town: Town, head: FlaskClient) -> None:
    token = str(ids.new())
    assert entered(head, town, _token=token) == entered(head, town, _token=token)


def test_who_entered_it_reads_it_and_others_find_nothing(app: Flask, town: Town, worker: FlaskClient) -> None:
    path = entered(worker, town)
    assert worker.get(path).status_code == 200
    assert worker.get(f"{path}/edit").status_code == 403
    assert worker.get(f"{path}/sheet").status_code == 403
    colleague = logged_in(app, a_member(app, town, Party.STAFF, Role.CASEWORKER))
    assert colleague.get(path).status_code == 404
    assert "通知書の誤送付" not in colleague.get(f"/t/{town.slug}/incidents/").text
    assert "通知書の誤送付" in worker.get(f"/t/{town.slug}/incidents/").text


def test_what_does_not_fit_is_said_beside_the_field_and_kept(town: Town, head: FlaskClient) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = posted(head, f"/t/{town.slug}/incidents/new", **known(known_on=tomorrow, what="ここは残る"))
    assert answer.status_code == 422
    assert "まだ来ていない日です" in answer.text and "ここは残る" in answer.text


def test_a_my_number_is_refused(town: Town, head: FlaskClient) -> None:
    answer = posted(head, f"/t/{town.slug}/incidents/new", **known(what="番号は 123456789018"))
    assert answer.status_code == 422


def test_the_second_of_two_people_keeps_what_they_typed(town: Town, head: FlaskClient) -> None:
    path = entered(head, town)
    assert posted(head, f"{path}/edit", **known(cause="一人目", edition=1)).status_code == 302
    late = posted(head, f"{path}/edit", **known(cause="二人目", edition=1))
    assert late.status_code == 409 and "二人目" in late.text
    assert "一人目" in head.get(path).text


def test_what_must_be_reported_cannot_be_closed_by_address_either(town: Town, head: FlaskClient) -> None:
    path = entered(head, town)
    assert posted(head, f"{path}/close", why="隠したい。", edition=1).status_code == 409


def test_the_sheet_has_what_the_commission_asks_for_in_its_order(town: Town, head: FlaskClient) -> None:
    path = entered(head, town)
    posted(head, f"{path}/edit", **known(cause="宛名の確認もれ", remedy="二人で確認する", edition=1))
    page = head.get(f"{path}/sheet").text
    numbers = re.findall(r"<dt>(\d)\. ", page)
    assert numbers == [str(number) for number in range(1, 9)]
    assert "宛名の確認もれ" in page and "二人で確認する" in page


def test_the_home_page_of_those_responsible_shows_what_is_due(
    town: Town, worker: FlaskClient, head: FlaskClient
) -> None:
    entered(worker, town)
    entered(worker, town, title="報告のいらない件", grounds="")
    page = head.get(f"/t/{town.slug}/").text
    assert "報告が必要な漏えい等" in page and "通知書の誤送付" in page and "報告のいらない件" not in page
    assert "報告が必要な漏えい等" not in worker.get(f"/t/{town.slug}/").text


def test_a_deadline_that_is_over_is_said_in_words(town: Town, head: FlaskClient) -> None:
    entered(head, town, known_on=(clock.today() - timedelta(days=10)).isoformat())
    assert "遅れ 6日" in head.get(f"/t/{town.slug}/incidents/").text


def test_another_municipality_finds_nothing(app: Flask, town: Town, head: FlaskClient) -> None:
    path = entered(head, town)
    other = a_town(app)
    client = logged_in(app, a_member(app, other, Party.STAFF, Role.ADMINISTRATOR))
    assert client.get(path).status_code == 404
    assert client.get(path.replace(town.slug, other.slug)).status_code == 404
