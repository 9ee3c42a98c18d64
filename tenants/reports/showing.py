"""What the pages of reports show: a report with its charts, what became of it, and how its editions differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import request
from flask_babel import lazy_gettext

from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.errors import NotFound
from ayumi.reports import labels, pictures, queries, reading, runs
from ayumi.reports.pictures import Picture
from ayumi.reports.reading import Difference, Reading, Table
from ayumi.reports.scope import Scope
from ayumi.web.formats import page_language
from ayumi.web.forms import TOKEN

HEADLINES = (
    ("people_in_support", ""),
    ("attendance_rate", "up"),
    ("records_missing", "down"),
    ("experience_days", ""),
    ("fees_approved", ""),
)
"""The figures on top, and which way is good."""

FIRST_WORDS = {"week": lazy_gettext("Week"), "menu": lazy_gettext("Menu"), "employer": lazy_gettext("Employer")}
"""What the first column of figures side by side is called."""


def words() -> dict[str, Any]:
    """Words and small rules every page of reports needs."""
    return {
        "language": page_language().code,
        "step_words": labels.STEPS,
        "run_words": labels.RUN_STATUSES,
        "run_kinds": labels.RUN_KINDS,
        "trouble_words": labels.TROUBLES,
        "remedy_words": labels.REMEDIES,
        "is_stalled": runs.is_stalled,
        "is_over": is_over,
        "new_token": uuid4,
        "headlines": HEADLINES,
        "first_words": FIRST_WORDS,
        "columns_of": columns_of,
    }


def columns_of(table: Table) -> list[str]:
    """Return the headings of figures side by side."""
    return [each.column.said(page_language().code) for each in table.definitions]


def month_of(text: str) -> Month:
    """Return the month an address names; there is no page for any other."""
    try:
        month = Month.parse(text)
    except ValueError:
        raise NotFound from None
    if not runs.FIRST_MONTH <= month <= Month.of(clock.today()):
        raise NotFound
    return month


def token() -> UUID:
    """Return the name of the compilation the form asks for: the same when it is sent twice."""
    try:
        return UUID(request.form.get(TOKEN, ""))
    except ValueError:
        return uuid4()


def is_over(report: Any) -> bool:
    """Tell whether the month had ended when its report was compiled."""
    return Scope(report.tenant_id, Month.of(report.month), report.cut_off_at).is_over


@dataclass(frozen=True, slots=True)
class Page:
    """A month's report as its page shows it. ``reading`` is None while there is none."""

    month: Month
    reading: Reading | None
    run: Any
    words: Any
    drawn: dict[str, Picture]
    substituted: str | None

    @property
    def is_going_on(self) -> bool:
        """Whether the month is the present one."""
        return self.month == Month.of(clock.today())

    @property
    def is_busy(self) -> bool:
        """Whether the report is being compiled just now."""
        return self.run is not None and self.run.status in runs.UNDER_WAY and not self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether a compilation began so long ago that it must have been lost."""
        return self.run is not None and runs.is_stalled(self.run.status, self.run.asked_at)

    @property
    def has_new_words(self) -> bool:
        """Whether the office's words are others now than those in the report."""
        said = (self.words.text.strip() if self.words else "") or None
        return self.reading is not None and self.reading.report.is_current and said != self.reading.report.office_words


def page(month: Month, report: Any) -> Page:
    """Put together what the page of a month shows."""
    found = reading.read(report) if report else None
    drawn = pictures.pictures(found, page_language().code) if found else []
    return Page(
        month,
        found,
        queries.last_run(month),
        queries.words(month),
        {each.name: each for each in drawn},
        queries.substituted(report.id) if report else None,
    )


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition, and what is another in it than in the one before."""

    report: Any
    differences: Sequence[Difference]
    has_other_words: bool
    is_first: bool
    is_first_over: bool = False


def editions(month: Month) -> list[Edition]:
    """Return the editions of a month, newest first, each compared with the one before."""
    reports = queries.editions(month)
    if not reports:
        raise NotFound
    found = queries.figures(*(each.id for each in reports))
    read = [Reading(each, found[each.id]) for each in reports]
    pairs = zip(read, [*read[1:], None], strict=True)
    return [_edition(later, earlier) for later, earlier in pairs]


def _edition(later: Reading, earlier: Reading | None) -> Edition:
    if earlier is None:
        return Edition(later.report, (), has_other_words=False, is_first=True)
    return Edition(
        later.report,
        reading.differences(later, earlier),
        has_other_words=later.report.office_words != earlier.report.office_words,
        is_first=False,
        is_first_over=is_over(later.report) and not is_over(earlier.report),
    )
