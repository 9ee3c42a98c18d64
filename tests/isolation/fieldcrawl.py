"""Every page, file and mail of a populated town, searched for the canaries that sit in its fields."""

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule
from werkzeug.test import TestResponse

from ayumi.config import settings
from ayumi.records.model import Condition, RecordDay
from tests.isolation.arguments import arguments
from tests.isolation.canaries import CANARIES, WORDS
from tests.isolation.populated import Populated
from tests.isolation.urls import BEHIND, collected, methods
from tests.world import logged_in

MARK = "zq{:03d}q"
NUMBERS = {name: number for number, name in enumerate(CANARIES)}
BY_NUMBER = {number: name for name, number in NUMBERS.items()}
KINDS_OF_FILES = ("xlsx", "pdf", "csv", "jsonl")
LISTS = (".index", ".detail")
WIDER = ("", "?who=all&status=any", "?kind=change", "?status=")


def canary(name: str) -> str:
    """Return what stands in a column."""
    return MARK.format(NUMBERS[name])


def found_in(text: str) -> set[str]:
    """Return the columns whose canaries sing in a text, and the words of fixed lists that stand in it."""
    return {BY_NUMBER[int(number)] for number in re.findall(r"zq(\d{3})q", text)} | {w for w in WORDS if w in text}


@contextmanager
def nesting() -> Iterator[None]:
    """While it lasts, every row that is made carries a canary in each column of the table that may hold one."""

    def nest(session: Session, context: Any, instances: Any) -> None:
        for row in session.new:
            table: Any = getattr(row, "__table__", None)
            for column in table.c if table is not None else ():
                name = f"{table.name}.{column.name}"
                if name in CANARIES and not (name == "weekly_record.skip_reason" and row.skip_reason is None):
                    setattr(row, column.name, canary(name))
            if isinstance(row, RecordDay):
                row.condition = Condition.UNWELL

    event.listen(Session, "before_flush", nest)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", nest)


def addresses(rule: Rule, place: Populated) -> Iterator[str]:
    """Return every address of a rule: with each kind of file, and lists wider than they open."""
    values: dict[str, object] = {"municipality": place.town.slug} if "municipality" in rule.arguments else {}
    for name in sorted(rule.arguments - {"municipality"} - {"kind", "form"}):
        values[name] = arguments(rule.endpoint, name, place)
    adapter = collected().url_map.bind("localhost")
    for chosen in _choices(rule, place):
        try:
            plain = adapter.build(rule.endpoint, values | chosen, method="GET")
        except (BuildError, ValueError):
            continue
        yield from (plain + more for more in (WIDER if rule.endpoint.endswith(LISTS) else ("",)))


def _choices(rule: Rule, place: Populated) -> list[dict[str, Any]]:
    """Each kind of a file; each week in its own state."""
    if choosing := rule.arguments & {"kind", "form"}:
        return [dict.fromkeys(choosing, kind) for kind in KINDS_OF_FILES]
    weeks = [id for name, id in place.ids.items() if name.startswith("record_")]
    return [{"record_id": id} for id in weeks] if "record_id" in rule.arguments else [{}]


def seen_by(app: Flask, place: Populated, kind: str) -> set[str]:
    """Return the columns whose canaries somebody of this kind ever meets, on pages and in files."""
    browser, seen = logged_in(app, place.members[kind]), set[str]()
    for rule in BEHIND:
        if "GET" in methods(rule):
            for address in addresses(rule, place):
                seen |= found_in(words(browser.get(address, follow_redirects=True)))
    return seen


def words(answer: TestResponse) -> str:
    """Return everything that can be read in an answer, also in what is packed."""
    data, kind = answer.get_data(), answer.mimetype
    assert answer.status_code < 500, answer.request.path
    if kind == "application/pdf" and len(data) > 1000:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    if "spreadsheet" in str(kind):
        sheets = openpyxl.load_workbook(BytesIO(data)).worksheets
        return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    return data.decode(errors="ignore")


def mailed_since(before: set[Path]) -> str:
    """Return what has been mailed since then, headers and all."""
    texts = []
    for path in sorted(set(Path(settings().mail_dir).glob("*.eml")) - before):
        mail = email.message_from_bytes(path.read_bytes())
        texts += [str(value) for value in mail.values()]
        texts += [bytes(part.get_payload(decode=True) or b"").decode() for part in mail.walk()]
    return "\n".join(texts)


def mails() -> set[Path]:
    """Return the mails that are there."""
    return set(Path(settings().mail_dir).glob("*.eml"))
