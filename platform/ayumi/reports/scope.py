"""Which time a report is about, and what was known when it was compiled."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Date, DateTime, Integer, Uuid, bindparam

from ayumi.japan.calendar import Month, week_start
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

    def filled_in(self, report_id: UUID) -> dict[str, Any]:
        """Return what takes the places of BLANK in a statement about this scope's report."""
        return {
            "scope_tenant_id": self.tenant_id,
            "scope_report_id": report_id,
            "scope_first": self.first,
            "scope_first_week": week_start(self.first),
            "scope_last": self.last,
            "scope_known_on": self.known_on,
            "scope_since": self.since,
            "scope_until": self.until,
        }


@dataclass(frozen=True, slots=True)
class Blank:
    """A scope as statements speak of it: of any municipality and month. It is filled in when a statement is sent, so
    that statements are put together once and not for each report.
    """

    tenant_id: BindParameter[int] = bindparam("scope_tenant_id", type_=Integer)
    report_id: BindParameter[UUID] = bindparam("scope_report_id", type_=Uuid)
    first: BindParameter[date] = bindparam("scope_first", type_=Date)
    first_week: BindParameter[date] = bindparam("scope_first_week", type_=Date)
    last: BindParameter[date] = bindparam("scope_last", type_=Date)
    known_on: BindParameter[date] = bindparam("scope_known_on", type_=Date)
    since: BindParameter[datetime] = bindparam("scope_since", type_=DateTime(timezone=True))
    until: BindParameter[datetime] = bindparam("scope_until", type_=DateTime(timezone=True))


BLANK: Final = Blank()
