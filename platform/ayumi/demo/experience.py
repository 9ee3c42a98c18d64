"""Who goes to which employer and when, with the load raised step by step over three months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ayumi.demo.folk import WEEKS_TO_READY, Draft
from ayumi.demo.opening import next_open, previous_open
from ayumi.demo.partner_seeds import EmployerSeed, SiteSeed
from ayumi.demo.pen import Pen
from ayumi.demo.place_seeds import MenuSeed
from ayumi.demo.tables import table
from ayumi.demo.work_seeds import ExperienceDaySeed, LoadStepSeed, PlacementSeed, VisitSeed
from ayumi.japan.calendar import week_start

WEEK = timedelta(days=7)
LENGTH = 12 * WEEK
READY_AT = 0.4
STOPPED_EARLY = 0.12
# Weeks after the start, days a week, minutes a day.
LOAD = ((0, 1, 120), (4, 2, 150), (8, 3, 180))


@dataclass(frozen=True, slots=True)
class Plan:
    """A placement before its days are known."""

    key: str
    employer: EmployerSeed
    site: SiteSeed
    starts_on: date
    ends_on: date
    weekdays: tuple[int, ...]
    """Where the days fall, the first being kept from beginning to end; 0 is Monday."""
    steps: tuple[LoadStepSeed, ...]
    stopped_early: bool

    def step_in(self, monday: date) -> LoadStepSeed | None:
        """The load of a week, or None outside the period."""
        sunday = monday + timedelta(days=6)
        if sunday < self.starts_on or monday > self.ends_on:
            return None
        return [step for step in self.steps if step.from_on <= sunday][-1]


class Sites:
    """Gives people to sites so that none is crowded."""

    def __init__(self, employers: tuple[EmployerSeed, ...]) -> None:
        self.open = [(each, site) for each in employers for site in each.sites if site.accepted_on]
        self.taken: list[tuple[SiteSeed, date, date]] = []

    def find(self, firm_key: str | None, first: date, last: date) -> tuple[EmployerSeed, SiteSeed] | None:
        """The site with the most room in a period among those this side works with."""
        mine = [pair for pair in self.open if pair[0].firm_key == firm_key]
        if not mine:
            return None
        employer, site = min(mine, key=lambda pair: self._crowd(pair[1], first, last))
        self.taken.append((site, first, last))
        return employer, site

    def _crowd(self, site: SiteSeed, first: date, last: date) -> float:
        there = [each for each in self.taken if each[0] is site and each[1] <= last and each[2] >= first]
        return (len(there) + 0.01 * len(self.taken)) / site.capacity


def plans(draft: Draft, menu: MenuSeed, sites: Sites) -> tuple[Plan, ...]:
    """Somebody's placements, one after the other, up to one that begins next week."""
    return tuple(_plans(draft, menu, sites))


def _plans(draft: Draft, menu: MenuSeed, sites: Sites) -> Iterator[Plan]:
    if draft.started_on is None:
        return
    wait = int(READY_AT * WEEKS_TO_READY / draft.pace)
    starts_on = next_open(week_start(draft.started_on) + wait * WEEK)
    number = 1
    while starts_on <= _latest_start(draft):
        plan = _plan(draft, menu, sites, starts_on, number)
        if plan is None:
            return
        yield plan
        starts_on, number = next_open(week_start(plan.ends_on) + 3 * WEEK), number + 1


def _latest_start(draft: Draft) -> date:
    if draft.stopped_on:
        return draft.stopped_on - 2 * WEEK
    return week_start(draft.as_of) + timedelta(days=11)


def _plan(draft: Draft, menu: MenuSeed, sites: Sites, starts_on: date, number: int) -> Plan | None:
    stopped_early = draft.rng.random() < STOPPED_EARLY
    length = 4 * WEEK if stopped_early else LENGTH
    ends_on = week_start(starts_on) + length - timedelta(days=3)
    found = sites.find(draft.firm_key, starts_on, ends_on)
    if found is None:
        return None
    weekdays = list(range(5))
    draft.rng.shuffle(weekdays)
    return Plan(
        key=f"{draft.key}-e{number}",
        employer=found[0],
        site=found[1],
        starts_on=starts_on,
        ends_on=min(ends_on, draft.stopped_on or ends_on),
        weekdays=tuple(weekdays),
        steps=_steps(starts_on, ends_on, menu.starts_at),
        stopped_early=stopped_early,
    )


def _steps(starts_on: date, ends_on: date, starts_at: time) -> tuple[LoadStepSeed, ...]:
    notes = table("words/placements")["step"]["notes"]
    rows = []
    for (weeks, days, minutes), note in zip(LOAD, notes, strict=True):
        from_on = starts_on if weeks == 0 else week_start(starts_on) + weeks * WEEK
        if from_on < ends_on:
            ends_at = later(starts_at, minutes)
            rows.append(LoadStepSeed(from_on, days, starts_at, ends_at, minutes, note))
    return tuple(rows)


def later(start: time, minutes: int) -> time:
    """A time of day some minutes later."""
    return (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()


def placement(draft: Draft, plan: Plan, days: tuple[ExperienceDaySeed, ...], pen: Pen) -> PlacementSeed:
    """The whole of a placement once its days are known."""
    words = table("words/placements")
    status = _status(draft, plan)
    met = status != "planned"
    return PlacementSeed(
        key=plan.key,
        employer_key=plan.employer.key,
        site_key=plan.site.key,
        firm_key=draft.firm_key,
        nickname=draft.nickname,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        status=status,
        steps=plan.steps,
        tasks_ja="、".join(draft.rng.sample(plan.employer.tasks_ja, 2)),
        meeting_on=previous_open(plan.starts_on - timedelta(days=4)) if met else None,
        meeting_note_ja=pen.pick(words["meeting"]["lines"]) if met else None,
        strengths_ja=pen.pick(words["profile"]["strength"]),
        considerations_ja=pen.pick(words["profile"]["care"]),
        challenge_ja=pen.pick(words["profile"]["challenge"]),
        end_note_ja=pen.pick(words["stopped"]["lines"]) if plan.stopped_early and status == "ended" else None,
        days=days,
        visits=_visits(draft, plan, pen),
    )


def _status(draft: Draft, plan: Plan) -> str:
    if plan.starts_on >= draft.as_of:
        return "planned"
    return "ended" if plan.ends_on < draft.as_of else "active"


def _visits(draft: Draft, plan: Plan, pen: Pen) -> tuple[VisitSeed, ...]:
    """The supporter comes by once a month."""
    lines = table("words/placements")["visit"]["lines"]
    found = []
    on = next_open(plan.starts_on + timedelta(days=16))
    while on < draft.as_of and on <= plan.ends_on:
        found.append(VisitSeed(on, draft.supporters[0], pen.pick(lines)))
        on = next_open(on + 4 * WEEK)
    return tuple(found)
