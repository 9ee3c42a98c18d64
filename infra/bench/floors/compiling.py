"""A month's statements by hand: all that may be paid is read once, grouped, and written with a statement a table."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb

from ayumi.kernel import ids
from infra.bench.calendar import NOW
from infra.bench.floors.door import Floor, Row
from infra.bench.floors.fees import TAKEN_BACK

OPEN = """
SELECT employer_id, status FROM fee_statement
WHERE tenant_id = %(t)s AND delivery_firm_id IS NULL AND status IN ('draft', 'submitted', 'returned')
"""
FREE = """
SELECT x.id, x.employer_id, e.name AS employer_name, x.placement_id, x.held_on, x.minutes, c.nickname, u.id AS price_id,
       u.yen, u.version, a.payer, a.fee_kind, a.tax_treatment,
       CASE WHEN a.tax_treatment IN ('included', 'added') THEN u.tax_rate_pct ELSE 0 END AS rate,
       (SELECT coalesce(max(s.number), 0) + 1 FROM fee_statement s WHERE s.tenant_id = %(t)s
        AND s.employer_id = x.employer_id AND s.month = %(month)s AND s.delivery_firm_id IS NULL) AS number
FROM experience_day x
JOIN employer e ON e.tenant_id = %(t)s AND e.id = x.employer_id
JOIN placement c ON c.tenant_id = %(t)s AND c.id = x.placement_id
JOIN employer_agreement a ON a.tenant_id = %(t)s AND a.employer_id = x.employer_id
  AND x.held_on BETWEEN a.starts_on AND a.ends_on
JOIN unit_price u ON u.tenant_id = %(t)s AND u.agreement_id = a.id AND u.status = 'approved'
  AND x.held_on BETWEEN u.valid_from AND u.valid_to
WHERE x.tenant_id = %(t)s AND x.delivery_firm_id IS NULL AND x.status = 'confirmed' AND x.held_on <= %(last)s
  AND x.employer_id <> ALL(%(open)s) AND a.fee_kind <> 'none' AND u.yen <> 0
  AND NOT EXISTS (SELECT 1 FROM fee_line_day d WHERE d.tenant_id = %(t)s AND d.experience_day_id = x.id AND d.sign = 1
                  AND d.released_at IS NULL)
ORDER BY x.employer_id, c.nickname, x.placement_id, x.held_on
"""
TERMS = ("payer", "fee_kind", "tax_treatment", "rate")
LINE = ("placement_id", "nickname", "price_id", "yen", "version")
COLUMNS = {
    "fee_statement":
        "tenant_id, id, employer_id, month, number, edition, status, payer, fee_kind, tax_treatment, tax_rate_pct,"
        " employer_name, net, tax_included, tax_added, total, compiled_by, compiled_at",
    "fee_line":
        "tenant_id, id, statement_id, position, kind, placement_id, nickname, quantity, unit_price_id, unit_price,"
        " price_version, amount, status",
    "fee_line_day": "tenant_id, id, line_id, experience_day_id, held_on, minutes, sign",
    "journal_entry":
        "tenant_id, id, subject, subject_id, action, status_after, at, door, membership_id, account_id, employer_id",
}  # fmt: skip
DUMPS = partial(json.dumps, default=str)
Made = tuple[str, dict[str, Any]]  # table, row


class Compile(Floor):
    """POST /t/.../fees/compile-all where no draft lies about and nothing has to be taken back."""

    role = "employment_support_worker"

    def answer(self, who: Row, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
        form = self.form(environ)
        count = self.compile(who, date.fromisoformat(f"{form['month']}-01"), UUID(form["_token"]))
        said = f"集計書を作りました：{count}件。作り直した下書き：0件。"
        cookie = self.cookies.dumps({"_flashes": [("good", said)]})
        way = f"/t/{who.slug}/fees/?month={form['month']}"
        return "302 Found", [("Location", way), ("Set-Cookie", f"ayumi={cookie}")], ""

    def compile(self, who: Row, month: date, token: UUID) -> int:
        """Compile what every employer has to be paid; return how many statements that made."""
        said: dict[str, Any] = {"t": who.tenant_id, "month": month}
        said["last"] = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        there = self.rows(OPEN, **said)
        if self.rows(TAKEN_BACK, **said) or any(row.status != "submitted" for row in there):
            raise RuntimeError("this is written for a month without drafts and without days to be taken back")
        days = self.rows(FREE, **said, open=[row.employer_id for row in there])
        made: dict[str, list[dict[str, Any]]] = {table: [] for table in COLUMNS}
        for _employer, free in groupby(days, key=lambda row: row.employer_id):
            for table, row in statement(who, month, token, list(free)):
                made[table].append(row)
        for table, rows in made.items():
            self.connection.execute(written(table), [Jsonb(rows, dumps=DUMPS)])
        return len(made["fee_statement"])


def written(table: str) -> str:
    """The statement that writes any number of rows."""
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)"


def statement(who: Row, month: date, token: UUID, free: list[Row]) -> Iterator[Made]:
    """Yield the rows of one employer's statement: the days under the terms of the first of them."""
    terms = of(min(free, key=lambda row: row.held_on), TERMS)
    days = [row for row in free if of(row, TERMS) == terms]
    first, id = days[0], uuid5(token, str(days[0].employer_id))
    net = sum(row.yen for row in days)
    contained = net * first.rate // (100 + first.rate) if first.tax_treatment == "included" else 0
    on_top = net * first.rate // 100 if first.tax_treatment == "added" else 0
    yield "fee_statement", {
        "tenant_id": who.tenant_id, "id": id, "employer_id": first.employer_id, "month": month, "number": first.number,
        "edition": 0, "status": "draft", "payer": first.payer, "fee_kind": first.fee_kind,
        "tax_treatment": first.tax_treatment, "tax_rate_pct": first.rate, "employer_name": first.employer_name,
        "net": net, "tax_included": contained, "tax_added": on_top, "total": net + on_top,
        "compiled_by": who.membership_id, "compiled_at": NOW,
    }  # fmt: skip
    yield "journal_entry", {
        "tenant_id": who.tenant_id, "id": ids.new(), "subject": "fee_statement", "subject_id": id,
        "action": "compiled", "status_after": "draft", "at": NOW, "door": "staff", "membership_id": who.membership_id,
        "account_id": who.account_id, "employer_id": first.employer_id,
    }  # fmt: skip
    yield from lines(who.tenant_id, id, days)


def lines(tenant_id: int, statement_id: UUID, days: list[Row]) -> Iterator[Made]:
    """Yield a line for each placement and price, with its days."""
    parts: dict[tuple[Any, ...], list[Row]] = {}
    for day in days:
        parts.setdefault(of(day, LINE), []).append(day)
    for position, part in enumerate(parts.values(), 1):
        first, id = part[0], ids.new()
        yield "fee_line", {
            "tenant_id": tenant_id, "id": id, "statement_id": statement_id, "position": position, "kind": "days",
            "placement_id": first.placement_id, "nickname": first.nickname, "quantity": len(part),
            "unit_price_id": first.price_id, "unit_price": first.yen, "price_version": first.version,
            "amount": len(part) * first.yen, "status": "open",
        }  # fmt: skip
        for day in part:
            yield "fee_line_day", {
                "tenant_id": tenant_id, "id": ids.new(), "line_id": id, "experience_day_id": day.id,
                "held_on": day.held_on, "minutes": day.minutes, "sign": 1,
            }  # fmt: skip


def of(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Some columns of a row."""
    return tuple(getattr(row, name) for name in names)
