"""Every day: expect the weekly records of everybody in support, up to the end of next week."""

from datetime import timedelta

from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.records import rules

NEXT_SUNDAY = timedelta(days=13)


def run() -> None:
    """Expect the weeks of one municipality; done again, it adds nothing."""
    rules.expect_weeks(week_start(clock.today()) + NEXT_SUNDAY)
