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

MIGRATIONS = ROOT / "platform" / "ayumi" / "migrations"
SQUAWK = str(Path(sys.executable).with_name("squawk"))
FIRST_RELEASE = "0012"  # until here there was no release before
OLDEST_SERVER = "15.0"
NOT_OURS = {
    "prefer-bigint-over-int": "numbers of municipalities and counts are small, and keys are identifiers",
    "prefer-text-field": "a closed set of words is a varchar with a CHECK (ayumi.kernel.db.choice)",
    "prefer-robust-stmts": "a migration is one transaction; what is built concurrently is repaired by hand",
}
# What squawk has no rule for: rule -> (how it looks, what to do instead).
OURS = {
    "rows-changed-under-locks": (
        re.compile(r"^\s*(UPDATE|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE | re.MULTILINE),
        "Rows are changed a few at a time by a job, not while the migration holds its locks.",
    ),
    "ban-revoke": (
        re.compile(r"^\s*(REVOKE|DROP\s+(POLICY|FUNCTION|TRIGGER|ROLE))\b", re.IGNORECASE | re.MULTILINE),
        "The release before may still need this; take it away with the release after.",
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
    """Look for what squawk has no rule for."""
    for rule, (pattern, said) in OURS.items():
        if pattern.search(sql):
            yield Fault(name, rule, said)


def main() -> int:
    """Print every fault; 1 when there is one."""
    found = faults()
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
