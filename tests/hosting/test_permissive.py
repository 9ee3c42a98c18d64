"""Without restrictive policies a guest sees and may change exactly what they do with them, in any place."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Table

from ayumi.hosting.permissive import without_restrictive
from ayumi.kernel import ids
from ayumi.kernel.doors import Policy, policies
from ayumi.schema import metadata
from infra.embedded import postgres
from tests.isolation.populated import Populated, populate

HELD = [table for table in metadata.sorted_tables if any(not each.permissive for each in policies(table).values())]
# Who may see a row, and who may change it: the database asks both kinds of policies for a row that is to be locked.
LOOKS = ("SELECT t::text FROM {} AS t ORDER BY 1", "SELECT t::text FROM {} AS t ORDER BY 1 FOR UPDATE")

STRANGER = str(ids.new())
OPENED = {("participant", "ayumi_firm"), ("participant", "ayumi_glass"), ("experience_day", "ayumi_employer")}

Seen = dict[tuple[str, ...], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def towns(app: Flask) -> tuple[Populated, Populated]:
    first = populate(app, "甲")
    return first, populate(app, "乙", firm_id=first.firm_id)


@pytest.fixture
def administrator(app: Flask, database: postgres.Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url("postgres", "ayumi")) as connection:
        yield connection
        connection.rollback()


def seen(connection: psycopg.Connection, towns: tuple[Populated, Populated], tables: list[Table]) -> Seen:
    """What each guest sees and may change of each table, in every place."""
    found: Seen = {}
    for table in tables:
        for guest in sorted({each.role for each in policies(table).values() if not each.permissive}):
            connection.execute(f"GRANT ALL ON {table.name} TO {guest}")
            for (number, guests), look in product(places(towns), LOOKS):
                for name, value in zip(("tenant_id", "firm_id", "employer_id"), (number, *guests), strict=True):
                    connection.execute("SELECT set_config(%s, %s, true)", [f"ayumi.{name}", value])
                connection.execute(f"SET LOCAL ROLE {guest}")
                rows = connection.execute(look.format(table.name)).fetchall()
                connection.execute("RESET ROLE")
                found[table.name, guest, look, number, *guests] = rows
    return found


def places(towns: tuple[Populated, Populated]) -> Iterator[tuple[str, tuple[str, str]]]:
    """In either municipality or none, as a guest that is known there, as a stranger or as nobody."""
    known = str(towns[0].firm_id), str(towns[0].ids["employer_id"])
    numbers = ["", *(str(each.town.tenant_id) for each in towns)]
    return product(numbers, [known, (STRANGER, STRANGER), ("", "")])


def swap(connection: psycopg.Connection, table: Table) -> None:
    for statement in without_restrictive(table):
        connection.execute(statement)


def copy_as_citus_does(connection: psycopg.Connection, table: Table) -> None:
    for name, policy in policies(table).items():
        connection.execute(f"DROP POLICY {name} ON {table.name}")
        connection.execute(Policy(policy.condition, policy.role, command=policy.command).sql(table.name, name))


def test_every_guest_sees_and_may_change_the_same(
    administrator: psycopg.Connection, towns: tuple[Populated, Populated]
) -> None:
    before = seen(administrator, towns, HELD)
    for table in HELD:
        swap(administrator, table)
    assert seen(administrator, towns, HELD) == before
    assert {name for (name, *_place), rows in before.items() if rows} >= {"participant", "membership", "weekly_record"}


def test_copied_as_they_are_they_would_open_what_they_should_hold(
    administrator: psycopg.Connection, towns: tuple[Populated, Populated]
) -> None:
    tables = [table for table in HELD if table.name in dict(OPENED)]
    before = seen(administrator, towns, tables)
    for table in tables:
        copy_as_citus_does(administrator, table)
    after = seen(administrator, towns, tables)
    assert {key[:2] for key, rows in after.items() if len(rows) > len(before[key])} >= OPENED


@pytest.mark.parametrize("table", HELD, ids=str)
def test_none_is_left_that_a_shard_would_take_for_permissive(administrator: psycopg.Connection, table: Table) -> None:
    swap(administrator, table)
    found = administrator.execute(
        "SELECT permissive, roles::text[] FROM pg_policies WHERE tablename = %s", [table.name]
    ).fetchall()
    assert {permissive for permissive, _roles in found} == {"PERMISSIVE"}
    assert not [roles for _permissive, roles in found if "public" in roles]
