"""Taking in a municipality from its packing: everything is checked first, and then all of it comes in or nothing.

It keeps its number, because the number is part of every hash of its journal. Works as the owner, from the command line.
"""

import re
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.files.store import store
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.moving import contents, parcel, pouring
from ayumi.moving.contents import CONTRACTORS, PEOPLE_WHO_LOG_IN
from ayumi.moving.packing import HEADS, MUNICIPALITY, schema_revision

HASH: Final = re.compile(r"files/([0-9a-f]{64})")
SHARED: Final = {
    PEOPLE_WHO_LOG_IN: """
        INSERT INTO account (id, email, name, created_at, closed_at)
        SELECT r.id, r.email, r.name, cast(:now AS timestamptz),
               CASE WHEN r.is_member THEN r.closed_at ELSE coalesce(r.closed_at, cast(:now AS timestamptz)) END
        FROM jsonb_to_recordset(cast(:rows AS jsonb))
            AS r(id uuid, email text, name text, closed_at timestamptz, is_member bool)
        WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = r.id OR a.email = r.email)""",
    CONTRACTORS: """
        INSERT INTO firm (id, name, kana, kind, created_at)
        SELECT r.id, r.name, r.kana, r.kind, r.created_at FROM jsonb_to_recordset(cast(:rows AS jsonb))
            AS r(id uuid, name text, kana text, kind text, created_at timestamptz)
        WHERE NOT EXISTS (SELECT 1 FROM firm f WHERE f.id = r.id OR (f.name = r.name AND f.kind = r.kind))""",
}
SAME: Final = {
    PEOPLE_WHO_LOG_IN: """
        INSERT INTO moved SELECT r.id, a.id FROM jsonb_to_recordset(cast(:rows AS jsonb)) AS r(id uuid, email text)
        JOIN account a ON a.email = r.email WHERE a.id <> r.id""",
    CONTRACTORS: """
        INSERT INTO moved SELECT r.id, min(f.id::text)::uuid
        FROM jsonb_to_recordset(cast(:rows AS jsonb)) AS r(id uuid, name text, kind text)
        JOIN firm f ON f.name = r.name AND f.kind = r.kind
        WHERE NOT EXISTS (SELECT 1 FROM firm s WHERE s.id = r.id) GROUP BY r.id""",
}
LINKS: Final = text("""
    SELECT count(*) FROM (
        SELECT e.id, lag(e.hash, 1, '') OVER (ORDER BY e.seq) AS previous, row_number() OVER (ORDER BY e.seq) AS number
        FROM journal_entry e WHERE e.tenant_id = :t
    ) x JOIN journal_entry e ON e.tenant_id = :t AND e.id = x.id
    WHERE e.seq <> x.number OR e.hash <> journal_hash(ROW(e.*)::journal_entry, x.previous)
       OR (e.forgotten_at IS NULL AND e.digest IS DISTINCT FROM journal_digest(e.salt, e.why, e.changes))
       OR (e.forgotten_at IS NOT NULL AND (e.salt, e.why, e.changes) IS DISTINCT FROM (NULL, NULL, NULL))
""")


class OtherSchema(Invalid):
    """Written by another version of the product."""

    message = _("This packing was made by revision %(theirs)s of the database, here is %(ours)s: use the same version.")


class NumberTaken(Conflict):
    """The platform is not empty where this municipality must stand."""

    message = _("Number %(number)s, the code or the name in addresses is taken here: take it into an empty platform.")


class BrokenChain(Invalid):
    """The journal does not hold together."""

    message = _("The journal of this packing does not hold together: %(count)s broken links.")


class RowsMissing(Invalid):
    """Fewer or more rows came in than were packed."""

    message = _("Table %(table)s has %(found)s rows, the packing says %(said)s.")


