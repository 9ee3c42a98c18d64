"""The clocks of the law, counted by hand."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from ayumi.incidents.clocks import Pace, Which, clocks, open_day, running


@dataclass
class Known:
    """What the clocks look at."""

    known_on: date
    grounds: list[str] = field(default_factory=lambda: ["sensitive"])
    preliminary_reported_on: date | None = None
    finally_reported_on: date | None = None


def dues(incident: Known) -> list[date]:
    return [each.due for each in clocks(incident)]


def test_the_day_it_became_known_is_the_first_day() -> None:
    first, last = clocks(Known(date(2026, 6, 1)))
    assert (first.which, first.wanted_from, first.due) == (Which.PRELIMINARY, date(2026, 6, 3), date(2026, 6, 5))
    assert (last.which, last.due) == (Which.FINAL, date(2026, 6, 30))


def test_malice_gives_sixty_days_whatever_else_applies() -> None:
    assert dues(Known(date(2026, 6, 1), ["sensitive", "malicious"]))[1] == date(2026, 7, 30)
    assert dues(Known(date(2026, 6, 1), ["malicious"]))[0] == date(2026, 6, 5)


def test_days_off_do_not_stop_the_clock() -> None:
    """Golden week: five days from Friday 1 May end on Tuesday 5 May, a holiday."""
    assert dues(Known(date(2026, 5, 1)))[0] == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("known_on", "due"),
    [
        (date(2026, 6, 5), date(2026, 7, 6)),  # the 30th day is Saturday 4 July
        (date(2026, 8, 24), date(2026, 9, 24)),  # Tuesday 22 September, between two holidays and one itself
        (date(2026, 12, 1), date(2027, 1, 4)),  # Wednesday 30 December
        (date(2026, 11, 1), date(2026, 11, 30)),  # a Monday
    ],
)
def test_a_last_day_off_moves_to_the_next_open_day(known_on: date, due: date) -> None:
    assert dues(Known(known_on))[1] == due


def test_of_a_year_without_a_calendar_nothing_is_put_off() -> None:
    assert open_day(date(2040, 1, 1)) == date(2040, 1, 1)


def test_without_a_ground_no_clock_runs() -> None:
    assert clocks(Known(date(2026, 6, 1), [])) == ()
    assert running(Known(date(2026, 6, 1), [])) is None


@pytest.mark.parametrize(
    ("today", "paces"),
    [
        (date(2026, 6, 1), [Pace.NEAR, Pace.AHEAD]),
        (date(2026, 6, 5), [Pace.NEAR, Pace.AHEAD]),
        (date(2026, 6, 6), [Pace.LATE, Pace.AHEAD]),
        (date(2026, 6, 22), [Pace.LATE, Pace.AHEAD]),
        (date(2026, 6, 23), [Pace.LATE, Pace.NEAR]),
        (date(2026, 6, 30), [Pace.LATE, Pace.NEAR]),
        (date(2026, 7, 1), [Pace.LATE, Pace.LATE]),
    ],
)
def test_a_clock_comes_near_and_runs_out(today: date, paces: list[Pace]) -> None:
    assert [each.pace(today) for each in clocks(Known(date(2026, 6, 1)))] == paces


def test_a_report_that_was_made_stops_its_clock() -> None:
    incident = Known(date(2026, 6, 1), preliminary_reported_on=date(2026, 6, 4))
    assert [each.pace(date(2026, 6, 9)) for each in clocks(incident)] == [Pace.DONE, Pace.AHEAD]
    next_one = running(incident)
    assert next_one is not None and next_one.which is Which.FINAL
    incident.finally_reported_on = date(2026, 6, 20)
    assert running(incident) is None
