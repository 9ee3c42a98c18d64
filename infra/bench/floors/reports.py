"""A month's report as a program by hand: one connection, few statements, XlsxWriter and Typst asked directly.

Nothing here asks the product's code. Its tables, the file with the words of the figures and the template of the PDF
are data for both.
"""

import gc
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from infra.bench.floors.contents import JAPAN, About, Contents
from infra.bench.floors.counting import COUNT
from infra.bench.floors.definitions import NAME
from infra.bench.floors.paper import letters, press, printed
from infra.bench.floors.workbook import Workbook

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
OFFICE = """
SELECT m.name, p.runs_programme, w.text AS words,
       EXISTS (SELECT 1 FROM monthly_report WHERE tenant_id = %(t)s AND month = %(first)s AND is_current) AS is_there
FROM municipality m LEFT JOIN programme p ON p.tenant_id = m.id
LEFT JOIN report_office_words w ON w.tenant_id = m.id AND w.month = %(first)s
WHERE m.id = %(t)s
"""
BEFORE = """
SELECT f.key, f.dimension, f.label, f.value FROM monthly_report r
JOIN report_figure f ON f.tenant_id = %(t)s AND f.report_id = r.id
WHERE r.tenant_id = %(t)s AND r.month = %(before)s AND r.is_current ORDER BY f.position, f.dimension
"""
BEGIN = """
INSERT INTO monthly_report (tenant_id, id, month, edition, is_current, cut_off_at, definition_edition, content_hash,
  office_words, compiled_at)
VALUES (%(t)s, %(report)s, %(first)s, 1, false, %(now)s, %(definitions)s, '', %(words)s, %(now)s)
"""
FILES = """
INSERT INTO stored_file (tenant_id, id, sha256, size, content_type, filename, purpose, subject_id, kept_at)
VALUES (%(t)s, %(xlsx)s, %(xlsx_sha)s, %(xlsx_size)s,
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', %(name)s || '.xlsx', 'report', %(report)s,
        %(now)s),
       (%(t)s, %(pdf)s, %(pdf_sha)s, %(pdf_size)s, 'application/pdf', %(name)s || '.pdf', 'report', %(report)s, %(now)s)
"""
FINISH = """
UPDATE monthly_report SET content_hash = %(hash)s, xlsx_file_id = %(xlsx)s, pdf_file_id = %(pdf)s, is_current = true
WHERE tenant_id = %(t)s AND id = %(report)s
"""
JOURNAL = """
INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, changes, at, door)
VALUES (%(t)s, %(entry)s, 'monthly_report', %(report)s, 'compiled', %(changes)s, %(now)s, 'worker')
"""


@dataclass(slots=True)
class Reports:
    """The program: any number of municipalities, one month, as it is seen at one instant. ``files``: where they go."""

    connection: psycopg.Connection[Any]
    month: date
    now: datetime
    files: Path

    @classmethod
    def opened(cls, url: str, month: date, now: datetime, files: Path) -> "Reports":
        """Connect by the worker's door."""
        return cls(psycopg.connect(url, row_factory=namedtuple_row), month, now, files)

    def read_ahead(self) -> None:
        """Read now what all reports need."""
        letters()
        press()
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def compile(self, tenant_id: int) -> UUID:
        """Count, write both papers and put them away, in one transaction."""
        said = self._scope() | {"t": tenant_id, "report": uuid7(), "definitions": NAME}
        with self.connection.transaction():
            self.connection.execute(f"SET LOCAL ayumi.tenant_id = '{tenant_id}'")
            self._made(said)
        return UUID(str(said["report"]))

    def _scope(self) -> dict[str, Any]:
        """The days and instants that count."""
        first, today = self.month, self.now.astimezone(JAPAN).date()
        following = (first + timedelta(days=31)).replace(day=1)
        return {
            "first": first,
            "first_week": first - timedelta(days=first.weekday()),
            "last": min(following - timedelta(days=1), today),
            "before": (first - timedelta(days=1)).replace(day=1),
            "known_on": today,
            "since": datetime.combine(first, time(), JAPAN),
            "until": min(datetime.combine(following, time(), JAPAN), self.now),
            "now": self.now,
            "is_over": following <= today,
            "name": f"report-{first:%Y-%m}-edition-1",
        }

    def _made(self, said: dict[str, Any]) -> None:
        ask = self.connection.execute
        ask(LOCK, [f"monthly_report:{said['t']}:{said['first']:%Y-%m}"])
        office = ask(OFFICE, said).fetchone()
        if office is None or office.is_there:
            raise RuntimeError("compiled already")
        said["words"] = (office.words or "").strip() or None
        before = ask(BEFORE, said).fetchall()
        ask(BEGIN, said)
        figures = ask(COUNT, said).fetchall()
        said["hash"] = fingerprint(figures, said)
        about = About(
            office.name, office.runs_programme, said["words"], self.month, self.now, said["is_over"], said["hash"]
        )
        contents = Contents(figures, before)
        self._keep(said, "xlsx", Workbook(about, contents).written())
        self._keep(said, "pdf", printed(about, contents))
        ask(FILES, said)
        ask(FINISH, said)
        ask(JOURNAL, said | {"entry": uuid7(), "changes": Jsonb({"edition": [None, 1]})})

    def _keep(self, said: dict[str, Any], kind: str, data: bytes) -> None:
        """Put a file where it belongs, whole or not at all."""
        sha = hashlib.sha256(data).hexdigest()
        target = self.files / "t" / str(said["t"]) / sha[:2] / sha
        said |= {kind: uuid7(), f"{kind}_sha": sha, f"{kind}_size": len(data)}
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as half:
            half.write(data)
            half.flush()
            os.fsync(half.fileno())
        Path(half.name).replace(target)


def fingerprint(figures: Sequence[Any], said: dict[str, Any]) -> str:
    """The hash over all figures and the people behind them, and what is said beside."""
    rows = sorted([row.key, row.dimension, row.label, row.value, row.unit, row.people] for row in figures)
    about = json.dumps([NAME, said["is_over"], said["words"], rows], ensure_ascii=False)
    return hashlib.sha256(about.encode()).hexdigest()
