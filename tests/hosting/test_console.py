"""The hosting console: every municipality's counts and states, and never anybody's name."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

import ayumi.schema
from ayumi.app import MIGRATIONS
from ayumi.hosting import queries
from ayumi.hosting.health import GIGABYTE, State, states_of
from ayumi.hosting.labels import JOBS
from ayumi.hosting.model import GlassBreak, Plan, Subscription
from ayumi.hosting.queries import Wanted
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.doors import opening_of
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality
from ayumi.reports.model import MonthlyReport
from jobs.kinds import KINDS
from tests.hosting.operators import Operator, an_operator, hosting
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import HOSTING, methods, path
from tests.world import Town, a_town, at, posted

CANARY = "鳴禽谷"
# Words in which a column of a person's name, address or life would be called; the hosting door reads none of them.
OF_PEOPLE = ("name", "kana", "email", "phone", "birth", "note", "nickname", "summary", "address", "text", "why")
ITS_OWN = {
    ("municipality", "name"),
    ("municipality", "kana"),
    ("menu", "name"),
    ("glass_break", "asked_by_name"),
    ("glass_break", "approved_by_name"),
}


@pytest.fixture(scope="module")
def operator(app: Flask) -> Operator:
    return an_operator(app)


@pytest.fixture(scope="module")
def browser(app: Flask, operator: Operator) -> FlaskClient:
    return hosting(app, operator)


@pytest.fixture(scope="module")
def populated(app: Flask) -> Iterator[Populated]:
    """A full municipality in which every text but its own name and what operators wrote is a canary."""
    made = populate(app, CANARY)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(
            update(Municipality).where(Municipality.id == made.town.tenant_id).values(name="名無市", kana="ナナシシ")
        )
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=made.town.tenant_id)) as session:
        session.execute(
            update(GlassBreak).values(asked_by_name="運用", approved_by_name="運用", reason="不具合", ticket="T")
        )
    yield made


def test_no_page_of_the_console_shows_a_word_of_anybodys_life(
    app: Flask, browser: FlaskClient, populated: Populated
) -> None:
    seen = 0
    for rule in HOSTING:
        if "GET" in methods(rule):
            answer = browser.get(path(rule, populated, populated))
            assert answer.status_code in (200, 302), (rule.endpoint, answer.status_code)
            assert CANARY not in answer.get_data(as_text=True), rule.endpoint
            seen += answer.status_code == 200
    assert seen >= 8
    for search in (f"?q={CANARY}", "?q=花子", "?state=late", "?state=nonsense", "?page=99", "?sort=-report"):
        page = browser.get(f"/operator/{search}").get_data(as_text=True)
        assert "花子さん" not in page
        assert f"{CANARY}花子" not in page


def test_the_door_of_the_console_reads_no_column_about_people() -> None:
    read = {
        (table.name, column.name)
        for table in ayumi.schema.metadata.sorted_tables
        if (grant := opening_of(table).grants.get(Door.OPERATOR)) and "S" in grant.verbs
        for column in table.c
        if not grant.select or column.name in grant.select
    }
    suspicious = {(table, name) for table, name in read if any(word in name for word in OF_PEOPLE)}
    assert suspicious - ITS_OWN == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "SELECT family_name FROM participant",
        "SELECT count(*) FROM participant",
        "SELECT count(*) FROM weekly_record",
        "SELECT name FROM membership",
        "SELECT email FROM account",
        "SELECT name FROM account",
        "SELECT email FROM invitation",
        "SELECT arguments FROM outbox",
        "SELECT filename FROM stored_file",
        "SELECT office_words FROM monthly_report",
        "SELECT count(*) FROM journal_entry",
        "DELETE FROM municipality",
        "UPDATE municipality SET slug = 'x'",
    ],
)
def test_the_database_refuses_the_console_what_is_not_its_own(app: Flask, operator: Operator, sentence: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), at(app, operator.place()):
        db.session.execute(text(sentence))


class TestStates:
    def row(self, app: Flask, operator: Operator, town: Town) -> tuple[list[State], object]:
        with at(app, operator.place(town)):
            found = queries.of_one(db.session(), town.tenant_id)
            return list(states_of(found)), found

    def put(self, app: Flask, town: Town, *rows: object) -> None:
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
            session.add_all(rows)

    def promised(self, *, minutes: int, **said: object) -> Promise:
        when = clock.now() - timedelta(minutes=minutes)
        common = {"kind": "x", "arguments": {}, "dedupe_key": str(ids.new()), "promised_at": when, "run_after": when}
        return Promise(**(common | {"attempts": 0} | said))

    def a_file(self, size: int) -> StoredFile:
        return StoredFile(sha256="0" * 64, size=size, content_type="x", filename="x", purpose="x", kept_at=clock.now())

    def test_a_new_one_is_well_and_has_never_reported(self, app: Flask, operator: Operator) -> None:
        assert self.row(app, operator, a_town(app))[0] == [State.UNREPORTED, State.HEALTHY]

    def test_one_that_has_reported_is_just_well(self, app: Flask, operator: Operator) -> None:
        town, now = a_town(app), clock.now()
        month = clock.today().replace(day=1)
        report = MonthlyReport(
            month=month, edition=1, is_current=True, cut_off_at=now, definition_edition="x", content_hash="x",
            compiled_at=now,
        )  # fmt: skip
        self.put(app, town, report)
        states, row = self.row(app, operator, town)
        assert (states, row.month) == ([State.HEALTHY], month)  # type: ignore[attr-defined]

    def test_jobs_are_late_after_ten_minutes_and_not_when_they_are_done_or_not_due(
        self, app: Flask, operator: Operator
    ) -> None:
        town = a_town(app)
        done = self.promised(minutes=60, done_at=clock.now())
        self.put(app, town, done, self.promised(minutes=5), self.promised(minutes=-60))
        assert State.LATE not in self.row(app, operator, town)[0]
        self.put(app, town, self.promised(minutes=11))
        states, row = self.row(app, operator, town)
        assert State.LATE in states
        assert State.HEALTHY not in states
        assert (row.open_jobs, row.late_jobs) == (2, 1)  # type: ignore[attr-defined]

    def test_jobs_given_up_are_told_for_a_month(self, app: Flask, operator: Operator) -> None:
        town, other = a_town(app), a_town(app)
        self.put(app, town, self.promised(minutes=90, gave_up_at=clock.now()))
        self.put(app, other, self.promised(minutes=90, gave_up_at=clock.now() - timedelta(days=31)))
        assert State.GIVEN_UP in self.row(app, operator, town)[0]
        assert State.GIVEN_UP not in self.row(app, operator, other)[0]

    def test_storage_is_nearly_full_at_four_fifths_of_the_plan(self, app: Flask, operator: Operator) -> None:
        town = a_town(app)
        self.put(
            app,
            town,
            Subscription(plan=Plan.STANDARD, seats=5, changed_at=clock.now()),
            self.a_file(15 * GIGABYTE),
        )
        assert State.STORAGE not in self.row(app, operator, town)[0]
        self.put(app, town, self.a_file(1 * GIGABYTE))
        assert State.STORAGE in self.row(app, operator, town)[0]

    def test_states_plans_and_words_narrow_the_table(self, app: Flask, operator: Operator) -> None:
        town = a_town(app, name="絞込市")
        self.put(
            app,
            town,
            Subscription(plan=Plan.LARGE, seats=5, changed_at=clock.now()),
            self.promised(minutes=30),
        )
        with at(app, operator.place()):
            session = db.session()
            for wanted, there in (
                (Wanted(words="絞込"), True),
                (Wanted(words="絞込", state=State.LATE), True),
                (Wanted(words="絞込", state=State.SUSPENDED), False),
                (Wanted(words="絞込", plan=Plan.LARGE), True),
                (Wanted(words="絞込", plan=Plan.TRIAL), False),
                (Wanted(words="絞込 試験県"), True),
                (Wanted(words="絞込 別県"), False),
                (Wanted(words="%"), False),
            ):
                total, rows = queries.page(session, wanted)
                assert (town.slug in {row.slug for row in rows}) is there, wanted
                assert total >= len(rows)
            assert queries.counts(session)[State.LATE] >= 1

    @pytest.mark.parametrize("sort", queries.SORTS)
    def test_every_column_sorts_both_ways(self, app: Flask, operator: Operator, sort: str) -> None:
        a_town(app)
        a_town(app)
        with at(app, operator.place()):
            up = [row.slug for row in queries.page(db.session(), Wanted(sort=sort))[1]]
            down = [row.slug for row in queries.page(db.session(), Wanted(sort=sort, down=True))[1]]
        assert len(up) == len(down) >= 2


def test_the_platforms_page_names_services_queue_and_versions(browser: FlaskClient) -> None:
    page = browser.get("/operator/health/").get_data(as_text=True)
    assert max(each.name[:4] for each in (MIGRATIONS / "versions").glob("0*.py")) in page
    assert page.count("tag--good") >= 4


def test_open_jobs_are_counted_by_kind_and_age(app: Flask, operator: Operator) -> None:
    town = a_town(app)
    ages = TestStates()
    ages.put(
        app, town, *(ages.promised(minutes=minutes, kind="counted") for minutes in (1, 20, 30, 300, 3000, 4000, 5000))
    )
    with at(app, operator.place(town)):
        (row,) = (each for each in queries.open_jobs(db.session(), town.tenant_id) if each.kind == "counted")
    assert (row.fresh, row.hour, row.day, row.older) == (1, 2, 1, 3)


def test_one_that_has_moved_out_is_shown_and_nothing_else_can_be_done_with_it(
    app: Flask, browser: FlaskClient, operator: Operator
) -> None:
    town = a_town(app)
    gone = update(Municipality).where(Municipality.id == town.tenant_id)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(gone.values(suspended_at=clock.now(), left_at=clock.now()))
    assert TestStates().row(app, operator, town)[0] == [State.LEFT]
    assert browser.get(f"/operator/m/{town.slug}/").status_code == 200
    for path_ in ("plan", "administrator", "suspend", "glass/new"):
        assert browser.get(f"/operator/m/{town.slug}/{path_}").status_code == 409
    assert posted(browser, f"/operator/m/{town.slug}/resume").status_code == 409


def test_nobody_asks_to_look_into_one_that_is_suspended(app: Flask, browser: FlaskClient) -> None:
    town = a_town(app)
    assert posted(browser, f"/operator/m/{town.slug}/suspend", why="確認").status_code == 302
    said = {"reason": "不具合", "ticket": "T", "hours": "1", "pledged": "1"}
    assert posted(browser, f"/operator/m/{town.slug}/glass/new", **said).status_code == 409


def test_every_kind_of_job_has_a_name_of_its_own_in_both_languages(app: Flask) -> None:
    assert JOBS.keys() == KINDS.keys()
    assert len(set(JOBS.values())) == len(JOBS)
    with app.test_request_context(), force_locale("ja"):
        japanese = {kind: gettext(name) for kind, name in JOBS.items()}
    assert [kind for kind, name in japanese.items() if name == JOBS[kind]] == []


def test_operators_read_the_names_of_jobs_and_not_their_code_words(app: Flask, browser: FlaskClient) -> None:
    town, ages = a_town(app), TestStates()
    ages.put(app, town, ages.promised(minutes=20, kind="participant_import"))
    for address in (f"/operator/m/{town.slug}/", "/operator/health/"):
        page = browser.get(address).get_data(as_text=True)
        assert "対象者名簿の取り込み" in page
        assert "participant_import" not in page
