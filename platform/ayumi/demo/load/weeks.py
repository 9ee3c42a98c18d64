"""Weekly records, version by version: a version is written as a draft with its days and then submitted."""

from typing import Any

from sqlalchemy import bindparam, update

from ayumi.demo.load.town import Town
from ayumi.demo.person_seeds import PersonSeed
from ayumi.demo.week_seeds import DaySeed, VersionSeed, WeekSeed
from ayumi.records.model import Concern, RecordDay, RecordVersion, WeeklyRecord

Written = tuple[PersonSeed, WeekSeed, VersionSeed]


def put_weeks(town: Town) -> None:
    """Insert all weeks; the database lets nobody write into a submitted version, not even here."""
    weeks = [(person, week) for person in town.cast.people for week in person.weeks]
    town.put(WeeklyRecord, [_record(town, person, week) for person, week in weeks])
    written = [(person, week, version) for person, week in weeks for version in week.versions]
    for number in sorted({version.number for _p, _w, version in written}):
        _put_versions(town, [each for each in written if each[2].number == number])
    concerns = [each for each in written if each[2].concern and each[2].submitted_at]
    town.put(Concern, [_concern(town, each) for each in concerns])


def _put_versions(town: Town, written: list[Written]) -> None:
    town.put(RecordVersion, [_version(town, each) for each in written])
    town.put(RecordDay, [_day(town, each, day) for each in written for day in each[2].days])
    table = RecordVersion.__table__
    submit = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.tenant_id == town.tenant_id, table.c.id == bindparam("version_id"))
        .values(submitted_at=bindparam("at"))
    )
    submitted = [
        {"version_id": _version_id(town, each), "at": each[2].submitted_at} for each in written if each[2].submitted_at
    ]
    if submitted:
        town.session.execute(submit, submitted)


def _record_id(town: Town, person: PersonSeed, week: WeekSeed) -> Any:
    return town.id("week", person.key, week.week_start)


def _version_id(town: Town, written: Written) -> Any:
    person, week, version = written
    return town.id("version", person.key, week.week_start, version.number)


def _record(town: Town, person: PersonSeed, week: WeekSeed) -> dict[str, Any]:
    return {
        "id": _record_id(town, person, week),
        "participant_id": town.id("person", person.key),
        "enrolment_id": town.id("enrolment", person.key),
        "week_start": week.week_start,
        "due_on": week.due_on,
        "status": week.status,
        "skip_reason": week.skip_reason_ja,
        "supporter_id": town.member(week.supporter) if week.versions else None,
        "first_submitted_at": week.first_submitted_at,
        "delivery_firm_id": town.firm(person.firm_key),
        "firm_id": town.visible_firm(person),
        "edition": 1 + len(week.versions),
    }


def _counts(week: WeekSeed, version: VersionSeed) -> bool:
    """The version submitted last counts; a draft never does."""
    submitted = [each.number for each in week.versions if each.submitted_at]
    return version.number in submitted[-1:]


def _version(town: Town, written: Written) -> dict[str, Any]:
    person, week, version = written
    concern = version.concern
    return {
        "id": _version_id(town, written),
        "weekly_record_id": _record_id(town, person, week),
        "participant_id": town.id("person", person.key),
        "version": version.number,
        "is_current": _counts(week, version),
        "summary": version.summary_ja,
        "request_to_caseworker": version.request_ja,
        "has_concern": concern is not None,
        "concern_what": concern.what_ja if concern else None,
        "concern_since": concern.since_ja if concern else None,
        "concern_known_to": concern.known_to_ja if concern else None,
        "correction_reason": version.correction_reason_ja,
        "written_by": town.member(version.written_by),
        "saved_at": version.saved_at,
        "returned_comment": version.returned_comment_ja,
        "decided_by": town.member(version.decided_by),
        "decided_at": version.decided_at,
        "firm_id": town.visible_firm(person),
    }


def _day(town: Town, written: Written, day: DaySeed) -> dict[str, Any]:
    person = written[0]
    return {
        "id": town.id("record-day", person.key, written[1].week_start, written[2].number, day.on),
        "record_version_id": _version_id(town, written),
        "held_on": day.on,
        "position": 0,
        "menu_id": town.id("menu", day.menu_key),
        "placement_id": town.id("placement", day.placement_key) if day.placement_key else None,
        "place": day.place_ja,
        "starts_at": day.starts_at,
        "ends_at": day.ends_at,
        "minutes": day.minutes,
        "attendance": day.attendance,
        "absence_reason": day.absence_reason_ja,
        "condition": day.condition,
        "observation": day.observation_ja,
        "firm_id": town.visible_firm(person),
    }


def _concern(town: Town, written: Written) -> dict[str, Any]:
    person, week, version = written
    seed = version.concern
    assert seed is not None
    return {
        "id": town.id("concern", person.key, week.week_start, version.number),
        "weekly_record_id": _record_id(town, person, week),
        "record_version_id": _version_id(town, written),
        "participant_id": town.id("person", person.key),
        "what": seed.what_ja,
        "since": seed.since_ja,
        "known_to": seed.known_to_ja,
        "raised_at": seed.raised_at,
        "raised_by": town.member(version.written_by),
        "acknowledged_at": seed.acknowledged_at,
        "acknowledged_by": town.member(seed.acknowledged_by),
        "acknowledgement": seed.acknowledgement_ja,
        "firm_id": town.visible_firm(person),
    }
