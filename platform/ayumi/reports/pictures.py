"""The three charts of a report: people by status, attendance by week, days of experience by employer."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from ayumi.papers.pictures import Point, Row, bar_chart, stacked_chart
from ayumi.reports.definitions import Wording
from ayumi.reports.reading import Entry, Reading

STANDING: Final = ("candidate", "active", "paused")
MOST_BARS: Final = 12
RESULTS: Final = ("attendance_attended_by_week", "attendance_absent_notified_by_week", "attendance_absent_by_week")
DAYS: Final = ("experience_days_by_employer", "experience_open_days_by_employer")
# Taking part is blue, absence steps back from it: grey with notice, amber without.
RESULT_COLOURS: Final = ("#0017c1", "#8c8c8c", "#c74700")
DAYS_COLOURS: Final = ("#0017c1", "#8c8c8c")

NOTHING: Final = Wording("この月の数字はありません", "Nothing to show for this month")
STATUS: Final = Wording("状態別の人数（月末）", "People by status at month's end")
ATTENDANCE: Final = Wording("週ごとの出席", "Attendance by week")
EXPERIENCE: Final = Wording("事業所別の体験日数", "Days of work experience by employer")
STATUS_NOTE: Final = Wording("支援を終えた人は図に含めていません。", "People whose support has ended are not drawn.")
OTHERS: Final = Wording("ほか%d事業所", "%d more employers")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, its title, and in words what it shows."""

    name: str
    title: str
    description: str
    svg: Markup
    note: str = ""


def pictures(reading: Reading, language: str = "ja", *, standalone: bool = False) -> list[Picture]:
    """Draw the three charts; ``standalone`` for print, with letters of their own."""
    return [
        _status(reading, language, standalone),
        _stacked(reading, language, standalone, "attendance", ATTENDANCE, RESULTS, RESULT_COLOURS),
        _stacked(reading, language, standalone, "experience", EXPERIENCE, DAYS, DAYS_COLOURS),
    ]


def _status(reading: Reading, language: str, standalone: bool) -> Picture:
    entries = [reading.one("people_by_status", word) for word in STANDING]
    points = [Point(each.name(language), each.value or 0) for each in entries]
    title, unit = STATUS.said(language), entries[0].unit(language)
    described = "、".join(f"{point.label} {point.value}{unit}" for point in points)
    svg = bar_chart(title, points, desc=described, unit=unit, nothing=NOTHING.said(language), standalone=standalone)
    return Picture("people", title, described, svg, STATUS_NOTE.said(language))


def _stacked(
    reading: Reading,
    language: str,
    standalone: bool,
    name: str,
    title: Wording,
    keys: tuple[str, ...],
    colours: tuple[str, ...],
) -> Picture:
    table = reading.table(*(reading.definitions.figures[key] for key in keys))
    rows = _at_most([_row(each, language) for each in table.rows], language)
    series = [each.column.said(language) for each in table.definitions]
    described = "。".join(_said(row, series) for row in rows)
    svg = stacked_chart(
        title.said(language),
        rows,
        series,
        desc=described,
        unit=reading.one(keys[0]).unit(language),
        nothing=NOTHING.said(language),
        standalone=standalone,
        colours=colours,
    )
    return Picture(name, title.said(language), described or NOTHING.said(language), svg)


def _row(entries: tuple[Entry, ...], language: str) -> Row:
    return Row(entries[0].name(language), [each.value or 0 for each in entries])


def _at_most(rows: list[Row], language: str) -> list[Row]:
    """The longest bars, in their order; what is beyond them in one bar together."""
    if len(rows) <= MOST_BARS:
        return rows
    kept = set(sorted(range(len(rows)), key=lambda place: -sum(rows[place].values))[: MOST_BARS - 1])
    rest = [row for place, row in enumerate(rows) if place not in kept]
    together = [sum(values) for values in zip(*(row.values for row in rest), strict=True)]
    shown = [row for place, row in enumerate(rows) if place in kept]
    return [*shown, Row(OTHERS.said(language) % len(rest), together)]


def _said(row: Row, series: list[str]) -> str:
    parts = "、".join(f"{name}{value}" for name, value in zip(series, row.values, strict=True))
    return f"{row.label} {parts}"
