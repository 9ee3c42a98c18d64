"""The report written by hand is the product's, byte for byte, also of a month that holds everything a report counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from ayumi.config import settings
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.reports import rules
from infra.bench.floors.reports import Reports
from infra.bench.work import REPORTS
from tests.reports.hand import MARCH, at
from tests.reports.march import Made, a_march
from tests.world import Town, inside, working

# Each begins with what the one before has left; April is not over when it is compiled.
MONTHS = ((MARCH, at(2026, 4, 12)), (MARCH.plus(1), at(2026, 4, 20)), (MARCH.plus(2), at(2026, 6, 2)))
WORDS = "𠮷田さんの店で体験が始まった。\n\n" + "＝雨の日が多く、欠席が続いた人もいる。" * 8


@pytest.fixture(scope="module")
def town(app: Flask) -> Made:
    """A town with a report of the month before, names that look like formulas, and words of its own."""
    made = a_march(app, mark="=<&'")
    with clock.at(MONTHS[0][1]), inside(app, made.head):
        rules.write_words(MARCH, text=WORDS, edition=None)
    with clock.at(MONTHS[0][1]), working(app, made.town):
        rules.compile(MARCH.previous)
    return made


@contextmanager
def by_hand(month: Month, now: datetime, files: Path) -> Iterator[Reports]:
    url = str(settings().database_url_worker).replace("postgresql+psycopg", "postgresql")
    program = Reports.opened(url, month.first, now, files)
    try:
        yield program
    finally:
        program.close()


def made(program: Reports, tenant_id: int, month: Month) -> list[Any]:
    """The hash of a month's figures and people, and those of both its papers."""
    with program.connection.transaction():
        program.connection.execute(f"SET LOCAL ayumi.tenant_id = '{tenant_id}'")
        return [row[2:] for row in program.connection.execute(REPORTS) if row[1] == month.first]


def test_by_hand_come_the_same_reports(app: Flask, town: Made, tmp_path: Path) -> None:
    for month, now in MONTHS:
        assert same_by_hand(app, town.town, month, now, tmp_path), month


def same_by_hand(app: Flask, town: Town, month: Month, now: datetime, files: Path) -> bool:
    """Compile a month by hand, take that back, and compile it as the product does."""
    with by_hand(month, now, files) as program:
        with program.connection.transaction(force_rollback=True):
            program.compile(town.tenant_id)
            floor = made(program, town.tenant_id, month)
        with clock.at(now), working(app, town):
            rules.compile(month)
        return len(floor) == 1 and floor == made(program, town.tenant_id, month)
