"""The battlefield: three towns, everybody who could attack, and what must not move while they do."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.isolation.populated import Populated, populate, snapshot
from tests.isolation.urls import KINDS
from tests.world import PASSWORD, Member, Town, a_member, csrf_of, logged_in

HERE, THERE, BESIDE = "甲野台", "乙川原", "丙沢谷"
OUTSIDERS = ("operator", "stranger")
EVERYBODY = (*KINDS, "both", *OUTSIDERS, "anonymous")
FIRM_ROLES = (Role.MANAGER, Role.SUPPORTER, Role.ACCOUNTING)


@dataclass(eq=False)
class Battlefield:
    """Everybody attacks from ``mine``; ``theirs`` and ``sister`` must not move.

    ``theirs`` works with a firm of its own. ``sister`` works with the same firm as ``mine``, and ``both`` is
    somebody of that firm who belongs to the two, here acting in ``mine``. ``stranger`` is staff of ``theirs``.
    """

    app: Flask
    mine: Populated
    theirs: Populated
    sister: Populated
    before: dict[str, dict[str, object]] = field(default_factory=dict)

    @cache  # noqa: B019
    def browser(self, kind: str) -> FlaskClient:
        """Return a browser of one of them."""
        if kind == "anonymous":
            return self.app.test_client()
        return logged_in(self.app, self.mine.members[kind])

    @cache  # noqa: B019
    def token(self, kind: str) -> str:
        """Return a CSRF token for that browser."""
        return csrf_of(self.browser(kind))

    def others(self) -> dict[str, dict[str, object]]:
        """Return all that there is of the other towns."""
        return {town.mark: everything(self.app, town.town) for town in (self.theirs, self.sister)}


def battlefield(app: Flask) -> Battlefield:
    """Make the towns and remember how they stood."""
    mine, theirs = populate(app, HERE), populate(app, THERE)
    sister = populate(app, BESIDE, firm_id=mine.firm_id)
    mine.members["both"] = a_member(app, mine.town, Party.FIRM, *FIRM_ROLES, name=f"{HERE}兼務", firm_id=mine.firm_id)
    sister.members["both"] = a_member(
        app, sister.town, Party.FIRM, *FIRM_ROLES, name=f"{BESIDE}兼務", firm_id=mine.firm_id,
        account_id=mine.members["both"].account_id,
    )  # fmt: skip
    mine.members["operator"] = an_operator(app, mine.town)
    mine.members["stranger"] = theirs.members["administrator"]
    field = Battlefield(app, mine, theirs, sister)
    field.before = field.others()
    return field


def an_operator(app: Flask, town: Town) -> Member:
    """Make an operator, to whom no municipality has opened anything."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        email = f"operator-{ids.new().hex[-8:]}@test.example"
        account = accounts.add_account(session, email=email, name="運用", password=PASSWORD)
        account.is_operator = True
        return Member(town, account.id, ids.new(), email, Party.STAFF)


def everything(app: Flask, town: Town) -> dict[str, object]:
    """Return every row and every file of a town: what was promised and written in the journal is among the rows."""
    return {**snapshot(app, town), "files": files_of(town)}


def files_of(town: Town) -> dict[str, bytes]:
    """Return the kept files of a town."""
    root = Path(urlsplit(settings().files_url).path)
    found = sorted((root / "t" / str(town.tenant_id)).rglob("*"))
    return {str(path.relative_to(root)): path.read_bytes() for path in found if path.is_file()}
