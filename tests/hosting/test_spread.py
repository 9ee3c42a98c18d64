"""What a database spread over several machines (Citus) would refuse is not asked, by the forms in which it was refused.

Citus itself cannot be had by the checks. These forms were found by hand (infra/scaling.md); what is asked when somebody
logs in, looks, writes and has work done later is held against them.
"""

import pytest
from flask import Flask
from redis import Redis

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.kernel.outbox import promise
from ayumi.municipalities import queries as municipalities
from jobs import dispatcher, timetable, worker
from tests.overheard import overheard
from tests.spreading import refusals, searches, taken_as_spread
from tests.world import PASSWORD, Member, a_member, a_town, csrf_of, inside, logged_in, posted


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR, Role.CASEWORKER)


def test_nothing_that_is_asked_between_coming_in_and_the_work_done_later_would_be_refused(
    app: Flask, store: "Redis", member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_as_spread(monkeypatch)
    monkeypatch.setattr(municipalities, "in_service", lambda _session: [member.town.tenant_id])
    home, browser = f"/t/{member.town.slug}", app.test_client()
    with overheard(app) as asked:
        browser.post("/login", data={"email": member.email, "password": PASSWORD, "csrf_token": csrf_of(browser)})
        pages = [browser.get(f"{home}{page}").status_code for page in ("/", "/people/", "/records/", "/journal/")]
        written = posted(browser, f"{home}/menus/new", name="献立", tier="social", _token="0" * 32)
        with inside(app, member):
            promise("tidying")
        with app.app_context():
            timetable.tick(clock.now())
            sent = dispatcher.dispatch(store)
        worker.run(app, burst=True)
        browser.post("/logout", data={"csrf_token": csrf_of(browser)})
    assert (pages, written.status_code, sent > 0) == ([200] * 4, 302, True)
    for seen in (
        "login_session",
        "array((SELECT whereabouts",
        "UPDATE outbox",
        "INSERT INTO journal_entry",
        "SKIP LOCKED",
    ):
        assert [each for each in asked if seen in each], seen
    assert {each: why for each in asked if (why := refusals(each))} == {}
    assert [each for each in asked if searches(each)] == []


def test_what_is_asked_on_one_machine_would_not_be_refused_either(app: Flask, member: Member) -> None:
    browser = logged_in(app, member)
    with overheard(app, "accounts") as asked:
        assert browser.get(f"/t/{member.town.slug}/people/").status_code == 200
    assert [each for each in asked if "place AS MATERIALIZED" in each]
    assert {each: why for each in asked if (why := refusals(each))} == {}
    assert [each for each in asked if searches(each)] != []


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "SELECT outbox.id FROM outbox WHERE outbox.run_after <= now() LIMIT 9 FOR UPDATE OF outbox SKIP LOCKED",
            "locks rows of outbox in all municipalities",
        ),
        (
            "SELECT 1 FROM login_session JOIN account ON account.id = login_session.account_id \n"
            "LEFT OUTER JOIN membership ON membership.account_id = account.id WHERE login_session.key_hash = 'x'",
            "joins login_session outward to membership",
        ),
        (
            "INSERT INTO journal_entry (tenant_id, id) SELECT tenant_id, id FROM jsonb_to_recordset('[]') AS said",
            "pours into journal_entry what lies on one machine only",
        ),
        ("INSERT INTO report_run (id) SELECT id FROM poured_1", "pours into report_run what lies on one machine only"),
    ],
)
def test_the_forms_that_were_refused_are_known(statement: str, why: str) -> None:
    assert refusals(statement) == [why]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM outbox WHERE outbox.tenant_id = %(town)s::INTEGER AND outbox.id = 'x' FOR UPDATE SKIP LOCKED",
        "SELECT 1 FROM membership LEFT OUTER JOIN firm ON firm.id = membership.firm_id WHERE membership.account_id = 1",
        "INSERT INTO journal_entry (tenant_id, id) SELECT head.tenant_id, said.id FROM journal_head AS head, said",
        "WITH unpaid AS MATERIALIZED \n(SELECT experience_day.id FROM experience_day) "
        "SELECT 1 FROM unpaid AS day LEFT OUTER JOIN unit_price ON unit_price.tenant_id = 1",
    ],
)
def test_the_forms_that_were_taken_are_let_through(statement: str) -> None:
    assert refusals(statement) == []
