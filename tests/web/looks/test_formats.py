"""Dates, times, money and numbers in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from ayumi.japan.calendar import Month
from ayumi.web import formats
from ayumi.web.looks.given import given

MONDAY = date(2026, 11, 23)
LATE = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)  # one o'clock at night on Monday in Japan


@contextmanager
def reading(gallery: Flask, language: str) -> Iterator[None]:
    with gallery.test_request_context(f"/?lang={language}"):
        yield


@pytest.fixture
def japanese(gallery: Flask) -> Iterator[None]:
    with reading(gallery, "ja"):
        yield


@pytest.fixture
def english(gallery: Flask) -> Iterator[None]:
    with reading(gallery, "en"):
        yield


@pytest.mark.usefixtures("japanese")
class TestInJapanese:
    def test_a_long_date_has_its_era_and_its_weekday(self) -> None:
        assert formats.date_long(MONDAY) == "令和8年11月23日（月）"

    def test_the_first_year_of_an_era_is_gannen(self) -> None:
        assert formats.date_long(date(2019, 5, 1)) == "令和元年5月1日（水）"

    def test_a_short_date_leaves_out_the_year_we_are_in(self) -> None:
        assert formats.date_short(MONDAY, date(2026, 1, 1)) == "11/23（月）"

    def test_a_short_date_names_another_year(self) -> None:
        assert formats.date_short(MONDAY, date(2027, 1, 1)) == "R8.11.23（月）"

    def test_an_instant_falls_on_its_japanese_day(self) -> None:
        assert formats.date_long(LATE) == "令和8年11月23日（月）"
        assert formats.moment(LATE, MONDAY) == "11/23（月）1:05"

    def test_a_week_is_named_by_its_monday_and_sunday(self) -> None:
        assert formats.week_label(date(2026, 11, 25), MONDAY) == "11/23（月）〜11/29（日）"

    def test_a_month_is_named_by_its_era(self) -> None:
        assert formats.month_label(MONDAY) == formats.month_label(Month(2026, 11)) == "令和8年11月"

    def test_money_is_whole_yen_with_commas(self) -> None:
        assert [formats.yen(amount) for amount in (0, 1234, -1234567)] == ["0円", "1,234円", "-1,234,567円"]

    def test_age_rises_on_the_eve_of_the_birthday(self) -> None:
        assert formats.age(date(1974, 11, 24), MONDAY) == "52歳"
        assert formats.age(date(1974, 11, 25), MONDAY) == "51歳"

    def test_date_fields_open_with_the_present_era(self) -> None:
        assert formats.date_parts("")["era"] == "令和"
        assert formats.date_parts(None, "昭和")["era"] == "昭和"

    @pytest.mark.parametrize("value", [date(1974, 11, 24), "1974-11-24"])
    def test_date_fields_show_a_day_by_its_era(self, value: object) -> None:
        assert formats.date_parts(value) == {"era": "昭和", "year": "49", "month": "11", "day": "24"}

    def test_date_fields_keep_what_was_typed_though_it_is_no_day(self) -> None:
        typed = formats.date_parts("昭和50年13月1日")
        assert typed == {"era": "昭和", "year": "50", "month": "13", "day": "1"}

    def test_date_fields_keep_half_a_date(self) -> None:
        assert formats.date_parts("2026年月日") == {"era": "西暦", "year": "2026", "month": "", "day": ""}

    def test_a_day_before_the_offered_eras_is_shown_by_its_western_year(self) -> None:
        assert formats.date_parts(date(1900, 1, 2))["era"] == "西暦"


@pytest.mark.usefixtures("english")
class TestInEnglish:
    def test_dates_are_western(self) -> None:
        assert formats.date_long(MONDAY) == "Mon, 23 Nov 2026"
        assert formats.date_short(MONDAY, MONDAY) == "Mon 23 Nov"
        assert formats.date_short(MONDAY, date(2027, 1, 1)) == "Mon 23 Nov 2026"
        assert formats.month_label(MONDAY) == "Nov 2026"
        assert formats.week_label(MONDAY, MONDAY) == "Mon 23 Nov – Sun 29 Nov"
        assert formats.moment(LATE, MONDAY) == "Mon 23 Nov, 1:05"

    def test_money_and_age(self) -> None:
        assert [formats.yen(amount) for amount in (1234, -5)] == ["¥1,234", "-¥5"]
        assert formats.age(date(1974, 11, 24), MONDAY) == "52"

    def test_date_fields_count_western_years(self) -> None:
        assert formats.date_parts(MONDAY)["era"] == "西暦"
        assert formats.page_language().other == formats.Language("ja", "日本語")


def test_outside_a_request_the_office_reads_japanese() -> None:
    assert formats.date_long(MONDAY) == "令和8年11月23日（月）"


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0"), (1000, "1,000"), (2.5, "2.5"), (2.0, "2"), (Decimal("1234.50"), "1,234.5"), (100.0, "100"), (None, "")],
)
def test_numbers_have_as_many_decimals_as_they_need(amount: formats.Number | None, written: str) -> None:
    assert formats.number(amount) == written


@pytest.mark.parametrize(("amount", "written"), [(3, "+3"), (-3, "-3"), (0, "±0"), (None, "")])
def test_a_change_says_its_direction(amount: int | None, written: str) -> None:
    assert formats.change(amount) == written


@pytest.mark.parametrize("name", ["date_long", "date_short", "time_of_day", "moment", "yen", "age", "iso"])
def test_nothing_is_written_as_nothing(name: str) -> None:
    assert getattr(formats, name)(None) == ""


class TestGiven:
    def test_a_tuple_is_read_by_the_names_of_its_places(self) -> None:
        item = given(("/people", "People"), "url", "label", "badge")
        assert (item.url, item.label, item.badge) == ("/people", "People", "")

    def test_a_mapping_and_an_object_are_read_alike(self) -> None:
        assert given({"label": "a", "errors": None}).errors == ""
        assert given(MONDAY).year == 2026
        assert given(MONDAY).nothing_of_the_kind == ""

    def test_zero_is_not_nothing(self) -> None:
        assert given({"value": 0}).value == 0
