"""Rows of a list meet the people who are there already: new, changed, unchanged; found again by their case number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from ayumi.accounts.model import Account, Membership
from ayumi.contracts import queries as contracts
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.bulk import insert_columns, update_many
from ayumi.kernel.db import db
from ayumi.kernel.journal import Actor
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.municipalities import queries as municipalities
from ayumi.municipalities.model import Delivery
from ayumi.participants import fields, queries, rules, staff
from ayumi.participants.cells import plain
from ayumi.participants.model import Participant, ParticipantImport, Status
from ayumi.participants.sheet import Person, Problem, Sheet

Known = Mapping[str, Any]
"""Case number -> the person who has it."""

NAMES = ("family_name", "given_name", "family_kana", "given_kana")
FIELDS = (
    *NAMES,
    "birth_date",
    "household_number",
    "phone",
    "nickname",
    "barriers",
    "note",
    "caseworker_id",
)
OWN_WORDS = {plain(word) for word in ("直営", "市", "市の職員", "自治体の職員", "職員", "自治体", "own", "own staff")}

UNKNOWN_CASEWORKER = _("Nobody of this name or address is a caseworker here: %(name)s.")
SEVERAL_CASEWORKERS = _("Several caseworkers are called %(name)s. Please write the e-mail address.")
UNKNOWN_FIRM = _("No firm of this name is under contract today: %(name)s.")
SAY_WHO = _("Please say who supports: 直営, or the name of a firm.")
OTHER_PLACE = _(
    "Somebody else supports this person now. That is changed on the person's own page; leave the cell empty."
)
NOT_YOURS = _("This number belongs to somebody whom you cannot change. Please ask a supervising caseworker.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an applied list has brought."""

    created: int
    updated: int
    unchanged: int


@dataclass(slots=True)
class Here:
    """Who and what can be named in a list, looked up once."""

    by_email: dict[str, UUID] = field(default_factory=dict)
    by_name: dict[str, list[UUID]] = field(default_factory=dict)
    firms: dict[str, UUID] = field(default_factory=dict)
    usual: UUID | None = None
    has_usual: bool = True


def known(people: Sequence[Person], uploader: UUID) -> Known:
    """Return those of the rows who are here already, held until the end of the transaction."""
    columns = [getattr(Participant, name) for name in ("id", "case_number", "delivery_firm_id", *FIELDS)]
    numbers = literal([person.said["case_number"] for person in people], ARRAY(Text))
    query = select(*columns, queries.visible_to(uploader).label("seen"))
    rows = db.session.execute(query.where(Participant.case_number == any_(numbers)).with_for_update(of=Participant))
    return {row.case_number: row for row in rows}


def problems(people: Sequence[Person], sheet: Sheet, known: Known) -> list[Problem]:
    """Return what only the municipality's own data can tell: unknown names, people who are not the uploader's.

    Resolves the names in the rows by the way.
    """
    here = _look_up()
    found: list[Problem] = []
    for person in people:
        if "caseworker" in person.said:
            found += _name_caseworker(person, sheet, here)
        row = known.get(person.said["case_number"])
        if row is None and here.has_usual and "delivery" not in person.said:
            person.said["delivery_firm_id"] = here.usual
        else:
            found += _name_place(person, sheet, here, row)
    return found


def apply(people: Sequence[Person], known: Known, handed_in: ParticipantImport) -> Outcome:
    """Register who is new, change who is changed, and write down each of them."""
    new, changed = [], []
    for person in people:
        row = known.get(person.said["case_number"])
        if row is None:
            new.append(person)
            continue
        said = _for_uploader(row, person, handed_in.sees)
        if difference := _difference(row, said):
            changed.append((row, said, difference))
    _register(new, handed_in.membership_id)
    _change(changed, handed_in.membership_id)
    return Outcome(len(new), len(changed), len(people) - len(new) - len(changed))


def _look_up() -> Here:
    here = Here()
    rows = staff.caseworkers()
    emails = select(Membership.id, Account.email).join(Account, Account.id == Membership.account_id)
    by_id = {id: email for id, email in db.session.execute(emails.where(Membership.id.in_([row.id for row in rows])))}
    for row in rows:
        here.by_email[by_id[row.id]] = row.id
        here.by_name.setdefault(plain(row.name), []).append(row.id)
    firms = contracts.firms_in_force(clock.today())
    here.firms = {plain(firm.name): firm.id for firm in firms}
    if municipalities.programme().delivery is Delivery.CONTRACTED:
        here.usual, here.has_usual = (firms[0].id, True) if len(firms) == 1 else (None, False)
    return here


