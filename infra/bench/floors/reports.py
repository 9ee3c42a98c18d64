"""A month's report as a program by hand: statements as text, sent by psycopg, and the papers made from their rows.

The statements of the figures are the product's own, written out once: the floor has no query builder, no sessions, no
objects. Workbook and PDF are laid out by the same templates on both sides.
"""

import hashlib
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb

from ayumi.japan.calendar import Month
from ayumi.kernel import ids
from ayumi.kernel.files.store import store
from ayumi.reports import definitions, paper, spreadsheet
from ayumi.reports.queries import Office
from ayumi.reports.reading import Reading
from infra.bench.calendar import NOW
from infra.bench.floors.statements import REPORT, TENANT, Statement

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
CURRENT = "SELECT id, edition, content_hash FROM monthly_report WHERE tenant_id = %s AND month = %s AND is_current"
WORDS = "SELECT text FROM report_office_words WHERE tenant_id = %s AND month = %s"
BEFORE = """
SELECT f.key, f.dimension, f.label, f.value, f.id FROM monthly_report r JOIN report_figure f
  ON f.tenant_id = r.tenant_id AND f.report_id = r.id
WHERE r.tenant_id = %s AND r.month = %s AND r.is_current ORDER BY f.position
"""
OFFICE = """
SELECT m.name, p.runs_programme FROM municipality m LEFT JOIN programme p ON p.tenant_id = m.id WHERE m.id = %s
"""
BEGIN = """
INSERT INTO monthly_report (tenant_id, id, month, edition, is_current, cut_off_at, definition_edition, content_hash,
  compiled_at) VALUES (%(t)s, %(id)s, %(month)s, %(edition)s, false, %(now)s, %(definitions)s, '', %(now)s)
"""
FIGURES = """
SELECT key, dimension, label, value, id FROM report_figure WHERE tenant_id = %s AND report_id = %s ORDER BY position
"""
BEHIND = """
SELECT f.key, f.dimension, f.label, f.value, f.unit,
       md5(string_agg(p.participant_id || ':' || p.count, ',' ORDER BY p.participant_id))
FROM report_figure f LEFT JOIN report_figure_person p ON p.tenant_id = f.tenant_id AND p.figure_id = f.id
WHERE f.tenant_id = %s AND f.report_id = %s GROUP BY f.key, f.dimension, f.label, f.value, f.unit
"""
FILE = """
INSERT INTO stored_file (tenant_id, id, sha256, size, content_type, filename, purpose, subject_id, kept_at)
VALUES (%(t)s, %(file)s, %(sha)s, %(size)s, %(type)s, %(name)s, 'report', %(id)s, %(now)s)
"""
FINISH = """
UPDATE monthly_report SET content_hash = %(hash)s, xlsx_file_id = %(xlsx)s, pdf_file_id = %(pdf)s, is_current = true
WHERE tenant_id = %(t)s AND id = %(id)s
"""
JOURNAL = """
INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, changes, at, door)
VALUES (%(t)s, %(entry)s, 'monthly_report', %(id)s, 'compiled', %(changes)s, %(now)s, 'worker')
"""
KINDS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "pdf": ("application/pdf", ".pdf"),
}


@dataclass(slots=True)
class Reports:
    """The program: one connection, any number of municipalities."""

    connection: psycopg.Connection[Any]
    statements: list[Statement]
    month: Month

    @classmethod
    def opened(cls, url: str, statements: list[Statement], month: Month) -> "Reports":
        """Connect by the worker's door."""
        return cls(psycopg.connect(url, row_factory=namedtuple_row), statements, month)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def compile(self, tenant_id: int) -> UUID:
        """Count, write both papers and put them away, in one transaction."""
        with self.connection.transaction():
            self.connection.execute(f"SET LOCAL ayumi.tenant_id = '{tenant_id}'")
            self.connection.execute(LOCK, [f"monthly_report:{tenant_id}:{self.month}"])
            if self.connection.execute(CURRENT, [tenant_id, self.month.first]).fetchone():
                raise RuntimeError("compiled already")
            self.connection.execute(WORDS, [tenant_id, self.month.first]).fetchone()
            return self._made(tenant_id)

    def _made(self, tenant_id: int) -> UUID:
        name, id = definitions.CURRENT, ids.new()
        said = {"t": tenant_id, "id": id, "month": self.month.first, "edition": 1, "now": NOW, "definitions": name}
        self.connection.execute(BEGIN, said)
        for statement, values in self.statements:
            given = {key: said["t"] if value is TENANT else id if value is REPORT else value for key, value in values}
            self.connection.execute(statement, given)
        rows = sorted(list(row) for row in self.connection.execute(BEHIND, [tenant_id, id]))
        about = json.dumps([name, True, None, *rows], ensure_ascii=False)
        said["hash"] = hashlib.sha256(about.encode()).hexdigest()
        said |= self._papers(tenant_id, said)
        self.connection.execute(FINISH, said)
        self.connection.execute(JOURNAL, said | {"entry": ids.new(), "changes": Jsonb({"edition": [None, 1]})})
        return id

    def _papers(self, tenant_id: int, said: dict[str, Any]) -> dict[str, UUID]:
        figures = self.connection.execute(FIGURES, [tenant_id, said["id"]]).fetchall()
        before = self.connection.execute(BEFORE, [tenant_id, self.month.previous.first]).fetchall()
        office = Office(*self.connection.execute(OFFICE, [tenant_id]).fetchone())  # type: ignore[misc]
        report: Any = SimpleNamespace(
            month=self.month.first, edition=1, content_hash=said["hash"], compiled_at=NOW, cut_off_at=NOW,
            definition_edition=definitions.CURRENT, office_words=None,
        )  # fmt: skip
        earlier = Reading(report, before) if before else None
        reading = Reading(report, figures, earlier)
        made = {
            "xlsx": spreadsheet.written(reading, office, is_over=True),
            "pdf": paper.printed(reading, office, is_over=True)[0],
        }
        return {kind: self._keep(said, kind, data) for kind, data in made.items()}

    def _keep(self, said: dict[str, Any], kind: str, data: bytes) -> UUID:
        (type_, suffix), sha, file = KINDS[kind], hashlib.sha256(data).hexdigest(), ids.new()
        store().put(f"t/{said['t']}/{sha}", data, type_)
        name = f"report-{self.month}-edition-1{suffix}"
        about = {"file": file, "sha": sha, "size": len(data), "type": type_, "name": name}
        self.connection.execute(FILE, said | about)
        return file
