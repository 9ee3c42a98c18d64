"""The plan for a Citus cluster, held against what the database's catalogue says of the tables."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from ayumi.hosting import distribution
from ayumi.hosting.distribution import Step
from ayumi.hosting.permissive import without_restrictive
from ayumi.kernel.db import Base, db

MOVED = re.compile(r"SELECT create_(reference|distributed)_table\('(\w+)'")
OF_CITUS = re.compile(r"^SELECT create_(reference_table|distributed_table|distributed_function)\(|citus\.")
SPREAD = "relkind = 'r' AND relnamespace = 'public'::regnamespace AND coalesce(obj_description(oid), '') NOT LIKE '@%'"


@pytest.fixture
def catalogue(app: Flask) -> Iterator[Connection]:
    with app.app_context(), db.engines["owner"].connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return distribution.plan("ayumi")


def rows(catalogue: Connection, sentence: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in catalogue.execute(text(sentence))]


def names(catalogue: Connection, sentence: str) -> set[object]:
    return {name for (name,) in rows(catalogue, sentence)}


def said(steps: list[Step]) -> list[str]:
    return [statement for step in steps for statement in step.statements]


def taken(steps: list[Step], how: str) -> list[str]:
    return [found[2] for each in said(steps) if (found := MOVED.search(each)) and found[1] == how]


class TestWhichTables:
    def test_every_table_of_municipalities_is_spread_by_municipality_once(
        self, catalogue: Connection, steps: list[Step]
    ) -> None:
        found = taken(steps, "distributed")
        of_municipalities = names(catalogue, f"SELECT relname FROM pg_class WHERE {SPREAD}") - {"alembic_version"}
        assert len(found) == len(set(found))
        assert set(found) == of_municipalities
        assert all("'tenant_id'" in each for each in said(steps) if "create_distributed_table" in each)

    def test_every_shared_table_is_on_every_machine(self, catalogue: Connection, steps: list[Step]) -> None:
        shared = names(catalogue, "SELECT relname FROM pg_class WHERE obj_description(oid) ~ '^@(global|everywhere) '")
        assert sorted(taken(steps, "reference")) == sorted(str(name) for name in shared)

    def test_all_of_a_municipality_lies_on_one_machine(self, steps: list[Step]) -> None:
        beside = [each.rsplit("=> '", 1)[1] for each in said(steps) if "colocate_with" in each]
        first = taken(steps, "distributed")[0]
        assert beside == ["none')", *[f"{first}')"] * (len(beside) - 1)]


class TestTheOrder:
    def test_shared_tables_come_first_then_those_spread_then_foreign_keys(self, steps: list[Step]) -> None:
        kinds = [kind for each in said(steps) if (kind := kind_of(each))]
        order = ["drop", "reference", "distributed", "add"]
        assert set(kinds) == set(order)
        assert kinds == sorted(kinds, key=order.index)

    def test_settings_come_before_anything_moves(self, steps: list[Step]) -> None:
        settings = [number for number, each in enumerate(said(steps)) if each.startswith(("SET ", "ALTER DATABASE"))]
        assert settings == list(range(len(distribution.SETTINGS) * 2))


def kind_of(statement: str) -> str | None:
    found = MOVED.search(statement)
    if found:
        return found[1]
    return "drop" if "DROP CONSTRAINT" in statement else "add" if " ADD CONSTRAINT" in statement else None


class TestConstraints:
    def test_no_key_of_a_table_that_is_spread_is_without_the_municipality(self, catalogue: Connection) -> None:
        without = rows(
            catalogue,
            f"""SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            WHERE (i.indisunique OR i.indisexclusion) AND c.oid IN (SELECT oid FROM pg_class WHERE {SPREAD})
            AND c.relname <> 'alembic_version' AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
                AND a.attname = 'tenant_id' AND a.attnum = ANY(i.indkey))""",
        )
        assert without == []

    def test_foreign_keys_between_spread_tables_carry_the_municipality_on_both_sides(
        self, catalogue: Connection, steps: list[Step]
    ) -> None:
        spread = set(taken(steps, "distributed"))
        for name, source, target, mine, theirs in foreign_keys(catalogue):
            if source in spread and target in spread:
                assert ("tenant_id", "tenant_id") in zip(mine, theirs, strict=True), name

    def test_no_shared_table_refers_to_one_that_is_spread(self, catalogue: Connection, steps: list[Step]) -> None:
        spread = set(taken(steps, "distributed"))
        backwards = [key[0] for key in foreign_keys(catalogue) if key[2] in spread and key[1] not in spread]
        assert backwards == []

    def test_everything_that_is_said_to_plain_postgres_works_and_changes_nothing_in_the_end(
        self, catalogue: Connection, steps: list[Step]
    ) -> None:
        gone = {(table, name, "O") for table, names in distribution.ONE_MACHINE.items() for name in names}
        before = (constraints(catalogue), policies(catalogue))
        assert gone < before[1]
        for statement in said(steps):
            if not OF_CITUS.search(statement):
                catalogue.exec_driver_sql(statement)
        assert (constraints(catalogue), unchanged(policies(catalogue)) | gone) == (before[0], unchanged(before[1]))
        assert not gone & policies(catalogue)
        assert {each[2] for each in policies(catalogue) if len(each) == 7} == {"PERMISSIVE"}
        catalogue.exec_driver_sql(
            "INSERT INTO municipality (slug, name, kana, prefecture, band, created_at)"
            " VALUES ('counted', '数市', 'カズシ', '県', 1, now())"
        )
        assert rows(
            catalogue, "SELECT id = (SELECT max(id) FROM municipality) FROM municipality WHERE slug = 'counted'"
        )
        assert rows(catalogue, "SELECT pg_get_serial_sequence('municipality', 'id')") == [
            ("public.municipality_number",)
        ]


def foreign_keys(catalogue: Connection) -> list[tuple[str, str, str, list[str], list[str]]]:
    columns = (
        "ARRAY(SELECT a.attname::text FROM unnest(c.{0}) WITH ORDINALITY k(n, o) JOIN pg_attribute a"
        " ON a.attrelid = c.{1} AND a.attnum = k.n ORDER BY k.o)"
    )
    mine, theirs = columns.format("conkey", "conrelid"), columns.format("confkey", "confrelid")
    return rows(
        catalogue,
        f"SELECT conname, conrelid::regclass::text, confrelid::regclass::text, {mine}, {theirs} FROM pg_constraint c"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
    )  # type: ignore[return-value]


def constraints(catalogue: Connection) -> set[tuple[object, ...]]:
    sentence = (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n'"
    )
    return set(rows(catalogue, sentence))


def policies(catalogue: Connection) -> set[tuple[object, ...]]:
    held = "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    on = "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'"
    fires = "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
    return {*rows(catalogue, held), *rows(catalogue, on), *rows(catalogue, fires)}


def unchanged(found: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """Leave out the policies of tables on which restrictive ones give way to permissive ones (test_permissive.py)."""
    swapped = {table.name for table in Base.metadata.sorted_tables if any(without_restrictive(table))}
    return {each for each in found if len(each) != 7 or each[0] not in swapped}


class TestWhatCitusWouldRefuse:
    def test_columns_that_count_by_themselves_are_all_known(self, catalogue: Connection) -> None:
        found = rows(catalogue, "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attidentity <> ''")
        assert dict(found) == distribution.COUNTED  # type: ignore[arg-type]

    def test_functions_behind_triggers_are_all_carried_along(self, catalogue: Connection) -> None:
        found = names(
            catalogue,
            "SELECT cast(oid::regprocedure AS text) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
        )
        assert found == {each.replace(", ", ",") for each in distribution.FUNCTIONS}

    def test_triggers_that_write_to_what_lies_on_every_machine_are_left_on_one(self, catalogue: Connection) -> None:
        found = rows(
            catalogue,
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE prosrc ~ '(INSERT INTO|DELETE FROM|UPDATE) (whereabouts|account|firm|municipality)' ORDER BY 2",
        )
        assert found == [(table, name) for table, names in distribution.ONE_MACHINE.items() for name in names]

    def test_no_function_is_handed_a_whole_row_which_on_a_shard_is_of_another_type(self, catalogue: Connection) -> None:
        bodies = names(
            catalogue,
            "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prorettype = 'trigger'::regtype",
        )
        assert any("journal_hash(ROW(NEW.*)::journal_entry" in str(body) for body in bodies)
        assert [body for body in bodies if re.search(r"journal_\w+\((NEW|OLD)[,)]", str(body))] == []


class TestTheCommand:
    def test_the_plan_is_printed_and_nothing_is_done(self, app: Flask) -> None:
        answer = app.test_cli_runner().invoke(args=["db", "distribute", "--plan"])
        assert answer.exit_code == 0, answer.output
        assert answer.output.count("BEGIN;") == answer.output.count("COMMIT;") > 60
        assert "SELECT create_distributed_table('participant', 'tenant_id'" in answer.output

    def test_a_database_that_is_no_cluster_is_left_alone(self, app: Flask) -> None:
        answer = app.test_cli_runner().invoke(args=["db", "distribute"])
        assert (answer.exit_code, "no Citus cluster" in answer.output) == (1, True)
