"""Work experience: employers with prices, placements, days, and the statements that paid them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from ayumi.japan.calendar import fiscal_year
from infra.bench.calendar import FEES_MONTH, FIRST_WEEK, NOW, THIS_WEEK, TODAY, WEEK
from infra.bench.generate import words
from infra.bench.generate.town import FOREVER, SECTION_HEAD, SUPPORT_WORKER, Person, Town

PEOPLE_TO_AN_EMPLOYER = 8
CONTACT = 1000  # number of the first employer's contact among those who log in
SILENT = 1  # number of the employer that has not confirmed the month of fees
YEN = 2000
ON, OFF = 10, 40  # weeks of a placement, weeks until the next one
WEEKDAYS = (0, 1, 3, 4)  # on which somebody goes there: on the first three, or on all
Side = tuple[int, str | None, date]  # employer, firm, month


@dataclass(slots=True)
class Days:
    """The days of one placement in one month: (number of the day, date)."""

    placement: str
    nickname: str
    held: list[tuple[str, date]] = field(default_factory=list)


class Work:
    """All work experience of one municipality."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.employers = max(1, town.active // PEOPLE_TO_AN_EMPLOYER)
        self.silent = min(SILENT, self.employers - 1)
        self.days: dict[Side, dict[str, Days]] = defaultdict(dict)
        for number in range(self.employers):
            self._employer(number)

    def _employer(self, number: int) -> None:
        town = self.town
        name, email = f"試験{words.TRADES[number % 8]}{number + 1}", f"contact{number}@bench-{town.number:04}.example"
        id = town.put(
            "employer", number, name, "シケン", words.TRADES[number % 8], ["experience"], f"担当{number}", email,
            "partner", NOW,
        )  # fmt: skip
        town.put("employer_site", number, id, name, 4, FOREVER)
        town.somebody(CONTACT + number, "employer", "contact", f"担当{number}", id, email)
        for year in range(FIRST_WEEK.year - 1, TODAY.year + 1):
            self._agreement(number, id, year)

    def _agreement(self, number: int, employer: str, year: int) -> None:
        town, ends = self.town, (f"{year}-04-01", f"{year + 1}-03-31")
        key = number * 100 + year % 100
        agreement = town.put("employer_agreement", key, employer, year, *ends, "commission", "municipality", "included")
        decided = (town.member(SUPPORT_WORKER), NOW, town.member(SECTION_HEAD), NOW)
        town.put("unit_price", key, agreement, employer, 1, YEN + number % 5 * 100, 10, *ends, "approved", *decided)

    # -- placements and their days ----------------------------------------

    def put_placements(self, person: Person) -> None:
        """Pour a person's placements, one after the other with a time between them."""
        monday = person.first + self.town.dice.randrange(4, ON + OFF) * WEEK
        last = person.until or THIS_WEEK
        while monday <= last:
            ends = min(monday + ON * WEEK, last + WEEK if person.until else monday + ON * WEEK) - timedelta(days=1)
            self._placement(person, monday, ends)
            monday += (ON + OFF) * WEEK

    def _placement(self, person: Person, first: date, last: date) -> None:
        town, number = self.town, self.town.next("placement")
        employer = number % self.employers
        a_week = len(WEEKDAYS) - number % 2
        state = "ended" if last < TODAY else "active"
        id = town.put(
            "placement", number, town.id("participant", person.number), town.id("employer", employer),
            town.id("employer_site", employer), person.nickname, first, last, a_week, 240, state, person.firm,
            person.firm, NOW,
        )  # fmt: skip
        monday = first
        while monday <= min(last, TODAY):
            for weekday in WEEKDAYS[:a_week]:
                on = monday + timedelta(days=weekday)
                if on < TODAY and town.dice.random() < 0.9:
                    self._gather(person, employer, id, on)
            monday += WEEK

    def _gather(self, person: Person, employer: int, placement: str, on: date) -> None:
        number = self.town.next("experience_day")
        day = self.town.id("experience_day", number)
        side = (employer, person.firm, on.replace(day=1))
        known = self.days[side].setdefault(placement, Days(placement, person.nickname))
        known.held.append((day, on))
        self._day(person, side, placement, day, on)

    def _day(self, person: Person, side: Side, placement: str, day: str, on: date) -> None:
        """Before the month of fees all is settled; in it one employer has still to confirm."""
        town, (employer, firm, month) = self.town, side
        waits = month > FEES_MONTH or (month == FEES_MONTH and employer == self.silent)
        settled = NOW if month < FEES_MONTH else None
        word = None if waits else town.id("confirmation", _month_key(employer, month))
        town.pour.row(
            "experience_day", town.number, day, placement, town.id("participant", person.number),
            town.id("employer", employer), on, "09:00", "13:00", 240, "recorded" if waits else "confirmed",
            word, settled, NOW, firm, firm,
        )  # fmt: skip

    # -- the employers' word, and the money -------------------------------

    def put_months(self) -> None:
        """Pour the employers' confirmations and the statements of all months."""
        for employer, month in sorted({(employer, month) for employer, _firm, month in self.days}):
            self._confirmation(employer, month)
        for side in sorted(self.days, key=lambda each: (each[2], each[0], each[1] or "")):
            employer, _firm, month = side
            if month < FEES_MONTH or (month == FEES_MONTH and employer % 2 and employer != self.silent):
                self._statement(side, self.days[side].values())

    def _confirmation(self, employer: int, month: date) -> None:
        town, key = self.town, _month_key(employer, month)
        if month > FEES_MONTH:
            return
        answered = month < FEES_MONTH or employer != self.silent
        id = town.id("employer", employer)
        if answered:
            town.put("confirmation", key, id, month, "link", f"担当{employer}", NOW)
        town.put("confirmation_request", key, id, month, NOW, 1, NOW if answered else None)

    def _statement(self, side: Side, placements: Iterable[Days]) -> None:
        town, (employer, firm, month) = self.town, side
        approved, price = month < FEES_MONTH, YEN + employer % 5 * 100
        lines = sorted(placements, key=lambda each: (each.nickname, each.placement))
        net = sum(len(each.held) for each in lines) * price
        who, head = town.member(SUPPORT_WORKER), town.member(SECTION_HEAD)
        id = town.put(
            "fee_statement", town.next("fee_statement"), town.id("employer", employer), month, 1, 1,
            "approved" if approved else "submitted", "municipality", "commission", "included", 10,
            f"試験{words.TRADES[employer % 8]}{employer + 1}", net, net * 10 // 110, 0, net,
            "0" * 64 if approved else None, who, NOW, who, NOW, head if approved else None, NOW if approved else None,
            firm, firm,
        )  # fmt: skip
        for position, line in enumerate(lines, 1):
            self._line(id, position, side, line, price, "approved" if approved else "open")

    def _line(self, statement: str, position: int, side: Side, line: Days, price: int, state: str) -> None:
        town, (employer, firm, month) = self.town, side
        year = fiscal_year(month)
        priced = town.id("unit_price", employer * 100 + year % 100)
        days = len(line.held)
        id = town.put(
            "fee_line", town.next("fee_line"), statement, position, "days", line.placement, line.nickname, days,
            priced, price, 1, days * price, state, firm,
        )  # fmt: skip
        for day, on in line.held:
            town.put("fee_line_day", town.next("fee_line_day"), id, day, on, 240, 1, firm)


def _month_key(employer: int, month: date) -> int:
    return employer * 10_000 + month.year % 100 * 100 + month.month
