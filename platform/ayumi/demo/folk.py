"""Who the made-up people are and how long they have been supported. Today's names are tomorrow's too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import cycle, islice
from random import Random

from ayumi.demo.crew import holders
from ayumi.demo.firms import firms_of, supporters_of
from ayumi.demo.names import Name, NameBook
from ayumi.demo.opening import next_open
from ayumi.demo.place_seeds import MunicipalitySeed
from ayumi.demo.tables import table
from ayumi.japan.calendar import legal_age, week_start

WEEK = timedelta(days=7)
WEEKS_TO_READY = 30
RARE_NAME_EVERY = 9
BARRIER_WEIGHTS = {
    "daily_rhythm": 9, "physical_health": 8, "mental_health": 9, "disability": 5, "addiction": 3,
    "relationships": 8, "schooling": 4, "work_gap": 9, "withdrawal": 6, "care": 4, "housing": 3, "debt": 4,
    "offence": 2, "language": 2, "transport": 4, "motivation": 6, "other": 2,
}  # fmt: skip
HARDEST = {"withdrawal", "violence", "addiction"}
PACES = (0.5, 0.8, 1.0, 1.0, 1.2, 1.5)


@dataclass(frozen=True)
class Draft:
    """A person before anything is told of them."""

    slug: str
    number: int
    """Counted from 1 in the municipality."""
    name: Name
    nickname: str
    feminine: bool
    birth_date: date
    barriers: tuple[str, ...]
    is_restricted: bool
    firm_key: str | None
    caseworker: str
    supporters: tuple[str, ...]
    status: str
    pace: float
    """How fast they move on; 1.0 is usual."""
    started_on: date | None
    stopped_on: date | None
    """Last day of support for those who paused or ended."""
    as_of: date

    @property
    def key(self) -> str:
        return f"{self.slug}-p{self.number:03d}"

    @cached_property
    def rng(self) -> Random:
        """Chance for whatever happened to this person, the same all week long."""
        return Random(f"{self.slug}/{self.number}/{week_start(self.as_of)}")

    def weeks_before(self, on: date) -> int:
        """Whole weeks of support before a day."""
        return max(0, (on - (self.started_on or on)).days // 7)

    def progress(self, on: date) -> float:
        """How far along they are, from 0 to 1."""
        return min(1.0, self.weeks_before(on) * self.pace / WEEKS_TO_READY)

    def supported_on(self, on: date) -> bool:
        return self.started_on is not None and self.started_on <= on <= (self.stopped_on or on)


def folk(place: MunicipalitySeed, as_of: date) -> tuple[Draft, ...]:
    """Everybody of a municipality."""
    book = NameBook(tuple(table(f"municipalities/{place.slug}")["local_families"]))
    statuses, hands = _statuses(place), _Hands(place, as_of)
    nicknames = list(table("names")["nicknames"])
    Random(f"nicknames/{place.slug}").shuffle(nicknames)
    return tuple(
        _person(place.slug, number, statuses[number - 1], nicknames[number - 1], as_of, book, hands)
        for number in range(1, place.participants + 1)
    )


def _person(slug: str, number: int, status: str, nickname: str, as_of: date, book: NameBook, hands: "_Hands") -> Draft:
    rng = Random(f"{slug}/{number}")
    feminine, birth_date = rng.random() < 0.42, _birth_date(rng, as_of)
    rare = number % RARE_NAME_EVERY == 3
    name = book.draw(rng, born=birth_date.year, feminine=feminine, rare=rare)
    is_restricted = number in (5, 23)
    barriers = _barriers(rng, is_restricted)
    firm_key = hands.firm_for(number, barriers)
    started_on, stopped_on = _span(rng, status, as_of)
    return Draft(
        slug=slug,
        number=number,
        name=name,
        nickname=nickname,
        feminine=feminine,
        birth_date=birth_date,
        barriers=barriers,
        is_restricted=is_restricted,
        firm_key=firm_key,
        caseworker=next(hands.caseworkers),
        supporters=hands.supporters(firm_key, rng),
        status=status,
        pace=rng.choice(PACES),
        started_on=started_on,
        stopped_on=stopped_on,
        as_of=as_of,
    )


def _statuses(place: MunicipalitySeed) -> list[str]:
    """One in eight waits, one in eight has left, a few rest."""
    count = place.participants
    few = {"candidate": max(1, count // 8), "paused": max(1, count // 15), "ended": max(1, count // 8)}
    statuses = [status for status, number in few.items() for _ in range(number)]
    statuses += ["active"] * (count - len(statuses))
    Random(f"status/{place.slug}").shuffle(statuses)
    return statuses


def _birth_date(rng: Random, as_of: date) -> date:
    """A birthday for a legal age between 18 and 64, the middle-aged being most."""
    age = min(64, int(rng.triangular(18, 65, 51)))
    day = date(2001, 1, 1) + timedelta(days=rng.randrange(365))
    years = (as_of.year - age - 1, as_of.year - age, as_of.year - age + 1)
    return next(born for year in years if legal_age(born := day.replace(year=year), as_of) == age)


def _barriers(rng: Random, is_restricted: bool) -> tuple[str, ...]:
    wanted = rng.choice((2, 2, 2, 3, 3, 4))
    found = ["violence"] if is_restricted else []
    while len(found) < wanted:
        barrier = rng.choices(list(BARRIER_WEIGHTS), list(BARRIER_WEIGHTS.values()))[0]
        if barrier not in found:
            found.append(barrier)
    return tuple(found)


def _span(rng: Random, status: str, as_of: date) -> tuple[date | None, date | None]:
    """First and last day of support. Weeks are counted back from this week's Monday."""
    this_week = week_start(as_of)
    if status == "candidate":
        return None, None
    if status == "active":
        fewest, most = rng.choice(((28, 40), (9, 27), (9, 27), (2, 8)))
        return next_open(this_week - rng.randint(fewest, most) * WEEK), None
    left = rng.randint(2, 8) if status == "paused" else rng.randint(2, 11)
    started = this_week - (left + rng.randint(12, 30)) * WEEK
    return next_open(started), this_week - left * WEEK - timedelta(days=3)


class _Hands:
    """Gives people to caseworkers, firms and supporters in turn."""

    def __init__(self, place: MunicipalitySeed, as_of: date) -> None:
        self.place = place
        self.caseworkers = cycle(holders(place.slug, "caseworker"))
        contracts = {firm.key: firm.contract_with(place.slug) for firm in firms_of(place.slug, as_of)}
        self.firms = [key for key, contract in contracts.items() if contract for _ in range(contract.share)]
        self.helpers: dict[str | None, Iterator[str]] = {
            firm.key: cycle(supporters_of(firm, place.slug)) for firm in firms_of(place.slug, as_of)
        }
        self.helpers[None] = cycle(holders(place.slug, "employment_support_worker"))

    def firm_for(self, number: int, barriers: tuple[str, ...]) -> str | None:
        """Who supports: where only a part is contracted, the hardest cases stay with own staff."""
        if not self.firms:
            return None
        hard = len(barriers) >= 4 or bool(HARDEST & set(barriers))
        if self.place.delivery == "partly_contracted" and hard:
            return None
        return self.firms[number % len(self.firms)]

    def supporters(self, firm_key: str | None, rng: Random) -> tuple[str, ...]:
        """One, sometimes two, without naming the same one twice."""
        wanted = 2 if rng.random() < 0.25 else 1
        return tuple(dict.fromkeys(islice(self.helpers[firm_key], wanted)))
