"""An employer's word by hand: all open days of a month confirmed in one statement."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ayumi.kernel import ids
from infra.bench.calendar import NOW
from infra.bench.floors.door import Floor, Row

CONTACT = "SELECT contact_email FROM employer WHERE tenant_id = %(t)s AND id = %(employer)s"
ASKED = """
SELECT 1 FROM confirmation_request
WHERE tenant_id = %(t)s AND employer_id = %(employer)s AND month = %(month)s AND sent_at IS NOT NULL
"""
KNOWN = "SELECT 1 FROM confirmation WHERE tenant_id = %(t)s AND id = %(word)s"
OPEN = """
SELECT id FROM experience_day WHERE tenant_id = %(t)s AND employer_id = %(employer)s
  AND held_on BETWEEN %(month)s::date AND (%(month)s::date + interval '1 month - 1 day')::date AND status = 'recorded'
ORDER BY id FOR UPDATE
"""
WORD = """
INSERT INTO confirmation (tenant_id, id, employer_id, month, channel, given_by, given_at, note, entered_by)
VALUES (%(t)s, %(word)s, %(employer)s, %(month)s, 'link', %(name)s, %(now)s, %(note)s, %(me)s)
"""
CONFIRM = """
UPDATE experience_day SET status = 'confirmed', confirmation_id = %(word)s, edition = edition + 1
WHERE tenant_id = %(t)s AND employer_id = %(employer)s AND id = ANY(%(days)s)
"""
ANSWERED = """
UPDATE confirmation_request SET answered_at = %(now)s
WHERE tenant_id = %(t)s AND employer_id = %(employer)s AND month = %(month)s AND answered_at IS NULL
"""
PROMISE = """
INSERT INTO outbox (tenant_id, id, kind, arguments, dedupe_key, promised_at, run_after, attempts)
VALUES (%(t)s, %(promise)s, 'confirmation_copy', %(arguments)s, %(key)s, %(now)s, %(now)s, 0) ON CONFLICT DO NOTHING
"""
GIVEN = """
INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, at, door, membership_id, account_id, employer_id)
VALUES (%(t)s, %(entry)s, 'confirmation', %(word)s, 'given', %(now)s, 'employer', %(me)s, %(account)s, %(employer)s)
"""
ENTRIES = """
INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, status_before, status_after, at, door,
  membership_id, account_id, employer_id)
SELECT %(t)s, said.entry, 'experience_day', said.day, 'confirmed', 'recorded', 'confirmed', %(now)s, 'employer', %(me)s,
       %(account)s, %(employer)s
FROM unnest(%(entries)s::uuid[], %(days)s::uuid[]) WITH ORDINALITY AS said (entry, day, place) ORDER BY said.place
"""


class Confirm(Floor):
    """POST /portal/employer/month/<month>/confirm."""

    door = "ayumi_employer"
    role = "contact"

    def belongs(self, row: Row, slug: str) -> bool:
        return bool(row.employer_id and row.employer_id == row.only_employer_id and row.tenant_id == row.only_tenant_id)

    def declaration(self, who: Row) -> str:
        return f"{super().declaration(who)};SET LOCAL ayumi.employer_id = '{who.employer_id}'"

    def answer(self, who: Row, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
        form = self.form(environ)
        month = environ["PATH_INFO"].split("/")[-2]
        self.confirm(who, f"{month}-01", form)
        return "302 Found", [("Location", environ["PATH_INFO"].replace("confirm", "thanks"))], ""

    def confirm(self, who: Row, month: str, form: dict[str, str]) -> None:
        word = UUID(form["_token"])
        said: dict[str, Any] = {
            "t": who.tenant_id, "employer": who.employer_id, "month": month, "word": word, "name": who.name,
            "note": form["note"] or None, "me": who.membership_id, "account": who.account_id, "now": NOW,
        }  # fmt: skip
        if self.rows(CONTACT, **said)[0].contact_email != who.email or not self.rows(ASKED, **said):
            raise RuntimeError("nobody has asked")
        if self.rows(KNOWN, **said):
            return
        days = [row.id for row in self.rows(OPEN, **said)]
        said |= {"days": days, "entries": [ids.new() for _day in days], "entry": ids.new(), "promise": ids.new()}
        said |= {"arguments": Jsonb({"confirmation_id": str(word)}), "key": f"confirmation_copy:{word}"}
        for statement in (WORD, CONFIRM, ANSWERED, PROMISE, GIVEN, ENTRIES):
            self.connection.execute(statement, said)
