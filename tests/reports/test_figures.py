"""Every figure of the report against a month that was counted by hand (tests/reports/march.py)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.dialects.postgresql import dialect

from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.records.model import Attendance, RecordStatus
from ayumi.reports import figures, queries, rules
from ayumi.reports.definitions import CURRENT, edition
from ayumi.reports.model import Figure, FigurePerson
from ayumi.reports.reading import read
from ayumi.reports.scope import Scope
from tests.reports.hand import MARCH, at, hand
from tests.reports.march import Made, a_march
from tests.world import working

Values = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def march(app: Flask) -> Made:
    return a_march(app)


@pytest.fixture(scope="module")
def values(app: Flask, march: Made) -> Values:
    return counted(app, march, MARCH)


def counted(app: Flask, made: Made, month: Month) -> Values:
    """Compile a month and return its figures."""
    with working(app, made.town):
        report = rules.compile(month).report
        found = queries.figures(report.id)[report.id]
        return {(each.key, each.dimension): each.value for each in found}


def parts(values: Values, key: str) -> dict[str, int]:
    return {dimension: value for (each, dimension), value in values.items() if each == key}


def behind(app: Flask, made: Made, key: str, dimension: str = "") -> dict[str, int]:
    """Return who stands behind a figure of the newest March, and with how much."""
    names = {id: name for name, id in made.people.items()}
    with working(app, made.town):
        report = queries.current(MARCH)
        assert report
        query = (
            select(FigurePerson.participant_id, FigurePerson.count.label("share"))
            .join(Figure, Figure.id == FigurePerson.figure_id)
            .where(Figure.report_id == report.id, Figure.key == key, Figure.dimension == dimension)
        )
        return {names[row.participant_id]: row.share for row in db.session.execute(query)}


@pytest.mark.parametrize(
    ("key", "value"),
    {
        "people_in_support": 4,
        "people_new": 1,
        "people_ended": 2,
        "attendance_planned": 8,
        "attendance_attended": 5,
        "attendance_absent_notified": 1,
        "attendance_absent": 2,
        "attendance_rate": 625,
        "records_expected": 5,
        "records_on_time": 1,
        "records_late": 2,
        "records_missing": 2,
        "records_not_due": 0,
        "records_accepted": 1,
        "records_skipped": 1,
        "experience_people": 2,
        "experience_days": 4,
        "experience_open_people": 1,
        "experience_open_days": 2,
        "fees_approved": 7128,
        "fees_submitted": 3000,
        "goals_changed": 1,
        "concerns_raised": 1,
        "concerns_acknowledged": 1,
        "concerns_open": 1,
        "consents_withdrawn": 1,
    }.items(),
)
def test_a_figure_is_what_was_counted_by_hand(values: Values, key: str, value: int) -> None:
    assert values[(key, "")] == value


def test_people_stand_where_they_stood_at_the_end_of_the_month(values: Values) -> None:
    assert parts(values, "people_by_status") == {"candidate": 1, "active": 3, "paused": 1, "ended": 2}


def test_who_moved_during_and_after_the_month_counts_where_they_were_at_its_end(values: Values, march: Made) -> None:
    assert parts(values, "people_by_delivery") == {"own": 2, str(march.firms[0]): 2}


def test_those_whose_support_ended_are_told_by_reason(values: Values) -> None:
    assert parts(values, "people_ended_by_reason") == {"job": 1, "moved_away": 1}


def test_attendance_is_told_by_week_and_only_for_days_of_the_month(values: Values) -> None:
    assert parts(values, "attendance_planned_by_week") == {"2026-02-23": 1, "2026-03-02": 5, "2026-03-30": 2}
    assert parts(values, "attendance_attended_by_week") == {"2026-02-23": 1, "2026-03-02": 3, "2026-03-30": 1}
    assert parts(values, "attendance_absent_notified_by_week") == {"2026-03-02": 1}
    assert parts(values, "attendance_absent_by_week") == {"2026-03-02": 1, "2026-03-30": 1}
    assert parts(values, "attendance_rate_by_week") == {"2026-02-23": 1000, "2026-03-02": 600, "2026-03-30": 500}


def test_a_day_of_the_straddling_week_counts_in_the_new_fiscal_year_and_its_record_in_the_old(
    app: Flask, march: Made
) -> None:
    april = counted(app, march, MARCH.next)
    assert april[("attendance_attended", "")] == 1
    assert parts(april, "attendance_attended_by_week") == {"2026-03-30": 1}
    assert april[("records_expected", "")] == 0
    assert april[("experience_days", "")] == 1
    assert april[("fees_approved", "")] == 0


def test_menus_count_people_and_the_days_they_took_part(values: Values, march: Made) -> None:
    morning, cleaning = str(march.menus["講座"]), str(march.menus["清掃"])
    assert parts(values, "menu_days") == {morning: 3, cleaning: 1, "experience": 1}
    assert parts(values, "menu_people") == {morning: 2, cleaning: 1, "experience": 1}


def test_experience_is_told_by_employer_confirmed_and_open_apart(values: Values, march: Made) -> None:
    north, south = str(march.employers["北"]), str(march.employers["南"])
    assert parts(values, "experience_days_by_employer") == {north: 3, south: 1}
    assert parts(values, "experience_people_by_employer") == {north: 2, south: 1}
    assert parts(values, "experience_open_days_by_employer") == {south: 2}
    assert parts(values, "experience_open_people_by_employer") == {south: 1}


def test_fees_are_told_by_employer_with_the_tax_that_is_added(values: Values, march: Made) -> None:
    assert parts(values, "fees_approved_by_employer") == {str(march.employers["北"]): 7128}
    assert parts(values, "fees_submitted_by_employer") == {str(march.employers["南"]): 3000}


def test_goals_are_those_agreed_at_the_end_of_the_month(values: Values) -> None:
    assert parts(values, "goals_by_kind") == {"job": 2, "other": 1, "none": 1}


def test_every_figure_keeps_the_people_behind_it_and_how_much_is_theirs(
    app: Flask, march: Made, values: Values
) -> None:
    assert values
    assert behind(app, march, "people_in_support") == {"青木": 1, "馬場": 1, "土井": 1, "堀": 1}
    assert behind(app, march, "attendance_attended") == {"青木": 3, "土井": 1, "千葉": 1}
    assert behind(app, march, "attendance_rate") == {"青木": 6, "土井": 1, "千葉": 1}
    assert behind(app, march, "records_missing") == {"馬場": 1, "堀": 1}
    assert behind(app, march, "experience_days") == {"青木": 2, "土井": 2}
    assert behind(app, march, "fees_approved") == {"青木": 4320, "土井": 2160}
    assert behind(app, march, "people_by_status", "candidate") == {"榎本": 1}
    assert behind(app, march, "concerns_open") == {"土井": 1}


def test_figures_of_people_count_them_and_all_others_add_up_their_shares(app: Flask, march: Made) -> None:
    with working(app, march.town):
        report = rules.compile(MARCH).report
        shares: dict[object, list[int]] = {}
        for row in db.session.execute(select(FigurePerson.figure_id, FigurePerson.count.label("share"))):
            shares.setdefault(row.figure_id, []).append(row.share)
        for each in queries.figures(report.id)[report.id]:
            about = edition().figures[each.key]
            if about.share is None and each.unit != "yen":
                theirs = shares.get(each.id, [])
                assert each.value == (len(theirs) if about.is_of_people else sum(theirs)), each.key


def test_every_figure_of_the_definitions_is_counted(values: Values) -> None:
    assert {key for key, _dimension in values} == set(edition().figures)


def test_names_are_kept_as_they_read_at_the_cut_off(app: Flask, march: Made) -> None:
    with working(app, march.town):
        reading = read(rules.compile(MARCH).report)
        firm = reading.one("people_by_delivery", str(march.firms[0]))
        assert firm.name() == "青空法人"
        assert reading.one("people_by_delivery", "own").name() == "直営（職員）"
        assert reading.one("people_by_delivery", "own").name("en") == "Own staff"
        assert [each.name() for each in reading.parts("menu_days")] == [
            "講座",
            "清掃",
            "就労体験（メニューの指定なし）",
        ]


def test_a_week_that_is_not_yet_due_is_neither_late_nor_missing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with hand(app) as town:
        town.person("青木", created=at(2026, 1, 1))
        enrolment = town.enrol("青木", date(2026, 1, 1))
        for monday in (date(2026, 3, 23), date(2026, 3, 30)):
            town.week("青木", enrolment, monday, RecordStatus.EXPECTED)
    monkeypatch.setattr(clock, "now", lambda: at(2026, 4, 1, 5))
    with working(app, town.town):
        reading = read(rules.compile(MARCH).report)
        assert reading.one("records_missing").value == 1
        assert reading.one("records_not_due").value == 1
        assert reading.one("records_expected").value == 2


def test_a_month_that_is_going_on_counts_up_to_the_day_of_compiling(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(app) as town:
        town.person("青木", created=at(2026, 1, 1))
        town.enrol("青木", date(2026, 3, 20))
        town.person("馬場", created=at(2026, 1, 1))
        town.enrol("馬場", date(2026, 3, 2))
    monkeypatch.setattr(clock, "now", lambda: at(2026, 3, 10))
    with working(app, town.town):
        reading = read(rules.compile(MARCH).report)
        assert [reading.one("people_by_status", word).value for word in ("candidate", "active")] == [1, 1]
        assert reading.one("people_new").value == 1


def test_where_nothing_was_planned_there_is_no_rate(app: Flask) -> None:
    with hand(app) as town:
        town.person("青木", created=at(2026, 1, 1))
    with working(app, town.town):
        rate = read(rules.compile(MARCH).report).one("attendance_rate")
        assert rate.value is None
        assert rate.shown() == "―"


def test_a_rate_that_lies_halfway_is_rounded_up(app: Flask) -> None:
    """One day of sixteen is 6.25 %."""
    with hand(app) as town:
        town.person("青木", created=at(2026, 1, 1))
        enrolment = town.enrol("青木", date(2026, 1, 1))
        town.menu("講座", 1)
        for monday in (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)):
            week = town.week("青木", enrolment, monday, RecordStatus.SUBMITTED, submitted=at(2026, 3, 30))
            days = [monday + timedelta(days=each) for each in range(4)]
            lines = [(on, Attendance.ABSENT if on.day > 2 else Attendance.ATTENDED, "講座") for on in days]
            town.version("青木", week, lines, submitted=at(2026, 3, 30))
    with working(app, town.town):
        assert read(rules.compile(MARCH).report).one("attendance_rate").shown() == "6.3"


def test_every_table_of_every_statement_is_kept_to_the_municipality(app: Flask, march: Made) -> None:
    said: list[str] = []
    with app.app_context():
        engine = db.engines["worker"]
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    with working(app, march.town):
        rules.compile(MARCH.plus(-1))
    counting = [each for each in said if "INSERT INTO report_figure_person" in each]
    assert len(counting) >= 4
    for statement in counting:
        asked = len(tables_in(statement))
        assert asked > 0
        assert statement.count(".tenant_id = ") >= asked, statement


def tables_in(statement: str) -> list[str]:
    """Return every table that a statement reads, as often as it does (firms belong to no municipality)."""
    names = {
        "participant", "enrolment", "goal", "consent", "journal_entry", "record_version", "record_day", "menu",
        "weekly_record", "concern", "experience_day", "employer", "fee_statement", "fee_line", "placement",
        "report_figure", "report_figure_person",
    }  # fmt: skip
    words = statement.replace(",", " ").split()
    return [
        word for before, word in zip(words, words[1:], strict=False) if before in ("FROM", "JOIN") and word in names
    ]


def test_statements_hold_nothing_of_the_report_they_were_first_put_together_for() -> None:
    """They are kept for every municipality and month: whatever belongs to one of them is filled in when it is sent."""
    counting = [figures.counting(measures, CURRENT).at_once for measures in rules.COUNTED.values()]
    scope = Scope(1, Month(2026, 3), datetime(2026, 4, 1, tzinfo=UTC)).filled_in(uuid4())
    for statement in counting:
        said = statement.compile(dialect=dialect()).params
        assert {"scope_tenant_id", "scope_report_id"} <= said.keys() & scope.keys()
        assert {each for each in said if each.startswith("scope_")} <= scope.keys()
        assert all(value is None for each, value in said.items() if each.startswith("scope_"))
        kept = [value for each, value in said.items() if not each.startswith("scope_")]
        assert not [value for value in kept if isinstance(value, date | UUID)]
