"""Entries of the journal as people read them: who, what, to whom, from what to what, as far as it is for their eyes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext, pgettext

from ayumi.audit import about, queries
from ayumi.audit.reading import EXPORTED, LOOKED
from ayumi.delivery.journal.fields import labels_of
from ayumi.delivery.journal.words import ACTIONS, PAGES, SUBJECTS
from ayumi.kernel.db import Rows, here
from ayumi.kernel.tenancy import Door
from ayumi.participants import fields
from ayumi.participants.fields import Group

MOST = 200  # characters of a value
ICONS = {LOOKED: "eye", EXPORTED: "download"}


@dataclass(slots=True)
class Line:
    """One entry. ``changes``: (field, from → to), or the field alone where what it holds is not for the reader."""

    seq: int
    at: datetime
    who: str
    what: str
    icon: str
    person_id: UUID | None = None
    person: str = ""
    page: str = ""
    why: str = ""
    changes: list[tuple[str, str]] = field(default_factory=list)
    hides: bool = False


def lines(rows: Rows) -> list[Line]:
    """Turn entries into lines, with two statements for all of them."""
    owners, names = about.people_of(rows), _names(rows)
    return [_line(row, owners.get(row.subject_id), names) for row in rows]


def _line(row: Any, owner: Any, names: Mapping[UUID, str]) -> Line:
    told = reads_all(row, owner)
    page = _page(row)
    return Line(
        seq=row.seq,
        at=row.at,
        who=who(row),
        what=sentence(row),
        icon=ICONS.get(row.action, "history"),
        person_id=owner.id if owner else None,
        person=called(owner) if owner else "",
        page=page,
        why=(row.why or "") if told and here().door is not Door.FIRM else "",
        changes=[] if page else list(differences(row, names, told)),
        hides=not told and bool(row.why or (row.changes and not page)),
    )


def reads_all(row: Any, owner: Any) -> bool:
    """Tell whether what an entry says is for the reader: of people, only for those who work with them."""
    return not about.is_personal(row.subject) or (owner is not None and fields.sees(Group.NAME))


def reads_whole(row: Any, owner: Any) -> bool:
    """Tell whether everything that an entry says is for the reader: only then can they check its digest."""
    changes = row.changes or {}
    if row.why is None and not changes:
        return True
    return reads_all(row, owner) and dict(_for_reader(row, changes)) == changes


def called(person: Any) -> str:
    """What a person is called here: by number alone where names are not for the reader."""
    if not fields.sees(Group.NAME):
        return str(person.case_number)
    return f"{person.family_name} {person.given_name}（{person.case_number}）"


def who(row: Any) -> str:
    """Who it was; for those without a place here, from where they came."""
    if row.who:
        return f"{row.who}（{row.firm}）" if row.firm else str(row.who)
    said = {
        Door.OPERATOR.value: gettext("Operator"),
        Door.GLASS.value: gettext("Operator (break-glass)"),
        Door.EMPLOYER.value: gettext("Employer"),
        Door.ACCOUNTS.value: gettext("Somebody logging in"),
    }
    return str(said.get(row.door, gettext("The platform")))


def sentence(row: Any) -> str:
    """What was done to what."""
    what = gettext(SUBJECTS[row.subject]) if row.subject in SUBJECTS else row.subject
    return str(gettext(ACTIONS[row.action], what=what)) if row.action in ACTIONS else f"{row.action}: {what}"


def _page(row: Any) -> str:
    if row.action not in ICONS:
        return ""
    name = ((row.changes or {}).get("page") or [None, ""])[1]
    return str(gettext(PAGES[name.partition(".")[0]])) if name.partition(".")[0] in PAGES else ""


def differences(row: Any, names: Mapping[UUID, str], told: bool) -> Iterator[tuple[str, str]]:
    """Yield (field, from → to) of what an entry says was changed."""
    labels, changes = labels_of(row.subject), row.changes or {}
    shown = _for_reader(row, changes) if told else {}
    for name, pair in changes.items():
        if name not in labels:
            continue
        if name not in shown:
            yield gettext(labels[name]), ""
        elif isinstance(pair, list) and len(pair) == 2 and row.subject != "fee_statement":
            before, after = shown[name]
            yield gettext(labels[name]), f"{_value(before, names)} → {_value(after, names)}"
        else:
            yield gettext(labels[name]), _value(pair, names)


def _for_reader(row: Any, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    if not about.is_personal(row.subject):
        return changes
    kept = {name: pair for name, pair in changes.items() if name not in fields.NOTES or fields.sees(Group.HEALTH_NOTES)}
    return fields.told(kept)


def _value(value: Any, names: Mapping[UUID, str]) -> str:
    if value in (None, "", []):
        return str(pgettext("field", "nothing"))
    if isinstance(value, list):
        return "、".join(_value(each, names) for each in value)
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    id = _id(value)
    text = names.get(id, "—") if id else str(value)
    return text if len(text) <= MOST else f"{text[:MOST]}…"


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _names(rows: Rows) -> dict[UUID, str]:
    """The names of members and firms that these entries speak of."""
    ids = {id for row in rows for id in _ids_in(row.changes or {})}
    return queries.names_of(ids) if ids else {}


def _ids_in(value: Any) -> Iterable[UUID]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _ids_in(each)
    elif (id := _id(value)) is not None:
        yield id
