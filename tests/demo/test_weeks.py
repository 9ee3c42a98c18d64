"""Weekly records: in every state, inside their week, never ahead of the day."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from ayumi.demo.generate import people_of
from ayumi.demo.places import municipality
from ayumi.demo.tables import slugs
from ayumi.demo.week_seeds import VersionSeed, WeekSeed
from ayumi.demo.weeks import due_on
from ayumi.japan.calendar import week_start
from ayumi.records.model import Attendance, Condition, RecordStatus

from .casts import TODAY, every_cast, everybody

SIX_DAYS = timedelta(days=6)


def versions(week: WeekSeed) -> Iterator[VersionSeed]:
    yield from week.versions


def test_every_state_is_met_in_every_place():
    for slug in slugs():
        weeks = [week for person in people_of(slug, TODAY).people for week in person.weeks]
        assert {week.status for week in weeks} == set(RecordStatus), slug
        assert any(week.is_late for week in weeks)
        assert any(week.is_missing(TODAY) for week in weeks)
        assert any(version.correction_reason_ja for week in weeks for version in week.versions)


def test_most_weeks_were_written_in_time_and_accepted():
    weeks = [week for slug in slugs() for person in people_of(slug, TODAY).people for week in person.weeks]
    assert len(weeks) > 5000
    assert sum(week.status == "accepted" for week in weeks) > 0.8 * len(weeks)
    assert sum(week.is_late for week in weeks) < 0.1 * len(weeks)


def test_six_months_are_told_and_no_week_lies_in_the_future():
    for cast in every_cast():
        mondays = {week.week_start for person in cast.people for week in person.weeks}
        assert min(mondays) == cast.first_week
        assert max(mondays) == week_start(cast.as_of) == cast.first_week + timedelta(weeks=25)
        assert all(monday.weekday() == 0 for monday in mondays)


def test_there_is_one_record_for_a_person_and_week_while_they_are_supported():
    for _, person in everybody():
        mondays = [week.week_start for week in person.weeks]
        assert len(set(mondays)) == len(mondays)
        if person.enrolment is None:
            assert not mondays
            continue
        begun = week_start(person.enrolment.starts_on)
        assert all(monday >= begun for monday in mondays)
        if person.status in ("paused", "ended"):
            assert max(mondays) <= person.history[-1].at.date()


def test_records_are_due_on_the_first_office_day_after_their_sunday():
    assert str(due_on(week_start(TODAY) - timedelta(days=7))) == "2026-11-24"
    for _, person in everybody():
        assert all(week.due_on == due_on(week.week_start) for week in person.weeks)


def test_days_lie_inside_their_week_and_before_today():
    for cast, person in everybody():
        for week in person.weeks:
            for version in versions(week):
                dates = [day.on for day in version.days]
                assert dates == sorted(set(dates))
                assert all(week.week_start <= on <= week.week_start + SIX_DAYS for on in dates)
                assert all(on < cast.as_of for on in dates)


def test_days_say_what_their_attendance_asks_for():
    codes, conditions = set(), set()
    for cast, person in everybody():
        menus = {menu.key for menu in municipality(cast.slug).menus}
        for day in (day for week in person.weeks for version in week.versions for day in version.days):
            codes.add(day.attendance)
            conditions.add(day.condition)
            there = day.attendance == "attended"
            assert day.menu_key in menus
            assert there == (day.starts_at is not None) == (day.minutes is not None)
            assert there == (day.absence_reason_ja is None)
            if day.starts_at and day.ends_at:
                assert day.starts_at < day.ends_at
    assert codes == set(Attendance)
    assert conditions == {None, *Condition}


def test_instants_follow_each_other_and_end_before_the_day_begins():
    for cast, person in everybody():
        for week in person.weeks:
            told = [
                at
                for version in week.versions
                for at in (version.saved_at, version.submitted_at, version.decided_at)
                if at
            ]
            assert told == sorted(told)
            assert all(at.date() < cast.as_of for at in told)


def test_states_follow_from_the_versions():
    for _, person in everybody():
        for week in person.weeks:
            numbers = [version.number for version in week.versions]
            assert numbers == list(range(1, len(numbers) + 1))
            assert bool(week.versions) == (week.status not in ("expected", "skipped"))
            assert (week.status == "skipped") == (week.skip_reason_ja is not None)
            if not week.versions:
                continue
            last = week.versions[-1]
            assert (last.submitted_at is None) == (week.status == "draft")
            assert week.status in ("draft", "submitted") or last.decision == week.status
            for version in versions(week):
                assert (version.decision is None) == (version.decided_at is None)
                assert (version.decision == "returned") == (version.returned_comment_ja is not None)
                assert (version.submitted_at is None) == (version.summary_ja is None)


def test_what_came_back_lacked_something_the_next_version_has():
    seen = 0
    for _, person in everybody():
        for week in person.weeks:
            if len(week.versions) == 2 and week.versions[0].decision == "returned":
                seen += 1
                first, second = week.versions
                assert (first.days, first.summary_ja) != (second.days, second.summary_ja)
                assert second.correction_reason_ja is None
    assert seen > 10


def test_a_correction_says_what_was_wrong():
    corrected = [
        week.versions
        for _, person in everybody()
        for week in person.weeks
        if len(week.versions) == 2 and week.versions[1].correction_reason_ja
    ]
    assert len(corrected) > 10
    for first, second in corrected:
        assert first.decision == "accepted"
        changed = [(a, b) for a, b in zip(first.days, second.days, strict=True) if a != b]
        for wrong, right in changed:
            assert wrong.ends_at and right.ends_at
            assert f"{wrong.ends_at:%H:%M}" in (second.correction_reason_ja or "")
            assert f"{right.ends_at:%H:%M}" in (second.correction_reason_ja or "")
        assert changed or first.summary_ja != second.summary_ja


def test_every_place_has_a_concern_that_is_open_and_one_that_was_acknowledged():
    for slug in slugs():
        concerns = [
            version.concern
            for person in people_of(slug, TODAY).people
            for week in person.weeks
            for version in week.versions
            if version.concern
        ]
        assert [each.acknowledged_at is None for each in concerns].count(True) == 1, slug
        assert len(concerns) == 2
        acknowledged = [each for each in concerns if each.acknowledged_at]
        assert all(each.acknowledged_by and each.acknowledgement_ja for each in acknowledged)
        assert len({each.what_ja for each in concerns}) == 2


def test_notes_do_not_read_alike():
    notes = Counter(
        day.observation_ja
        for slug in slugs()
        for person in people_of(slug, TODAY).people
        for week in person.weeks
        for version in week.versions[-1:]
        for day in version.days
        if day.observation_ja
    )
    assert len(notes) > 0.6 * sum(notes.values())
    assert all("{" not in note for note in notes)


def test_nobody_gets_the_same_summary_two_weeks_running():
    for _, person in everybody():
        summaries = [week.versions[-1].summary_ja for week in person.weeks if week.versions]
        pairs = zip(summaries, summaries[1:], strict=False)
        assert all(first != second for first, second in pairs if first)


def test_attendance_grows_over_the_months():
    early, late = Counter[str](), Counter[str]()
    for slug in slugs():
        for person in people_of(slug, TODAY).people:
            written = [week for week in person.weeks if week.versions]
            if person.status != "active" or len(written) < 20:
                continue
            for weeks, tally in ((written[:6], early), (written[-6:], late)):
                tally.update(day.attendance for week in weeks for day in week.versions[-1].days)
    assert _rate(late) > _rate(early) + 0.05


def _rate(tally: Counter[str]) -> float:
    planned = sum(number for kind, number in tally.items() if kind != "not_planned")
    return tally["attended"] / planned
