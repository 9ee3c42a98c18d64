"""Placements: planned with a site, prepared by a meeting, started when all is in place, ended with what was learnt."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ayumi.consents import queries as consents
from ayumi.consents.model import Scope
from ayumi.employers import queries as employers
from ayumi.employers.model import EmployerStatus, Site
from ayumi.japan.kana import is_kana, search_key
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import Rows, add, db, one, tenant
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.participants import fields
from ayumi.participants import queries as people
from ayumi.participants.fields import Group
from ayumi.participants.model import Participant
from ayumi.placements import days, queries
from ayumi.placements.model import TRANSITIONS, Placement, PlacementStatus
from ayumi.records.content import Content
from ayumi.records.model import Attendance

OPEN = (PlacementStatus.PLANNED, PlacementStatus.ACTIVE)


class NotReady(Conflict):
    """A placement cannot start yet."""

    message = _("This cannot start yet: something on the list of preparations is still open.")


class NoConsent(Conflict):
    """Nothing about a person goes to an employer without their consent."""

    message = _(
        "There is no consent in force for a profile sheet. Without it the employer reads nothing of the person."
    )


class Closed(Conflict):
    """A placement that is over."""

    message = _("This placement is over and can no longer be changed.")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be in place before a start. ``on``: since or until when, where there is such a day."""

    name: str
    holds: bool
    needed: bool = True
    on: date | None = None


def plan(participant_id: UUID, *, id: UUID, site_id: UUID, nickname: str, **values: Any) -> Placement:
    """Plan a placement of a person at a site."""
    known = db.session.get(Placement, (tenant(), id))
    if known is not None:
        return known
    person = people.one(participant_id)
    site = _open_site(site_id)
    check_nickname(nickname, person)
    _check_period(values["starts_on"], values["ends_on"])
    placement = add(
        Placement(
            id=id,
            participant_id=person.id,
            employer_id=site.employer_id,
            site_id=site.id,
            nickname=nickname,
            status=PlacementStatus.PLANNED,
            delivery_firm_id=person.delivery_firm_id,
            firm_id=person.firm_id,
            is_restricted=person.is_restricted,
            created_at=clock.now(),
            **values,
        )
    )
    journal.note(placement, "planned", after=PlacementStatus.PLANNED.value)
    return placement


def edit(placement_id: UUID, *, edition: int, site_id: UUID, nickname: str, **values: Any) -> Placement:
    """Change a placement. Once it has started its site stays; the load may rise step by step."""
    placement = _open(placement_id, edition)
    check_nickname(nickname, people.one(placement.participant_id))
    _check_period(values["starts_on"], values["ends_on"])
    _check_recorded(placement, values["starts_on"], values["ends_on"])
    if site_id != placement.site_id:
        if placement.status is not PlacementStatus.PLANNED:
            raise Invalid(fields={"site_id": _("This has started. End it here and plan a new one for another site.")})
        values |= {"site_id": site_id, "employer_id": _open_site(site_id).employer_id}
    _rewrite(placement, "edited", nickname=nickname, **values)
    return placement


def hold_meeting(placement_id: UUID, *, meeting_held_on: date, meeting_note: str | None) -> Placement:
    """Write down that person, site and supporter have met."""
    placement = _open(placement_id)
    if meeting_held_on > clock.today():
        raise Invalid(fields={"meeting_held_on": _("This day has not come yet.")})
    _rewrite(placement, "meeting_held", meeting_held_on=meeting_held_on, meeting_note=meeting_note)
    return placement


def write_profile(
    placement_id: UUID, *, profile_strengths: str | None, profile_considerations: str | None
) -> Placement:
    """Write what the employer may read of the person, under the consent that allows it."""
    placement = _open(placement_id)
    consent = consents.in_force(placement.participant_id, Scope.EMPLOYER_PROFILE)
    if consent is None:
        raise NoConsent
    changes = rewrite(
        placement,
        profile_strengths=profile_strengths,
        profile_considerations=profile_considerations,
        profile_consent_id=consent.id,
    )
    if changes:
        journal.note(placement, "profile_written")
    return placement


def profile(placement: Placement) -> tuple[str | None, str | None] | None:
    """Return strengths and considerations for the employer, or None while no consent allows it.

    Considerations speak of health as a rule: only those who may read of it are shown them.
    """
    if consents.in_force(placement.participant_id, Scope.EMPLOYER_PROFILE) is None:
        return None
    considerations = placement.profile_considerations if fields.sees(Group.HEALTH_NOTES) else None
    return placement.profile_strengths, considerations


def checks(placement: Placement) -> list[Check]:
    """Return what must be in place before the start, each by its name."""
    site = one(Site, placement.site_id)
    agreement = employers.agreement_on(placement.employer_id, placement.starts_on)
    insured = agreement is not None and agreement.insurance is not None
    until = agreement.insured_until if agreement is not None else None
    return [
        Check("meeting", placement.meeting_held_on is not None, on=placement.meeting_held_on),
        Check("site", site.accepted_on is not None, on=site.accepted_on),
        Check("agreement", agreement is not None, on=agreement.ends_on if agreement else None),
        Check("insurance", not insured or _covers(until, placement), needed=insured, on=until),
    ]


