"""Which variables the processes of Ayumi are given, and which of them somebody set from outside.

What is set from outside always wins, and the embedded service behind it is then not started.
Run as a program (`make env`) it prints the variables of what is running in this tree, for a shell to read.
"""

import fcntl
import json
import os
import secrets
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
VAR = ROOT / "var"
DATABASE_URLS = {
    "AYUMI_DATABASE_URL_OWNER": "ayumi_owner",
    "AYUMI_DATABASE_URL_STAFF": "ayumi_staff",
    "AYUMI_DATABASE_URL_FIRM": "ayumi_firm",
    "AYUMI_DATABASE_URL_EMPLOYER": "ayumi_employer",
    "AYUMI_DATABASE_URL_ACCOUNTS": "ayumi_accounts",
    "AYUMI_DATABASE_URL_WORKER": "ayumi_worker",
    "AYUMI_DATABASE_URL_DISPATCHER": "ayumi_dispatcher",
    "AYUMI_DATABASE_URL_OPERATOR": "ayumi_operator",
    "AYUMI_DATABASE_URL_GLASS": "ayumi_glass",
    "AYUMI_DATABASE_URL_KEEPER": "ayumi_keeper",
}
BACKUP_URL = "AYUMI_BACKUP_DATABASE_URL"
REDIS_URL = "AYUMI_REDIS_URL"


class StartError(Exception):
    """The start cannot go on; the text tells the person at the keyboard what to do."""


@dataclass(frozen=True)
class Tree:
    """Where a start keeps what it needs to remember."""

    var: Path = VAR

    @property
    def lock(self) -> Path:
        return self.var / "run" / "start.lock"

    @property
    def variables(self) -> Path:
        return self.var / "run" / "env.json"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def logins(self) -> Path:
        return self.var / "demo-logins.json"


def tree_named(words: list[str]) -> Tree:
    """Each program of infra takes the folder to remember things in as its one word; without it, var."""
    return Tree(Path(words[0]).absolute()) if words else Tree()


def own_database(given: Mapping[str, str]) -> bool:
    """Whether our own PostgreSQL is wanted. A half-told outside database is an error, never a mixture."""
    missing = [name for name in DATABASE_URLS if not given.get(name)]
    if missing and len(missing) < len(DATABASE_URLS):
        raise StartError(f"an outside database needs all its addresses; missing: {', '.join(missing)}")
    return bool(missing)


def own_queue(given: Mapping[str, str]) -> bool:
    return not given.get(REDIS_URL)


def plain_settings(tree: Tree, port: int) -> dict[str, str]:
    """Everything but the services."""
    return {
        "AYUMI_FILES_URL": (tree.var / "files").as_uri(),
        "AYUMI_BACKUP_URL": (tree.var / "backups").as_uri(),
        "AYUMI_SECRET_KEY": remembered_secret(tree.var / "secret-key"),
        "AYUMI_MAIL_DIR": str(tree.var / "mail"),
        "AYUMI_BASE_URL": f"http://127.0.0.1:{port}",
        "AYUMI_DEMO_LOGINS": str(tree.logins),
        "AYUMI_METRICS_DIR": str(tree.var / "metrics"),
    }


def remembered_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")


# -- one start per tree ------------------------------------------------------


@contextmanager
def only_start(tree: Tree) -> Iterator[None]:
    """The kernel drops the lock with its holder, so a start that was killed blocks nobody."""
    tree.lock.parent.mkdir(parents=True, exist_ok=True)
    with tree.lock.open("a+") as file:
        if not take(file.fileno()):
            raise StartError("Ayumi is already running in this folder (Ctrl-C in its terminal stops it)")
        yield


def running(tree: Tree) -> bool:
    if not tree.lock.exists():
        return False
    with tree.lock.open("a+") as file:
        return not take(file.fileno())


def take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# -- for a shell -------------------------------------------------------------


def remember(tree: Tree, variables: Mapping[str, str]) -> None:
    write_private(tree.variables, json.dumps(dict(variables), indent=1))


def export_lines(tree: Tree) -> list[str]:
    if not running(tree) or not tree.variables.exists():
        raise StartError("Ayumi is not running in this folder; start it with: make run")
    variables: dict[str, str] = json.loads(tree.variables.read_text(encoding="utf-8"))
    return [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]


def main(words: list[str]) -> int:
    try:
        print("\n".join(export_lines(tree_named(words))))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
