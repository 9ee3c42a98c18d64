"""What is measured: each page or job of the product, and the same by hand, in the municipality that never changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from infra.bench import compare
from infra.bench.calendar import FEES_MONTH, THIS_WEEK, WEEK
from infra.bench.cpu import Clock
from infra.bench.floors.compiling import Compile
from infra.bench.floors.confirm import Confirm
from infra.bench.floors.door import Floor
from infra.bench.floors.fees import Fees
from infra.bench.floors.grid import Grid
from infra.bench.floors.people import People
from infra.bench.floors.week import Week
from infra.bench.generate.columns import NUMBERS
from infra.bench.generate.town import SECTION_HEAD, SUPPORT_WORKER
from infra.bench.generate.work import CONTACT, SILENT
from infra.bench.measure import Side
from infra.bench.rows import Rows
from infra.bench.visiting import Answer, Browser, Request, Wsgi, ask, logged_in
from infra.embedded.postgres import ADMINISTRATOR, Server

TENANT = 1
COUNTED = ("municipality", "participant", "weekly_record", "record_day", "experience_day", "fee_line")
GOOD = (200, 302, 303)
CONFIRMATION = UUID("01990000-0000-7000-8000-000000000001")
COMPILED = UUID("01990000-0000-7000-8000-000000000003")


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing done in two ways. ``check``: raises Differ when they do not do the same, else returns how much is."""

    name: str
    product: Side
    floor: Side
    check: Callable[[], int]


class Stage:
    """One database with the product on it, and the floors beside."""

    def __init__(self, server: Server, database: str, app: Flask) -> None:
        self.server, self.database, self.app = server, database, app
        self.connection = psycopg.connect(server.url(ADMINISTRATOR, database), autocommit=True)
        self.clock = Clock(self.connection)
        self.floors: list[Any] = []  # whatever has a connection to hang up

    def close(self) -> None:
        """Hang up."""
        for floor in self.floors:
            floor.close()
        self.connection.close()

    def counts(self) -> dict[str, int]:
        """How many rows there are of what makes a database large."""
        found = {table: self.connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in COUNTED}
        return {table: row[0] for table, row in found.items() if row}

    def browser(self, number: int, tenant: int = TENANT) -> Browser:
        """Somebody of a municipality, logged in."""
        return logged_in(self.app, tenant, id_of("membership", number, tenant))

    def side(self, name: str, application: Wsgi, request: Request, undo: Callable[[], object] | None = None) -> Side:
        """Asking an application for a page, as something to be measured."""
        return Side(name, partial(good, application, request), self.clock, undo)

    def page(self, name: str, floor: type[Floor], request: Request) -> Scene:
        """A page that changes nothing: both show the same."""
        by_hand = self.floor(floor)

        def check() -> int:
            return compare.same(good(self.app, request).text, good(by_hand, request).text)

        return Scene(name, self.side("product", self.app, request), self.side("floor", by_hand, request), check)

    def change(
        self, name: str, floor: type[Floor], request: Request, rows: Rows, left: tuple[tuple[str, str], ...]
    ) -> Scene:
        """A page that changes something: both leave the same rows."""
        by_hand = self.floor(floor)

        def check() -> int:
            return compare.same_rows(*(after(application) for application in (self.app, by_hand)))

        def after(application: Wsgi) -> Any:
            good(application, request)
            found = rows.left(*left)
            rows.undo()
            return found

        sides = (self.side("product", self.app, request, rows.undo), self.side("floor", by_hand, request, rows.undo))
        return Scene(name, *sides, check)

    def floor(self, kind: type[Floor]) -> Floor:
        """A hand-written page on this database."""
        made = kind(self.server, self.database, str(self.app.secret_key))
        self.floors.append(made)
        return made


def id_of(table: str, number: int, tenant: int = TENANT) -> UUID:
    """The identifier of a generated row of a municipality."""
    return UUID(f"{tenant:08x}-{NUMBERS[table]:04x}-7000-8000-{number:012x}")


def town(tenant: int = TENANT) -> str:
    """Where the pages of a municipality begin."""
    return f"/t/bench-{tenant:04}"


def good(application: Wsgi, request: Request) -> Answer:
    """Ask, and see that it went well."""
    answer = ask(application, request)
    if answer.status not in GOOD:
        raise RuntimeError(f"{request.path} answered {answer.status}")
    return answer


# The scenes ---


def list_people(stage: Stage, tenant: int = TENANT) -> Scene:
    """The list of everybody."""
    who = stage.browser(SUPPORT_WORKER, tenant)
    return stage.page("list_people", People, Request(f"{town(tenant)}/people/", who.cookie, "who=all"))


def week_grid(stage: Stage, tenant: int = TENANT) -> Scene:
    """Everyone's week."""
    who = stage.browser(SUPPORT_WORKER, tenant)
    return stage.page("week_grid", Grid, Request(f"{town(tenant)}/records/weeks/{THIS_WEEK}", who.cookie, "who=all"))


def fees_month(stage: Stage) -> Scene:
    """The month's fees, as those see them who sign."""
    who = stage.browser(SECTION_HEAD)
    return stage.page("fees_month", Fees, Request(f"{town()}/approval/", who.cookie, f"month={FEES_MONTH:%Y-%m}"))


UNWRITTEN = """
SELECT id FROM weekly_record WHERE tenant_id = %s AND week_start = %s AND status = 'expected' AND firm_id IS NULL
ORDER BY id LIMIT 1
"""


