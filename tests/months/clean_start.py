"""Reference municipalities in a product of their own, with its own mailbox: on their first day, or with people."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infra.embedded import postgres
from tests.conftest import DOORS, EMPTY
from tests.live import BIN, Product, environment, serving

SLUGS = ("morioka", "yokohama", "nagasaki", "koshigaya")


@dataclass(frozen=True)
class FirstDay:
    """A running product, and the logins of its demonstration."""

    product: Product
    logins: Path

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """Everybody who can log in."""
        rows: list[dict[str, str]] = json.loads(self.logins.read_text(encoding="utf-8"))
        return rows

    @property
    def password(self) -> str:
        """The password of everybody who has one."""
        return next(row["password"] for row in self.rows if row["password"])

    def secret(self, email: str) -> str:
        """The secret of somebody's authenticator app; empty when they have none."""
        return next((row["totp_secret"] for row in self.rows if row["email"] == email), "")


@contextmanager
def first_day(services: Path, folder: Path) -> Iterator[FirstDay]:
    """The four towns with their real settings, staff, menus, firms and employers, before anybody is taken in."""
    with demonstration(services, folder, 1, SLUGS, "--without-people") as begun:
        yield begun


@contextmanager
def demonstration(services: Path, folder: Path, number: int, slugs: tuple[str, ...], *more: str) -> Iterator[FirstDay]:
    """Start a product with a database and a queue of its own beside the one other tests use."""
    database, name = postgres.Server(services / "postgres", durable=False), f"demonstration{number}"
    database.create_database(name, template=EMPTY)
    doors = {f"AYUMI_DATABASE_URL_{door.upper()}": database.url(f"ayumi_{door}", name) for door in DOORS}
    own = {
        "AYUMI_REDIS_URL": os.environ["AYUMI_REDIS_URL"].replace("db=0", f"db={number}"),
        "AYUMI_FILES_URL": f"file://{folder}/files",
        "AYUMI_MAIL_DIR": str(folder / "mail"),
        "AYUMI_DEMO_LOGINS": str(folder / "demo-logins.json"),
    }
    env = dict(os.environ) | doors | own
    named = [word for slug in slugs for word in ("--municipality", slug)]
    load = [str(BIN / "ayumi"), "demo", "load", *more, *named]
    subprocess.run(load, env=environment(env), check=True, capture_output=True)
    with serving(env, folder) as product:
        yield FirstDay(product, Path(env["AYUMI_DEMO_LOGINS"]))
