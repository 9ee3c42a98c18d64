"""Take people in, keep what is known of them right, and say who is there for them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from ayumi.japan.kana import search_key, search_keys
from ayumi.kernel import clock, editions, ids, journal, outbox, states
from ayumi.kernel.db import add, add_all, db
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.participants import fields, queries, reach, staff
from ayumi.participants.model import TRANSITIONS, Barrier, NamedStaff, Participant, Status, Supporter

TWIN = _(
    "%(name)s (case number %(case_number)s) has the same reading and date of birth. "
    "If this is another person, please tick the box."
)


def register(
    *,
    id: UUID | None = None,
    family_name: str,
    given_name: str,
    family_kana: str,
    given_kana: str,
    birth_date: date,
    case_number: str,
    household_number: str | None = None,
    nickname: str | None = None,
    phone: str | None = None,
    barriers: Sequence[Barrier] = (),
    note: str | None = None,
    caseworker_id: UUID | None = None,
    delivery_firm_id: UUID | None = None,
    is_other: bool = False,
) -> Participant:
    """Take a new person in as a candidate. The same ``id`` again returns the person who is there already."""
    known = queries.find(id) if id else None
    if known is not None:
        return known
    staff.check_caseworker(caseworker_id)
    staff.check_firm(delivery_firm_id)
    person = Participant(
        id=id or ids.new(),
        family_name=family_name,
        given_name=given_name,
        family_kana=family_kana,
        given_kana=given_kana,
        **keys(family_name, given_name, family_kana, given_kana),
        nickname=nickname,
        household_number=household_number,
        case_number=case_number,
        birth_date=birth_date,
        phone=phone,
        barriers=fields.in_order(barriers),
        note=note,
        caseworker_id=caseworker_id,
        delivery_firm_id=delivery_firm_id,
        status=Status.CANDIDATE,
        created_at=clock.now(),
    )
    if not is_other:
        _refuse_twin(person)
    journal.note(add(person), "registered", after=person.status.value)
    return person


def edit(participant: Participant, *, edition: int, **given: Any) -> Participant:
    """Change what is known of a person, as far as one may see it; the journal says what was there before."""
    editions.unchanged(participant, edition)
    changes = editions.rewrite(participant, **fields.merged(participant, given))
    if not changes:
        return participant
    _refresh_keys(participant)
    journal.note(participant, "edited", changes=changes, for_firm=False)
    return participant


def assign(
    participant: Participant,
    *,
    edition: int,
    caseworker_id: UUID | None,
    delivery_firm_id: UUID | None,
    supporter_ids: Sequence[UUID] = (),
    why: str | None = None,
    action: str = "assigned",
) -> Participant:
    """Say who is there for a person. A firm looks only while the person agrees to it; the firm before no longer."""
    editions.unchanged(participant, edition)
    staff.check_caseworker(caseworker_id, before=participant.caseworker_id)
    staff.check_firm(delivery_firm_id, before=participant.delivery_firm_id)
    staff.check_supporters(supporter_ids, delivery_firm_id)
    changes = editions.rewrite(participant, caseworker_id=caseworker_id, delivery_firm_id=delivery_firm_id)
    changes |= _replace(participant, Supporter, "supporter_ids", supporter_ids)
    if not changes:
        return participant
    if "delivery_firm_id" in changes:
        settle_sight(participant)
    journal.note(participant, action, why=why, changes=changes, for_firm=False)
    if participant.is_restricted:
        _tell_those_who_lead(participant, "changed")
    return participant


def settle_sight(participant: Participant) -> None:
    """Let the firm that supports somebody see them exactly as far as consents in force allow, and no other firm.

    Call it whenever a consent, the firm that supports or the end of support has changed.
    """
    due = reach.due(participant)
    if due != reach.present(participant):
        reach.move(participant.id, due)


def restrict(participant: Participant, *, staff_ids: Sequence[UUID], why: str) -> Participant:
    """Hide a person from everybody but their caseworker, their supporters and these members of staff."""
    staff.check_named(staff_ids)
    changes = _replace(participant, NamedStaff, "staff_ids", staff_ids)
    before, participant.is_restricted = participant.is_restricted, True
    reach.hide(participant.id, True)
    if before and not changes:
        return participant
    _tell_restriction(participant, "restricted", why, changes, "changed" if before else "hidden")
    return participant


def lift_restriction(participant: Participant, *, why: str) -> Participant:
    """Open a person to all staff again."""
    if not participant.is_restricted:
        return participant
    changes = _replace(participant, NamedStaff, "staff_ids", ())
    participant.is_restricted = False
    reach.hide(participant.id, False)
    _tell_restriction(participant, "restriction_lifted", why, changes, "opened")
    return participant


def set_status(participant: Participant, status: Status, *, why: str | None = None) -> None:
    """Move a person to where their enrolment stands. Selection calls it."""
    before = participant.status
    if before is not status:
        states.change(participant, status, table=TRANSITIONS, action=f"became_{status.value}", why=why)
    if before is not status and Status.ENDED in (before, status):
        settle_sight(participant)


def keys(family_name: str, given_name: str, family_kana: str, given_kana: str) -> dict[str, str]:
    """Return the search keys of a name: the name itself is never touched."""
    return {"kana_key": search_key(family_kana + given_kana), "name_key": search_key(family_name + given_name)}


def keys_of_all(
    family_name: Sequence[str], given_name: Sequence[str], family_kana: Sequence[str], given_kana: Sequence[str]
) -> dict[str, list[str]]:
    """Return the search keys of many names, each in the order of the names."""
    return {
        "kana_key": search_keys([*map(str.__add__, family_kana, given_kana)]),
        "name_key": search_keys([*map(str.__add__, family_name, given_name)]),
    }


def _refresh_keys(person: Participant) -> None:
    found = keys(person.family_name, person.given_name, person.family_kana, person.given_kana)
    person.kana_key, person.name_key = found["kana_key"], found["name_key"]


def _refuse_twin(person: Participant) -> None:
    twin = queries.twin(person.kana_key, person.birth_date)
    if twin is not None:
        sentence = {"is_other": [TWIN]}
        raise Invalid(fields=sentence, name=f"{twin.family_name} {twin.given_name}", case_number=twin.case_number)


def _replace(
    person: Participant, rows: type[Supporter] | type[NamedStaff], name: str, wanted: Sequence[UUID]
) -> dict[str, Any]:
    """Put these members in place of those that are there; return the change for the journal."""
    here = rows.participant_id == person.id
    before = set(db.session.scalars(select(rows.membership_id).where(here)))
    if before == set(wanted):
        return {}
    db.session.execute(delete(rows).where(here, rows.membership_id.not_in(wanted)))
    reach_of = {"firm_id": person.firm_id} if rows is Supporter else {}
    new = [each for each in dict.fromkeys(wanted) if each not in before]
    add_all([rows(participant_id=person.id, membership_id=each, **reach_of) for each in new])
    return {name: [sorted(map(str, before)), sorted(map(str, set(wanted)))]}


def _tell_restriction(person: Participant, action: str, why: str, changes: dict[str, Any], what: str) -> None:
    journal.note(person, action, why=why, changes=changes or None, for_firm=False)
    _tell_those_who_lead(person, what)


def _tell_those_who_lead(person: Participant, what: str) -> None:
    """Whoever is added to those who see a hidden person, by name or by being put at their side, is told of."""
    outbox.promise("restriction_notice", participant_id=person.id, notice_id=ids.new(), what=what)
