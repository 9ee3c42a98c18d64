"""How a week is shown at a glance: letters, squares, tags, names of days."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext, ngettext, pgettext

from ayumi.japan.calendar import BeyondHolidays, holiday_name
from ayumi.kernel import clock
from ayumi.records.content import DayEntry, attendance_of
from ayumi.records.labels import ATTENDANCE_KINDS, ATTENDANCES, CONDITIONS, STATUS_KINDS, STATUSES
from ayumi.records.model import Attendance, Condition, RecordStatus
from ayumi.records.queries import SeenWeek
from ayumi.web.formats import date_short, is_english, week_label, weekday
from ayumi.web.links import to

Square = tuple[str, str, str]
"""Letter, title, kind."""
LETTERS: dict[Attendance, Callable[[], str]] = {
    Attendance.ATTENDED: lambda: pgettext("letter of attendance", "A"),
    Attendance.ABSENT_NOTIFIED: lambda: pgettext("letter of attendance", "N"),
    Attendance.ABSENT: lambda: pgettext("letter of attendance", "X"),
    Attendance.NOT_PLANNED: lambda: pgettext("letter of attendance", "-"),
}


def letter(attendance: Attendance | None) -> str:
    """The letter that stands for what became of a day."""
    return LETTERS[attendance]() if attendance else ""


def kind(attendance: Attendance | None) -> str:
    """The kind of square."""
    return ATTENDANCE_KINDS[attendance] if attendance else "off"


def title(attendance: Attendance | None) -> str:
    """The words for what became of a day."""
    return str(gettext(ATTENDANCES[attendance]) if attendance else gettext("Nothing noted"))


def legend() -> tuple[Square, ...]:
    """What the letters mean."""
    return tuple((letter(each), title(each), kind(each)) for each in Attendance)


def attendance_choices() -> list[Square]:
    """What a list of attendances offers: value, letter with word, kind."""
    return [("", "—", ""), *((each.value, f"{letter(each)} {title(each)}", kind(each)) for each in Attendance)]


def squares(week: SeenWeek, days: int = 7) -> tuple[Square, ...]:
    """The squares of a week from Monday; of a day to come, that it is to come."""
    waits = week.status in (RecordStatus.EXPECTED, RecordStatus.DRAFT)
    first, today, english = week.week_start.toordinal(), clock.today(), is_english()
    return tuple(_square(date.fromordinal(first + day), week.days[day], waits, today, english) for day in range(days))


@lru_cache(maxsize=4096)
def _square(on: date, said: Attendance | None, waits: bool, today: date, _english: bool) -> Square:
    if said is None and on > today:
        return "", f"{date_short(on)} {gettext('Still to come')}", "future"
    if said is None and waits:
        return pgettext("letter of a day", "?"), f"{date_short(on)} {gettext('Not handed in')}", "future"
    return letter(said), f"{date_short(on)} {title(said)}", kind(said)


def strip(weeks: Iterable[SeenWeek], *, endpoint: str = "records.week") -> list[dict[str, Any]]:
    """The items of ``weeks_strip``: one column a week, leading to its record."""
    return [_column(week, endpoint) for week in weeks]


def _column(week: SeenWeek, endpoint: str) -> dict[str, Any]:
    title_, text, kinds = _of_status(week)
    return {
        "label": f"{week.week_start.month}/{week.week_start.day}",
        "title": f"{week_label(week.week_start)} {title_}",
        "kinds": kinds,
        "text": text,
        "url": to(endpoint, record_id=week.record_id) if week.record_id else "",
    }


def _of_status(week: SeenWeek) -> tuple[str, str, list[str]]:
    if week.status is None:
        return gettext("No record expected"), "", []
    if any(week.days):
        planned = [day for day in week.days if day not in (None, Attendance.NOT_PLANNED)]
        words = gettext("%(attended)s of %(planned)s days attended", attended=week.attended, planned=len(planned))
        kinds = [kind(day) for day in sorted(planned, key=_attended_first)]
        return words, f"{week.attended}/{len(planned)}", kinds
    if week.status is RecordStatus.EXPECTED and week.due_on and week.due_on < clock.today():
        return gettext("Overdue"), "!", ["missing"]
    return gettext(STATUSES[week.status]), "", []


def _attended_first(day: Attendance | None) -> int:
    return list(Attendance).index(day) if day else len(Attendance)


def status_tag(status: RecordStatus) -> tuple[str, str, str]:
    """Word, kind and icon of a week's tag."""
    return gettext(STATUSES[status]), *STATUS_KINDS[status]


def due(row: Any) -> Square | tuple[()]:
    """Word, kind and icon that say how a week stands to the day it is due; nothing when it has come in time."""
    if row.status in (RecordStatus.EXPECTED, RecordStatus.DRAFT):
        late = (clock.today() - row.due_on).days
        if late > 0:
            return ngettext("%(num)s day late", "%(num)s days late", late), "bad", "clock"
        return gettext("Due %(day)s", day=date_short(row.due_on)), "neutral", "clock"
    return (gettext("Came late"), "warn", "clock") if row.late else ()


def day_head(on: date) -> str:
    """23（月・祝）, or Mon 23."""
    return _day_head(on, is_english())


@lru_cache(maxsize=1024)
def _day_head(on: date, english: bool) -> str:
    if english:
        return f"{weekday(on)} {on.day}"
    rest = "・祝" if is_holiday(on) else ""
    return f"{on.day}（{weekday(on)}{rest}）"


@lru_cache(maxsize=1024)
def is_holiday(on: date) -> bool:
    """Whether a day is a national holiday."""
    try:
        return holiday_name(on) is not None
    except BeyondHolidays:
        return False


def is_rest_day(on: date) -> bool:
    """Whether offices rest: weekends and holidays."""
    return on.weekday() > 4 or is_holiday(on)


def hours(minutes: int | None) -> str:
    """2.5時間, or 2時間: for a cell of the grid."""
    if not minutes:
        return ""
    return str(pgettext("duration", "%(hours)s h", hours=f"{minutes / 60:.2f}".rstrip("0").rstrip(".")))


def when(entry: DayEntry) -> str:
    """10:00–12:00, or 1.5時間."""
    if entry.starts_at and entry.ends_at:
        dash = "–" if is_english() else "〜"
        return f"{entry.starts_at:%-H:%M}{dash}{entry.ends_at:%-H:%M}"
    return hours(entry.minutes)


def condition_word(condition: Condition) -> str:
    """The word for how somebody was."""
    return str(gettext(CONDITIONS[condition]))


def words() -> dict[str, Any]:
    """What templates of weeks may say."""
    return {
        "letter_of": letter,
        "kind_of": kind,
        "title_of": title,
        "attendance_legend": legend,
        "attendance_choices": attendance_choices,
        "status_tag": status_tag,
        "due_of": due,
        "day_head": day_head,
        "is_rest_day": is_rest_day,
        "hours_of": hours,
        "when": when,
        "condition_word": condition_word,
        "attendance_of": attendance_of,
    }
