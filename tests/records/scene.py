"""People in support and their weeks, as little of them as a test needs."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock, ids
from ayumi.kernel.db import add, db
from ayumi.participants.model import Participant, Status, Supporter
from ayumi.records import drafts, rules, versions
from ayumi.records.content import Content, DayEntry, Words
from ayumi.records.holding import hold
from ayumi.records.model import Attendance, RecordVersion, WeeklyRecord
from ayumi.selection.model import Enrolment, EnrolmentStatus
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, working

WEEK = timedelta(days=7)
LAST_MONDAY = week_start(clock.today()) - WEEK


@dataclass(frozen=True)
class Scene:
    """A town, its people, and somebody in support since four weeks."""

    town: Town
    caseworker: Member
    supporter: Member
    person_id: UUID
    firm_id: UUID | None = None


def a_scene(app: Flask, *, with_firm: bool = False) -> Scene:
    """Make a town with one person in support: by its own staff, or by a firm."""
    town = a_town(app)
    caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")
    firm_id = a_firm(app) if with_firm else None
    if firm_id:
        a_contract(app, town, firm_id)
        supporter = a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id, name="鈴木 一郎")
    else:
        supporter = a_member(app, town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER, name="鈴木 一郎")
    person_id = a_person(app, town, caseworker=caseworker, supporter=supporter, firm_id=firm_id)
    return Scene(town, caseworker, supporter, person_id, firm_id)


def a_person(
    app: Flask,
    town: Town,
    *,
    caseworker: Member | None = None,
    supporter: Member | None = None,
    firm_id: UUID | None = None,
    family_name: str = "高橋",
    given_name: str = "陽子",
    starts_on: date | None = None,
    restricted: bool = False,
) -> UUID:
    """Make somebody in support."""
    with working(app, town):
        person = add(
            Participant(
                family_name=family_name,
                given_name=given_name,
                family_kana="タカハシ",
                given_kana="ヨウコ",
                kana_key="たかはしようこ",
                name_key=f"{family_name}{given_name}",
                case_number=ids.new().hex[-10:],
                birth_date=date(1975, 4, 2),
                barriers=[],
                caseworker_id=caseworker.membership_id if caseworker else None,
                delivery_firm_id=firm_id,
                firm_id=firm_id,
                is_restricted=restricted,
                status=Status.ACTIVE,
                created_at=clock.now(),
            )
        )
        if supporter:
            add(Supporter(participant_id=person.id, membership_id=supporter.membership_id, firm_id=firm_id))
        _enrol(town, person, starts_on or LAST_MONDAY - 2 * WEEK)
        return person.id


def _enrol(town: Town, person: Participant, starts_on: date) -> None:
    add(
        Enrolment(
            participant_id=person.id,
            route_id=town.route_id,
            route_label="ケースワーカーが主導して決定",
            decided_on=starts_on,
            decided_by="福祉課長",
            reason="就労意欲があるため",
            starts_on=starts_on,
            status=EnrolmentStatus.ACTIVE,
            firm_id=person.firm_id,
            entered_at=clock.now(),
        )
    )


def expect(app: Flask, town: Town, until: date | None = None) -> None:
    """Let the weeks be expected, up to the present one."""
    with working(app, town):
        rules.expect_weeks(until or clock.today())


def a_week(app: Flask, scene: Scene, monday: date = LAST_MONDAY) -> UUID:
    """Expect the weeks and return one of them."""
    expect(app, scene.town)
    with inside(app, scene.caseworker):
        return the_week(scene.person_id, monday).id


def the_week(person_id: UUID, monday: date = LAST_MONDAY) -> WeeklyRecord:
    """Return a person's week; only within a place."""
    of_person = (WeeklyRecord.participant_id == person_id, WeeklyRecord.week_start == monday)
    return db.session.scalars(select(WeeklyRecord).where(*of_person)).one()


def said(town: Town, *days: DayEntry, summary: str = "3日のうち2日参加しました。", **words: Any) -> Content:
    """What a whole week says: one day attended unless said otherwise."""
    return Content(Words(summary=summary, **words), days or (attended(town),))


def attended(town: Town, on: date = LAST_MONDAY, **more: Any) -> DayEntry:
    """A morning somebody took part in."""
    given: dict[str, Any] = {
        "menu_id": town.menu_id,
        "starts_at": time(10),
        "ends_at": time(12),
        "attendance": Attendance.ATTENDED,
    }
    return DayEntry(held_on=on, **(given | more))


def draft_of(record_id: UUID) -> RecordVersion | None:
    """Return the version that is being written, as the database has it."""
    return next((each for each in versions.every(record_id) if each.submitted_at is None), None)


def current_of(record_id: UUID) -> RecordVersion | None:
    """Return the version that counts, as the database has it."""
    return next((each for each in versions.every(record_id) if each.is_current and each.submitted_at), None)


def standing(record_id: UUID) -> Content:
    """Return what the database says a week says at the moment."""
    return versions.content_of(draft_of(record_id) or current_of(record_id))


def submitted(app: Flask, scene: Scene, record_id: UUID, content: Content | None = None) -> UUID:
    """Write and hand in a week; return the version."""
    with inside(app, scene.supporter):
        edition = hold(record_id).record.edition
        drafts.save_week(record_id, edition=edition, content=content or said(scene.town))
        return rules.submit(record_id).id


def accepted(app: Flask, scene: Scene, record_id: UUID) -> UUID:
    """Hand in a week and have it accepted; return the version."""
    version_id = submitted(app, scene, record_id)
    with inside(app, scene.caseworker):
        rules.accept(record_id, version_id=version_id)
    return version_id
