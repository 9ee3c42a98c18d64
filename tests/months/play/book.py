"""The month as the test knows it: who, which days, what was said.

Plain values, added up here and not by the product; of its code only the calendar of office days is used.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ayumi.japan.calendar import next_municipal_day

WEEK = timedelta(days=7)
KATAKANA = ord("ァ") - ord("ぁ")
ATTENDED, NOTIFIED, ABSENT = "参加", "連絡して欠席", "連絡なく欠席"
COLUMNS = {"予定": "", "出席": ATTENDED, "欠席（連絡あり）": NOTIFIED, "欠席（連絡なし）": ABSENT}
Parts = dict[str, dict[str, float]]
DELIVERED = {"直営": "直営（職員）"}


@dataclass(frozen=True)
class Calendar:
    """A calendar month."""

    first: date
    last: date

    @classmethod
    def of(cls, today: date) -> "Calendar":
        """Return the month that is going on."""
        last = (today.replace(day=28) + WEEK).replace(day=1) - timedelta(days=1)
        return cls(today.replace(day=1), last)

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

    @property
    def beginning(self) -> str:
        """The first two letters of the reading, in hiragana, as somebody would look for them."""
        letters = unicodedata.normalize("NFKC", self.kana[0])[:2]
        return "".join(chr(ord(letter) - KATAKANA) if "ァ" <= letter <= "ヶ" else letter for letter in letters)


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
    open: list[date] = field(default_factory=list)
    """Days that still wait for it."""
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

    def by_menu(self) -> Parts:
        """What stands beside each menu that somebody took part in."""
        found: dict[str, set[tuple[str, date]]] = {}
        for week in self.weeks:
            for day in week.days:
                if day.attendance == ATTENDED and day.on <= self.calendar.last:
                    found.setdefault(day.menu, set()).add((week.person.name, day.on))
        return {
            menu: {"参加者": len({who for who, _on in days}), "延べ日数": len(days)} for menu, days in found.items()
        }

    # What the report has to say ---

    def by_employer(self) -> Parts:
        """What stands beside each employer with days."""
        return {
            stay.employer: {
                "確認済みの人数": int(bool(stay.confirmed)),
                "確認済みの日数": len(stay.confirmed),
                "確認前の人数": int(bool(stay.open)),
                "確認前の日数": len(stay.open),
            }
            for stay in self.stays
        }

    def money(self) -> Parts:
        """What stands beside each employer that is paid."""
        return {stay.employer: {"承認済み": stay.fee, "承認待ち": 0} for stay in self.stays if stay.fee}

    def by_week(self) -> Parts:
        """What stands beside each week in which something was planned."""
        found: Parts = {}
        for monday in self.calendar.mondays:
            sunday = monday + WEEK - timedelta(days=1)
            counts = {
                word: sum(monday <= on <= sunday for _who, on in self.days(attendance))
                for word, attendance in COLUMNS.items()
            }
            if planned := counts["予定"]:
                label = f"{monday.month}/{monday.day}〜{sunday.month}/{sunday.day}"
                found[label] = counts | {"出席率": share(counts["出席"], planned)}
        return found

    def behind(self) -> dict[str, list[str]]:
        """Figure -> who stands behind it."""
        found = {
            "支援している人": {person.name for person in self.enrolled},
            "欠席（連絡あり）": {who for who, _on in self.days(NOTIFIED)},
            "体験した人（確認済み）": {stay.person.name for stay in self.stays if stay.confirmed},
        }
        return {figure: sorted(people) for figure, people in found.items() if people}

    def figures(self, today: date, *, accepted: int) -> dict[str, float]:
        """Every figure of the month's report that does not depend on parts, by its name."""
        planned, came = len(self.days()), len(self.days(ATTENDED))
        return (
            self._of_people()
            | self._of_records(today, accepted)
            | self._of_money()
            | {
                "予定の延べ日数": planned,
                "出席": came,
                "欠席（連絡あり）": len(self.days(NOTIFIED)),
                "欠席（連絡なし）": len(self.days(ABSENT)),
                "出席率": share(came, planned),
            }
        )

    def _of_people(self) -> dict[str, float]:
        return {
            **Counter(DELIVERED.get(person.supported_by, person.supported_by) for person in self.enrolled),
            "支援している人": len(self.enrolled),
            "支援中": len(self.enrolled),
            "新しく支援を始めた人": len(self.enrolled),
            "支援を終えた人": 0,
            "就職が目標": sum(person.for_a_job for person in self.enrolled),
            "就職以外が目標": sum(not person.for_a_job for person in self.enrolled),
            "目標の変更": 0,
            "同意を取り下げた人": 0,
        }

    def _of_records(self, today: date, accepted: int) -> dict[str, float]:
        expected = {(person.name, monday) for person in self.enrolled for monday in self.calendar.mondays}
        written = {(week.person.name, week.monday) for week in self.weeks}
        late = {monday for monday in self.calendar.mondays if today > next_municipal_day(monday + WEEK)}
        return {
            "提出が必要な記録": len(expected),
            "期限内に提出": sum(monday not in late for _name, monday in written),
            "遅れて提出": sum(monday in late for _name, monday in written),
            "未提出（期限切れ）": sum(monday in late for _name, monday in expected - written),
            "期限前で未提出": sum(monday not in late for _name, monday in expected - written),
            "受理済み": accepted,
            "提出不要とした週": 0,
        }

    def _of_money(self) -> dict[str, float]:
        return {
            "体験した人（確認済み）": len({stay.person.name for stay in self.stays if stay.confirmed}),
            "体験の延べ日数（確認済み）": sum(len(stay.confirmed) for stay in self.stays),
            "体験した人（確認前）": len({stay.person.name for stay in self.stays if stay.open}),
            "体験の延べ日数（確認前）": sum(len(stay.open) for stay in self.stays),
            "承認済みの金額": sum(stay.fee for stay in self.stays),
            "承認待ちの金額": 0,
        }


def share(part: int, whole: int) -> float:
    """Percent with one decimal, half rounded up."""
    return float((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def week_of(monday: date) -> re.Pattern[str]:
    """How pages begin to name a week, with the year of another one before it."""
    return re.compile(rf"(?<!\d){monday.month}[/.]{monday.day}（月）")
