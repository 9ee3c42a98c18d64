"""Compiling makes one edition for one truth: again only when something changed, whole or not at all."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from ayumi.consents.model import Consent, ConsentStatus, Form
from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.placements.model import DayStatus, ExperienceDay
from ayumi.reports import queries, rules, runs
from ayumi.reports.model import Figure, FigurePerson, MonthlyReport, OfficeWords, Run, RunStatus
from ayumi.reports.reading import differences, read
from ayumi.reports.runs import NotBegun
from tests.reports.hand import MARCH, at, hand
from tests.reports.march import Made, a_march
from tests.world import Town, a_town, inside, working


@pytest.fixture
def march(app: Flask) -> Made:
    return a_march(app)


def compiled(app: Flask, town: Town, month: Month = MARCH) -> rules.Compiled:
    with working(app, town):
        made = rules.compile(month)
        db.session.commit()
        db.session.refresh(made.report)
        db.session.expunge(made.report)
        return made


def amount(app: Flask, town: Town, table: type) -> int:
    with working(app, town):
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_compiled_twice_it_is_one_edition(app: Flask, march: Made) -> None:
    first = compiled(app, march.town)
    counts = amount(app, march.town, Figure), amount(app, march.town, FigurePerson)
    again = compiled(app, march.town)
    assert (first.changed, again.changed) == (True, False)
    assert again.report.id == first.report.id
    assert (amount(app, march.town, Figure), amount(app, march.town, FigurePerson)) == counts
    assert amount(app, march.town, MonthlyReport) == 1


def test_a_change_in_the_records_makes_the_next_edition_and_the_one_before_stays(app: Flask, march: Made) -> None:
    first = compiled(app, march.town)
    with inside(app, march.head):
        somebody_withdraws(march)
    second = compiled(app, march.town)
    assert (second.changed, second.report.edition) == (True, 2)
    with working(app, march.town):
        old, new = queries.edition(MARCH, 1), queries.edition(MARCH, 2)
        assert (old.is_current, new.is_current) == (False, True)
        assert old.content_hash == first.report.content_hash
        found = differences(read(new), read(old))
    assert [(each.entry.definition.key, each.before, each.after) for each in found] == [("consents_withdrawn", 1, 2)]


def somebody_withdraws(march: Made) -> None:
    """Somebody else takes a consent back, on a day in March."""
    db.session.add(
        Consent(
            participant_id=march.people["馬場"],
            scopes=["firm"],
            form=Form.PAPER,
            given_on=date(2026, 3, 6),
            withdrawn_on=date(2026, 3, 9),
            status=ConsentStatus.WITHDRAWN,
            entered_at=clock.now(),
        )  # fmt: skip
    )


def test_the_same_figures_with_other_people_behind_them_are_another_edition(app: Flask) -> None:
    with hand(app) as town:
        for name in ("青木", "馬場"):
            town.person(name, created=at(2026, 1, 1))
            town.enrol(name, date(2026, 1, 1))
        town.employer("北", "キタ", 2160, "青木", "馬場")
        day_id = town.day("青木", "北", date(2026, 3, 3), DayStatus.CONFIRMED)
    compiled(app, town.town)
    with hand(app, town.town) as again:
        day = again.session.get_one(ExperienceDay, (town.town.tenant_id, day_id))
        day.participant_id, day.placement_id = town.people["馬場"], town.placements[("馬場", "北")]
    second = compiled(app, town.town)
    assert second.changed
    with working(app, town.town):
        assert differences(read(queries.edition(MARCH, 2)), read(queries.edition(MARCH, 1))) == []


def test_the_offices_words_go_into_the_next_edition(app: Flask, march: Made) -> None:
    compiled(app, march.town)
    with inside(app, march.head):
        rules.write_words(MARCH, text="𠮷田さんの店で体験が始まった。", edition=None)
    second = compiled(app, march.town)
    assert (second.changed, second.report.edition) == (True, 2)
    assert second.report.office_words == "𠮷田さんの店で体験が始まった。"
    assert not compiled(app, march.town).changed


def test_two_people_writing_the_words_are_told(app: Flask, march: Made) -> None:
    with inside(app, march.head):
        first = rules.write_words(MARCH, text="一人目", edition=None).edition
        rules.write_words(MARCH, text="一人目、続き", edition=first)
    with inside(app, march.head), pytest.raises(ChangedMeanwhile):
        rules.write_words(MARCH, text="二人目", edition=first)
    with inside(app, march.head), pytest.raises(ChangedMeanwhile):
        rules.write_words(MARCH, text="二人目", edition=None)
    with inside(app, march.head):
        found = queries.words(MARCH)
        assert found
        assert found.text == "一人目、続き"


def test_a_report_that_is_done_cannot_be_altered_even_by_the_worker(app: Flask, march: Made) -> None:
    made = compiled(app, march.town)
    for values in ({"content_hash": "x"}, {"pdf_file_id": None}):
        with pytest.raises(DBAPIError), working(app, march.town):
            db.session.execute(update(MonthlyReport).where(MonthlyReport.id == made.report.id).values(**values))
    with pytest.raises(DBAPIError), working(app, march.town):
        db.session.execute(update(MonthlyReport).values(office_words="anders"))
    with pytest.raises(DBAPIError), working(app, march.town):
        db.session.execute(update(Figure).values(value=99))


def test_there_is_one_current_edition_of_a_month(app: Flask, march: Made) -> None:
    compiled(app, march.town)
    with inside(app, march.head):
        rules.write_words(MARCH, text="所見", edition=None)
    compiled(app, march.town)
    with pytest.raises(DBAPIError), working(app, march.town):
        db.session.execute(update(MonthlyReport).values(is_current=True))


def test_figures_stand_beside_those_of_the_month_before(app: Flask, march: Made) -> None:
    february = compiled(app, march.town, MARCH.previous)
    march_report = compiled(app, march.town)
    with working(app, march.town):
        reading = read(one(MonthlyReport, march_report.report.id))
        assert reading.before
        assert reading.before.report.id == february.report.id
        entry = reading.one("people_in_support")
        assert (entry.value, entry.previous, entry.change) == (4, 5, -1)
        assert (entry.shown(), entry.shown_before(), entry.shown_change()) == ("4", "5", "-1")
        assert reading.one("records_not_due").shown_change() == "±0"
        assert reading.one("fees_approved").shown_change() == "+7,128"
        assert reading.one("attendance_planned_by_week", "2026-03-02").previous is None
        assert reading.one("experience_days_by_employer", str(march.employers["北"])).previous == 0


def test_a_later_edition_of_the_month_before_does_not_change_what_was_compared(app: Flask, march: Made) -> None:
    first = compiled(app, march.town, MARCH.previous)
    made = compiled(app, march.town)
    with inside(app, march.head):
        rules.write_words(MARCH.previous, text="二月の所見", edition=None)
    compiled(app, march.town, MARCH.previous)
    with working(app, march.town):
        before = queries.month_before(one(MonthlyReport, made.report.id))
        assert before
        assert before.id == first.report.id


def test_a_month_compiled_while_it_was_going_on_gets_a_final_edition(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(app)
    monkeypatch.setattr(clock, "now", lambda: at(2026, 3, 31, 23))
    assert compiled(app, town).report.edition == 1
    monkeypatch.setattr(clock, "now", lambda: at(2026, 4, 1, 5))
    assert compiled(app, town).report.edition == 2
    monkeypatch.setattr(clock, "now", lambda: at(2026, 4, 1, 6))
    assert not compiled(app, town).changed


def test_a_month_that_has_not_begun_cannot_be_compiled(app: Flask) -> None:
    town = a_town(app)
    with working(app, town), pytest.raises(NotBegun):
        rules.compile(Month.of(clock.today()).next)


def test_two_towns_know_nothing_of_each_other(app: Flask) -> None:
    here, there = a_march(app, "甲野台"), a_town(app)
    compiled(app, here.town)
    empty = compiled(app, there)
    with working(app, there):
        found = queries.figures(empty.report.id)[empty.report.id]
        assert {each.value for each in found} == {0}
        assert [each.label for each in found if each.label] == []
        assert amount_of_people(empty.report.id) == 0


def amount_of_people(report_id: UUID) -> int:
    query = select(func.count()).select_from(FigurePerson).join(Figure, Figure.id == FigurePerson.figure_id)
    return db.session.scalar(query.where(Figure.report_id == report_id)) or 0


# Asking for it ---


def test_asked_for_twice_by_one_form_it_is_asked_for_once(app: Flask, march: Made) -> None:
    id = ids.new()
    for _click in range(2):
        with inside(app, march.head):
            assert rules.ask(MARCH, id=id).id == id
    assert amount(app, march.town, Run) == 1


def test_asked_for_while_it_is_under_way_one_is_led_to_that(app: Flask, march: Made) -> None:
    with inside(app, march.head):
        first = rules.ask(MARCH, id=ids.new()).id
    with inside(app, march.clerk):
        assert rules.ask(MARCH, id=ids.new()).id == first
        assert rules.ask(MARCH.next, id=ids.new()).id != first


def test_one_that_was_lost_does_not_keep_others_from_asking(app: Flask, march: Made) -> None:
    with inside(app, march.head):
        lost = rules.ask(MARCH, id=ids.new())
        lost_id, asked_at = lost.id, lost.asked_at
    with working(app, march.town):
        db.session.execute(update(Run).values(asked_at=asked_at - runs.STALLED))
    with inside(app, march.head):
        assert rules.ask(MARCH, id=ids.new()).id != lost_id
        assert runs.is_stalled(RunStatus.WAITING, asked_at - runs.STALLED)


def test_what_was_asked_written_and_compiled_is_in_the_journal(app: Flask, march: Made) -> None:
    with inside(app, march.head):
        run_id = rules.ask(MARCH, id=ids.new()).id
        rules.write_words(MARCH, text="所見", edition=None)
    made = compiled(app, march.town)
    with inside(app, march.head):
        words = db.session.scalars(select(OfficeWords)).one()
        said = [each.action for each in journal.history(run_id, words.id, made.report.id)]
    assert sorted(said) == ["asked", "compiled", "written"]
