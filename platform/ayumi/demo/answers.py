"""What employers said of the days, month by month: by link, on paper or by phone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from ayumi.demo.crew import holders
from ayumi.demo.experience import later
from ayumi.demo.opening import moment, next_open
from ayumi.demo.partner_seeds import EmployerSeed
from ayumi.demo.pen import Pen
from ayumi.demo.tables import table
from ayumi.demo.work_seeds import ConfirmationSeed, ExperienceDaySeed
from ayumi.japan.calendar import Month

MID_MONTH = 12
CHANNELS = ("link", "link", "link", "link", "link", "paper", "phone")
CORRECTED_BY = 30


@dataclass(frozen=True, slots=True)
class Worked:
    """A day at an employer's and whose it is."""

    employer: EmployerSeed
    person_key: str
    placement_key: str
    day: ExperienceDaySeed


Book = dict[tuple[str, Month], list[Worked]]


def month_in_hand(as_of: date) -> Month:
    """The latest month whose fees have been submitted: last month, or in early days the one before."""
    return Month.of(as_of).plus(-1 if as_of.day >= MID_MONTH else -2)


class Answers:
    """Asks every employer each month and notes what comes back."""

    def __init__(self, slug: str, as_of: date, worked: Iterable[Worked]) -> None:
        self.slug, self.as_of, self.now = slug, as_of, moment(as_of, 0)
        self.rng = Random(f"answers/{slug}/{Month.of(as_of)}")
        self.pen = Pen(self.rng)
        self.book: Book = defaultdict(list)
        for each in sorted(worked, key=lambda one: (one.day.on, one.person_key)):
            self.book[(each.employer.key, Month.of(each.day.on))].append(each)
        self.silent = self._silent()
        self.confirmations = tuple(self._confirmations())
        self.days = {(each.placement_key, each.day.on): each.day for each in self._answered_days()}

    def _silent(self) -> str | None:
        """One employer of three or more has not answered for last month."""
        last = Month.of(self.as_of).previous
        keys = [key for key, month in self.book if month == last]
        return keys[-1] if len(keys) >= 3 else None

    def _confirmations(self) -> Iterator[ConfirmationSeed]:
        this_month = Month.of(self.as_of)
        for (_, month), days in self.book.items():
            sent_at = moment(month.next.first, 7)
            has_worked = any(each.day.status == "recorded" for each in days)
            if has_worked and month < this_month and sent_at < self.now:
                yield self._confirmation(days[0].employer, month, sent_at)

    def _confirmation(self, employer: EmployerSeed, month: Month, sent_at: datetime) -> ConfirmationSeed:
        channel = self.rng.choice(CHANNELS)
        on = sent_at.date() + timedelta(days=self.rng.randint(0, 5))
        at = moment(on if channel == "link" else next_open(on), self.rng.randint(11, 19), self.rng.randrange(60))
        waits = at >= self.now or (employer.key == self.silent and month == Month.of(self.as_of).previous)
        noted_by = holders(self.slug, "employment_support_worker")[0]
        return ConfirmationSeed(
            employer_key=employer.key,
            month=month.first,
            sent_at=sent_at,
            answered_at=None if waits else at,
            channel=None if waits else channel,
            given_by=None if waits else employer.contact.name,
            entered_by=None if waits or channel == "link" else noted_by,
        )

    def _answered_days(self) -> Iterator[Worked]:
        """Every day with the employer's word: all right, but for one corrected and one disputed."""
        answered = {(each.employer_key, Month.of(each.month)) for each in self.confirmations if each.answered_at}
        disputed, corrected = self._exceptions(answered)
        for key, days in self.book.items():
            for each in days:
                if key not in answered or each.day.status == "withdrawn":
                    yield each
                elif each is disputed:
                    yield self._disputed(each)
                else:
                    confirmed = replace(each, day=replace(each.day, status="confirmed"))
                    yield self._corrected(confirmed) if each is corrected else confirmed

    def _exceptions(self, answered: set[tuple[str, Month]]) -> tuple[Worked | None, Worked | None]:
        """A day of the month in hand that is disputed, and one of the month before that is corrected."""
        in_hand = month_in_hand(self.as_of)
        return self._pick(answered, in_hand), self._pick(answered, in_hand.previous)

    def _pick(self, answered: set[tuple[str, Month]], month: Month) -> Worked | None:
        """A day from the middle of the fullest month's list."""
        months = [days for key, days in self.book.items() if key in answered and key[1] == month]
        usable = [each for each in max(months, key=len, default=[]) if each.day.status == "recorded"]
        return usable[len(usable) // 2] if len(usable) >= 3 else None

    def _disputed(self, each: Worked) -> Worked:
        word = self.pen.pick(table("words/placements")["disputed"]["lines"])
        return replace(each, day=replace(each.day, status="disputed", word_ja=word))

    @staticmethod
    def _corrected(each: Worked) -> Worked:
        """The person stayed half an hour longer than was written down."""
        ends_at = later(each.day.ends_at, CORRECTED_BY)
        word = table("words/placements")["corrected"]["later_end"].format(time=f"{ends_at:%H:%M}")
        longer = replace(
            each.day,
            ends_at=ends_at,
            minutes=each.day.minutes + CORRECTED_BY,
            recorded_ends_at=each.day.ends_at,
            word_ja=word,
        )
        return replace(each, day=longer)
