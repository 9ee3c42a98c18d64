"""Placements, experience days and what employers said of them."""

from typing import Any
from uuid import UUID

from ayumi.demo.load.keys import noon
from ayumi.demo.load.town import Town
from ayumi.demo.person_seeds import PersonSeed
from ayumi.demo.work_seeds import ConfirmationSeed, ExperienceDaySeed, PlacementSeed
from ayumi.japan.calendar import Month
from ayumi.placements.model import Confirmation, ConfirmationRequest, ExperienceDay, Placement


def put_work(town: Town) -> None:
    """Insert everything about work experience."""
    placed = [(person, each) for person in town.cast.people for each in person.placements]
    town.put(Placement, [_placement(town, person, each) for person, each in placed])
    answered = [each for each in town.cast.confirmations if each.answered_at]
    town.put(Confirmation, [_confirmation(town, each) for each in answered])
    town.put(ConfirmationRequest, [_request(town, each) for each in town.cast.confirmations])
    said = {(each.employer_key, each.month) for each in answered}
    days = [(person, p, n, day) for person, p in placed for n, day in enumerate(p.days)]
    town.put(ExperienceDay, [_day(town, person, p, n, day, said) for person, p, n, day in days])


def _placement(town: Town, person: PersonSeed, seed: PlacementSeed) -> dict[str, Any]:
    step = seed.steps[-1]
    consents = [n for n, each in enumerate(person.consents) if "employer_profile" in each.scopes]
    return {
        "id": town.id("placement", seed.key),
        "participant_id": town.id("person", person.key),
        "employer_id": town.id("employer", seed.employer_key),
        "site_id": town.id("site", seed.employer_key, seed.site_key),
        "nickname": seed.nickname,
        "starts_on": seed.starts_on,
        "ends_on": seed.ends_on,
        "planned_days_per_week": step.days_per_week,
        "planned_minutes_per_day": step.minutes,
        "tasks": seed.tasks_ja,
        "meeting_held_on": seed.meeting_on,
        "meeting_note": seed.meeting_note_ja,
        "profile_strengths": seed.strengths_ja if consents else None,
        "profile_considerations": seed.considerations_ja if consents else None,
        "profile_consent_id": town.id("consent", person.key, consents[0]) if consents else None,
        "status": seed.status,
        "end_note": seed.end_note_ja,
        "delivery_firm_id": town.firm(seed.firm_key),
        "firm_id": town.visible_firm(person) if seed.firm_key else None,
        "is_restricted": person.is_restricted,
        "created_at": noon(seed.meeting_on or seed.starts_on),
        "edition": 1,
    }


def _confirmation_id(town: Town, employer_key: str, month: object) -> UUID:
    return town.id("confirmation", employer_key, month)


def _confirmation(town: Town, seed: ConfirmationSeed) -> dict[str, Any]:
    return {
        "id": _confirmation_id(town, seed.employer_key, seed.month),
        "employer_id": town.id("employer", seed.employer_key),
        "month": seed.month,
        "channel": seed.channel,
        "given_by": seed.given_by,
        "given_at": seed.answered_at,
        "entered_by": town.member(seed.entered_by),
    }


def _request(town: Town, seed: ConfirmationSeed) -> dict[str, Any]:
    return {
        "id": town.id("request", seed.employer_key, seed.month),
        "employer_id": town.id("employer", seed.employer_key),
        "month": seed.month,
        "sent_at": seed.sent_at,
        "sent_times": 1,
        "answered_at": seed.answered_at,
    }


def _day(
    town: Town, person: PersonSeed, placement: PlacementSeed, number: int, seed: ExperienceDaySeed, said: set[Any]
) -> dict[str, Any]:
    month = Month.of(seed.on).first
    answered = (placement.employer_key, month) in said and seed.status in ("confirmed", "disputed")
    corrected = f"{seed.starts_at:%H:%M}-{seed.recorded_ends_at:%H:%M}" if seed.recorded_ends_at else None
    return {
        "id": town.id("day", placement.key, number),
        "placement_id": town.id("placement", placement.key),
        "participant_id": town.id("person", person.key),
        "employer_id": town.id("employer", placement.employer_key),
        "held_on": seed.on,
        "starts_at": seed.starts_at,
        "ends_at": seed.ends_at,
        "minutes": seed.minutes,
        "status": seed.status,
        "dispute": seed.word_ja if seed.status == "disputed" else None,
        "corrected_from": corrected,
        "confirmation_id": _confirmation_id(town, placement.employer_key, month) if answered else None,
        "recorded_by": town.member(seed.recorded_by),
        "recorded_at": seed.recorded_at,
        "delivery_firm_id": town.firm(placement.firm_key),
        "firm_id": town.visible_firm(person) if placement.firm_key else None,
        "is_restricted": person.is_restricted,
        "edition": 1,
    }
