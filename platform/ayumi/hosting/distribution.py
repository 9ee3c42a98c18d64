"""How the tables are spread over a Citus cluster: what is said to the database, in which order, and why.

Every row of a municipality goes where its ``tenant_id`` goes, so that all of one municipality lies on one machine;
what belongs to no municipality, or is asked before one is known, is copied to every machine. Works on an empty database
and on a full one, while nobody is at work in it. Broken off and begun again, it goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, ForeignKeyConstraint, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint

from ayumi.hosting.permissive import without_restrictive
from ayumi.kernel.db import Base
from ayumi.kernel.doors import opening_of, remark

DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]
SETTINGS: Final = {
    "citus.propagate_set_commands": "local",  # else no policy on another machine knows the municipality
    "citus.enable_unsafe_triggers": "on",  # those of the journal and of what is frozen; each stays with its own rows
    "citus.allow_nested_distributed_execution": "on",  # they look at other rows of their municipality, beside them
    "citus.multi_shard_modify_mode": "sequential",  # who is erased goes in one transaction with shared rows of theirs
}
COUNTED: Final = {"municipality": "id"}
"""Columns that count by themselves: Citus refuses an identity of 32 bits, a sequence of its own does the same."""
ONE_MACHINE: Final = {"membership": ("come", "go")}
"""Triggers that write to what lies on every machine, which none may do from a shard: the product does it itself."""
FUNCTIONS: Final = ("journal_digest(text, text, jsonb)", "journal_hash(journal_entry, text)")
"""Functions that other functions call: Citus carries along a trigger's own, but not those behind it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is said in one transaction, and for which table."""

    title: str
    statements: tuple[str, ...]
    table: str | None = None


def plan(database: str) -> list[Step]:
    """Return all steps in their order."""
    tables = Base.metadata.sorted_tables
    spread = [table for table in tables if remark(table) is None]
    copied = [table for table in tables if remark(table) is not None]
    first = spread[0].name
    return [
        Step("what every session of the database is told", tuple(_settings(database))),
        Step("foreign keys give way while tables move", tuple(_without_keys(tables))),
        *(_copied(table) for table in copied),
        *(_spread(table, "none" if table.name == first else first) for table in spread),
        Step("functions behind the triggers", tuple(_functions())),
        *(Step(f"foreign keys of {table.name}", keys) for table in tables if (keys := tuple(_keys(table)))),
    ]


def _settings(database: str) -> Iterator[str]:
    for name, value in SETTINGS.items():
        yield f'ALTER DATABASE "{database}" SET {name} TO {value}'
        yield f"SET {name} TO {value}"


def _without_keys(tables: list[Table]) -> Iterator[str]:
    for table in tables:
        for key in table.foreign_key_constraints:
            yield f'ALTER TABLE "{table.name}" DROP CONSTRAINT IF EXISTS "{_name(key)}"'


def _copied(table: Table) -> Step:
    opening = opening_of(table)
    copied = f"SELECT create_reference_table('{table.name}')"
    statements = (*_counting(table), copied) if opening.why_shared else _unheld(table, copied)
    return Step(f"{table.name}: on every machine ({opening.why_shared or opening.everywhere})", statements, table.name)


def _counting(table: Table) -> Iterator[str]:
    column, name = COUNTED.get(table.name), f"{table.name}_number"
    if column:
        yield f'ALTER TABLE "{table.name}" ALTER "{column}" DROP IDENTITY IF EXISTS'
        yield f"CREATE SEQUENCE {name} AS integer OWNED BY {table.name}.{column}"
        yield f"SELECT setval('{name}', coalesce(max({column}), 0) + 1, false) FROM \"{table.name}\""
        yield f'ALTER TABLE "{table.name}" ALTER "{column}" SET DEFAULT nextval(\'{name}\')'


def _spread(table: Table, beside: str) -> Step:
    spread = f"SELECT create_distributed_table('{table.name}', 'tenant_id', colocate_with => '{beside}')"
    gone = (f'DROP TRIGGER IF EXISTS "{name}" ON "{table.name}"' for name in ONE_MACHINE.get(table.name, ()))
    return Step(
        f"{table.name}: by municipality", (*gone, *without_restrictive(table), *_unheld(table, spread)), table.name
    )


def _unheld(table: Table, moved: str) -> tuple[str, ...]:
    """Rows that are there move with their table: for that moment no policy holds the owner, and no trigger fires.

    Else nothing would be seen to move, and a journal would be hashed anew.
    """
    return (
        f'ALTER TABLE "{table.name}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER',
        moved,
        f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER',
        f'ALTER TABLE "{table.name}" FORCE ROW LEVEL SECURITY',
    )


def _functions() -> Iterator[str]:
    for function in FUNCTIONS:
        yield f"SELECT create_distributed_function('{function}')"


def _keys(table: Table) -> Iterator[str]:
    for key in sorted(table.foreign_key_constraints, key=_name):
        yield " ".join(str(AddConstraint(key).compile(dialect=DIALECT)).split())


def _name(key: ForeignKeyConstraint) -> str:
    return str(DIALECT.identifier_preparer.format_constraint(key)).strip('"')


def carry_out(connection: Connection, step: Step) -> bool:
    """Say the statements of a step in one transaction; False when its table has been moved before."""
    if step.table and step.table in moved(connection):
        return False
    for statement in step.statements:
        connection.exec_driver_sql(statement)
    connection.commit()
    return True


def moved(connection: Connection) -> set[str]:
    """Return the tables that Citus has taken over."""
    found = set(connection.scalars(text("SELECT cast(logicalrelid AS text) FROM pg_dist_partition")))
    connection.commit()
    return found


def is_cluster(connection: Connection) -> bool:
    """Tell whether the database is one of Citus."""
    return bool(connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")))
