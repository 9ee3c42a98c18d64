"""A person's weeks: one record each, one version, one to three days. Lines are spelled by hand: there are millions."""

from datetime import date, timedelta
from functools import cache

from ayumi.records.expecting import due_day
from infra.bench.calendar import THIS_WEEK, WEEK
from infra.bench.generate import words
from infra.bench.generate.pour import NULL
from infra.bench.generate.town import CASEWORKERS, SUPPORT_WORKER, Person, Town

PATTERNS = ((0, 2), (1, 3), (0, 1, 3), (2,), (1, 4), (3,), (0, 2, 4))


def put_weeks(town: Town, person: Person) -> None:
    """Pour all weeks of a person."""
    monday, last = person.first, person.until or THIS_WEEK
    pattern = town.dice.choice(PATTERNS)
    while monday <= last:
        _week(town, person, monday, pattern)
        monday += WEEK


def status_of(town: Town, monday: date) -> str:
    """What has become of a week by now: all is accepted but the last three."""
    if monday < THIS_WEEK - 2 * WEEK:
        return "accepted"
    if monday == THIS_WEEK:
        return "expected" if town.dice.random() < 0.5 else "draft"
    return "submitted" if town.dice.random() < 0.8 or monday < THIS_WEEK - WEEK else "expected"


def _week(town: Town, person: Person, monday: date, pattern: tuple[int, ...]) -> None:
    number, state = town.next("weekly_record"), status_of(town, monday)
    handed_in = state in ("submitted", "accepted")
    record, firm = town.id("weekly_record", number), person.firm or NULL
    who = NULL if person.firm or state == "expected" else town.member(SUPPORT_WORKER)
    due, sunday = _days(monday)
    at = f"{sunday} 09:00+00" if handed_in else NULL
    participant = town.id("participant", person.number)
    town.pour.line(
        "weekly_record",
        f"{town.number}\t{record}\t{participant}\t{town.id('enrolment', person.number)}\t{monday}\t{due}\t{state}"
        f"\t{who}\t{at}\t{firm}\t{firm}\t{1 if state == 'expected' else 3}",
    )
    if state == "expected":
        return
    version = town.id("record_version", number)
    accepted = state == "accepted"
    reader = town.member(CASEWORKERS[number % 2]) if accepted else NULL
    read_at = f"{due} 05:00+00" if accepted else NULL
    summary = words.SUMMARIES[number % len(words.SUMMARIES)]
    town.pour.line(
        "record_version",
        f"{town.number}\t{version}\t{record}\t{participant}\t1\t{'t' if handed_in else 'f'}\t{summary}\t{NULL}\t{who}"
        f"\t{sunday} 08:30+00\t{at}\t{reader}\t{read_at}\t{firm}",
    )
    for weekday in pattern if handed_in else pattern[:1]:
        _day(town, person, version, monday, weekday, firm)


def _day(town: Town, person: Person, version: str, monday: date, weekday: int, firm: str) -> None:
    number, roll = town.next("record_day"), town.dice.random()
    came = roll < (0.7 if person.restless else 0.92)
    menu = town.menu((number + weekday) % words.EXPERIENCE_MENU)
    how = (
        f"10:00\t12:00\t120\tattended\t{NULL}\t{words.CONDITIONS[number % 5]}\t{words.SEEN[number % 5]}"
        if came
        else f"{NULL}\t{NULL}\t{NULL}\tabsent_notified\t体調がすぐれない\t{NULL}\t{NULL}"
    )
    town.pour.line(
        "record_day",
        f"{town.number}\t{town.id('record_day', number)}\t{version}\t{monday + timedelta(days=weekday)}\t0\t{menu}"
        f"\t{NULL}\t{words.PLACES[number % 3]}\t{how}\t{firm}",
    )


@cache
def _days(monday: date) -> tuple[date, date]:
    return due_day(monday, 1), monday + timedelta(days=6)
