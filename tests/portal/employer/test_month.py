"""Three taps: look at the month, correct or question a day, say that the rest is right."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ayumi.kernel.db import db
from ayumi.placements import days, months
from ayumi.placements.model import Confirmation
from tests.employers.scene import LAST_MONTH, Scene, a_price, some_days
from tests.portal.employer.visitors import MONTH, an_asked_employer, come_in, press, token_in
from tests.world import csrf_of, inside, logged_in


@pytest.fixture
def scene(app: Flask) -> Scene:
    return an_asked_employer(app)


@pytest.fixture
def client(app: Flask, scene: Scene) -> FlaskClient:
    return come_in(app, scene)


def seen(client: FlaskClient, path: str = MONTH) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def rows(app: Flask, scene: Scene) -> list[Any]:
    with inside(app, scene.worker):
        return list(months.days_of_month(scene.employer_id, LAST_MONTH))


def on(row: Any, step: str = "") -> str:
    return f"/portal/employer/day/{row.id}{step}"


def test_days_are_counted_and_priced(app: Flask, scene: Scene, client: FlaskClient) -> None:
    assert "円" not in seen(client)
    a_price(app, scene, 2160)
    assert "6,480円" in seen(client)


def test_the_big_button_confirms_all_and_says_thank_you(app: Flask, scene: Scene, client: FlaskClient) -> None:
    answer = press(client, MONTH, f"{MONTH}/confirm")
    assert answer.headers["Location"] == f"{MONTH}/thanks"
    assert {row.status.value for row in rows(app, scene)} == {"confirmed"}
    assert f"{MONTH}/confirm" not in seen(client)


def test_the_same_page_sent_twice_is_one_confirmation(app: Flask, scene: Scene, client: FlaskClient) -> None:
    page = seen(client)
    fields = {"csrf_token": token_in(page), "_token": "0192f0c1-2222-7333-8444-555566667777"}
    for _twice in range(2):
        assert client.post(f"{MONTH}/confirm", data=fields).status_code == 302
    with inside(app, scene.worker):
        assert len(db.session.scalars(select(Confirmation.id)).all()) == 1


def test_a_time_is_corrected_and_the_old_one_kept(app: Flask, scene: Scene, client: FlaskClient) -> None:
    day = rows(app, scene)[0]
    press(client, on(day), on(day, "/times"), starts_at="10:00", ends_at="13:00", rest="0")
    changed = rows(app, scene)[0]
    assert (changed.minutes, changed.corrected_from, changed.status.value) == (180, "10:00–12:00", "recorded")


def test_times_that_do_not_fit_stay_typed(app: Flask, scene: Scene, client: FlaskClient) -> None:
    day = rows(app, scene)[0]
    answer = press(client, on(day), on(day, "/times"), starts_at="13:00", ends_at="12:15", rest="0")
    assert answer.status_code == 422
    assert 'value="12:15"' in answer.get_data(as_text=True)


def test_a_day_is_questioned_in_a_sentence_and_the_rest_confirmed(
    app: Flask, scene: Scene, client: FlaskClient
) -> None:
    first, second, _third = rows(app, scene)
    press(client, on(first), on(first, "/word"), word="この日はお休みでした")
    press(client, on(second), on(second, "/absent"))
    press(client, MONTH, f"{MONTH}/confirm")
    assert [row.status.value for row in rows(app, scene)] == ["disputed", "disputed", "confirmed"]
    assert "この日はお休みでした" in seen(client, on(first))


def test_a_question_is_taken_back(app: Flask, scene: Scene, client: FlaskClient) -> None:
    day = rows(app, scene)[0]
    press(client, on(day), on(day, "/word"), word="違います")
    press(client, on(day), on(day, "/agree"))
    assert rows(app, scene)[0].status.value == "confirmed"


def test_a_remark_reaches_the_office(app: Flask, scene: Scene, client: FlaskClient) -> None:
    press(client, MONTH, f"{MONTH}/confirm", note="30日にも来ていました")
    with inside(app, scene.worker):
        assert months.confirmations(scene.employer_id, LAST_MONTH)[0].note == "30日にも来ていました"


def test_a_settled_day_is_shown_but_not_changed(app: Flask, scene: Scene, client: FlaskClient) -> None:
    day = rows(app, scene)[0]
    with inside(app, scene.worker):
        days.settle([day.id])
    assert on(day, "/times") not in seen(client, on(day))
    answer = press(client, MONTH, on(day, "/absent"))
    assert answer.status_code == 409


def test_months_that_were_not_asked_about_are_not_there(app: Flask, scene: Scene, client: FlaskClient) -> None:
    assert client.get(f"/portal/employer/month/{LAST_MONTH.previous}").status_code == 404
    assert client.get("/portal/employer/month/soon").status_code == 404


def test_the_way_in_leads_to_the_month_that_waits(client: FlaskClient) -> None:
    assert client.get("/portal/employer/month").headers["Location"] == MONTH


def test_a_day_of_another_employer_is_not_there(app: Flask, client: FlaskClient) -> None:
    other = an_asked_employer(app, 3)
    day = rows(app, other)[0]
    assert client.get(on(day)).status_code == 404
    answer = press(client, MONTH, on(day, "/absent"))
    assert answer.status_code == 404
    assert rows(app, other)[0].status.value == "recorded"


def test_staff_and_firms_do_not_come_in_here(app: Flask, scene: Scene) -> None:
    client = logged_in(app, scene.worker)
    assert client.get(MONTH).status_code == 404
    assert client.post(f"{MONTH}/confirm", data={"csrf_token": csrf_of(client)}).status_code == 404


def test_days_added_later_wait_for_a_word_again(app: Flask, scene: Scene, client: FlaskClient) -> None:
    press(client, MONTH, f"{MONTH}/confirm")
    placement_id = rows(app, scene)[0].placement_id
    some_days(app, scene, placement_id, 12)
    assert f"{MONTH}/confirm" in seen(client)