def _name_caseworker(person: Person, sheet: Sheet, here: Here) -> Iterator[Problem]:
    said = person.said.pop("caseworker")
    found = [here.by_email[said.lower()]] if said.lower() in here.by_email else here.by_name.get(plain(said), [])
    if len(found) == 1:
        person.said["caseworker_id"] = found[0]
    else:
        sentence = SEVERAL_CASEWORKERS if found else UNKNOWN_CASEWORKER
        yield Problem(person.row, sheet.heading("caseworker"), sentence, {"name": said[:100]})


def _name_place(person: Person, sheet: Sheet, here: Here, known: Any) -> Iterator[Problem]:
    said = person.said.pop("delivery", None)
    if known is not None and not known.seen:
        yield Problem(person.row, sheet.heading("case_number"), NOT_YOURS, {})
        return
    word = plain(said) if said else ""
    firm_id = here.firms.get(word)
    if said and firm_id is None and word not in OWN_WORDS:
        yield Problem(person.row, sheet.heading("delivery"), UNKNOWN_FIRM, {"name": said[:100]})
    elif known is not None:
        if said and known.delivery_firm_id != firm_id:
            yield Problem(person.row, sheet.heading("delivery"), OTHER_PLACE, {})
    elif not said:
        yield Problem(person.row, sheet.heading("delivery"), SAY_WHO, {})
    else:
        person.said["delivery_firm_id"] = firm_id


def _for_uploader(row: Any, person: Person, sees: Sequence[str]) -> dict[str, Any]:
    """What a row says of somebody known, without what its uploader cannot see there: that stays as it is."""
    said = {name: value for name, value in person.said.items() if name not in fields.hidden(sees)}
    if "barriers" in said:
        said["barriers"] = fields.together(row.barriers, said["barriers"], fields.words(sees))
    return said


def _difference(row: Any, said: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What a row changes; an empty cell leaves what is there."""
    given = {name: _stored(said[name]) for name in FIELDS if name in said}
    return {
        name: [_written(getattr(row, name)), _written(value)]
        for name, value in given.items()
        if getattr(row, name) != value
    }


def _register(people: Sequence[Person], membership_id: UUID) -> None:
    said, status = [person.said for person in people], Status.CANDIDATE.value
    names = (*FIELDS, "case_number", "delivery_firm_id")
    columns: dict[str, list[Any]] = {name: [each.get(name) for each in said] for name in names}
    columns |= rules.keys_of_all(*(columns[name] for name in NAMES))
    columns["barriers"] = [fields.in_order(each) if each else [] for each in columns["barriers"]]
    columns["id"] = [ids.new() for _person in people]
    insert_columns(Participant.__table__, columns, status=status, created_at=clock.now())  # type: ignore[arg-type]
    entries = [{"subject_id": id} for id in columns["id"]]
    by = _importer(membership_id)
    journal.note_many(Participant.__tablename__, "imported", entries, by=by, status_after=status)


def _change(changed: Sequence[tuple[Any, dict[str, Any], dict[str, list[Any]]]], membership_id: UUID) -> None:
    rows, entries = [], []
    for row, said, difference in changed:
        values = {name: _stored(said.get(name, getattr(row, name))) for name in FIELDS}
        rows.append({"id": row.id} | values | _keys(values))
        entries.append({"subject_id": row.id, "changes": difference})
    update_many(Participant.__table__, rows)  # type: ignore[arg-type]
    journal.note_many(Participant.__tablename__, "updated_by_import", entries, by=_importer(membership_id))


def _keys(values: Mapping[str, Any]) -> dict[str, str]:
    return rules.keys(*(values[name] for name in NAMES))


def _importer(membership_id: UUID) -> Actor:
    """Whoever handed in the list, not the worker that reads it."""
    return Actor(door=Door.WORKER, at=clock.now(), membership_id=membership_id)


def _stored(value: Any) -> Any:
    return fields.in_order(value) if isinstance(value, list) else value


def _written(value: Any) -> Any:
    return value if value is None or isinstance(value, str | list) else str(value)
