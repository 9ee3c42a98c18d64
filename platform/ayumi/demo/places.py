"""The fifteen reference municipalities, read from their tables."""

from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any

from ayumi.demo.place_seeds import (
    FiguresSeed,
    HeadcountSeed,
    MenuSeed,
    MunicipalitySeed,
    PartySeed,
    SelectionSeed,
    SheetSeed,
    StaffingSeed,
    StepSeed,
)
from ayumi.demo.tables import slugs, table

WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
WEEKDAY_NAMES_JA = "月火水木金土日"
SINGLE_ROLES = {"section_head": 1, "finance_officer": 1, "administrator": 1}

# All fifteen alike: people in December 2017, rate at the end of fiscal year 2016, cases as its mean.
POPULATION_MONTH = date(2017, 12, 1)
PROTECTION_RATE_ON = date(2017, 3, 31)
CASES_FISCAL_YEAR = 2016


@cache
def municipalities() -> tuple[MunicipalitySeed, ...]:
    """All fifteen, in the order of the reference."""
    return tuple(_municipality(slug, table(f"municipalities/{slug}")) for slug in slugs())


def municipality(slug: str) -> MunicipalitySeed:
    """One of them."""
    return next(each for each in municipalities() if each.slug == slug)


def _municipality(slug: str, row: dict[str, Any]) -> MunicipalitySeed:
    return MunicipalitySeed(
        slug=slug,
        code=row.get("code"),
        name_ja=row["name_ja"],
        kana=row["kana"],
        name_en=row["name_en"],
        prefecture_ja=row["prefecture_ja"],
        prefecture_en=row["prefecture_en"],
        band=row["band"],
        figures=_figures(row),
        runs_programme=row["readiness_programme"],
        delivery=row["delivery"],
        contractor_kind=row.get("contractor_kind"),
        poverty_programme_relation=row.get("poverty_programme_relation"),
        staffing=_staffing(row["staffing"]),
        selection=_selection(row["selection"]),
        menus=tuple(_menu(each, place) for place, each in enumerate(row["menus"], 1)),
        participants=row["participants"],
        staff=tuple({**row["staff"], **SINGLE_ROLES}.items()),
    )


def _figures(row: dict[str, Any]) -> FiguresSeed:
    return FiguresSeed(
        population=row["population"],
        population_month=POPULATION_MONTH,
        protection_rate_pct=Decimal(row["protection_rate_pct"]),
        protection_rate_on=PROTECTION_RATE_ON,
        cases_per_caseworker=row["cases_per_caseworker"],
        cases_fiscal_year=CASES_FISCAL_YEAR,
    )


def _staffing(row: dict[str, Any]) -> StaffingSeed:
    return StaffingSeed(
        municipal=_headcount(row.get("municipal")),
        contracted=_headcount(row.get("contracted")),
        other_staff_ja=row.get("other_staff_ja"),
        other_staff_en=row.get("other_staff_en"),
    )


def _headcount(row: dict[str, Any] | None) -> HeadcountSeed | None:
    if row is None:
        return None
    return HeadcountSeed(row["full_time"], row.get("full_time_dedicated"), row["part_time"], row.get("firms"))


def _selection(row: dict[str, Any]) -> SelectionSeed:
    return SelectionSeed(
        key=row["key"],
        label_ja=row["label_ja"],
        label_en=row["label_en"],
        body_ja=row["body_ja"],
        steps=tuple(_step(each, number) for number, each in enumerate(row["steps"], 1)),
        parties=tuple(_party(each) for each in row["parties"]),
        sheets=tuple(SheetSeed(each["key"], each["ja"], each["en"], each.get("copies", 1)) for each in row["sheets"]),
        decided_by=row["decided_by"],
        consent_before_enrolment=row["consent_before_enrolment"],
        review_every_months=row.get("review_every_months"),
        triggers=tuple(row.get("triggers", ())),
    )


def _step(row: dict[str, Any], number: int) -> StepSeed:
    return StepSeed(
        number=number,
        text_ja=row["ja"],
        text_en=row["en"],
        by=tuple(row["by"]),
        sheet=row.get("sheet"),
        decides=row.get("decides", False),
        is_consent=row.get("consent", False),
    )


def _party(row: dict[str, Any]) -> PartySeed:
    label = table("roles")[row["role"]]
    return PartySeed(
        role=row["role"],
        label_ja=label["ja"],
        label_en=label["en"],
        number=row.get("number"),
        every=row.get("every", False),
        optional=row.get("optional", False),
    )


def _menu(row: dict[str, Any], position: int) -> MenuSeed:
    return MenuSeed(
        key=row["key"],
        name_ja=row["name_ja"],
        name_en=row["name_en"],
        tier=row["tier"],
        kind=row["kind"],
        description_ja=row["text_ja"],
        usual_place_ja=row["place_ja"],
        things_ja=tuple(row.get("things_ja", ())),
        usual_time_ja=_usual_time(row),
        weekdays=tuple(WEEKDAYS[day] for day in row["weekdays"]),
        starts_at=time.fromisoformat(row["starts"]),
        ends_at=time.fromisoformat(row["ends"]),
        weeks_of_month=tuple(row.get("weeks", ())),
        months=tuple(row.get("months", ())),
        only_for=row.get("only_for"),
        run_by=row.get("run_by"),
        every_day=row.get("every_day", False),
        position=position,
    )


def _usual_time(row: dict[str, Any]) -> str:
    """火・木曜 10:00〜12:00（第1・3週）."""
    days = "・".join(WEEKDAY_NAMES_JA[WEEKDAYS[day]] for day in row["weekdays"])
    limits = []
    if "months" in row:
        limits.append("・".join(str(month) for month in row["months"]) + "月")
    if "weeks" in row:
        limits.append("第" + "・".join(str(week) for week in row["weeks"]) + "週")
    when = f"{days}曜 {row['starts']}〜{row['ends']}"
    return f"{when}（{'、'.join(limits)}）" if limits else when
