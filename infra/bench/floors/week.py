"""Handing a week in by hand: read, check, write version, days and journal, all in one transaction."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from ayumi.kernel import ids
from infra.bench.calendar import NOW, TODAY
from infra.bench.floors.door import Floor, Row
from infra.bench.floors.people import SEEN

RECORD = f"""
SELECT w.id, w.participant_id, w.week_start, w.status, w.edition, w.firm_id, w.delivery_firm_id, w.supporter_id,
       w.first_submitted_at
FROM weekly_record w JOIN participant p ON p.tenant_id = %(t)s AND p.id = w.participant_id
WHERE w.tenant_id = %(t)s AND w.id = %(id)s AND {SEEN} FOR UPDATE OF w
"""
VERSIONS = "SELECT id, version, submitted_at FROM record_version WHERE tenant_id = %(t)s AND weekly_record_id = %(id)s"
CHOICES = """
SELECT 'menu' AS kind, id FROM menu WHERE tenant_id = %(t)s AND status = 'published'
UNION ALL
SELECT 'placement', id FROM placement WHERE tenant_id = %(t)s AND participant_id = %(person)s AND status <> 'cancelled'
  AND starts_on <= %(sunday)s AND ends_on >= %(monday)s
"""
VERSION = """
INSERT INTO record_version (tenant_id, id, weekly_record_id, participant_id, version, is_current, summary,
  request_to_caseworker, has_concern, written_by, saved_at, firm_id)
VALUES (%(t)s, %(version)s, %(id)s, %(person)s, 1, true, %(summary)s, %(request)s, false, %(me)s, %(now)s, %(firm)s)
"""
DAYS = """
INSERT INTO record_day (tenant_id, id, record_version_id, held_on, position, menu_id, placement_id, place, starts_at,
  ends_at, minutes, attendance, absence_reason, condition, observation, firm_id) VALUES
"""
DAY = "(" + ", ".join(["%s"] * 16) + ")"
SUBMIT = "UPDATE record_version SET submitted_at = %(now)s WHERE tenant_id = %(t)s AND id = %(version)s"
HANDED_IN = """
UPDATE weekly_record SET status = 'submitted', supporter_id = coalesce(supporter_id, %(me)s), edition = %(edition)s,
  first_submitted_at = %(now)s
WHERE tenant_id = %(t)s AND id = %(id)s
"""
JOURNAL = """
INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, status_before, status_after, at, door,
  membership_id, account_id, firm_id)
VALUES (%(t)s, %(one)s, 'weekly_record', %(id)s, 'begun', 'expected', 'draft', %(now)s, 'staff', %(me)s, %(account)s,
        %(firm)s),
       (%(t)s, %(two)s, 'weekly_record', %(id)s, 'submitted', 'draft', 'submitted', %(now)s, 'staff', %(me)s,
        %(account)s, %(firm)s)
"""
ATTENDANCES = ("attended", "absent_notified", "absent", "not_planned")
CONDITIONS = ("good", "usual", "tired", "low", "unwell")


class Week(Floor):
    """POST /t/.../records/<id> of a week of which nothing has been written, with the button that hands it in."""

    role = "employment_support_worker"

    def answer(self, who: Row, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
        form = self.form(environ)
        record = UUID(environ["PATH_INFO"].rpartition("/")[2])
        self.hand_in(who, record, form)
        return "303 See Other", [("Location", environ["PATH_INFO"]), self.told("週の記録を提出しました。")], ""

    def hand_in(self, who: Row, id: UUID, form: dict[str, str]) -> None:
        said: dict[str, Any] = {"t": who.tenant_id, "me": who.membership_id, "account": who.account_id, "id": id}
        record = self.rows(RECORD, **said)[0]
        if self.rows(VERSIONS, **said) or record.edition != int(form["edition"]):
            raise RuntimeError("somebody else has written this week")
        monday = record.week_start
        offered = self.rows(
            CHOICES, **said, person=record.participant_id, monday=monday, sunday=monday + timedelta(days=6)
        )
        days = read_days(form, monday, {str(row.id) for row in offered})
        said |= {"version": ids.new(), "one": ids.new(), "two": ids.new(), "now": NOW, "firm": record.firm_id}
        said |= {"person": record.participant_id, "summary": form["summary"], "edition": record.edition + 1}
        self.connection.execute(VERSION, said | {"request": form["request_to_caseworker"] or None})
        values = [value for day in days for value in (who.tenant_id, ids.new(), said["version"], *day, record.firm_id)]
        self.connection.execute(DAYS + ", ".join([DAY] * len(days)), values)
        self.connection.execute(SUBMIT, said)
        self.connection.execute(HANDED_IN, said)
        self.connection.execute(JOURNAL, said)


def read_days(form: dict[str, str], monday: date, offered: set[str]) -> list[tuple[Any, ...]]:
    """Return what was typed of each day, checked as the product checks it."""
    typed: dict[str, dict[str, str]] = defaultdict(dict)
    for name, value in form.items():
        on, _dot, part = name.partition(".0.")
        if part:
            typed[on][part] = value.strip()
    return [read_day(on, monday, day, offered) for on, day in sorted(typed.items()) if any(day.values())]


def read_day(text: str, monday: date, day: dict[str, str], offered: set[str]) -> tuple[Any, ...]:
    """Return the columns of a day from held_on to observation."""
    on, starts, ends = date.fromisoformat(text), read_time(day["starts_at"]), read_time(day["ends_at"])
    wrong = (
        not 0 <= (on - monday).days < 7
        or on > TODAY
        or starts >= ends
        or day["attendance"] not in ATTENDANCES
        or day["condition"] not in CONDITIONS
        or day["menu_id"] not in offered
    )
    if wrong or len(day["observation"]) > 2000 or len(day["place"]) > 200:
        raise ValueError(text)
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return (
        on, 0, UUID(day["menu_id"]), None, day["place"] or None, starts, ends, minutes, day["attendance"], None,
        day["condition"], day["observation"] or None,
    )  # fmt: skip


def read_time(text: str) -> time:
    """Return a time of day."""
    return datetime.strptime(text, "%H:%M").time()
