"""Packing up everything that a municipality has, in formats that anybody can read, out of one consistent moment."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, Table, text
from sqlalchemy.orm import Session

from ayumi.kernel import clock
from ayumi.kernel.db import place_of
from ayumi.kernel.files.store import store
from ayumi.moving import contents, parcel
from ayumi.moving.contents import CONTRACTORS, PEOPLE_WHO_LOG_IN
from ayumi.moving.parcel import Parcel
from ayumi.papers.csv_out import cell_text

HERE: Final = Path(__file__).parent
MIGRATIONS: Final = HERE.parent / "migrations" / "versions"
READMES: Final = ("README.ja.txt", "README.en.txt")
MUNICIPALITY: Final = (
    "id", "code", "slug", "name", "kana", "prefecture", "band", "is_demonstration", "created_at"
)  # fmt: skip
HEADS: Final = "journal-heads/"

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """What came of it."""

    manifest_sha256: str
    tables: int
    rows: int


def nobody(_tables: int, _rows: int) -> None:
    """Tell nobody how far it is."""


def schema_revision() -> str:
    """Return the number of the newest migration: packings are read by the schema that wrote them."""
    return max(file.name[:4] for file in MIGRATIONS.glob("[0-9]*.py"))


def pack(session: Session, file: Path | IO[bytes], *, tell: Tell = nobody) -> Packed:
    """Write everything of the municipality of a session that has asked nothing yet into a ZIP file."""
    connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    tenant_id = place_of(session).tenant_id
    rows, tables = 0, {}
    with parcel.writing(file) as made:
        for name in READMES:
            with made.part(name) as write:
                write((HERE / name).read_bytes())
        for number, table in enumerate(contents.packed()):
            tell(number, rows)
            tables[table.name] = {"rows": _table(made, connection, table, tenant_id), **_columns(table)}
            rows += tables[table.name]["rows"]
        shared = _shared(made, connection, tenant_id)
        said = _said(connection, tenant_id) | {"tables": tables, "shared": shared, "left_out": contents.LEFT_OUT}
        said["files"] = _files(made, connection, tenant_id)
        return Packed(made.close(said), len(tables), rows)


def _columns(table: Table) -> dict[str, Any]:
    return {
        "columns": [column.name for column in contents.columns(table)],
        "blank": [name for other, name in contents.BLANK if other == table.name],
    }


def _table(made: Parcel, connection: Connection, table: Table, tenant_id: int | None) -> int:
    sentence, count = contents.selected(table), 0
    with made.part(f"tables/{table.name}.jsonl") as write:
        for line in _lines(connection, sentence, tenant_id):
            write(f"{line}\n".encode())
            count += 1
    with made.part(f"csv/{table.name}.csv") as write:
        write(_csv([column.name for column in contents.columns(table)]).encode("utf-8-sig"))
        for line in _lines(connection, sentence, tenant_id):
            write(_csv(json.loads(line).values()).encode())
    return count


def _lines(connection: Connection, sentence: str, tenant_id: int | None) -> Iterator[str]:
    """Yield the rows as JSON, as the database itself writes its values: exact, and read back by it."""
    query = text(f"SELECT row_to_json(x)::text FROM ({sentence}) x").bindparams(t=tenant_id)
    with connection.execution_options(stream_results=True, max_row_buffer=1000).execute(query) as found:
        yield from found.scalars()


def _csv(cells: Any) -> str:
    """One row for spreadsheets: no cell of it runs as a formula."""
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\r\n").writerow([cell_text(_plain(cell)) for cell in cells])
    return held.getvalue()


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


# What belongs to no municipality alone ---


def _shared(made: Parcel, connection: Connection, tenant_id: int | None) -> dict[str, int]:
    sentences = {
        PEOPLE_WHO_LOG_IN: f"""
            SELECT a.id, a.name, a.closed_at, m.account_id IS NOT NULL AS is_member,
                   CASE WHEN m.account_id IS NOT NULL THEN a.email ELSE a.id || '@{contents.NO_ADDRESS}' END AS email
            FROM account a LEFT JOIN (SELECT DISTINCT account_id FROM membership WHERE tenant_id = :t) m
            ON m.account_id = a.id WHERE a.id IN ({_referred(PEOPLE_WHO_LOG_IN)}) ORDER BY a.id""",
        CONTRACTORS: f"""
            SELECT id, name, kana, kind, created_at FROM firm WHERE id IN ({_referred(CONTRACTORS)}) ORDER BY id""",
    }
    counts = {}
    for name, sentence in sentences.items():
        counts[name] = 0
        with made.part(f"shared/{name}.jsonl") as write:
            for line in _lines(connection, sentence, tenant_id):
                write(f"{line}\n".encode())
                counts[name] += 1
    return counts


def _referred(shared: str) -> str:
    """Return the SELECT of every identifier of a shared table that the municipality refers to."""
    return " UNION ".join(
        f'SELECT "{column}" FROM "{table.name}" WHERE tenant_id = :t AND "{column}" IS NOT NULL'
        for table in contents.packed()
        for column in contents.referring(table, shared)
    )


def _said(connection: Connection, tenant_id: int | None) -> dict[str, Any]:
    town = text(f"SELECT row_to_json(x) FROM (SELECT {', '.join(MUNICIPALITY)} FROM municipality WHERE id = :t) x")
    head = text("SELECT seq, hash FROM journal_head WHERE tenant_id = :t")
    signed = text(
        "SELECT row_to_json(x) FROM (SELECT seq, hash, signed_at, key_id, signature FROM signed_head"
        " WHERE tenant_id = :t ORDER BY seq DESC LIMIT 1) x"
    )
    found = connection.execute(head, {"t": tenant_id}).first()
    return {
        "packed_at": clock.now().isoformat(),
        "schema": schema_revision(),
        "municipality": connection.execute(town, {"t": tenant_id}).scalar_one(),
        "journal": {"seq": found.seq, "hash": found.hash} if found else {"seq": 0, "hash": ""},
        "signed_head": connection.execute(signed, {"t": tenant_id}).scalar(),
    }


# Files ---


def _files(made: Parcel, connection: Connection, tenant_id: int | None) -> dict[str, Any]:
    """Copy every file under its hash; say which bytes are missing or are not those that were kept."""
    only = contents.ONLY["stored_file"]
    query = text(f"SELECT DISTINCT sha256 FROM stored_file WHERE tenant_id = :t AND {only} ORDER BY sha256")
    hashes = list(connection.execute(query, {"t": tenant_id}).scalars())
    said: dict[str, Any] = {"count": 0, "missing": [], "damaged": []}
    for sha256 in hashes:
        found = _file(made, f"t/{tenant_id}/{sha256[:2]}/{sha256}", f"files/{sha256}")
        said["count"] += found is not None
        if found != sha256:
            said["missing" if found is None else "damaged"].append(sha256)
    folder = f"t/{tenant_id}/{HEADS}"
    for key in store().names(folder):
        _file(made, key, HEADS + key.removeprefix(folder))
    return said


def _file(made: Parcel, key: str, name: str) -> str | None:
    try:
        source = store().reading(key)
    except FileNotFoundError:
        return None
    with source, made.part(name) as write:
        return parcel.copy(source, write)
