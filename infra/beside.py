"""Whether each migration can run while the release before it is still serving: checked on the SQL it emits.

The rules are squawk's: no lock that stops readers or writers for as long as a table is long, nothing taken away or
renamed that the release before still uses. Its own first sentences are those of migrations/env.py, so that a missing
time-out is named too. A migration that must break a rule says so and why: ``BESIDE = {"ban-drop-column": "..."}``.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from ayumi.kernel.patience import PATIENCE
from infra.environment import ROOT
from infra.statements import SQUAWK, Statement, statements

MIGRATIONS = ROOT / "platform" / "ayumi" / "migrations"
FIRST_RELEASE = "0012"  # until here there was no release before
OLDEST_SERVER = "15.0"
NOT_OURS = {
    "prefer-bigint-over-int": "numbers of municipalities and counts are small, and keys are identifiers",
    "prefer-text-field": "a closed set of words is a varchar with a CHECK (ayumi.kernel.db.choice)",
    "prefer-robust-stmts": "a migration is one transaction; what is built concurrently is repaired by hand",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What squawk has no rule for: the paths (statements.py) of what is not to be said, and what to do instead."""

    path: re.Pattern[str]
    instead: str
    of_new_tables: bool = True  # whether also of a table that the same migration creates

    def broken_by(self, statement: Statement, created: set[str | None]) -> bool:
        """Whether a statement says it."""
        if not self.of_new_tables and statement.table in created:
            return False
        return any(self.path.search(part.path) for part in statement.parts)


OURS = {
    "rows-changed-under-locks": Rule(
        re.compile(r"(^|/)(UPDATE|DELETE|MERGE|TRUNCATE|INSERT/(\w*SELECT|TABLE))$"),
        "Rows are changed a few at a time by a job, not while the migration holds its locks.",
    ),
    "table-locked-whole": Rule(
        re.compile(
            r"^(LOCK|VACUUM|CLUSTER|REFRESH"
            r"|ALTER_TABLE/(SET_LOGGED|SET_UNLOGGED|SET_TABLESPACE|SET_ACCESS_METHOD|ATTACH_PARTITION))$"
        ),
        "Everybody would wait for as long as the table is long; do it apart from a release, while nobody works.",
        of_new_tables=False,
    ),
    "constraint-missing-not-valid": Rule(
        re.compile(r"^ALTER_TABLE/ADD_COLUMN/CHECK_CONSTRAINT$"),
        "The whole table is read for it under a lock; add the column, then the constraint NOT VALID.",
        of_new_tables=False,
    ),
    "ban-setting": Rule(
        re.compile(r"^(SET|SET_\w+|RESET|RESET_\w+|DISCARD)$"),
        "A migration waits as ayumi.kernel.patience says, as the role that it is run by, and sets nothing itself.",
    ),
    "ban-unread": Rule(
        re.compile(r"^(DO|CALL|SELECT|EXECUTE)$"),
        "What a block, a procedure or a function would do cannot be read here; write its statements.",
    ),
    "ban-revoke": Rule(
        re.compile(
            r"^(REVOKE|REASSIGN|ALTER_ROLE|DROP_(POLICY|FUNCTION|PROCEDURE|ROUTINE|TRIGGER|RULE|ROLE|OWNED)"
            r"|ALTER_DEFAULT_PRIVILEGES/REVOKE_DEFAULT_PRIVILEGES"
            r"|ALTER_TABLE/(DISABLE_TRIGGER|DISABLE_RULE|DISABLE_RLS|NO_FORCE_RLS|OWNER_TO))$"
        ),
        "The release before may still need this; take it away with the release after.",
    ),
    "changed-under-the-release-before": Rule(
        re.compile(
            r"^((ALTER|CREATE)_(POLICY|TRIGGER|RULE|EVENT_TRIGGER)|ALTER_(FUNCTION|PROCEDURE|ROUTINE)|\w+/OR_REPLACE"
            r"|ALTER_TABLE/(ENABLE_RLS|FORCE_RLS|ENABLE_TRIGGER|ENABLE_RULE))$"
        ),
        "What the release before does there would be refused, or done otherwise; say why it goes on as it did.",
        of_new_tables=False,
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a migration breaks."""

    migration: str
    rule: str
    said: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.said}"


def faults(folder: Path = MIGRATIONS, *, after: str = FIRST_RELEASE) -> list[Fault]:
    """Return what is wrong with the migrations that come after a revision."""
    return [fault for script in newer(folder, after) for fault in of_one(script)]


def newer(folder: Path, after: str) -> Iterator[Script]:
    """Give the migrations after a revision, the oldest first."""
    scripts = list(ScriptDirectory(str(folder)).walk_revisions("base", "heads"))
    names = [script.revision for script in scripts]
    yield from reversed(scripts[: names.index(after)] if after in names else scripts)


def of_one(script: Script) -> list[Fault]:
    """Return what is wrong with one migration."""
    name = Path(script.path).name
    excused: dict[str, str] = getattr(script.module, "BESIDE", {})
    sql = emitted(script)
    found = [*told(name, sql), *told_by_us(name, sql)]
    broken = {fault.rule for fault in found}
    left = [fault for fault in found if fault.rule not in excused or not excused[fault.rule].strip()]
    needless = [Fault(name, rule, "excused, but not broken") for rule in excused if rule not in broken]
    return left + needless


def emitted(script: Script) -> str:
    """Return the SQL of a migration, as env.py has it run."""
    said = StringIO()
    options = {"as_sql": True, "output_buffer": said, "transactional_ddl": True}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with context.begin_transaction(), Operations.context(context):
        script.module.upgrade()
    return ";\n".join(PATIENCE) + ";\n" + said.getvalue()


def told(name: str, sql: str) -> Iterator[Fault]:
    """Ask squawk about some SQL."""
    words = ["--reporter", "json", "--pg-version", OLDEST_SERVER, "--stdin-filepath", name]
    done = subprocess.run(
        [SQUAWK, *words, *(f"--exclude={rule}" for rule in NOT_OURS)],
        input=sql, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1) or not done.stdout.strip():
        raise RuntimeError(f"squawk could not read {name}: {done.stderr}")
    for each in json.loads(done.stdout):
        yield Fault(name, each["rule_name"], each["message"])


def told_by_us(name: str, sql: str) -> Iterator[Fault]:
    """Look for what squawk has no rule for. The first sentences are those of env.py, and set what is to be set."""
    said = statements(sql)[len(PATIENCE) :]
    created = {statement.creates for statement in said} - {None}
    for rule, looked_for in OURS.items():
        if any(looked_for.broken_by(statement, created) for statement in said):
            yield Fault(name, rule, looked_for.instead)


def main() -> int:
    """Print every fault; 1 when there is one."""
    found = faults()
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
