"""Which time a report is about, and what was known when it was compiled."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ayumi.japan.calendar import Month
from ayumi.kernel import clock


@dataclass(frozen=True, slots=True)
class Scope:
    """A municipality's month up to the instant of compiling."""

    tenant_id: int
    month: Month
    cut_off: datetime

    @property
    def first(self) -> date:
        """The first day that counts."""
        return self.month.first

    @property
    def last(self) -> date:
        """The last day that counts: the month's last, or the day of the cut-off while the month is going on."""
        return min(self.month.last, self.known_on)

    @property
    def known_on(self) -> date:
        """The Japanese day of the cut-off."""
        return clock.day_of(self.cut_off)

    @property
    def since(self) -> datetime:
        """The instant the month begins in Japan."""
        return datetime.combine(self.first, time(), clock.JAPAN)

    @property
    def until(self) -> datetime:
        """The instant the month ends in Japan, or the cut-off before that."""
        end = datetime.combine(self.month.last + timedelta(days=1), time(), clock.JAPAN)
        return min(end, self.cut_off)

    @property
    def is_over(self) -> bool:
        """Whether the month had ended at the cut-off."""
        return self.month.last < self.known_on
