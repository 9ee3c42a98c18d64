"""The list of people by hand: fifty of them with last week's squares."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from infra.bench.calendar import THIS_WEEK, TODAY, WEEK
from infra.bench.floors.door import Reading, Row

SEEN = """
(p.is_restricted IS FALSE OR p.caseworker_id = %(me)s
 OR EXISTS (SELECT 1 FROM participant_named_staff n
            WHERE n.tenant_id = %(t)s AND n.participant_id = p.id AND n.membership_id = %(me)s)
 OR EXISTS (SELECT 1 FROM participant_supporter s
            WHERE s.tenant_id = %(t)s AND s.participant_id = p.id AND s.membership_id = %(me)s))
"""
PEOPLE = f"""
SELECT p.id, p.family_name, p.given_name, p.family_kana, p.given_kana, p.birth_date, p.status, p.is_restricted,
       f.name AS firm_name, m.name AS caseworker_name,
       (SELECT max(w.week_start) FROM weekly_record w WHERE w.tenant_id = %(t)s AND w.participant_id = p.id
        AND w.first_submitted_at IS NOT NULL) AS last_week,
       (SELECT g.text FROM goal g JOIN enrolment e ON e.tenant_id = %(t)s AND e.id = g.enrolment_id
        WHERE g.tenant_id = %(t)s AND g.participant_id = p.id AND g.is_current AND e.status <> 'ended' LIMIT 1) AS goal,
       (SELECT count(*) FROM concern c WHERE c.tenant_id = %(t)s AND c.participant_id = p.id
        AND c.acknowledged_at IS NULL) AS concerns,
       count(*) OVER () AS total
FROM participant p
LEFT JOIN firm f ON f.id = p.delivery_firm_id
LEFT JOIN membership m ON m.tenant_id = %(t)s AND m.id = p.caseworker_id
WHERE {SEEN} AND p.tenant_id = %(t)s AND p.status <> 'ended'
ORDER BY translate(p.kana_key, %(voiced)s, %(unvoiced)s), p.kana_key, p.id LIMIT 50 OFFSET 0
"""
DAYS = f"""
SELECT w.participant_id, w.status, d.held_on, d.attendance
FROM weekly_record w
JOIN participant p ON p.tenant_id = %(t)s AND p.id = w.participant_id
LEFT JOIN record_version v ON v.tenant_id = %(t)s AND v.weekly_record_id = w.id AND v.is_current
     AND v.submitted_at IS NOT NULL
LEFT JOIN record_day d ON d.tenant_id = %(t)s AND d.record_version_id = v.id
WHERE {SEEN} AND w.tenant_id = %(t)s AND w.week_start = %(monday)s AND p.id = ANY(%(people)s)
"""
CHOICES = f"""
SELECT 'caseworker' AS kind, m.id, m.name, m.kana FROM membership m WHERE m.tenant_id = %(t)s AND m.party = 'staff'
  AND EXISTS (SELECT 1 FROM participant p WHERE p.tenant_id = %(t)s AND p.caseworker_id = m.id AND {SEEN})
UNION ALL
SELECT 'firm', f.id, f.name, f.kana FROM firm f
  WHERE EXISTS (SELECT 1 FROM participant p WHERE p.tenant_id = %(t)s AND p.delivery_firm_id = f.id AND {SEEN})
ORDER BY 1, 4
"""
VOICED = (
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
    "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ",
)
MARKS = {
    "attended": ("出", "参加", "attended"),
    "absent_notified": ("届", "連絡して欠席", "notice"),
    "absent": ("欠", "連絡なく欠席", "absent"),
    "not_planned": ("休", "予定なし", "off"),
}
BEST_FIRST = tuple(MARKS)
WEEKDAYS = "月火水木金土日"
STATES = {"candidate": "候補", "active": "支援中", "paused": "休止中", "ended": "支援終了"}


class People(Reading):
    """The page /t/.../people/?who=all."""

    role, at = "employment_support_worker", "people/"

    def page(self, who: Row, path: str, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        said = {"t": who.tenant_id, "me": who.membership_id}
        people = self.rows(PEOPLE, **said, voiced=VOICED[0], unvoiced=VOICED[1])
        monday = THIS_WEEK - WEEK
        days = self.rows(DAYS, **said, monday=monday, people=[row.id for row in people])
        return "people.html", {
            "people": people,
            "squares": squares(days, monday),
            "choices": self.rows(CHOICES, **said),
            "states": STATES,
            "marks": MARKS.values(),
            "age": age,
            "total": people[0].total if people else 0,
        }


def squares(rows: list[Row], monday: date) -> dict[Any, list[tuple[str, str, str]]]:
    """Return person -> the squares of Monday to Friday."""
    weeks: dict[Any, dict[date, list[str]]] = defaultdict(dict)
    waiting = {row.participant_id for row in rows if row.status in ("expected", "draft")}
    for row in rows:
        if row.held_on:
            weeks[row.participant_id].setdefault(row.held_on, []).append(row.attendance)
        else:
            weeks[row.participant_id] = weeks[row.participant_id]
    return {id: [square(days, monday, each, id in waiting) for each in range(5)] for id, days in weeks.items()}


def square(days: dict[date, list[str]], monday: date, number: int, waiting: bool) -> tuple[str, str, str]:
    """Return letter, title and kind of a day."""
    on = monday + timedelta(days=number)
    head = f"{on.month}/{on.day}（{WEEKDAYS[number]}）"
    if on in days:
        letter, title, kind = MARKS[min(days[on], key=BEST_FIRST.index)]
        return letter, f"{head} {title}", kind
    return ("未", f"{head} 未提出", "future") if waiting else ("", f"{head} 記載なし", "off")


def age(born: date) -> int:
    """Return how old somebody is."""
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))
