"""A month as a form: one line a day, ticked where somebody was there, with times as usual."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext

from ayumi.japan.calendar import Month, week_days
from ayumi.kernel import clock
from ayumi.kernel.errors import Invalid
from ayumi.placements import days, queries
from ayumi.placements.days import Worked
from ayumi.placements.model import DayStatus, Placement
from ayumi.placements.schemas import TimesInput, minutes_between, rest_of
from ayumi.web.forms import shown

PARTS = ("starts_at", "ends_at", "rest")


@dataclass(slots=True)
class Line:
    """One day, or a run of days that cannot be ticked for one reason (``why_not``). ``known``: what is recorded."""

    on: date
    until: date
    known: Any = None
    why_not: str = ""
    is_ticked: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


class MonthForm:
    """The days of a month of one placement."""

    def __init__(self, placement: Placement, month: Month) -> None:
        self.placement = placement
        self.month = month
        self.general: list[str] = []
        starts_at, ends_at, minutes = days.usual_times(placement)
        self.usual = {"starts_at": starts_at, "ends_at": ends_at, "rest": rest_of(starts_at, ends_at, minutes)}
        self.lines = self._lines()

    @property
    def status(self) -> int:
        """The status of a page that shows this form."""
        return 422 if self.general or any(line.errors for line in self.lines) else 200

    @property
    def ticked(self) -> int:
        """How many days were ticked."""
        return sum(line.is_ticked for line in self.lines)

    @property
    def open_lines(self) -> list[Line]:
        """The lines that can be ticked."""
        return [line for line in self.lines if line.known is None and not line.why_not]

    @property
    def shown_lines(self) -> list[Line]:
        """The lines with runs of days that cannot be ticked drawn together."""
        found: list[Line] = []
        for line in self.lines:
            if found and line.known is None and line.why_not and found[-1].why_not == line.why_not:
                found[-1] = replace(found[-1], until=line.on)
            else:
                found.append(line)
        return found

    @property
    def one_week(self) -> tuple[date, ...]:
        """Seven days from a Monday, for the names of weekdays."""
        return week_days(self.month.first)

    @property
    def weekdays(self) -> set[int]:
        """The weekdays the address asks to be ticked at once."""
        return {int(each) for each in request.args.getlist("weekday") if each in "0123456" and each}

    def data(self) -> list[Worked] | None:
        """Return the ticked days that are new, or None when nothing was sent or something does not fit.

        A form sent twice ticks days that are recorded by then: that is not wrong, and nothing is left to do.
        """
        if request.method != "POST":
            return None
        ticked = set(request.form.getlist("day"))
        for line in self.lines:
            line.is_ticked = line.on.isoformat() in ticked
        worked = [self._read(line) for line in self.open_lines if line.is_ticked]
        if not any(line.is_ticked for line in self.lines):
            self.general.append(gettext("Please tick at least one day."))
        return None if self.status != 200 else [each for each in worked if each]

    def refuse(self, error: Invalid) -> None:
        """Show what a rule refuses."""
        sentences = [text for texts in error.fields.values() for text in texts] or [error.sentence]
        self.general += [gettext(text, **error.params) for text in sentences]

    def _read(self, line: Line) -> Worked | None:
        typed = {part: request.form.get(f"{line.on.isoformat()}.{part}", "") for part in PARTS}
        line.values = typed
        messages = TimesInput().validate(typed)
        if messages:
            line.errors = {name: [gettext(text) for text in texts] for name, texts in messages.items()}
            return None
        said = TimesInput().load(typed)
        minutes = minutes_between(said["starts_at"], said["ends_at"]) - said["rest"]
        return Worked(line.on, said["starts_at"], said["ends_at"], minutes)

    def _lines(self) -> list[Line]:
        first, last = self.month.first, self.month.last
        rows = queries.days_of(self.placement.id, first, last)
        known = {row.held_on: row for row in rows if row.status is not DayStatus.WITHDRAWN}
        elsewhere = queries.days_elsewhere(self.placement, first, last)
        usual = {name: shown(value) for name, value in self.usual.items()}
        return [
            Line(
                on,
                on,
                known.get(on),
                self._why_not(on, elsewhere),
                is_ticked=on.weekday() in self.weekdays,
                values=dict(usual),
            )
            for on in self.month.days()
        ]

    def _why_not(self, on: date, elsewhere: set[date]) -> str:
        said = ""
        if on > clock.today():
            said = gettext("has not come yet")
        elif not self.placement.starts_on <= on <= self.placement.ends_on:
            said = gettext("outside the period")
        elif on in elsewhere:
            said = gettext("recorded through another placement here")
        return said
