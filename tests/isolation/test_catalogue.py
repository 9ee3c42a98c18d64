"""What the database itself holds: every table is closed by default, whoever forgets what."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, text

import ayumi.schema
from ayumi.kernel.db import db
from ayumi.kernel.doors import TENANT, opening_of, policies
from ayumi.kernel.tenancy import Door

TABLES = sorted(ayumi.schema.metadata.tables)
SHARED = {
    "account", "authenticator_app", "erasure_certificate", "external_identity", "firm", "login_session", "municipality",
    "one_time_link", "passkey", "recovery_code", "schedule_tick",
}  # fmt: skip
ON_EVERY_MACHINE = {"whereabouts"}
ACROSS = {
    "ix_outbox_waiting": "the dispatcher looks across municipalities",
    "ix_whereabouts_account": "who logs in asks before any municipality is known",
    "ex_unit_price_one_at_a_time": "an exclusion holds a range of days",
}
OF_MUNICIPALITIES = [name for name in TABLES if name not in SHARED]
SAFE_IN_INDEXES = {"int4", "int8", "text", "varchar", "date", "timestamptz", "uuid", "bool", "time"}
ROLES = [door.role for door in Door]


@pytest.fixture(scope="module")
def catalogue(app: Flask) -> Iterator[Connection]:
    with app.app_context(), db.engines["owner"].connect() as connection:
        yield connection


def rows(catalogue: Connection, sentence: str, **values: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in catalogue.execute(text(sentence), values)]


def test_the_database_has_the_tables_of_the_models_and_no_other(catalogue: Connection) -> None:
    found = rows(
        catalogue, "SELECT relname FROM pg_class WHERE relkind IN ('r','p') AND relnamespace='public'::regnamespace"
    )
    assert {name for (name,) in found} - {"alembic_version"} == set(TABLES)


def test_shared_tables_are_the_few_that_are_known_and_say_why(catalogue: Connection) -> None:
    found = rows(
        catalogue,
        "SELECT relname FROM pg_class WHERE relkind='r' AND relnamespace='public'::regnamespace"
        " AND obj_description(oid) LIKE '@global %'",
    )
    assert {name for (name,) in found} == SHARED


def test_tables_of_municipalities_that_lie_on_every_machine_are_the_few_that_are_known(catalogue: Connection) -> None:
    found = rows(
        catalogue,
        "SELECT relname FROM pg_class WHERE relkind='r' AND relnamespace='public'::regnamespace"
        " AND obj_description(oid) LIKE '@everywhere %'",
    )
    assert {name for (name,) in found} == ON_EVERY_MACHINE


@pytest.mark.parametrize("table", OF_MUNICIPALITIES)
class TestATableOfMunicipalities:
    def test_every_row_names_its_municipality(self, catalogue: Connection, table: str) -> None:
        found = rows(
            catalogue,
            "SELECT format_type(atttypid, -1), attnotnull FROM pg_attribute"
            " WHERE attrelid = cast(:t AS regclass) AND attname = 'tenant_id'",
            t=table,
        )
        assert found == [("integer", True)]

    def test_row_security_is_on_even_for_the_owner(self, catalogue: Connection, table: str) -> None:
        found = rows(
            catalogue,
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = cast(:t AS regclass)",
            t=table,
        )
        assert found == [(True, True)]

    def test_its_policies_are_those_it_declares(self, catalogue: Connection, table: str) -> None:
        found = rows(
            catalogue,
            "SELECT policyname, permissive, roles[1], cmd, qual = with_check FROM pg_policies WHERE tablename = :t",
            t=table,
        )
        declared = policies(ayumi.schema.metadata.tables[table])
        wanted = {
            (name, "PERMISSIVE" if policy.permissive else "RESTRICTIVE", policy.role, policy.command, True)
            for name, policy in declared.items()
        }
        assert set(found) == wanted

    def test_its_policies_read_exactly_as_decided(self, catalogue: Connection, table: str) -> None:
        declared = policies(ayumi.schema.metadata.tables[table])
        assert declared["tenant"].condition == TENANT
        with catalogue.begin_nested() as twin:
            for name, policy in declared.items():
                catalogue.execute(text(f"CREATE POLICY twin_{name} ON {table} USING ({policy.condition})"))
            found: dict[object, object] = dict(
                rows(catalogue, "SELECT policyname, qual FROM pg_policies WHERE tablename = :t", t=table)  # type: ignore[arg-type]
            )
            twin.rollback()
        for name in declared:
            assert found[name] == found[f"twin_{name}"]

    def test_every_key_begins_with_the_municipality(self, catalogue: Connection, table: str) -> None:
        found = rows(
            catalogue,
            "SELECT c.conname, a.attname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.conrelid = cast(:t AS regclass) AND c.contype IN ('p', 'u', 'x')",
            t=table,
        )
        assert found
        assert {first for _name, first in found} == {"tenant_id"}

    def test_every_reference_within_municipalities_carries_the_municipality(
        self, catalogue: Connection, table: str
    ) -> None:
        found = rows(
            catalogue,
            "SELECT c.conname, c.confrelid::regclass::text, a.attname, f.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]"
            " WHERE c.conrelid = cast(:t AS regclass) AND c.contype = 'f'",
            t=table,
        )
        within = [(mine, theirs) for _name, target, mine, theirs in found if target not in SHARED]
        assert all(pair == ("tenant_id", "tenant_id") for pair in within)

    def test_its_indexes_begin_with_the_municipality_and_work_under_row_security(
        self, catalogue: Connection, table: str
    ) -> None:
        found = rows(
            catalogue,
            "SELECT i.indexrelid::regclass::text, a.attname, t.typname, k.place FROM pg_index i"
            " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)"
            " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
            " LEFT JOIN pg_type t ON t.oid = a.atttypid WHERE i.indrelid = cast(:t AS regclass)",
            t=table,
        )
        for index, column, kind, place in found:
            if index in ACROSS:
                continue
            assert kind in SAFE_IN_INDEXES, (index, column, kind)
            assert place != 1 or column == "tenant_id", (index, column)

    def test_its_doors_hold_what_they_declare_and_no_more(self, catalogue: Connection, table: str) -> None:
        grants = opening_of(ayumi.schema.metadata.tables[table]).grants
        for door in Door:
            if door is Door.OWNER:
                continue
            grant = grants.get(door)
            for verb, word in (("S", "SELECT"), ("I", "INSERT"), ("U", "UPDATE"), ("D", "DELETE")):
                narrowed = {"S": grant.select, "U": grant.update}.get(verb, ()) if grant else ()
                whole = bool(grant and verb in grant.verbs and not narrowed)
                [(held,)] = rows(catalogue, "SELECT has_table_privilege(:r, :t, :p)", r=door.role, t=table, p=word)
                assert held is whole, (door, word)
            for word in ("TRUNCATE", "REFERENCES", "TRIGGER"):
                assert rows(catalogue, "SELECT has_table_privilege(:r, :t, :p)", r=door.role, t=table, p=word) == [
                    (False,)
                ]


def test_no_role_of_a_door_owns_or_bypasses_anything(catalogue: Connection) -> None:
    found = rows(
        catalogue,
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(:r)"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        r=ROLES,
    )
    owned = rows(
        catalogue,
        "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE relnamespace='public'::regnamespace AND rolname = ANY(:r) AND rolname <> 'ayumi_owner'",
        r=ROLES,
    )
    assert (found, owned) == ([], [])


def test_nothing_runs_with_somebody_elses_rights(catalogue: Connection) -> None:
    definers = rows(
        catalogue,
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace='public'::regnamespace",
    )
    views = rows(
        catalogue,
        "SELECT relname FROM pg_class WHERE relkind = 'm' AND relnamespace='public'::regnamespace"
        " UNION SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace='public'::regnamespace"
        " AND NOT coalesce(reloptions::text LIKE '%security_invoker=true%', false)",
    )
    assert (definers, views) == ([], [])


def test_a_door_can_make_nothing_in_the_schema(catalogue: Connection) -> None:
    for door in Door:
        if door is not Door.OWNER:
            assert rows(catalogue, "SELECT has_schema_privilege(:r, 'public', 'CREATE')", r=door.role) == [(False,)]
