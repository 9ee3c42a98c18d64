"""The people, their enrolment, consent and goals, and where they stood when."""

from typing import Any

from ayumi.consents.model import Consent
from ayumi.demo.load.keys import noon
from ayumi.demo.load.town import Town
from ayumi.demo.person_seeds import ConsentSeed, GoalSeed, PersonSeed
from ayumi.japan.kana import search_key
from ayumi.kernel.journal import Entry
from ayumi.participants.model import NamedStaff, Participant, Supporter
from ayumi.plans.model import Goal
from ayumi.selection.model import Enrolment


def put_participants(town: Town) -> None:
    """Insert the people and all decisions about them."""
    people = town.cast.people
    town.put(Participant, [_person(town, each) for each in people])
    town.put(Supporter, [_supporter(town, each, key) for each in people for key in each.supporters])
    town.put(NamedStaff, [_named(town, each, key) for each in people for key in each.named_staff])
    town.put(Enrolment, [_enrolment(town, each) for each in people if each.enrolment])
    consents = [(each, n, c) for each in people for n, c in enumerate(each.consents)]
    town.put(Consent, [_consent(town, person, n, seed) for person, n, seed in consents])
    goals = [(each, g) for each in people if each.enrolment for g in each.enrolment.goals]
    town.put(Goal, [_goal(town, person, seed) for person, seed in goals])
    town.put(Entry, [entry for each in people for entry in _history(town, each)])


def _person(town: Town, seed: PersonSeed) -> dict[str, Any]:
    return {
        "id": town.id("person", seed.key),
        "family_name": seed.family_name,
        "given_name": seed.given_name,
        "family_kana": seed.family_kana,
        "given_kana": seed.given_kana,
        "kana_key": search_key(seed.family_kana + seed.given_kana),
        "name_key": search_key(seed.family_name + seed.given_name),
        "nickname": seed.nickname,
        "household_number": seed.household_number,
        "case_number": seed.case_number,
        "birth_date": seed.birth_date,
        "barriers": list(seed.barriers),
        "caseworker_id": town.member(seed.caseworker),
        "delivery_firm_id": town.firm(seed.firm_key),
        **town.sight(seed),
        "is_restricted": seed.is_restricted,
        "status": seed.status,
        "note": seed.note_ja,
        "created_at": seed.history[0].at if seed.history else noon(town.cast.first_week),
        "edition": 1,
    }


def _supporter(town: Town, person: PersonSeed, member: str) -> dict[str, Any]:
    return {
        "id": town.id("supporter", person.key, member),
        "participant_id": town.id("person", person.key),
        "membership_id": town.member(member),
        "firm_id": town.visible_firm(person),
    }


def _named(town: Town, person: PersonSeed, member: str) -> dict[str, Any]:
    return {
        "id": town.id("named", person.key, member),
        "participant_id": town.id("person", person.key),
        "membership_id": town.member(member),
    }


def _enrolment(town: Town, person: PersonSeed) -> dict[str, Any]:
    seed = person.enrolment
    assert seed is not None
    return {
        "id": town.id("enrolment", person.key),
        "participant_id": town.id("person", person.key),
        "route_id": town.id("route"),
        "route_label": seed.route_label_ja,
        "decided_on": seed.decided_on,
        "decided_by": seed.decided_by_ja,
        "reason": seed.reason_ja,
        "wish": seed.wish_ja,
        "starts_on": seed.starts_on,
        "ends_on": seed.ends_on,
        "end_reason": seed.end_reason,
        "end_note": seed.end_note_ja,
        "status": seed.status,
        "firm_id": town.visible_firm(person),
        "entered_by": town.member(seed.entered_by),
        "entered_at": noon(seed.decided_on),
        "edition": 1,
    }


def _consent(town: Town, person: PersonSeed, number: int, seed: ConsentSeed) -> dict[str, Any]:
    return {
        "id": town.id("consent", person.key, number),
        "participant_id": town.id("person", person.key),
        "scopes": list(seed.scopes),
        "form": seed.form,
        "given_on": seed.given_on,
        "expires_on": seed.expires_on,
        "witness": seed.witness,
        "withdrawn_on": seed.withdrawn_on,
        "withdrawal_reason": seed.withdrawal_reason_ja,
        "status": seed.status,
        "for_firm_id": town.firm(person.firm_key) if seed.form == "paper" else None,
        "firm_id": town.visible_firm(person),
        "entered_by": town.member(seed.entered_by),
        "entered_at": noon(seed.given_on),
    }


def _goal(town: Town, person: PersonSeed, seed: GoalSeed) -> dict[str, Any]:
    assert person.enrolment is not None
    return {
        "id": town.id("goal", person.key, seed.version),
        "enrolment_id": town.id("enrolment", person.key),
        "participant_id": town.id("person", person.key),
        "version": seed.version,
        "is_current": seed is person.enrolment.goals[-1],
        "kind": seed.kind,
        "text": seed.text_ja,
        "agreed_on": seed.agreed_on,
        "review_on": seed.review_on,
        "reason": seed.reason_ja,
        "firm_id": town.visible_firm(person),
        "entered_by": town.member(person.enrolment.entered_by),
        "entered_at": noon(seed.agreed_on),
    }


def _history(town: Town, person: PersonSeed) -> list[dict[str, Any]]:
    steps = zip((None, *person.history), person.history, strict=False)
    return [
        {
            "id": town.id("journal", person.key, number),
            "subject": "participant",
            "subject_id": town.id("person", person.key),
            "action": "registered" if before is None else "status_changed",
            "status_before": before.status if before else None,
            "status_after": after.status,
            "why": after.note_ja,
            "changes": None,
            "at": after.at,
            "door": "staff",
            "membership_id": town.member(after.by),
            "firm_id": town.visible_firm(person),
            "employer_id": None,
        }
        for number, (before, after) in enumerate(steps)
    ]
