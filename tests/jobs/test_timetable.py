"""The timetable serves each moment once, in Japanese time, however many of it run."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise
from jobs import timetable
from jobs.timetable import Entry
from tests.world import a_town, working

NOVEMBER = datetime(2031, 11, 1, 1, 0, tzinfo=UTC)  # 10:00 on the first, in Japan


def test_the_first_of_the_month_asks_for_the_month_that_has_ended(app: Flask) -> None:
    town = a_town(app)
    with app.app_context():
        timetable.tick(NOVEMBER)
        assert timetable.tick(NOVEMBER) == 0
    with working(app, town):
        made = {row.kind: row.arguments for row in db.session.scalars(select(Promise))}
    assert made["monthly_report"] == {"month": "2031-10"}
    assert made["confirmation_links"] == {"month": "2031-10"}
    assert made["expected_weeks"] == {}


def test_a_moment_is_told_in_japanese_time() -> None:
    entry = Entry("x", 9, 0, day=1)
    assert entry.last(datetime(2031, 10, 31, 23, 59, tzinfo=UTC)).isoformat() == "2031-10-01T09:00:00+09:00"
    assert entry.last(datetime(2031, 11, 1, 0, 0, tzinfo=UTC)).isoformat() == "2031-11-01T09:00:00+09:00"


def test_an_hourly_line_has_a_moment_in_every_hour() -> None:
    entry = Entry("x", None, 5)
    assert entry.last(datetime(2031, 10, 31, 15, 4, tzinfo=UTC)).isoformat() == "2031-10-31T23:05:00+09:00"
    assert entry.last(datetime(2031, 10, 31, 15, 5, tzinfo=UTC)).isoformat() == "2031-11-01T00:05:00+09:00"


def test_every_hour_asks_once_for_the_signature_of_the_journal(app: Flask) -> None:
    town = a_town(app)
    with app.app_context():
        for minute in (5, 6, 59, 64, 65, 70):
            timetable.tick(datetime(2032, 1, 2, 3, 0, tzinfo=UTC) + timedelta(minutes=minute))
    with working(app, town):
        asked = db.session.scalars(select(Promise.dedupe_key).where(Promise.kind == "signed_heads")).all()
    assert asked == ["signed_heads:2032-01-02T12:05:00+09:00", "signed_heads:2032-01-02T13:05:00+09:00"]
