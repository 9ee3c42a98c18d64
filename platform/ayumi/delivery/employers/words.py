"""Words and small things every page about employers and placements uses."""

from datetime import date
from typing import Any

from flask_babel import gettext
from werkzeug.exceptions import NotFound

from ayumi.delivery.employers.changes import FIELDS, value_words
from ayumi.employers import labels
from ayumi.employers.model import FeeKind
from ayumi.japan.calendar import Month, fiscal_year_label
from ayumi.placements import labels as placement_labels
from ayumi.web.formats import date_short, is_english


def words() -> dict[str, Any]:
    """Return the labels for templates."""
    return {
        "employer_statuses": labels.STATUSES,
        "employer_kinds": labels.STATUS_KINDS,
        "offer_words": labels.OFFERS,
        "fee_kinds": labels.FEE_KINDS,
        "payers": labels.PAYERS,
        "taxes": labels.TAX_TREATMENTS,
        "price_statuses": labels.PRICE_STATUSES,
        "price_kinds": labels.PRICE_KINDS,
        "placement_statuses": placement_labels.STATUSES,
        "placement_kinds": placement_labels.STATUS_KINDS,
        "day_statuses": placement_labels.DAYS,
        "day_kinds": placement_labels.DAY_KINDS,
        "channels": placement_labels.CHANNELS,
        "fiscal_label": fiscal_label,
        "span": span,
        "duration": duration,
        "period": period,
        "field_words": FIELDS,
        "value_words": value_words,
        "action_words": labels.ACTIONS,
        "NOTHING_PAID": FeeKind.NONE,
    }


def fiscal_label(year: int) -> str:
    """令和8年度, or FY 2026."""
    return f"FY {year}" if is_english() else fiscal_year_label(year)


def span(day: Any) -> str:
    """10:00–12:00."""
    return f"{day.starts_at:%-H:%M}–{day.ends_at:%-H:%M}"


def duration(minutes: int) -> str:
    """3時間, 2時間30分."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        said: str = gettext("%(hours)s h", hours=hours)
    elif hours:
        said = gettext("%(hours)s h %(rest)s min", hours=hours, rest=rest)
    else:
        said = gettext("%(rest)s min", rest=rest)
    return said


def period(first: date, last: date) -> str:
    """11/16（月）〜R9.2.5（金）, or Mon 16 Nov – Fri 5 Feb 2027."""
    return f"{date_short(first)}{' – ' if is_english() else '〜'}{date_short(last)}"


def month_of(text: str) -> Month:
    """Return the month an address names; there is nothing behind another one."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise NotFound from error


def weeks_of(month: Month) -> list[list[date | None]]:
    """Return the weeks of a month from Monday, with None for days of other months."""
    days: list[date | None] = [None] * month.first.weekday() + list(month.days())
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]
