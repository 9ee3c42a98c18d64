"""Dates in eras: written, read back, and refused where they never were."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.japan import eras

DAYS = st.dates(min_value=eras.FIRST_DAY, max_value=date(2117, 12, 31))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ("2019-04-30", "平成31年4月30日"),
        ("2019-05-01", "令和元年5月1日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1989-01-08", "平成元年1月8日"),
        ("1926-12-24", "大正15年12月24日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1912-07-29", "明治45年7月29日"),
        ("2026-04-01", "令和8年4月1日"),
        ("2026-11-23", "令和8年11月23日"),
    ],
)
def test_a_day_is_written_in_its_era(day: str, written: str) -> None:
    assert eras.to_era(date.fromisoformat(day)) == written


def test_a_day_is_written_short_for_narrow_columns() -> None:
    assert eras.era_short(date(2026, 11, 23)) == "R8.11.23"
    assert eras.era_short(date(2019, 5, 1)) == "R1.5.1"


def test_a_month_is_written_without_its_day() -> None:
    assert eras.era_month(date(2026, 11, 23)) == "令和8年11月"


@pytest.mark.parametrize(
    "text",
    [
        "R8.4.1",
        "r8/4/1",
        "R08-04-01",
        "令和8年4月1日",
        "令8年4月1日",
        "令8.4.1",
        "㋿8年4月1日",
        "2026/4/1",
        "2026-04-01",
        "2026.4.1",
        "2026年4月1日",
        "20260401",
        "２０２６／４／１",
        " 令和 ８年 ４月 １日 ",
    ],
)
def test_every_usual_way_of_writing_a_day_is_read(text: str) -> None:
    assert eras.parse_date(text) == date(2026, 4, 1)


def test_the_first_year_is_read_as_gannen_and_as_one() -> None:
    assert eras.parse_date("令和元年5月1日") == date(2019, 5, 1)
    assert eras.parse_date("R1.5.1") == date(2019, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "昭和64年2月1日",
        "令和元年4月30日",
        "平成31年5月1日",
        "2026-02-30",
        "R8.13.1",
        "R0.5.1",
        "明治元年1月24日",
        "1850-01-01",
    ],
)
def test_a_day_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(eras.NoSuchDate):
        eras.parse_date(text)


@pytest.mark.parametrize("text", ["", "きょう", "4/1", "26/4/1", "2026-4/1", "令和8年", "202604011", "X8.4.1"])
def test_a_text_not_written_like_a_date_is_refused(text: str) -> None:
    with pytest.raises(eras.NotADate) as refusal:
        eras.parse_date(text)
    assert not isinstance(refusal.value, eras.NoSuchDate)


def test_both_refusals_are_value_errors() -> None:
    assert issubclass(eras.NoSuchDate, ValueError)


def test_a_day_before_the_first_era_cannot_be_written() -> None:
    with pytest.raises(eras.NoSuchDate):
        eras.to_era(date(1868, 1, 24))


@given(DAYS)
def test_what_is_written_is_read_back(day: date) -> None:
    assert eras.parse_date(eras.to_era(day)) == day
    assert eras.parse_date(eras.era_short(day)) == day
    assert eras.parse_date(day.isoformat()) == day


@given(DAYS, DAYS)
def test_eras_follow_one_another(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert eras.era_of(earlier).begins <= eras.era_of(later).begins
