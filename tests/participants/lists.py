"""Lists of people as files, for tests of imports."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from ayumi.kernel.db import db
from ayumi.papers.csv_out import csv_out
from ayumi.participants import imports
from ayumi.participants.model import ParticipantImport
from jobs import participant_import
from tests.world import Member, inside, working

HEADINGS = ("姓", "名", "姓カナ", "名カナ", "生年月日", "ケース番号")


def a_row(number: int, **other: str) -> dict[str, str]:
    """A row that can be taken over; each number is another person."""
    row = dict(zip(HEADINGS, ("山田", "花子", "ﾔﾏﾀﾞ", "はなこ", "S55.4.1", f"L-{number:05}"), strict=True))
    return row | other


def a_file(rows: Sequence[dict[str, str]]) -> bytes:
    """A CSV file with these rows."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return csv_out([headings, *([row.get(name, "") for name in headings] for row in rows)])


def uploaded(app: Flask, member: Member, data: bytes, filename: str = "名簿.csv") -> UUID:
    """Hand a file in."""
    with inside(app, member):
        return imports.upload(id=uuid4(), data=data, filename=filename).id


def done(app: Flask, member: Member, import_id: UUID) -> ParticipantImport:
    """Let the job run, and return how it went."""
    with working(app, member.town):
        participant_import.run(str(import_id))
    with inside(app, member):
        row = imports.found(import_id)
        db.session.expunge(row)
        return row


def taken(app: Flask, member: Member, data: bytes, **how: Any) -> ParticipantImport:
    """Hand a file in and let the job run."""
    return done(app, member, uploaded(app, member, data, **how))
