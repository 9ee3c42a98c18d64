"""The four towns on their first day: own database and queue, real settings, staff, menus, employers, and nobody yet."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infra.embedded import postgres
from tests.conftest import DOORS
from tests.live import BIN, Product, environment, serving

SLUGS = ("morioka", "yokohama", "nagasaki", "koshigaya")
DATABASE = "months"


@dataclass(frozen=True)
class FirstDay:
    """A product in which nobody has been taken in yet."""

    product: Product
    logins: Path

    @cached_property
    def password(self) -> str:
        """The password of everybody who has one."""
        rows = json.loads(self.logins.read_text(encoding="utf-8"))
        return next(str(row["password"]) for row in rows if row["password"])


@contextmanager
def first_day(services: Path, folder: Path) -> Iterator[FirstDay]:
    """Start a product of its own beside the one other tests use."""
    database = postgres.Server(services / "postgres", durable=False)
    database.create_database(DATABASE)
    env = _settings(database, folder)
    for words in (["db", "upgrade"], ["demo", "load", "--without-people", *_named(SLUGS)]):
        subprocess.run([str(BIN / "ayumi"), *words], env=environment(env), check=True, capture_output=True)
    with serving(env, folder) as product:
        yield FirstDay(product, Path(env["AYUMI_DEMO_LOGINS"]))


def _settings(database: postgres.Server, folder: Path) -> dict[str, str]:
    doors = {f"AYUMI_DATABASE_URL_{door.upper()}": database.url(f"ayumi_{door}", DATABASE) for door in DOORS}
    return (
        dict(os.environ)
        | doors
        | {
            "AYUMI_REDIS_URL": os.environ["AYUMI_REDIS_URL"].replace("db=0", "db=1"),
            "AYUMI_FILES_URL": f"file://{folder}/files",
            "AYUMI_MAIL_DIR": str(folder / "mail"),
            "AYUMI_DEMO_LOGINS": str(folder / "demo-logins.json"),
        }
    )


def _named(slugs: tuple[str, ...]) -> list[str]:
    return [word for slug in slugs for word in ("--municipality", slug)]
