"""What is asked of the journal: read from the address, and written into addresses again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from flask_babel import gettext

from ayumi.audit import about, queries
from ayumi.audit.queries import Kind, Sift
from ayumi.delivery.journal.words import ACTIONS
from ayumi.delivery.people.sealing import seal, unseal
from ayumi.kernel.db import Rows
from ayumi.kernel.words import _
from ayumi.web.links import to

KINDS: dict[Kind, str] = {
    Kind.CHANGES: _("Changes"),
    Kind.READS: _("Looks at people"),
    Kind.EXPORTS: _("Files taken"),
    Kind.LOGINS: _("Accounts and logging in"),
}
ASKED = ("person", "find", "who", "action", "kind", "first", "last", "page")
LAST_PAGE = 100_000


@dataclass(slots=True)
class Asked:
    """What the address asks for, and the people who are called as was typed."""

    given: dict[str, str]
    sift: Sift
    found: Rows = field(default_factory=list)

    @property
    def words(self) -> str:
        """What was typed into the search box."""
        return unseal(self.given["find"])

    def url(self, endpoint: str = "journal.index", **changes: str) -> str:
        """The address of the same question with something else asked for, from its first page on."""
        asked = self.given | {"page": ""} | {name: value for name, value in changes.items() if name in ASKED}
        more = {name: value for name, value in changes.items() if name not in ASKED}
        query = urlencode({name: value for name, value in asked.items() if value})
        return to(endpoint, **more) + (f"?{query}" if query else "")

    def file_url(self, form: str) -> str:
        """The address of the same lines as a file."""
        return self.url("journal.file", form=form)

    def page_url(self, page: int) -> str:
        """The address of another page."""
        return self.url(page=str(page))

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides a person is asked for."""
        return any(self.given[name] for name in ("who", "action", "kind", "first", "last"))


def asked() -> Asked:
    """Read the address."""
    given = {name: request.args.get(name, "").strip() for name in ASKED}
    sift = Sift(
        participant_id=_read(UUID, given["person"]),
        membership_id=_read(UUID, given["who"]),
        action=given["action"] if given["action"] in ACTIONS else "",
        kind=_read(Kind, given["kind"]),
        first=_read(date.fromisoformat, given["first"]),
        last=_read(date.fromisoformat, given["last"]),
        page=min(max(_read(int, given["page"]) or 1, 1), LAST_PAGE),
    )
    words = unseal(given["find"])
    return Asked(given, sift, about.sought(words) if words else [])


def sought(endpoint: str) -> tuple[str, UUID | None]:
    """Return where the search box leads, and the person when exactly one is called so; the words stand sealed."""
    words = request.form.get("q", "").strip()
    found = about.sought(words) if words else []
    find = seal(words)
    return to(endpoint) + (f"?{urlencode({'find': find})}" if find else ""), found[0].id if len(found) == 1 else None


def choices(asked: Asked) -> Mapping[str, list[tuple[str, str]]]:
    """Return what there is to choose from."""
    actions = sorted((gettext(sentence, what="…"), word) for word, sentence in ACTIONS.items())
    return {
        "who": [(str(row.id), f"{row.name}（{row.firm}）" if row.firm else row.name) for row in queries.members()],
        "action": [(word, said) for said, word in actions],
        "kind": [(kind.value, gettext(word)) for kind, word in KINDS.items()],
    }


def _read(kind: Any, text: str) -> Any:
    try:
        return kind(text) if text else None
    except (ValueError, OverflowError):
        return None
