"""The day on which the bench plays. It never changes, so that two runs measure the same rows."""

from datetime import UTC, date, datetime, timedelta

TODAY = date(2026, 7, 8)  # a Wednesday
NOW = datetime(2026, 7, 8, 1, 0, tzinfo=UTC)  # ten in the morning in Japan
THIS_WEEK = date(2026, 7, 6)
WEEK = timedelta(days=7)
YEARS_OF_WEEKS = 260
FIRST_WEEK = THIS_WEEK - (YEARS_OF_WEEKS - 1) * WEEK
FEES_MONTH = date(2026, 6, 1)  # of which some statements are handed in and some days not yet confirmed
REPORT_MONTH = date(2026, 5, 1)  # over, with everything in it