def unpack(path: Path) -> dict[str, Any]:
    """Take in a municipality and return what its packing said of it."""
    with parcel.reading(path) as (opened, manifest):
        town = manifest["municipality"]
        if manifest["schema"] != schema_revision():
            raise OtherSchema(theirs=manifest["schema"], ours=schema_revision())
        _check_free(town)
        try:
            take_in_files(opened, town["id"])
            with visiting(Place(Door.OWNER, tenant_id=town["id"])) as session:
                _take_in(session, opened, manifest)
        except BaseException:
            _give_up_files(town["id"])
            raise
        return town  # type: ignore[no-any-return]


def _check_free(town: dict[str, Any]) -> None:
    taken = text("SELECT 1 FROM municipality WHERE id = :id OR slug = :slug OR code = :code")
    with visiting(Place(Door.OWNER)) as session:
        if session.execute(taken, {name: town[name] for name in ("id", "slug", "code")}).first():
            raise NumberTaken(number=town["id"])
    if next(store().names(f"t/{town['id']}/"), None) is not None:
        raise NumberTaken(number=town["id"])


# Files ---


def take_in_files(opened: ZipFile, tenant_id: int) -> None:
    for name in opened.namelist():
        if found := HASH.fullmatch(name):
            store().put(f"t/{tenant_id}/{found[1][:2]}/{found[1]}", opened.read(name), "application/octet-stream")
        elif name.startswith(HEADS):
            store().put(f"t/{tenant_id}/{name}", opened.read(name), "application/json")


def _give_up_files(tenant_id: int) -> None:
    for key in list(store().names(f"t/{tenant_id}/")):
        store().delete(key)


# Rows ---


def _take_in(session: Session, opened: ZipFile, manifest: dict[str, Any]) -> None:
    _municipality(session, manifest["municipality"])
    take_in_shared(session, opened)
    tables = contents.packed()
    for table in tables:
        _pour(session, opened, table, manifest)
    for table in tables:
        session.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
    _check_journal(session, manifest)


def take_in_shared(session: Session, opened: ZipFile) -> None:
    """Take in who logs in and who has contracts, and remember whom this platform knows by another number."""
    session.execute(text("CREATE TEMP TABLE moved (old uuid PRIMARY KEY, new uuid NOT NULL) ON COMMIT DROP"))
    for name in (PEOPLE_WHO_LOG_IN, CONTRACTORS):
        for rows in pouring.batches(opened, f"shared/{name}.jsonl"):
            session.execute(text(SAME[name]), {"rows": rows})
            session.execute(text(SHARED[name]), {"rows": rows, "now": clock.now()})


def _municipality(session: Session, town: dict[str, Any]) -> None:
    names = ", ".join(MUNICIPALITY)
    values = ", ".join(f":{name}" for name in MUNICIPALITY)
    session.execute(text(f"INSERT INTO municipality ({names}) VALUES ({values})"), town)
    session.execute(
        text(
            "SELECT setval(pg_get_serial_sequence('municipality', 'id'), (SELECT max(id) FROM municipality))"
        )
    )  # fmt: skip


def _pour(session: Session, opened: ZipFile, table: Table, manifest: dict[str, Any]) -> None:
    """Put a table's rows in as they were packed: what is frozen comes in frozen, what is chained keeps its hash."""
    with pouring.poured(session, opened, table):
        session.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
        found, said = pouring.take_over(session, table), manifest["tables"][table.name]["rows"]
    if found != said:
        raise RowsMissing(table=table.name, found=found, said=said)


def _check_journal(session: Session, manifest: dict[str, Any]) -> None:
    tenant_id = manifest["municipality"]["id"]
    broken = session.execute(LINKS, {"t": tenant_id}).scalar_one()
    if broken:
        raise BrokenChain(count=broken)
    last = text("SELECT seq, hash FROM journal_entry WHERE tenant_id = :t ORDER BY seq DESC LIMIT 1")
    head = text("SELECT seq, hash FROM journal_head WHERE tenant_id = :t")
    said = (manifest["journal"]["seq"], manifest["journal"]["hash"])
    for query in (last, head):
        found = session.execute(query, {"t": tenant_id}).first()
        if (tuple(found) if found else (0, "")) != said:
            raise BrokenChain(count=1)
