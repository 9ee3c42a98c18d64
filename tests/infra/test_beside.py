"""A migration that would hold up the release before it is named, with what is wrong."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import current
from sqlalchemy import Engine, event

from ayumi.kernel.patience import PATIENCE
from infra import beside
from infra.beside import Fault, faults

FORM = '''"""A migration of a test."""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
{excuse}

def upgrade():
    {step}
'''
BAD = {
    'op.create_index("ix_outbox_kind", "outbox", ["kind"])': "require-concurrent-index-creation",
    'op.add_column("outbox", sa.Column("n", sa.Integer(), nullable=False))': "adding-required-field",
    'op.alter_column("outbox", "error", nullable=False)': "adding-not-nullable-field",
    'op.alter_column("outbox", "attempts", type_=sa.BigInteger())': "changing-column-type",
    'op.alter_column("outbox", "kind", new_column_name="sort")': "renaming-column",
    'op.drop_column("outbox", "error")': "ban-drop-column",
    'op.drop_table("outbox")': "ban-drop-table",
    'op.rename_table("outbox", "promise")': "renaming-table",
    'op.create_check_constraint("positive", "outbox", "attempts >= 0")': "constraint-missing-not-valid",
    'op.create_unique_constraint("uq", "outbox", ["tenant_id", "kind"])': "disallowed-unique-constraint",
    'op.create_foreign_key("fk", "outbox", "menu", ["tenant_id", "id"], ["tenant_id", "id"])': (
        "adding-foreign-key-constraint"
    ),
    'op.create_index("ix", "outbox", ["kind"], postgresql_concurrently=True)': (
        "ban-concurrent-index-creation-in-transaction"
    ),
    "op.execute(\"UPDATE outbox SET error = 'x'\")": "rows-changed-under-locks",
}
BAD_SQL = {
    "table-locked-whole": (
        "LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE",
        "VACUUM FULL outbox",
        "CLUSTER outbox USING pk_outbox",
        "REFRESH MATERIALIZED VIEW m",
        "ALTER TABLE outbox SET UNLOGGED",
        "ALTER TABLE outbox SET TABLESPACE t",
        "ALTER TABLE outbox ATTACH PARTITION p FOR VALUES IN (1)",
    ),
    "rows-changed-under-locks": (
        "/* quickly */ UPDATE outbox SET error = 'x'",
        "WITH x AS (SELECT 1) UPDATE outbox SET error = 'x'",
        "CREATE TABLE z AS WITH x AS (DELETE FROM outbox RETURNING id) SELECT id FROM x",
        "PREPARE p AS UPDATE outbox SET error = 'x'",
        "INSERT INTO fee_line_day SELECT * FROM experience_day",
        "INSERT INTO fee_line_day (SELECT * FROM experience_day)",
        "INSERT INTO fee_line_day SELECT * FROM a UNION ALL SELECT * FROM b",
        "INSERT INTO fee_line_day TABLE experience_day",
        "MERGE INTO outbox USING x ON a = b WHEN MATCHED THEN UPDATE SET error = 'x'",
        "TRUNCATE outbox",
    ),
    "ban-unread": (
        "DO $$ BEGIN UPDATE outbox SET error = 'x'; END $$",
        "CALL change_everything()",
        "SELECT change_everything()",
        "SELECT set_config('lock_timeout', '0', false)",
    ),
    "ban-setting": (
        "SET lock_timeout = 0",
        "SET LOCAL statement_timeout = 0",
        "RESET lock_timeout",
        "RESET ALL",
        "DISCARD ALL",
        "SET ROLE ayumi_staff",
        "SET SESSION AUTHORIZATION ayumi_staff",
    ),
    "ban-revoke": (
        "REVOKE SELECT ON outbox FROM ayumi_staff",
        "DROP OWNED BY ayumi_staff",
        "REASSIGN OWNED BY ayumi_staff TO ayumi_owner",
        "ALTER ROLE ayumi_staff NOLOGIN",
        "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM ayumi_staff",
        "DROP POLICY p ON outbox",
        "DROP TRIGGER t ON outbox",
        "ALTER TABLE outbox DISABLE TRIGGER ALL",
        "ALTER TABLE outbox DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE outbox NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE outbox OWNER TO ayumi_staff",
    ),
    "changed-under-the-release-before": (
        "ALTER POLICY p ON outbox USING (false)",
        "CREATE POLICY p ON outbox AS RESTRICTIVE USING (false)",
        "ALTER TABLE outbox ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE outbox FORCE ROW LEVEL SECURITY",
        "CREATE TRIGGER t BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE RULE r AS ON INSERT TO outbox DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "ALTER FUNCTION f(int) SECURITY DEFINER",
    ),
    "constraint-missing-not-valid": (
        "ALTER TABLE outbox ADD COLUMN n int CHECK (n > 0)",
        "ALTER TABLE outbox ADD CONSTRAINT c CHECK (n > 0) NOT VALID; ALTER TABLE outbox VALIDATE CONSTRAINT c",
        "ALTER TABLE outbox ADD CONSTRAINT e EXCLUDE USING gist (a WITH =)",
        "ALTER TABLE outbox ADD PRIMARY KEY (id)",
    ),
    "adding-field-with-default": (
        "ALTER TABLE outbox ADD COLUMN u uuid NOT NULL DEFAULT gen_random_uuid()",
        "ALTER TABLE outbox ADD COLUMN g int GENERATED ALWAYS AS (attempts + 1) STORED",
    ),
    "adding-foreign-key-constraint": ("ALTER TABLE outbox ADD COLUMN m uuid REFERENCES menu (id)",),
    "ban-drop-constraint": ("ALTER TABLE outbox DROP CONSTRAINT ck",),
    "ban-drop-default": ("ALTER TABLE outbox ALTER COLUMN attempts DROP DEFAULT",),
    "ban-drop-sequence": ("DROP SEQUENCE s",),
    "ban-drop-view": ("DROP VIEW v",),
    "ban-set-schema": ("ALTER TABLE outbox SET SCHEMA other",),
    "renaming-object": (
        "ALTER TABLE outbox RENAME CONSTRAINT a TO b",
        "ALTER TYPE t RENAME VALUE 'a' TO 'b'",
        "ALTER FUNCTION f(int) RENAME TO g",
    ),
    "require-concurrent-index-deletion": ("DROP INDEX ix_outbox",),
    "require-concurrent-partition-detach": ("ALTER TABLE outbox DETACH PARTITION p",),
    "require-concurrent-reindex": ("REINDEX TABLE outbox",),
}
GOOD_SQL = (
    # What a function would do some day, the migration does not do.
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE outbox SET error = 'x'; END $$",
    "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC UPDATE outbox SET error = 'x'; SELECT 1; END",
    # Nobody uses a table yet that is created here.
    "CREATE TABLE z (id int PRIMARY KEY, n int CHECK (n > 0), FOREIGN KEY (n) REFERENCES menu (id) ON DELETE CASCADE);"
    "ALTER TABLE z ENABLE ROW LEVEL SECURITY; ALTER TABLE z FORCE ROW LEVEL SECURITY;"
    "CREATE POLICY p ON z AS RESTRICTIVE FOR UPDATE USING (true); GRANT SELECT, UPDATE, DELETE ON z TO ayumi_staff;"
    "CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON z FOR EACH ROW EXECUTE FUNCTION f()",
    "INSERT INTO menu (id, name) VALUES (1, 'UPDATE'), (2, 'LOCK TABLE outbox')",
    "COMMENT ON TABLE outbox IS 'rows; DELETE FROM it'",
)
GOOD = (
    'op.add_column("outbox", sa.Column("n", sa.Integer(), nullable=True))',
    'op.add_column("outbox", sa.Column("n", sa.Integer(), nullable=False, server_default="0"))',
    'op.create_table("z", sa.Column("id", sa.Uuid(), primary_key=True)); op.create_index("ix_z", "z", ["id"])',
    'op.execute("ALTER TABLE outbox ADD CONSTRAINT positive CHECK (attempts >= 0) NOT VALID")',
    'with op.get_context().autocommit_block(): op.create_index("i", "outbox", ["kind"], postgresql_concurrently=True)',
)


def migration(folder: Path, step: str, excuse: str = "") -> Path:
    versions = folder / "versions"
    versions.mkdir()
    (versions / "0001_bad.py").write_text(FORM.format(step=step, excuse=excuse), encoding="utf-8")
    return folder


def rules(found: list[Fault]) -> set[str]:
    return {fault.rule for fault in found}


@pytest.mark.parametrize(("step", "rule"), BAD.items())
def test_a_migration_that_holds_up_others_is_named_with_its_rule(tmp_path: Path, step: str, rule: str) -> None:
    found = faults(migration(tmp_path, step))
    assert rule in rules(found)
    assert {fault.migration for fault in found} == {"0001_bad.py"}


@pytest.mark.parametrize("step", GOOD)
def test_a_migration_that_holds_up_nobody_is_not_named(tmp_path: Path, step: str) -> None:
    assert faults(migration(tmp_path, step)) == []


def named(sql: str) -> set[str]:
    """Return the rules that a transaction of a migration breaks."""
    whole = "".join(f"{each};\n" for each in (*PATIENCE, "BEGIN", sql, "COMMIT"))
    return rules([*beside.told("x", whole), *beside.told_by_us("x", whole)])


@pytest.mark.parametrize("rule", BAD_SQL)
def test_each_way_of_saying_what_holds_up_others_is_named(rule: str) -> None:
    assert [sql for sql in BAD_SQL[rule] if rule not in named(sql)] == []


def test_what_only_looks_like_it_is_not_named() -> None:
    assert [(sql, found) for sql in GOOD_SQL if (found := named(sql))] == []


def test_a_rule_is_broken_with_a_reason_or_not_at_all(tmp_path: Path) -> None:
    step = 'op.drop_column("outbox", "error")'
    excuses = ('BESIDE = {"ban-drop-column": "unused since 0.2"}', 'BESIDE = {"ban-drop-column": " "}')
    for number, (excuse, wanted) in enumerate(zip(excuses, (set(), {"ban-drop-column"}), strict=True)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert rules(faults(migration(folder, step, excuse))) == wanted


def test_an_excuse_for_what_is_not_broken_is_named(tmp_path: Path) -> None:
    found = faults(migration(tmp_path, GOOD[0], 'BESIDE = {"ban-drop-column": "unused since 0.2"}'))
    assert [fault.said for fault in found] == ["excused, but not broken"]


def test_without_time_outs_a_migration_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PATIENCE", ("SELECT 1",))
    assert rules(faults(migration(tmp_path, GOOD[0]))) == {"require-lock-timeout", "require-statement-timeout"}


def test_what_cannot_be_read_is_no_pass(tmp_path: Path) -> None:
    assert "syntax-error" in rules(faults(migration(tmp_path, 'op.execute("ALTER TABEL outbox")')))


def test_the_migrations_since_the_first_release_are_all_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert [script.revision for script in beside.newer(beside.MIGRATIONS, "0011")][:2] == ["0012", "0013"]
    assert beside.main() == 0, capsys.readouterr().err


def test_the_time_outs_are_set_before_anything_else_is_asked(app: Flask) -> None:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with app.app_context():
            current()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    ours = [each for each in said if not each.startswith(("select pg_catalog", "show "))]
    assert tuple(ours[:2]) == PATIENCE
    assert "alembic_version" in "".join(ours[2:])
