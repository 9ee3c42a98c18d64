"""The month as the test knows it: who, which days, what was said. Plain values; nothing of the product's is used."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

ATTENDED, NOTIFIED, ABSENT = "参加", "連絡して欠席", "連絡なく欠席"


@dataclass(frozen=True)
class Calendar:
    """The calendar month before today's."""

    first: date
    last: date

    @classmethod
    def before(cls, today: date) -> "Calendar":
        """Return the month that is over."""
        last = today.replace(day=1) - timedelta(days=1)
        return cls(last.replace(day=1), last)

    @property
    def mondays(self) -> list[date]:
        """Every Monday of the month: a week belongs to the month of its Monday."""
        days = (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))
        return [day for day in days if day.weekday() == 0]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def era(self) -> str:
        """How pages call it."""
        return f"令和{self.first.year - 2018}年{self.first.month}月"


@dataclass(frozen=True)
class Person:
    """Somebody in the list that is handed in."""

    names: tuple[str, str]
    kana: tuple[str, str]
    born: str
    case: str
    nickname: str
    wish: str = ""
    goal: str = ""
    for_a_job: bool = False
    supported_by: str = "直営"
    consent: str = "書面"

    @property
    def name(self) -> str:
        """As pages write it."""
        return " ".join(self.names)


@dataclass(frozen=True)
class Day:
    """One activity on one day."""

    on: date
    menu: str
    attendance: str = ATTENDED
    starts: str = "10:00"
    ends: str = "11:30"
    reason: str = ""


@dataclass
class Week:
    """What a supporter hands in of a person's week."""

    person: Person
    monday: date
    days: list[Day]
    summary: str
    concern: str = ""
    request: str = ""


@dataclass
class Stay:
    """A placement: a person at a site, and the days they were there."""

    person: Person
    employer: str
    site: str
    yen: int | None
    days: list[date]
    confirmed: list[date] = field(default_factory=list)
    """Days that the employer's word stands behind in the end."""
    starts: str = "10:00"
    ends: str = "12:00"

    @property
    def fee(self) -> int:
        """What the month costs: confirmed days by the price of a day."""
        return len(self.confirmed) * (self.yen or 0)


@dataclass
class Month:
    """Everything that is put in about one town's month."""

    calendar: Calendar
    people: list[Person]
    enrolled: list[Person]
    weeks: list[Week] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)

    def days(self, attendance: str = "") -> set[tuple[str, date]]:
        """Person-days of the month with this attendance, or all that were planned."""
        return {
            (week.person.name, day.on)
            for week in self.weeks
            for day in week.days
            if day.on <= self.calendar.last and attendance in ("", day.attendance)
        }

    def by_menu(self) -> dict[str, tuple[int, int]]:
        """Menu -> people, person-days."""
        found: dict[str, set[tuple[str, date]]] = {}
        for week in self.weeks:
            for day in week.days:
                if day.attendance == ATTENDED and day.on <= self.calendar.last:
                    found.setdefault(day.menu, set()).add((week.person.name, day.on))
        return {menu: (len({who for who, _on in days}), len(days)) for menu, days in found.items()}

    def confirmed(self) -> int:
        """Experience days that count."""
        return sum(len(stay.confirmed) for stay in self.stays)

    def fees(self) -> int:
        """What the partners of the month receive."""
        return sum(stay.fee for stay in self.stays)


def week_of(monday: date) -> re.Pattern[str]:
    """How pages begin to name a week, with the year of another one before it."""
    return re.compile(rf"(?<!\d){monday.month}[/.]{monday.day}（月）")
