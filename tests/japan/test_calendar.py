"""Fiscal years, weeks, two kinds of business day, legal periods and ages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.japan import calendar
from ayumi.japan.calendar import Month

ANNOUNCED = st.dates(min_value=date(1987, 1, 1), max_value=date(2026, 12, 31))
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
MONTHS = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


class TestMonth:
    def test_it_knows_its_ends(self) -> None:
        month = Month(2028, 2)
        assert (month.first, month.last) == (date(2028, 2, 1), date(2028, 2, 29))
        assert len(list(month.days())) == 29

    def test_it_crosses_the_year(self) -> None:
        assert Month(2026, 12).next == Month(2027, 1)
        assert Month(2027, 1).previous == Month(2026, 12)

    def test_it_is_read_and_written_alike(self) -> None:
        assert str(Month.parse("2026-04")) == "2026-04"

    @pytest.mark.parametrize("text", ["2026-4", "2026-13", "2026-00", "2026/04", "", "２０２６-04", "2026-04-01"])
    def test_it_refuses_other_writing(self, text: str) -> None:
        with pytest.raises(ValueError):
            Month.parse(text)

    def test_it_holds_its_days_and_no_others(self) -> None:
        assert date(2026, 4, 30) in Month(2026, 4)
        assert date(2025, 4, 30) not in Month(2026, 4)

    def test_months_are_in_order(self) -> None:
        assert Month(2026, 12) < Month(2027, 1)

    @given(MONTHS, st.integers(-500, 500))
    def test_going_and_coming_back_is_staying(self, month: Month, steps: int) -> None:
        assert month.plus(steps).plus(-steps) == month

    @given(MONTHS)
    def test_months_join_without_a_gap(self, month: Month) -> None:
        assert month.last + timedelta(days=1) == month.next.first


class TestFiscalYear:
    def test_it_turns_on_the_first_of_april(self) -> None:
        assert calendar.fiscal_year(date(2026, 3, 31)) == 2025
        assert calendar.fiscal_year(date(2026, 4, 1)) == 2026

    @pytest.mark.parametrize(
        ("year", "label"),
        [
            (2025, "令和7年度"),
            (2026, "令和8年度"),
            (2019, "令和元年度"),
            (2018, "平成30年度"),
            (1988, "昭和63年度"),
        ],
    )
    def test_it_is_named_by_its_era(self, year: int, label: str) -> None:
        assert calendar.fiscal_year_label(year) == label

    @given(DAYS)
    def test_a_day_lies_in_its_year(self, day: date) -> None:
        first, last = calendar.fiscal_year_span(calendar.fiscal_year(day))
        assert first <= day <= last


class TestWeeks:
    def test_the_new_year_belongs_to_the_monday_before(self) -> None:
        assert calendar.week_start(date(2027, 1, 1)) == date(2026, 12, 28)
        assert calendar.week_label(date(2027, 1, 1)) == "12月第4週"

    def test_the_first_monday_makes_the_first_week(self) -> None:
        assert calendar.week_label(date(2026, 4, 6)) == "4月第1週"
        assert calendar.week_label(date(2026, 4, 12)) == "4月第1週"
        assert calendar.week_label(date(2026, 4, 5)) == "3月第5週"

    @given(DAYS)
    def test_a_week_is_monday_to_sunday_and_holds_its_day(self, day: date) -> None:
        days = calendar.week_days(day)
        assert (len(days), days[0].weekday(), days[6].weekday()) == (7, 0, 6)
        assert day in days

    @given(DAYS)
    def test_all_days_of_a_week_have_one_label(self, day: date) -> None:
        assert len({calendar.week_label(each) for each in calendar.week_days(day)}) == 1


class TestBusinessDays:
    def test_holidays_have_names(self) -> None:
        assert calendar.holiday_name(date(2026, 9, 22)) == "国民の休日"
        assert calendar.holiday_name(date(2026, 11, 23)) == "勤労感謝の日"
        assert calendar.holiday_name(date(2026, 11, 24)) is None

    def test_five_days_of_september_2026_are_free(self) -> None:
        free = [day for day in Month(2026, 9).days() if not calendar.is_municipal_day(day) and 19 <= day.day <= 23]
        assert len(free) == 5

    def test_town_halls_and_banks_differ_at_the_end_of_december(self) -> None:
        assert calendar.is_bank_day(date(2026, 12, 29))
        assert not calendar.is_municipal_day(date(2026, 12, 29))
        assert calendar.next_municipal_day(date(2026, 12, 29)) == date(2027, 1, 4)

    def test_banks_close_on_the_last_day_of_the_year(self) -> None:
        assert calendar.next_bank_day(date(2026, 12, 31)) == date(2027, 1, 4)
        assert calendar.previous_bank_day(date(2026, 12, 31)) == date(2026, 12, 30)

    def test_golden_week_is_walked_around(self) -> None:
        assert calendar.next_bank_day(date(2026, 5, 2)) == date(2026, 5, 7)
        assert calendar.previous_bank_day(date(2026, 5, 2)) == date(2026, 5, 1)

    def test_three_business_days_after_christmas(self) -> None:
        start = date(2026, 12, 25)
        assert calendar.add_business_days(start, 3, calendar.is_bank_day) == date(2026, 12, 30)
        assert calendar.add_business_days(start, 3) == date(2027, 1, 5)

    def test_a_place_may_have_a_day_of_its_own(self) -> None:
        def open_in_okinawa(on: date) -> bool:
            return calendar.is_municipal_day(on) and (on.month, on.day) != (6, 23)

        assert calendar.add_business_days(date(2026, 6, 22), 1, open_in_okinawa) == date(2026, 6, 24)

    @pytest.mark.parametrize("year", [1985, 2028])
    def test_years_without_announced_holidays_are_not_guessed(self, year: int) -> None:
        with pytest.raises(calendar.BeyondHolidays):
            calendar.is_municipal_day(date(year, 6, 5))

    @given(ANNOUNCED)
    def test_an_open_day_for_the_town_hall_is_open_for_banks(self, day: date) -> None:
        assert calendar.is_bank_day(day) or not calendar.is_municipal_day(day)

    @given(ANNOUNCED)
    def test_the_next_open_day_is_the_first_one(self, day: date) -> None:
        found = calendar.next_municipal_day(day)
        assert calendar.is_municipal_day(found)
        assert not any(map(calendar.is_municipal_day, calendar.each_day(day, found - timedelta(days=1))))

    @given(ANNOUNCED, st.integers(1, 30))
    def test_business_days_added_can_be_counted(self, day: date, count: int) -> None:
        end = calendar.add_business_days(day, count)
        assert sum(map(calendar.is_municipal_day, calendar.each_day(day + timedelta(days=1), end))) == count

    @given(ANNOUNCED.filter(calendar.is_municipal_day), st.integers(0, 30))
    def test_counting_back_returns_to_an_open_day(self, day: date, count: int) -> None:
        assert calendar.add_business_days(calendar.add_business_days(day, count), -count) == day


class TestPeriods:
    @pytest.mark.parametrize(
        ("first", "months", "last"),
        [
            ("2026-04-01", 12, "2027-03-31"),
            ("2028-02-29", 12, "2029-02-28"),
            ("2027-03-01", 12, "2028-02-29"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-11-15", 3, "2027-02-14"),
        ],
    )
    def test_a_period_ends_as_the_civil_code_says(self, first: str, months: int, last: str) -> None:
        assert calendar.period_end(date.fromisoformat(first), months) == date.fromisoformat(last)

    def test_an_empty_period_is_refused(self) -> None:
        with pytest.raises(ValueError):
            calendar.period_end(date(2026, 4, 1), 0)

    def test_the_corresponding_day_may_be_the_last_of_its_month(self) -> None:
        assert calendar.months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
        assert calendar.months_after(date(2026, 11, 16), 6) == date(2027, 5, 16)

    @given(DAYS, st.integers(1, 120))
    def test_a_longer_period_never_ends_earlier(self, first: date, months: int) -> None:
        assert first < calendar.period_end(first, months) < calendar.period_end(first, months + 1)


class TestLegalAge:
    def test_it_rises_on_the_eve_of_the_birthday(self) -> None:
        assert calendar.legal_age(date(1961, 4, 2), date(2026, 3, 31)) == 64
        assert calendar.legal_age(date(1961, 4, 2), date(2026, 4, 1)) == 65
        assert calendar.legal_age(date(1961, 4, 1), date(2026, 3, 31)) == 65

    def test_a_leap_child_grows_older_every_year(self) -> None:
        born = date(2004, 2, 29)
        assert [calendar.legal_age(born, date(year, 2, 27)) for year in (2024, 2025, 2026)] == [19, 20, 21]
        assert [calendar.legal_age(born, date(year, 2, 28)) for year in (2024, 2025, 2026)] == [20, 21, 22]

    def test_nobody_has_an_age_before_birth(self) -> None:
        with pytest.raises(ValueError):
            calendar.legal_age(date(2026, 4, 2), date(2026, 4, 1))
