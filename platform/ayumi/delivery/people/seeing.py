"""Who can see a person: asked of the same functions that decide it when somebody opens the page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext

from ayumi.accounts.labels import ROLES
from ayumi.accounts.model import Party, Role
from ayumi.audit import queries as journal
from ayumi.contracts import queries as contracts
from ayumi.contracts.queries import Access
from ayumi.hosting import breaks
from ayumi.kernel import clock
from ayumi.participants import sight
from ayumi.web import permissions
from ayumi.web.formats import date_long, moment

RECENTLY = timedelta(days=90)


@dataclass(slots=True)
class Seer:
    """Somebody who can see the person, through which rules, and when they last looked."""

    name: str
    place: str
    rules: list[str] = field(default_factory=list)
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seeing:
    """Everybody who can see a person now, and who could until recently."""

    now: list[Seer]
    before: list[Seer]


def seeing(participant_id: UUID) -> Seeing:
    """Return who can see a person whom whoever is here may ask about."""
    person, rows = sight.of(participant_id), sight.members(participant_id)
    looks = journal.last_looks(participant_id)
    access = {id: contracts.access(id, clock.today()) for id in {row.firm_id for row in rows if row.firm_id}}
    can = [row for row in rows if is_here(row) and can_see(row, person, access)]
    now = [Seer(row.name, place(row), list(rules(row, person, access)), looks.get(row.id)) for row in can]
    now += [Seer(each.asked_by_name, gettext("Operator"), [glass(each)]) for each in _through_glass(person)]
    return Seeing(now, list(_before(participant_id, rows, {row.id for row in can}, looks)))


def can_see(row: Any, person: Any, access: dict[UUID, tuple[Access, date | None]]) -> bool:
    """Tell whether a member may open the person's page: by role, by the rule of visibility, by contract."""
    if not permissions.may_as(row.party, [Role(word) for word in row.roles], "people.read"):
        return False
    if row.party is Party.FIRM:
        return bool(row.firm_sees and row.firm_id == person.firm_id and access[row.firm_id][0] is not Access.NONE)
    return row.party is Party.STAFF and bool(row.staff_sees)


def is_here(row: Any) -> bool:
    """Tell whether somebody's place is in force today."""
    return bool(row.starts_on <= clock.today() and (row.ends_on is None or row.ends_on >= clock.today()))


def place(row: Any) -> str:
    """Where somebody works, and as what."""
    roles = "・".join(gettext(ROLES[role]) for role in ROLES if role.value in row.roles)
    return f"{row.firm}（{roles}）" if row.firm else roles


def rules(row: Any, person: Any, access: dict[UUID, tuple[Access, date | None]]) -> Iterator[str]:
    """Yield the rules through which somebody sees the person."""
    if person.caseworker_id == row.id:
        yield gettext("Caseworker of this person")
    if row.is_supporter:
        yield gettext("Supporter of this person")
    if row.is_named:
        yield gettext("Named for this restricted person")
    if row.party is Party.FIRM:
        yield from _of_firm(row, person, access)
    elif not person.is_restricted:
        yield gettext("Role in the municipality")


def _of_firm(row: Any, person: Any, access: dict[UUID, tuple[Access, date | None]]) -> Iterator[str]:
    until = access[row.firm_id][1]
    yield gettext("The firm supports this person; it may read until %(day)s", day=date_long(until))
    if person.firm_until:
        yield gettext("Consent until %(day)s", day=date_long(person.firm_until))
    else:
        yield gettext("Consent without an end")


def glass(row: Any) -> str:
    """What lets an operator look."""
    return str(gettext("Break-glass until %(when)s: %(reason)s", when=moment(row.ends_at), reason=row.reason))


def _through_glass(person: Any) -> Iterable[Any]:
    return [] if person.is_restricted else breaks.open_here()


def _before(participant_id: UUID, rows: Iterable[Any], can: set[UUID], looks: dict[UUID, datetime]) -> Iterator[Seer]:
    """Those who were at the person's side, had a place, or looked, in the last time, and can no longer see."""
    since = clock.now() - RECENTLY
    once = sight.taken_away(participant_id, since)
    for row in rows:
        ended = row.ends_on is not None and since.date() <= row.ends_on < clock.today()
        looked = looks.get(row.id)
        if row.id in can or not (row.id in once or ended or (looked and looked >= since)):
            continue
        yield Seer(row.name, place(row), list(_why_no_longer(row, once.get(row.id), ended)), looked)


def _why_no_longer(row: Any, once: tuple[str, datetime] | None, ended: bool) -> Iterator[str]:
    if once is not None:
        words = {
            "caseworker_id": gettext("Caseworker until %(when)s", when=moment(once[1])),
            "supporter_ids": gettext("Supporter until %(when)s", when=moment(once[1])),
            "staff_ids": gettext("Named until %(when)s", when=moment(once[1])),
        }
        yield words[once[0]]
    if ended:
        yield gettext("Worked here until %(day)s", day=date_long(row.ends_on))
    if once is None and not ended:
        yield gettext("Looked in the last three months")