def _covers(until: date | None, placement: Placement) -> bool:
    return until is not None and until >= max(placement.starts_on, min(placement.ends_on, clock.today()))


def start(placement_id: UUID) -> Placement:
    """Begin a placement for which everything is in place. Weeks already handed in may tell of days there."""
    placement = _open(placement_id)
    if placement.status is PlacementStatus.ACTIVE:
        return placement
    if not all(check.holds for check in checks(placement)):
        raise NotReady
    states.change(placement, PlacementStatus.ACTIVE, table=TRANSITIONS, action="started")
    _follow(queries.weeks_at(placement.id))
    return placement


def end(placement_id: UUID, *, ends_on: date, end_note: str) -> Placement:
    """End a placement with its last day and what was learnt."""
    placement = _open(placement_id)
    if ends_on < placement.starts_on:
        raise Invalid(fields={"ends_on": _("The end cannot be before the beginning.")})
    _check_recorded(placement, placement.starts_on, ends_on)
    placement.ends_on, placement.end_note = ends_on, end_note
    states.change(placement, PlacementStatus.ENDED, table=TRANSITIONS, action="ended", why=end_note)
    return placement


def cancel(placement_id: UUID, *, why: str) -> Placement:
    """Call off a placement that has not started."""
    placement = _open(placement_id)
    placement.end_note = why
    states.change(placement, PlacementStatus.CANCELLED, table=TRANSITIONS, action="cancelled", why=why)
    return placement


def record_from_week(record_version_id: UUID, said: Content, *, is_first: bool = False) -> int:
    """Record the experience days of a weekly record and return how many are new. Harmless when done again.

    A day the week calls attended is recorded, or takes over the week's times; a day it calls missed is withdrawn, and
    so is one of which a correction says nothing any more.
    What the employer has confirmed, corrected or questioned is never touched. Days at a placement that has not
    been started here are recorded once it is. ``said``: what this version says. ``is_first``: no version was handed
    in before that could be corrected.
    """
    for row in () if is_first else queries.left_out_of(record_version_id):
        days.withdraw_missed(days.of_person_on(queries.one(row.placement_id), row.held_on))
    return _follow([entry for entry in said.days if entry.placement_id is not None])


def _follow(rows: Rows) -> int:
    return sum(_follow_day(queries.one(row.placement_id), row) for row in rows)


def _follow_day(placement: Placement, row: Any) -> bool:
    known = days.of_person_on(placement, row.held_on)
    if row.attendance is not Attendance.ATTENDED:
        days.withdraw_missed(known)
    elif known is not None:
        days.take_over(known, days.worked_in_week(row, placement))
    elif placement.status in days.RECORDABLE and placement.starts_on <= row.held_on <= placement.ends_on:
        days.record(placement.id, [days.worked_in_week(row, placement)])
        return True
    return False


def check_nickname(nickname: str, person: Participant) -> None:
    """Raise Invalid when a nickname tells the family name, however it is written."""
    said = {search_key(nickname, 2), nickname.casefold()}
    told = {search_key(person.family_name, 2), search_key(person.family_kana, 2), person.family_name.casefold()}
    if any(_tells(nick, name) for nick in said for name in told):
        raise Invalid(fields={"nickname": _("This holds the family name. The employer sees the nickname only.")})


def _tells(nickname: str, name: str) -> bool:
    """A name of one letter is in many words, so only the whole tells it; one kanji tells it anywhere."""
    if len(name) == 1 and is_kana(name):
        return nickname == name
    return bool(name) and name in nickname


def _open_site(site_id: UUID) -> Site:
    site = one(Site, site_id)
    if employers.one(site.employer_id).status is EmployerStatus.RESTING:
        raise Invalid(fields={"site_id": _("This employer is resting. Please choose another one.")})
    return site


def _open(placement_id: UUID, edition: int | None = None) -> Placement:
    placement = queries.one(placement_id, lock=True)
    unchanged(placement, edition)
    if placement.status not in OPEN:
        raise Closed
    return placement


def _check_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid(fields={"ends_on": _("The end cannot be before the beginning.")})


def _check_recorded(placement: Placement, starts_on: date, ends_on: date) -> None:
    first, last = queries.span_of_days(placement.id)
    if first is not None and first < starts_on:
        raise Invalid(fields={"starts_on": _("Days are already recorded before this day.")})
    if last is not None and last > ends_on:
        raise Invalid(fields={"ends_on": _("Days are already recorded after this day.")})


def _rewrite(placement: Placement, action: str, **values: Any) -> None:
    changes = rewrite(placement, **values)
    if changes:
        journal.note(placement, action, changes=changes)
