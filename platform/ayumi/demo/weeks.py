"""Weekly records through all their states: written, handed in, sent back, accepted, put right, or missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ayumi.demo.diary import Diary, weekday_ja
from ayumi.demo.experience import later
from ayumi.demo.folk import Draft
from ayumi.demo.opening import moment, next_open
from ayumi.demo.place_seeds import MenuSeed
from ayumi.demo.tables import table
from ayumi.demo.week_seeds import ConcernSeed, DaySeed, VersionSeed, WeekSeed

HALF_AN_HOUR = timedelta(minutes=30)
COURSES = {
    "usual": 860, "late": 60, "missing": 12, "returned_then_accepted": 35, "corrected": 20, "skipped": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """What is to become of one week."""

    course: str = "usual"
    """usual, late, missing, returned, returned_then_accepted, corrected, skipped, unread or unfinished."""
    concern: int | None = None
    """Which of the worries in the table."""


def due_on(monday: date) -> date:
    """A record is due on the first office day after its Sunday."""
    return next_open(monday + timedelta(days=7))


class Chronicle:
    """Writes the weekly records of one person."""

    def __init__(self, draft: Draft, diary: Diary, menus: dict[str, MenuSeed]) -> None:
        self.draft, self.diary, self.menus, self.rng = draft, diary, menus, draft.rng
        self.words = table("words/weeks")
        self.now = moment(draft.as_of, 0)

    def story(self) -> Story:
        """An ordinary fate, by chance."""
        return Story(self.rng.choices(list(COURSES), list(COURSES.values()))[0])

    def week(self, monday: date, days: list[DaySeed], story: Story) -> WeekSeed:
        """The record of a week, as far as it has come by today."""
        if story.course == "skipped":
            return self._bare(monday, "skipped", self.diary.pen.pick(self.words["skipped"]["lines"]))
        if story.course == "missing":
            return self._bare(monday, "expected", None)
        versions = until(self._versions(monday, days, story), self.now)
        return replace(self._bare(monday, _status(versions), None), versions=versions)

    def _bare(self, monday: date, status: str, skip_reason: str | None) -> WeekSeed:
        return WeekSeed(monday, due_on(monday), status, skip_reason, self.draft.supporters[0], ())

    def _versions(self, monday: date, days: list[DaySeed], story: Story) -> tuple[VersionSeed, ...]:
        first = self._first(monday, days, story)
        if story.course in ("returned", "returned_then_accepted"):
            return self._sent_back(first, story.course)
        if story.course == "corrected":
            return self._put_right(first)
        if story.course in ("unread", "unfinished"):
            return (first,)
        return (self._accepted(first),)

    def _first(self, monday: date, days: list[DaySeed], story: Story) -> VersionSeed:
        submitted_at = self._submitted_at(monday, story.course)
        return VersionSeed(
            number=1,
            summary_ja=self.diary.summary(monday, days, self.menus),
            request_ja=self.diary.request(),
            concern=self._concern(monday, submitted_at, story),
            days=tuple(days),
            correction_reason_ja=None,
            written_by=self.draft.supporters[0],
            saved_at=self._saved_at(monday, days, submitted_at),
            submitted_at=submitted_at,
            decision=None,
            returned_comment_ja=None,
            decided_by=None,
            decided_at=None,
        )

    def _submitted_at(self, monday: date, course: str) -> datetime | None:
        """Most hand in on Friday afternoon, some on the day it is due, a few later."""
        if course == "unfinished":
            return None
        if course == "late":
            return self._in_office(due_on(monday) + timedelta(days=self.rng.randint(2, 5)))
        if course in ("returned", "unread") or self.rng.random() < 0.78:
            return moment(monday + timedelta(days=4), self.rng.randint(15, 18), self.rng.randrange(60))
        return moment(due_on(monday), self.rng.randint(9, 11), self.rng.randrange(60))

    def _saved_at(self, monday: date, days: list[DaySeed], submitted_at: datetime | None) -> datetime:
        """Notes are begun in the evening of the last day there is, or just before handing in."""
        if days and self.rng.random() < 0.7:
            begun = moment(days[-1].on, 17, self.rng.randrange(50))
            return min(begun, submitted_at) if submitted_at else begun
        usual = submitted_at or moment(monday + timedelta(days=4), 17, 30)
        return usual - timedelta(minutes=self.rng.randint(4, 25))

    def _in_office(self, on: date) -> datetime:
        return moment(next_open(on), self.rng.randint(9, 16), self.rng.randrange(60))

    def _decided_at(self, submitted_at: datetime, decision: str) -> datetime:
        """What lacks something goes back on the next day; the rest is read within the week."""
        days = 1 if decision == "returned" else self.rng.choice((1, 1, 2, 3, 4, 6))
        return self._in_office(submitted_at.date() + timedelta(days=days))

    def _accepted(self, version: VersionSeed) -> VersionSeed:
        return self._decided(version, "accepted", None)

    def _decided(self, version: VersionSeed, decision: str, comment: str | None) -> VersionSeed:
        if version.submitted_at is None:
            return version
        return replace(
            version,
            decision=decision,
            returned_comment_ja=comment,
            decided_by=self.draft.caseworker,
            decided_at=self._decided_at(version.submitted_at, decision),
        )

    # Sent back and put right ----------------------------------------------------------------------------

    def _sent_back(self, whole: VersionSeed, course: str) -> tuple[VersionSeed, ...]:
        """The first version lacks something; the caseworker says what, and the second has it."""
        lacking, comment = self._lacking(whole)
        first = self._decided(lacking, "returned", comment)
        if course == "returned" or first.decided_at is None:
            return (first,)
        again = self._again(whole, first.decided_at, 2)
        return first, self._accepted(again)

    def _lacking(self, whole: VersionSeed) -> tuple[VersionSeed, str]:
        pen, returned = self.diary.pen, self.words["returned"]
        noted = [day for day in whole.days if day.seen_ja]
        if not noted:
            return replace(whole, summary_ja=returned["short"]), pen.pick(returned["change"])
        day = self.rng.choice(noted)
        days = _with(whole.days, replace(day, how_ja=None, seen_ja=None))
        return replace(whole, days=days), pen.write(returned["day"], day=weekday_ja(day.on))

    def _put_right(self, right: VersionSeed) -> tuple[VersionSeed, ...]:
        """A mistake is found after the week was accepted."""
        wrong, reason = self._mistaken(right)
        first = self._accepted(wrong)
        if first.decided_at is None:
            return (first,)
        found_at = first.decided_at + timedelta(days=self.rng.randint(1, 6))
        again = replace(self._again(right, found_at, 2), correction_reason_ja=reason)
        return first, self._accepted(again)

    def _mistaken(self, right: VersionSeed) -> tuple[VersionSeed, str]:
        """An end that was half an hour too late, or a plan for the next week that was left out."""
        corrected = self.words["corrected"]
        there = [day for day in right.days if day.ends_at and not day.placement_key]
        if not there:
            summary = f"{(right.summary_ja or '').rstrip('。')}。{corrected['no_plan']}"
            return replace(right, summary_ja=summary), corrected["summary"]
        day = self.rng.choice(there)
        assert day.ends_at and day.minutes
        wrong = replace(day, ends_at=later(day.ends_at, 30), minutes=day.minutes + 30)
        reason = corrected["hours"].format(
            day=f"{day.on.month}月{day.on.day}日", wrong=f"{wrong.ends_at:%H:%M}", right=f"{day.ends_at:%H:%M}"
        )
        return replace(right, days=_with(right.days, wrong)), reason

    def _again(self, version: VersionSeed, after: datetime, number: int) -> VersionSeed:
        """The same week written once more, a day or two later."""
        saved_at = self._in_office(after.date() + timedelta(days=self.rng.randint(1, 2)))
        return replace(version, number=number, concern=None, saved_at=saved_at, submitted_at=saved_at + HALF_AN_HOUR)

    def _concern(self, monday: date, raised_at: datetime | None, story: Story) -> ConcernSeed | None:
        """A worry, open for as long as nobody has read the week."""
        if story.concern is None or raised_at is None:
            return None
        worry = self.words["concern"][story.concern % len(self.words["concern"])]
        since = monday - timedelta(days=self.rng.randint(2, 9))
        worried = ConcernSeed(
            what_ja=worry["what"],
            since_ja=f"{since.month}月{since.day}日ごろから",
            known_to_ja=worry["known"],
            raised_at=raised_at,
            acknowledged_at=self._in_office(raised_at.date() + timedelta(days=1)),
            acknowledged_by=self.draft.caseworker,
            acknowledgement_ja=self.diary.pen.pick(self.words["acknowledged"]["lines"]),
        )
        return unacknowledged(worried) if story.course == "unread" else worried


def _with(days: Sequence[DaySeed], changed: DaySeed) -> tuple[DaySeed, ...]:
    return tuple(changed if day.on == changed.on else day for day in days)


# As far as it has come -----------------------------------------------------------------------------------


def until(versions: tuple[VersionSeed, ...], now: datetime) -> tuple[VersionSeed, ...]:
    """The versions with everything left out that has not happened yet."""
    return tuple(_so_far(each, now) for each in versions if each.saved_at < now)


def _so_far(version: VersionSeed, now: datetime) -> VersionSeed:
    if version.submitted_at and version.submitted_at >= now:
        version = replace(version, submitted_at=None)
    if version.submitted_at is None:
        return undecided(replace(version, summary_ja=None, request_ja=None, concern=None))
    if version.decided_at and version.decided_at >= now:
        version = undecided(version)
    concern = version.concern
    if concern and concern.acknowledged_at and concern.acknowledged_at >= now:
        version = replace(version, concern=unacknowledged(concern))
    return version


def undecided(version: VersionSeed) -> VersionSeed:
    """The same version before the caseworker has read it."""
    return replace(version, decision=None, returned_comment_ja=None, decided_by=None, decided_at=None)


def unacknowledged(concern: ConcernSeed) -> ConcernSeed:
    """The same worry before the caseworker has seen it."""
    return replace(concern, acknowledged_at=None, acknowledged_by=None, acknowledgement_ja=None)


def _status(versions: tuple[VersionSeed, ...]) -> str:
    if not versions:
        return "expected"
    last = versions[-1]
    if last.submitted_at is None:
        return "draft" if last.number == 1 else _status(versions[:-1])
    return last.decision or "submitted"
