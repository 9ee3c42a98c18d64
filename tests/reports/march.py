"""A month made by hand: March 2026, the last of a fiscal year, whose last week lies half in April."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Flask

from ayumi.participants.model import Status
from ayumi.placements.model import DayStatus
from ayumi.plans.model import GoalKind
from ayumi.records.model import Attendance, RecordStatus
from ayumi.selection.model import EndReason
from tests.reports.hand import Hand, at, hand
from tests.world import Member, Town, a_firm


@dataclass(frozen=True)
class Made:
    """A town with its March."""

    town: Town
    head: Member
    clerk: Member
    firms: tuple[UUID, UUID]
    people: dict[str, UUID]
    employers: dict[str, UUID]
    menus: dict[str, UUID]
    statement_id: UUID


def a_march(app: Flask, mark: str = "") -> Made:
    """Make the month that ``tests/reports/test_figures.py`` counts by hand."""
    firms = (a_firm(app, name=f"{mark}青空法人"), a_firm(app, name=f"{mark}若葉法人"))
    with hand(app, mark=mark) as town:
        enrolled = _people(town, firms)
        town.employer("北", "キタ", 2160, "青木", "土井")
        town.employer("南", "ミナミ", 3000, "土井")
        _weeks(town, enrolled)
        statement_id = _experience(town)
        _goals(town, enrolled)
        return Made(town.town, town.head, town.clerk, firms, town.people, town.employers, town.menus, statement_id)


def _people(town: Hand, firms: tuple[UUID, UUID]) -> dict[str, UUID]:
    long_ago, first, second = at(2025, 9, 1), firms[0], firms[1]
    town.person("青木", created=long_ago)
    town.person("馬場", created=long_ago, firm_id=second)
    town.person("千葉", created=long_ago, status=Status.ENDED)
    town.person("土井", created=long_ago, is_restricted=True)
    town.person("榎本", created=at(2026, 3, 10))
    town.person("藤田", created=at(2026, 4, 1, 0, 30))
    town.person("後藤", created=long_ago, status=Status.ENDED)
    town.person("堀", created=long_ago, status=Status.ENDED, firm_id=first)
    enrolled = {
        "青木": town.enrol("青木", date(2026, 1, 10)),
        "馬場": town.enrol("馬場", date(2026, 3, 5)),
        "千葉": town.enrol("千葉", date(2025, 10, 1), date(2026, 3, 20), EndReason.JOB),
        "土井": town.enrol("土井", date(2025, 12, 1)),
        "榎本": town.enrol("榎本", date(2026, 4, 2)),
        "後藤": town.enrol("後藤", date(2025, 11, 1), date(2026, 3, 31), EndReason.MOVED_AWAY),
        "堀": town.enrol("堀", date(2026, 2, 1), date(2026, 4, 1), EndReason.DECLINED),
    }
    moved, again = [None, str(first)], [str(first), str(second)]
    town.told("馬場", at(2026, 3, 15), "assigned", changes={"delivery_firm_id": moved})
    town.told("馬場", at(2026, 4, 8), "assigned", changes={"delivery_firm_id": again})
    town.told("土井", at(2026, 3, 25), "became_paused", status_before="active", status_after="paused")
    town.told("土井", at(2026, 4, 10), "became_active", status_before="paused", status_after="active")
    return enrolled


def _weeks(town: Hand, enrolled: dict[str, UUID]) -> None:
    town.menu("講座", 1)
    town.menu("清掃", 2)
    yes, told, no = Attendance.ATTENDED, Attendance.ABSENT_NOTIFIED, Attendance.ABSENT
    # In time by half an hour; in the week: two days there, one absent with notice, one without.
    monday, in_time = date(2026, 3, 2), at(2026, 3, 9, 23, 30)
    week = town.week("青木", enrolled["青木"], monday, RecordStatus.ACCEPTED, submitted=in_time)
    days = [date(2026, 3, day) for day in range(2, 7)]
    lines = [
        (days[0], yes, "講座"), (days[1], yes, "講座"), (days[1], no, "清掃"), (days[2], told, "講座"),
        (days[3], no, "講座"), (days[3], told, "清掃"), (days[4], Attendance.NOT_PLANNED, "清掃"),
    ]  # fmt: skip
    version = town.version("青木", week, lines, submitted=in_time)
    town.concern("青木", week, version, at(2026, 2, 27), at(2026, 3, 2))
    # Half in April: accepted, then corrected (the 31st was missed), and once more begun but not handed in.
    monday, late = date(2026, 3, 30), at(2026, 4, 7)
    week = town.week("青木", enrolled["青木"], monday, RecordStatus.SUBMITTED, submitted=late)
    thirtieth, last, april = date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)
    town.version("青木", week, [(thirtieth, yes, ""), (last, yes, "講座")], current=False, submitted=late)
    lines = [(thirtieth, yes, ""), (last, no, "講座"), (april, yes, "講座")]
    town.version("青木", week, lines, number=2, submitted=at(2026, 4, 9))
    town.version("青木", week, [(thirtieth, no, "講座")], number=3, current=False)
    # Late by ten minutes past midnight, and sent back: it counts all the same.
    late = at(2026, 3, 10, 0, 10)
    week = town.week("土井", enrolled["土井"], date(2026, 3, 2), RecordStatus.RETURNED, submitted=late)
    version = town.version("土井", week, [(date(2026, 3, 2), yes, "清掃")], submitted=late)
    town.concern("土井", week, version, at(2026, 3, 5), at(2026, 4, 2))
    # A week of February whose Sunday lies in March.
    sunday, in_time = date(2026, 3, 1), at(2026, 3, 2)
    week = town.week("千葉", enrolled["千葉"], date(2026, 2, 23), RecordStatus.ACCEPTED, submitted=in_time)
    version = town.version("千葉", week, [(sunday, yes, "講座")], submitted=in_time)
    town.concern("千葉", week, version, at(2026, 4, 1, 0, 30), None)
    # Only a draft; none needed; none written.
    week = town.week("馬場", enrolled["馬場"], date(2026, 3, 9), RecordStatus.DRAFT)
    town.version("馬場", week, [(date(2026, 3, 9), yes, "講座")])
    town.week("馬場", enrolled["馬場"], date(2026, 3, 16), RecordStatus.SKIPPED)
    town.week("堀", enrolled["堀"], date(2026, 3, 23), RecordStatus.EXPECTED)


def _experience(town: Hand) -> UUID:
    third, fourth, fifth, sixth = (date(2026, 3, day) for day in (3, 4, 5, 6))
    aoki = [(town.day("青木", "北", on, DayStatus.CONFIRMED), on) for on in (third, fourth)]
    town.day("青木", "北", fifth, DayStatus.WITHDRAWN)
    town.day("青木", "北", date(2026, 4, 1), DayStatus.CONFIRMED)
    doi = [(town.day("土井", "北", third, DayStatus.CONFIRMED), third)]
    south = [(town.day("土井", "南", third, DayStatus.CONFIRMED), third)]
    town.day("土井", "南", fourth, DayStatus.RECORDED)
    town.day("土井", "南", sixth, DayStatus.DISPUTED)
    town.fees("南", 3000, {"土井": south}, tax=0, approved=False)
    return town.fees("北", 2160, {"青木": aoki, "土井": doi}, tax=648, approved=True)


def _goals(town: Hand, enrolled: dict[str, UUID]) -> None:
    town.goal("青木", enrolled["青木"], 1, GoalKind.JOB, date(2026, 1, 10), current=False)
    town.goal("青木", enrolled["青木"], 2, GoalKind.OTHER, date(2026, 3, 12), current=False)
    town.goal("青木", enrolled["青木"], 3, GoalKind.JOB, date(2026, 4, 3), current=True)
    town.goal("土井", enrolled["土井"], 1, GoalKind.JOB, date(2025, 12, 1), current=True)
    town.goal("堀", enrolled["堀"], 1, GoalKind.JOB, date(2026, 2, 1), current=True)
    town.withdrawn("土井", date(2026, 3, 18))
    town.withdrawn("土井", date(2026, 3, 18))
    town.withdrawn("青木", date(2026, 4, 1))
