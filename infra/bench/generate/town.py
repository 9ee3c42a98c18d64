"""One municipality: who works there, what it offers, who is supported there."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from infra.bench.calendar import FIRST_WEEK, NOW, THIS_WEEK, WEEK
from infra.bench.generate import words
from infra.bench.generate.columns import NUMBERS
from infra.bench.generate.pour import Pour
from infra.bench.generate.shape import Size

FOREVER = "2016-04-01"
STAFF = (
    ("employment_support_worker", "支援員"), ("caseworker", "ケースワーカー"), ("caseworker", "ケースワーカー"),
    ("supervising_caseworker", "査察指導員"), ("section_head", "課長"), ("finance_officer", "経理担当"),
    ("administrator", "管理者"),
)  # fmt: skip
SUPPORT_WORKER, SECTION_HEAD, CASEWORKERS = 0, 4, (1, 2)
FIRM_SHARE = 0.3  # of a municipality's people, where it has a firm


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody supported from one Monday to another; ``until`` is None while it goes on."""

    number: int
    first: date
    until: date | None
    firm: str | None
    nickname: str
    restless: bool  # misses more days than others


class Town:
    """A municipality on its way into the tables."""

    def __init__(self, size: Size, pour: Pour) -> None:
        self.number, self.active, self.pour = size.number, size.active, pour
        self.dice = random.Random(f"ayumi bench {size.number}")  # noqa: S311  no secret is made of it
        self.counts = dict.fromkeys(NUMBERS, 0)
        self.firm = self.shared_id("firm", self.number) if self.number % 3 == 1 else None

    def id(self, table: str, number: int) -> str:
        """The identifier of a row of this municipality: the same in every run, ascending with the number."""
        return f"{self.number:08x}-{NUMBERS[table]:04x}-7000-8000-{number:012x}"

    def shared_id(self, table: str, number: int) -> str:
        """The identifier of a row that belongs to no municipality."""
        return f"00000000-{NUMBERS[table]:04x}-7000-8000-{number:012x}"

    def put(self, table: str, number: int, *values: object) -> str:
        """Pour a row of this municipality; return its identifier."""
        id = self.id(table, number)
        self.pour.row(table, self.number, id, *values)
        return id

    def next(self, table: str) -> int:
        """Count the rows of a table."""
        self.counts[table] += 1
        return self.counts[table]

    def menu(self, number: int) -> str:
        """One of the menus."""
        return self.id("menu", number % len(words.MENUS))

    def member(self, number: int) -> str:
        """One of those who work here."""
        return self.id("membership", number)

    # -- what stands there once -------------------------------------------

    def found(self) -> None:
        """Pour the municipality itself, its staff and what it offers."""
        slug, name = f"bench-{self.number:04}", f"試験第{self.number}市"
        self.pour.row("municipality", self.number, slug, name, "シケンシ", "試験県", self.number % 20 + 1, NOW)
        delivery = "partly_contracted" if self.firm else "direct"
        self.put("programme", 1, True, delivery, FIRST_WEEK)
        self.put("access_policy", 1, False)
        route: tuple[object, ...] = (
            "caseworker_led",
            1,
            True,
            "ケースワーカーが主導して決定",
            "[]",
            [],
            [],
            "caseworker",
            False,
        )
        self.put("selection_route", 1, *route)
        for number, menu in enumerate(words.MENUS):
            is_work = number == words.EXPERIENCE_MENU
            self.put("menu", number, menu, words.TIERS[number], number, is_work, "published")
        for number, (role, title) in enumerate(STAFF):
            self.somebody(number, "staff", role, f"{title}{number}", None)
        if self.firm:
            self.pour.row("firm", self.firm, f"試験第{self.number}法人", "シケンホウジン", "npo", NOW)
            self.put("contract", 1, self.firm, "就労準備支援事業業務委託", FOREVER, "2027-03-31")

    def somebody(self, number: int, party: str, role: str, name: str, employer: str | None, email: str = "") -> None:
        """Pour somebody who logs in here."""
        account = self.shared_id("account", self.number * 10_000 + number)
        email = email or f"{role}{number}@bench-{self.number:04}.example"
        self.pour.row("account", account, email, name, NOW)
        self.pour.row("whereabouts", self.number, account)
        self.put("membership", number, account, party, [role], name, "ショクイン", employer, FOREVER, FOREVER)

    # -- the people -------------------------------------------------------

    def people(self) -> Iterator[Person]:
        """Pour everybody who was ever supported, place by place, and hand each out."""
        for place in range(self.active):
            firm = self.firm if self.firm and place < self.active * FIRM_SHARE else None
            first = FIRST_WEEK + self.dice.randrange(20) * WEEK
            while first < THIS_WEEK:
                weeks = self.dice.randrange(40, 130)
                until = first + weeks * WEEK
                over = until < THIS_WEEK - 10 * WEEK
                yield self._person(place, firm, first, until if over else None)
                if not over:
                    break
                first = until + self.dice.randrange(1, 4) * WEEK

    def _person(self, place: int, firm: str | None, first: date, until: date | None) -> Person:
        number, dice = self.next("participant"), self.dice
        family, given = dice.choice(words.FAMILIES), dice.choice(words.GIVEN)
        born = date(1960, 1, 1) + timedelta(days=dice.randrange(16_000))
        barriers = sorted(dice.sample(words.BARRIERS, 2))
        nickname = f"{given[0]}さん"
        id = self.put(
            "participant", number, family[0], given[0], family[1], given[1],
            words.KEYS[family[1]] + words.KEYS[given[1]], words.NAME_KEYS[family[0]] + words.NAME_KEYS[given[0]],
            nickname, f"B{self.number:04}-{number:05}", born, barriers, self.member(CASEWORKERS[place % 2]), firm, firm,
            "ended" if until else "active", NOW,
        )  # fmt: skip
        if firm is None:
            self.put("participant_supporter", number, id, self.member(SUPPORT_WORKER))
        reason = "job" if until else None
        state = "ended" if until else "active"
        enrolment = self.put(
            "enrolment", number, id, self.id("selection_route", 1), "ケースワーカーが主導して決定", first,
            "支援会議", "本人の希望による", first, until, reason, state, firm, NOW,
        )  # fmt: skip
        goal = dice.choice(words.GOALS)
        self.put("goal", number, enrolment, id, 1, True, "other", goal, first, firm, NOW)
        return Person(number, first, until, firm, nickname, dice.random() < 0.2)
