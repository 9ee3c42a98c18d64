"""The month's fees by hand: statements beside last month's, their lines and days, and what no statement holds."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from infra.bench.floors.door import Reading, Row
from infra.bench.floors.people import SEEN

STATEMENTS = """
SELECT s.*, f.name AS firm_name, coalesce(q.days, 0) AS days,
       coalesce(s.submitted_by = %(me)s, false) OR EXISTS (
         SELECT 1 FROM membership m WHERE m.tenant_id = %(t)s AND m.id = s.submitted_by AND m.account_id = %(account)s
       ) AS is_own
FROM fee_statement s
LEFT JOIN firm f ON f.id = s.delivery_firm_id
LEFT JOIN LATERAL (SELECT sum(l.quantity) AS days FROM fee_line l WHERE l.tenant_id = %(t)s AND l.statement_id = s.id) q
  ON true
WHERE s.tenant_id = %(t)s AND s.status <> 'dropped'
  AND (s.month = ANY(%(months)s) OR s.status IN ('draft', 'submitted', 'returned'))
ORDER BY s.month, s.number
"""
LINES = f"""
SELECT l.id, l.statement_id, l.placement_id, l.nickname, l.quantity, l.unit_price, l.amount, l.status, d.held_on,
       s.status <> 'approved' AND (
         x.status <> 'confirmed' OR x.held_on <> d.held_on OR x.minutes <> d.minutes OR x.placement_id <> l.placement_id
         OR u.id IS DISTINCT FROM l.unit_price_id OR a.payer <> s.payer OR a.fee_kind <> s.fee_kind
         OR a.tax_treatment <> s.tax_treatment) AS outdated,
       p.family_name, p.given_name
FROM fee_line l
JOIN fee_statement s ON s.tenant_id = %(t)s AND s.id = l.statement_id
JOIN fee_line_day d ON d.tenant_id = %(t)s AND d.line_id = l.id
LEFT JOIN experience_day x ON x.tenant_id = %(t)s AND x.id = d.experience_day_id
LEFT JOIN employer_agreement a ON a.tenant_id = %(t)s AND a.employer_id = x.employer_id
  AND x.held_on BETWEEN a.starts_on AND a.ends_on
LEFT JOIN unit_price u ON u.tenant_id = %(t)s AND u.agreement_id = a.id AND u.status = 'approved'
  AND x.held_on BETWEEN u.valid_from AND u.valid_to
LEFT JOIN placement c ON c.tenant_id = %(t)s AND c.id = l.placement_id
LEFT JOIN participant p ON p.tenant_id = %(t)s AND p.id = c.participant_id AND {SEEN}
WHERE l.tenant_id = %(t)s AND l.statement_id = ANY(%(statements)s)
ORDER BY l.position, d.held_on
"""
LEFT_OUT = """
SELECT e.name AS employer_name, f.name AS firm_name, x.employer_id, x.delivery_firm_id,
       CASE WHEN x.status = 'recorded' THEN 'unconfirmed' WHEN x.status = 'disputed' THEN 'disputed'
            WHEN a.id IS NULL THEN 'no_agreement' WHEN a.fee_kind = 'none' OR u.yen = 0 THEN 'no_fee'
            WHEN u.id IS NULL THEN 'no_price' ELSE 'payable' END AS fate, count(*) AS days
FROM experience_day x
LEFT JOIN employer_agreement a ON a.tenant_id = %(t)s AND a.employer_id = x.employer_id
  AND x.held_on BETWEEN a.starts_on AND a.ends_on
LEFT JOIN unit_price u ON u.tenant_id = %(t)s AND u.agreement_id = a.id AND u.status = 'approved'
  AND x.held_on BETWEEN u.valid_from AND u.valid_to