def submit_week(stage: Stage) -> Scene:
    """A week of three days written and handed in at once."""
    who, monday = stage.browser(SUPPORT_WORKER), THIS_WEEK - WEEK
    found = stage.connection.execute(UNWRITTEN, [TENANT, monday]).fetchone()
    assert found is not None, "the generator leaves some weeks unwritten"
    record, of_record = found[0], f"weekly_record_id = '{found[0]}'"
    form = [("csrf_token", who.mark), ("edition", "1"), ("action", "submit")]
    form += [("summary", "三日とも参加した。"), ("request_to_caseworker", "")]
    for weekday in (0, 1, 3):
        form += typed_day(f"{monday + timedelta(days=weekday)}.0.")
    undo = Rows(
        stage.connection,
        [
            ("DELETE FROM record_day d USING record_version v WHERE d.tenant_id = %s AND v.tenant_id = d.tenant_id"
             " AND v.id = d.record_version_id AND v.weekly_record_id = %s", [TENANT, record]),
            ("DELETE FROM record_version WHERE tenant_id = %s AND weekly_record_id = %s", [TENANT, record]),
            ("UPDATE weekly_record SET status = 'expected', supporter_id = NULL, first_submitted_at = NULL, edition = 1"
             " WHERE tenant_id = %s AND id = %s", [TENANT, record]),
            ("DELETE FROM journal_entry WHERE tenant_id = %s AND subject_id = %s", [TENANT, record]),
        ],
    )  # fmt: skip
    days = f"record_version_id IN (SELECT id FROM record_version WHERE {of_record})"
    left = (
        ("weekly_record", f"id = '{record}'"),
        ("record_version", of_record),
        ("record_day", days),
        ("journal_entry", f"subject_id = '{record}'"),
    )
    request = Request(f"{town()}/records/{record}", who.cookie, form=tuple(form))
    return stage.change("submit_week", Week, request, undo, left)


def typed_day(prefix: str) -> list[tuple[str, str]]:
    """What somebody types of a day."""
    said = {
        "menu_id": str(id_of("menu", 0)), "attendance": "attended", "starts_at": "10:00", "ends_at": "12:00",
        "minutes": "", "place": "作業室", "absence_reason": "", "condition": "good",
        "observation": "自分から話しかけていた。",
    }  # fmt: skip
    return [(f"{prefix}{name}", value) for name, value in said.items()]


def employer_confirm(stage: Stage) -> Scene:
    """An employer confirms all days of a month."""
    who, employer = stage.browser(CONTACT + SILENT), id_of("employer", SILENT)
    form = (("csrf_token", who.mark), ("_token", str(CONFIRMATION)), ("note", ""))
    of_word = f"confirmation_id = '{CONFIRMATION}'"
    asked = f"tenant_id = {TENANT} AND employer_id = '{employer}' AND month = '{FEES_MONTH}'"
    undo = Rows(
        stage.connection,
        [
            ("DELETE FROM journal_entry WHERE tenant_id = %s AND door = 'employer'", [TENANT]),
            (f"UPDATE experience_day SET status = 'recorded', confirmation_id = NULL, edition = 1 WHERE {of_word}", []),
            ("DELETE FROM confirmation WHERE id = %s", [CONFIRMATION]),
            ("DELETE FROM outbox WHERE tenant_id = %s AND kind = 'confirmation_copy'", [TENANT]),
            (f"UPDATE confirmation_request SET answered_at = NULL WHERE {asked}", []),
        ],
    )
    left = (
        ("experience_day", of_word),
        ("confirmation", f"id = '{CONFIRMATION}'"),
        ("confirmation_request", asked),
        ("outbox", f"tenant_id = {TENANT} AND kind = 'confirmation_copy'"),
        ("journal_entry", f"tenant_id = {TENANT} AND door = 'employer'"),
    )
    request = Request(f"/portal/employer/month/{FEES_MONTH:%Y-%m}/confirm", who.cookie, form=form)
    return stage.change("employer_confirm", Confirm, request, undo, left)


def compile_fees(stage: Stage) -> Scene:
    """The statements of a month, compiled at once for every employer that own staff have something to pay to."""
    who = stage.browser(SUPPORT_WORKER)
    form = (("csrf_token", who.mark), ("_token", str(COMPILED)), ("month", f"{FEES_MONTH:%Y-%m}"))
    drafts = f"SELECT id FROM fee_statement WHERE tenant_id = {TENANT} AND status = 'draft'"
    lines = f"tenant_id = {TENANT} AND statement_id IN ({drafts})"
    days = f"tenant_id = {TENANT} AND line_id IN (SELECT id FROM fee_line WHERE {lines})"
    noted = f"tenant_id = {TENANT} AND subject = 'fee_statement' AND action = 'compiled'"
    left = (
        ("fee_line_day", days),
        ("fee_line", lines),
        ("fee_statement", f"tenant_id = {TENANT} AND status = 'draft'"),
        ("journal_entry", noted),
    )
    undo = Rows(stage.connection, [(f"DELETE FROM {table} WHERE {condition}", []) for table, condition in left])
    undo.undo()
    return stage.change(
        "compile_fees", Compile, Request(f"{town()}/fees/compile-all", who.cookie, form=form), undo, left
    )


PAGES = (list_people, week_grid, fees_month, submit_week, employer_confirm, compile_fees)
