"""Everyone's week by hand: thirty people, seven days each, every cell with its two lists."""

import hashlib
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from infra.bench.calendar import TODAY, WEEK
from infra.bench.floors.door import Reading, Row
from infra.bench.floors.people import MARKS, SEEN, WEEKDAYS

ROWS = 30
WEEKS = f"""
SELECT w.id, w.participant_id, w.status, p.family_name, p.given_name,
       EXISTS (SELECT 1 FROM record_version v WHERE v.tenant_id = %(t)s AND v.weekly_record_id = w.id
               AND v.submitted_at IS NULL) AS begun,
       count(*) OVER () AS total
FROM weekly_record w JOIN participant p ON p.tenant_id = %(t)s AND p.id = w.participant_id
WHERE {SEEN} AND (w.delivery_firm_id IS NULL OR w.delivery_firm_id IS DISTINCT FROM w.firm_id)
  AND w.week_start = %(monday)s AND w.tenant_id = %(t)s
ORDER BY p.kana_key, w.id LIMIT {ROWS}
"""
CONTENTS = """
SELECT w.participant_id, v.version, v.summary, v.request_to_caseworker, d.held_on, d.menu_id, d.place,
       to_char(d.starts_at, 'HH24:MI') AS starts, to_char(d.ends_at, 'HH24:MI') AS ends, d.minutes, d.attendance,
       d.absence_reason, d.condition, d.observation, d.position, d.placement_id
FROM weekly_record w
JOIN record_version v ON v.tenant_id = %(t)s AND v.weekly_record_id = w.id
LEFT JOIN record_day d ON d.tenant_id = %(t)s AND d.record_version_id = v.id
WHERE w.tenant_id = %(t)s AND w.participant_id = ANY(%(people)s) AND w.week_start = %(monday)s
  AND (v.is_current OR v.submitted_at IS NULL)
ORDER BY v.version, d.held_on, d.position
"""
MENUS = "SELECT id, name, status FROM menu WHERE tenant_id = %(t)s ORDER BY tier = 'work', tier = 'social', position"
ATTENDANCES = (
    ("attended", "attended", "出 参加"), ("absent_notified", "notice", "届 連絡して欠席"),
    ("absent", "absent", "欠 連絡なく欠席"), ("not_planned", "off", "休 予定なし"),
)  # fmt: skip


class Grid(Reading):
    """The page /t/.../records/weeks/<monday>?who=all."""

    role, at = "employment_support_worker", "records/"

    def page(self, who: Row, path: str, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        monday = date.fromisoformat(path.rpartition("/")[2])
        weeks = self.rows(WEEKS, t=who.tenant_id, me=who.membership_id, monday=monday)
        said = self.rows(CONTENTS, t=who.tenant_id, people=[row.participant_id for row in weeks], monday=monday)
        days = [monday + timedelta(days=each) for each in range(7)]
        return "grid.html", {
            "weeks": [(row, *week([one for one in said if one[0] == row.participant_id], days)) for row in weeks],
            "days": [(on, f"{on.day}（{WEEKDAYS[on.weekday()]}）") for on in days],
            "menus": self.rows(MENUS, t=who.tenant_id),
            "attendances": ATTENDANCES,
            "marks": MARKS.values(),
            "monday": monday,
            "before": monday - WEEK,
            "after": monday + WEEK,
            "label": f"{monday.month}/{monday.day}（月）〜{days[-1].month}/{days[-1].day}（日）",
            "today": TODAY,
            "total": weeks[0].total if weeks else 0,
            "per_page": ROWS,
        }


def week(said: list[Row], days: list[date]) -> tuple[list[Any], str]:
    """Return the cells of a row, and what is missing in it."""
    written = {row.held_on: row for row in reversed(said) if row.held_on}
    cells = [(on, written.get(on), edition(on, written.get(on))) for on in days]
    return cells, lacking(said, written)


def edition(on: date, row: Row | None) -> str:
    """A mark of what a cell says, and one of what it shows."""
    said = (on, *row[4:]) if row else (on,)
    front = f"{row.menu_id}{row.attendance}" if row else ""
    return f"{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}-{crc32(front.encode()):08x}"


def lacking(this: list[Row], written: dict[date, Row]) -> str:
    """What has still to be said, in words."""
    if not this:
        return "まだ書かれていません"
    unsaid = [row.held_on for row in written.values() if not row.attendance or row.held_on > TODAY]
    heads = "、".join(f"{on.day}（{WEEKDAYS[on.weekday()]}）参加の状況" for on in unsaid)
    return f"まだ：{heads}" if heads else "そろっています"
