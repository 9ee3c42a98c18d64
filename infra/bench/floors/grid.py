"""Everyone's week by hand: thirty people, seven days each, every cell with its fields."""

import hashlib
import json
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from infra.bench.calendar import TODAY, WEEK
from infra.bench.floors.door import Reading, Row
from infra.bench.floors.people import SEEN, WEEKDAYS

WEEKS = f"""
SELECT w.id, w.participant_id, w.status, p.family_name, p.given_name,
       EXISTS (SELECT 1 FROM record_version v WHERE v.tenant_id = %(t)s AND v.weekly_record_id = w.id
               AND v.submitted_at IS NULL) AS begun,
       count(*) OVER () AS total
FROM weekly_record w JOIN participant p ON p.tenant_id = %(t)s AND p.id = w.participant_id
WHERE {SEEN} AND (w.delivery_firm_id IS NULL OR w.delivery_firm_id IS DISTINCT FROM w.firm_id)
  AND w.week_start = %(monday)s AND w.tenant_id = %(t)s
ORDER BY p.kana_key, w.id LIMIT 30
"""
CONTENTS = """
SELECT w.participant_id, w.week_start, v.version, v.summary, v.request_to_caseworker, d.held_on, d.menu_id, d.place,
       to_char(d.starts_at, 'HH24:MI') AS starts, to_char(d.ends_at, 'HH24:MI') AS ends, d.minutes, d.attendance,
       d.absence_reason, d.condition, d.observation, d.position, d.placement_id
FROM weekly_record w
JOIN record_version v ON v.tenant_id = %(t)s AND v.weekly_record_id = w.id
LEFT JOIN record_day d ON d.tenant_id = %(t)s AND d.record_version_id = v.id
WHERE w.tenant_id = %(t)s AND w.participant_id = ANY(%(people)s) AND w.week_start = ANY(%(mondays)s)
  AND (v.is_current OR v.submitted_at IS NULL)
ORDER BY v.version, d.held_on, d.position
"""
MENUS = "SELECT id, name, status FROM menu WHERE tenant_id = %(t)s ORDER BY tier = 'work', tier = 'social', position"
PLACEMENTS = """
SELECT l.id, l.participant_id, e.name AS employer, s.name AS site
FROM placement l JOIN employer e ON e.tenant_id = %(t)s AND e.id = l.employer_id
JOIN employer_site s ON s.tenant_id = %(t)s AND s.id = l.site_id
WHERE l.tenant_id = %(t)s AND l.participant_id = ANY(%(people)s) AND l.status <> 'cancelled'
  AND l.starts_on <= %(sunday)s AND l.ends_on >= %(monday)s ORDER BY l.starts_on
"""
ATTENDANCES = (
    ("attended", "attended", "出 参加"), ("absent_notified", "notice", "届 連絡して欠席"),
    ("absent", "absent", "欠 連絡なく欠席"), ("not_planned", "off", "休 予定なし"),
)  # fmt: skip
CONDITIONS = (
    ("good", "良い"), ("usual", "いつもどおり"), ("tired", "疲れぎみ"), ("low", "気分が沈みぎみ"),
    ("unwell", "体調が悪い"),
)  # fmt: skip
LAST = {"menu": "menu_id", "attendance": "attendance", "starts": "starts", "ends": "ends", "minutes": "minutes",
        "place": "place"}  # fmt: skip


class Grid(Reading):
    """The page /t/.../records/weeks/<monday>?who=all."""

    role, at = "employment_support_worker", "records/"

    def page(self, who: Row, path: str, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        monday = date.fromisoformat(path.rpartition("/")[2])
        weeks = self.rows(WEEKS, t=who.tenant_id, me=who.membership_id, monday=monday)
        about: dict[str, Any] = {"t": who.tenant_id, "people": [row.participant_id for row in weeks]}
        sunday = monday + timedelta(days=6)
        said = self.rows(CONTENTS, **about, mondays=[monday, monday - WEEK])
        placements = defaultdict(list)
        for row in self.rows(PLACEMENTS, **about, monday=monday, sunday=sunday):
            placements[row.participant_id].append(row)
        days = [monday + timedelta(days=each) for each in range(7)]
        return "grid.html", {
            "weeks": [(row, *week(row, said_of(said, row, monday), days)) for row in weeks],
            "days": [(on, f"{on.day}（{WEEKDAYS[on.weekday()]}）") for on in days],
            "menus": self.rows(MENUS, t=who.tenant_id),
            "placements": placements,
            "attendances": ATTENDANCES,
            "conditions": CONDITIONS,
            "monday": monday,
        }


def said_of(rows: list[Row], week: Row, monday: date) -> dict[date, list[Row]]:
    """Return Monday -> the rows of the version that counts, of one person."""
    return {
        each: [row for row in rows if row.participant_id == week.participant_id and row.week_start == each]
        for each in (monday, monday - WEEK)
    }


def week(record: Row, said: dict[date, list[Row]], days: list[date]) -> tuple[list[Any], Any]:
    """Return the cells of a row, and its words with what is missing."""
    this, before = said[days[0]], said[days[0] - WEEK]
    written = {row.held_on: row for row in reversed(this) if row.held_on}
    last = {row.held_on + WEEK: row for row in reversed(before) if row.held_on}
    cells = [(on, written.get(on), last_json(last.get(on)), edition(on, written.get(on))) for on in days]
    return cells, (this[0] if this else None, lacking(this, written))


def last_json(row: Row | None) -> str:
    """What a key copies from a week before."""
    if row is None:
        return ""
    return json.dumps({part: str(getattr(row, name) or "") for part, name in sorted(LAST.items())})


def edition(on: date, row: Row | None) -> str:
    """A mark of what a cell says."""
    said = (on, *row[5:]) if row else (on,)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def lacking(this: list[Row], written: dict[date, Row]) -> str:
    """What has still to be said, in words."""
    if not this:
        return "まだ書かれていません"
    unsaid = [row.held_on for row in written.values() if not row.attendance or row.held_on > TODAY]
    heads = "、".join(f"{on.day}（{WEEKDAYS[on.weekday()]}）参加の状況" for on in unsaid)
    return f"まだ：{heads}" if heads else "そろっています"
