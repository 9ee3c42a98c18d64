"""Compiles one municipality's report of a month: asked for by somebody, by the timetable or by an operator."""

from uuid import UUID

from ayumi.japan.calendar import Month
from ayumi.kernel.db import db
from ayumi.kernel.errors import AyumiError
from ayumi.reports import rules, runs
from jobs.apart import apart


def run(*, month: str, run_id: str | None = None) -> None:
    """Compile the report of ``month`` (YYYY-MM); how far it is, and why it failed, is told apart from the work."""
    wanted = Month.parse(month)
    with apart():
        begun = runs.start(wanted, UUID(run_id) if run_id else None)
        id = begun.id if begun else None
    if id is None:
        return
    telling = runs.Telling(id)
    try:
        made = rules.compile(wanted, tell=telling)
        runs.finish(id, report_id=made.report.id, changed=made.changed, substituted=made.substituted)
    except Exception as error:
        db.session.rollback()
        with apart():
            runs.fail(id, error, telling.step)
        if not isinstance(error, AyumiError):  # what a rule refuses, it will refuse again
            raise
