"""What a packing holds, table by table, and what it leaves out, each with the reason."""

from typing import Final

from sqlalchemy import Column, Table

from ayumi.kernel.db import Base
from ayumi.kernel.doors import opening_of
from ayumi.retention import map as ways

FORMAT: Final = "ayumi-packing/1"
PACKING: Final = "packing"

LEFT_OUT: Final[dict[str, str]] = {
    "outbox": "work under way belongs to the platform, and is done there before a municipality leaves",
}
"""Tables of municipalities that are not packed."""

BLANK: Final[dict[tuple[str, str], str]] = {
    ("identity_provider", "sealed_client_secret"): "''",
    ("packing", "file_id"): "NULL::uuid",
}
"""Columns that are packed empty: what is sealed opens with the key of one platform only; packings hold no packings."""

ONLY: Final[dict[str, str]] = {"stored_file": "purpose <> 'packing'"}

PEOPLE_WHO_LOG_IN: Final = "account"
CONTRACTORS: Final = "firm"
NO_ADDRESS: Final = "moved.invalid"
"""Where the address of somebody of the former platform stood."""


def packed() -> list[Table]:
    """Return the tables that are packed, each after those it refers to."""
    tables = Base.metadata.tables
    names = [name for name in reversed(ways.in_order()) if name not in LEFT_OUT]
    return [tables[name] for name in names if not opening_of(tables[name]).why_shared]


def columns(table: Table) -> list[Column[object]]:
    """Return the columns of a table that can be written (what the database computes, it computes again)."""
    return [column for column in table.columns if column.computed is None]


def referring(table: Table, shared: str) -> list[str]:
    """Return the columns of a table that refer to one of the shared tables."""
    return [
        key.column_keys[0] for key in table.foreign_key_constraints if key.referred_table.name == shared
    ]  # fmt: skip


def selected(table: Table) -> str:
    """Return the SELECT of a table's rows of one municipality, in a fixed order."""
    names = ", ".join(_said(table, column.name) for column in columns(table))
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    only = f" AND {ONLY[table.name]}" if table.name in ONLY else ""
    return f'SELECT {names} FROM "{table.name}" WHERE tenant_id = :t{only} ORDER BY {order}'


def _said(table: Table, column: str) -> str:
    blank = BLANK.get((table.name, column))
    return f'{blank} AS "{column}"' if blank else f'"{column}"'
