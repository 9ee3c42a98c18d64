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
    'op.execute("REVOKE SELECT ON outbox FROM ayumi_staff")': "ban-revoke",
}
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
