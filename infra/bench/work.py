"""Jobs to be measured: the month's report of one municipality, and a list of ten thousand people."""

from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from ayumi.japan.calendar import Month
from ayumi.kernel.db import db, enter, leave
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import imports
from ayumi.reports import rules as reports
from infra.bench import compare, place
from infra.bench.calendar import NOW, REPORT_MONTH
from infra.bench.floors import imports as floor_imports
from infra.bench.floors.reports import Reports
from infra.bench.generate.lists import people
from infra.bench.generate.town import CASEWORKERS
from infra.bench.measure import Side
from infra.bench.rows import Rows
from infra.bench.scenes import TENANT, Scene, Stage, id_of

MONTH = Month.of(REPORT_MONTH)
IMPORT = UUID("01990000-0000-7000-8000-000000000002")
LISTED = 10_000
# The hash of a report is over all its figures and the people behind them, those of its papers over their bytes.
REPORTS = """
SELECT r.tenant_id, r.month, r.content_hash, x.sha256 AS xlsx, p.sha256 AS pdf FROM monthly_report r
JOIN stored_file x ON x.tenant_id = r.tenant_id AND x.id = r.xlsx_file_id
JOIN stored_file p ON p.tenant_id = r.tenant_id AND p.id = r.pdf_file_id
WHERE r.is_current ORDER BY r.tenant_id, r.month
"""


def compile_report(app: Flask, tenant_id: int, month: Month) -> None:
    """Compile a report as the worker does, with both papers."""
    with app.app_context():
        enter(Place(Door.WORKER, tenant_id=tenant_id))
        try:
            reports.compile(month)
            db.session.commit()
        finally:
            leave()


def forget_reports(connection: psycopg.Connection[Any], condition: str = "true") -> None:
    """Take every compiled report back, and its files: who finds them there has less to do."""
    kept = f"SELECT tenant_id, sha256 FROM stored_file WHERE purpose = 'report' AND {condition}"
    for tenant_id, sha in connection.execute(kept.encode()):
        (place.FILES / "t" / str(tenant_id) / sha[:2] / sha).unlink(missing_ok=True)
    Rows(connection, undo_reports(condition)).undo()


def undo_reports(condition: str) -> list[tuple[str, list[object]]]:
    """The statements that take reports back."""
    tables = ("report_figure_person", "report_figure", "monthly_report")
    return [
        *((f"DELETE FROM {table} WHERE {condition}", list[object]()) for table in tables),
        (f"DELETE FROM stored_file WHERE purpose = 'report' AND {condition}", []),
        (f"DELETE FROM journal_entry WHERE subject = 'monthly_report' AND {condition}", []),
    ]


def monthly_report(stage: Stage) -> Scene:
    """The month's report of the measured municipality: figures, people behind them, workbook and PDF."""
    ours = f"tenant_id = {TENANT}"
    undo = partial(forget_reports, stage.connection, ours)
    undo()
    url = stage.server.url(Door.WORKER.role, stage.database)
    by_hand = Reports.opened(url, REPORT_MONTH, NOW, place.FILES)
    stage.floors.append(by_hand)
    product, floor = partial(compile_report, stage.app, TENANT, MONTH), partial(by_hand.compile, TENANT)
    left = tuple((table, ours) for table in ("report_figure", "report_figure_person", "monthly_report"))
    files_of = ("stored_file", f"purpose = 'report' AND {ours}")  # byte for byte: it holds the hash of each
    rows = Rows(stage.connection, [])

    def after(do: Any) -> Any:
        do()
        found = rows.left(*left, files_of)
        undo()
        return found

    def check() -> int:
        return compare.same_rows(after(product), after(floor))

    sides = (Side("product", product, stage.clock, undo), Side("floor", floor, stage.clock, undo))
    return Scene("monthly_report", *sides, check)


# What an earlier run has left of the list that is taken over.
BEFORE_LIST = [
    ("DELETE FROM participant_import WHERE tenant_id = %s AND id = %s", [TENANT, IMPORT]),
    ("DELETE FROM stored_file WHERE tenant_id = %s AND subject_id = %s", [TENANT, IMPORT]),
]


def import_people(stage: Stage, count: int = LISTED) -> Scene:
    """A list of people checked and taken over."""
    data, me = people(count), id_of("membership", CASEWORKERS[0])
    Rows(stage.connection, BEFORE_LIST).undo()
    with stage.app.app_context():
        enter(Place(Door.STAFF, tenant_id=TENANT, membership_id=me))
        made = imports.upload(id=IMPORT, data=data, filename="people.csv")
        waiting = made.status.value
        db.session.commit()
        leave()
    listed = f"tenant_id = {TENANT} AND case_number LIKE 'L-%'"
    noted = f"tenant_id = {TENANT} AND (action = 'imported' OR subject_id = '{IMPORT}')"
    rows = Rows(
        stage.connection,
        [
            (f"DELETE FROM journal_entry WHERE {noted} AND action <> 'uploaded'", []),
            (f"DELETE FROM participant WHERE {listed}", []),
            ("UPDATE participant_import SET status = %s, rows_done = 0, created = 0, ended_at = NULL WHERE id = %s",
             [waiting, IMPORT]),
            # or the workers of another measure would keep it
            ("DELETE FROM outbox WHERE tenant_id = %s AND kind = 'participant_import'", [TENANT]),
        ],
    )  # fmt: skip
    rows.undo()
    connection = psycopg.connect(stage.server.url(Door.WORKER.role, stage.database))
    stage.floors.append(connection)

    def product() -> None:
        with stage.app.app_context():
            enter(Place(Door.WORKER, tenant_id=TENANT))
            imports.work(IMPORT)
            db.session.commit()
            leave()

    def floor() -> None:
        floor_imports.apply(connection, TENANT, me, IMPORT, place.FILES)

    def after(do: Any) -> Any:
        do()
        found = rows.left(("participant", listed), ("journal_entry", f"{noted} AND action = 'imported'"))
        rows.undo()
        return found

    def check() -> int:
        return compare.same_rows(after(product), after(floor))

    sides = (Side("product", product, stage.clock, rows.undo), Side("floor", floor, stage.clock, rows.undo))
    return Scene("import_10k_people", *sides, check)