JOIN employer e ON e.tenant_id = %(t)s AND e.id = x.employer_id
LEFT JOIN firm f ON f.id = x.delivery_firm_id
WHERE x.tenant_id = %(t)s AND x.status <> 'withdrawn' AND x.held_on <= %(last)s
  AND NOT EXISTS (SELECT 1 FROM fee_line_day d WHERE d.tenant_id = %(t)s AND d.experience_day_id = x.id AND d.sign = 1
                  AND d.released_at IS NULL)
GROUP BY 1, 2, 3, 4, 5
"""
TAKEN_BACK = """
SELECT s.employer_id, s.delivery_firm_id, count(*) AS days
FROM fee_line_day d
JOIN fee_line l ON l.tenant_id = %(t)s AND l.id = d.line_id
JOIN fee_statement s ON s.tenant_id = %(t)s AND s.id = l.statement_id
JOIN experience_day x ON x.tenant_id = %(t)s AND x.id = d.experience_day_id
WHERE d.tenant_id = %(t)s AND s.status = 'approved' AND d.sign = 1 AND d.released_at IS NULL
  AND (x.status <> 'confirmed' OR x.held_on <> d.held_on OR x.minutes <> d.minutes OR x.placement_id <> l.placement_id)
GROUP BY 1, 2
"""
FATES = {"payable": "確認済み", "unconfirmed": "事業所の確認待ち"}
ISSUED = ("approved", "submitted")
STATES = {"draft": "作成中", "submitted": "承認待ち", "returned": "差戻し", "approved": "承認済み"}


class Fees(Reading):
    """The page /t/.../approval/?month=..."""

    role, at = "section_head", "approval/"

    def page(self, who: Row, path: str, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        month = date.fromisoformat(f"{asked['month']}-01")
        before, after = (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)
        said: dict[str, Any] = {"t": who.tenant_id, "me": who.membership_id, "account": who.account_id}
        statements = self.rows(STATEMENTS, **said, months=[month, before])
        shown = [row for row in statements if row.month == month]
        lines = gathered(self.rows(LINES, **said, statements=[row.id for row in shown]))
        left = self.rows(LEFT_OUT, **said, last=after - timedelta(days=1))
        if self.rows(TAKEN_BACK, **said):
            raise RuntimeError("the rows of the bench hold no day that has to be taken back")
        of_months = {"month": month, "before": before, "after": after}
        return "fees.html", months(shown, statements, before, left) | of_months | {"lines": lines}


def gathered(rows: list[Row]) -> dict[Any, list[tuple[Row, list[int]]]]:
    """Return statement -> its lines, each with its days."""
    lines: dict[Any, tuple[Row, list[int]]] = {}
    for row in rows:
        lines.setdefault(row.id, (row, []))[1].append(row.held_on.day)
    found = defaultdict(list)
    for line in lines.values():
        found[line[0].statement_id].append(line)
    return found


def months(shown: list[Row], all_: list[Row], before: date, left: list[Row]) -> dict[str, Any]:
    """Return what the page says besides the lines."""
    earlier: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in all_:
        if row.month == before:
            days, total = earlier[row.employer_id, row.delivery_firm_id]
            earlier[row.employer_id, row.delivery_firm_id] = (days + row.days, total + row.total)
    have = {(row.employer_id, row.delivery_firm_id) for row in shown}
    without = [row for row in left if (row.employer_id, row.delivery_firm_id) not in have]
    order = sorted(shown, key=lambda row: (row.employer_name, row.firm_name or "", row.number))
    sums = {state: sum(row.total for row in shown if row.status == state) for state in STATES}
    return {
        "clean": [row for row in order if row.status == "submitted" and not row.is_own],
        "shown_days": sum(row.days for row in shown if row.status in ISSUED),
        "days_before_all": sum(
            earlier[key][0] for key in have | {(row.employer_id, row.delivery_firm_id) for row in left}
        ),
        "statements": [(row, *earlier[row.employer_id, row.delivery_firm_id]) for row in order],
        "without": sorted(without, key=lambda row: (row.employer_name, row.firm_name or "")),
        "sums": sums,
        "employers": len({row.employer_id for row in shown}),
        "fates": FATES,
        "states": STATES,
    }
