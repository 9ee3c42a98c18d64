"""The months' fee statements as events: compiled, submitted, returned, approved. The sums are not made here."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ayumi.demo.answers import Answers, Worked, month_in_hand
from ayumi.demo.crew import holders
from ayumi.demo.opening import moment, next_open
from ayumi.demo.partner_seeds import EmployerSeed
from ayumi.demo.tables import table
from ayumi.demo.work_seeds import ConfirmationSeed, StatementEventSeed, StatementSeed
from ayumi.japan.calendar import Month


class Statements:
    """A municipality's statements of all months that employers have answered for."""

    def __init__(self, answers: Answers, place_number: int) -> None:
        self.answers, self.place_number = answers, place_number
        self.slug, self.rng, self.now = answers.slug, answers.rng, answers.now
        self.in_hand = month_in_hand(answers.as_of)
        self.approver = holders(self.slug, "section_head")[0]

    def all(self) -> tuple[StatementSeed, ...]:
        """One for each employer with a fee and each month up to the one in hand."""
        return tuple(self._each())

    def _each(self) -> Iterator[StatementSeed]:
        seen: dict[Month, int] = {}
        for asked in self.answers.confirmations:
            month = Month.of(asked.month)
            days = self._payable(asked, month)
            if not days or asked.answered_at is None or month > self.in_hand:
                continue
            seen[month] = seen.get(month, 0) + 1
            yield self._statement(days, month, asked.answered_at, seen[month])

    def _payable(self, asked: ConfirmationSeed, month: Month) -> list[Worked]:
        """The month's confirmed days of an employer that takes a fee."""
        days = self.answers.book[(asked.employer_key, month)]
        agreement = days[0].employer.agreement_on(month.first)
        if agreement is None or agreement.fee_kind == "none":
            return []
        return [each for each in days if self.answers.days[(each.placement_key, each.day.on)].status == "confirmed"]

    def _statement(self, days: list[Worked], month: Month, answered_at: datetime, turn: int) -> StatementSeed:
        employer = days[0].employer
        events = tuple(each for each in self._events(days, month, answered_at, turn) if each.at < self.now)
        return StatementSeed(
            employer_key=employer.key,
            firm_key=employer.firm_key,
            month=month.first,
            status=_status(events),
            note_ja=self.answers.pen.pick(table("words/placements")["statement"]["notes"]),
            events=events,
        )

    def _events(
        self, days: list[Worked], month: Month, answered_at: datetime, turn: int
    ) -> Iterator[StatementEventSeed]:
        by = self._compiler(days[0].employer)
        compiled_at = self._in_office(answered_at, 1)
        yield _event(compiled_at, "compiled", by)
        waits = month == self.in_hand
        if waits and self._held_back(turn):
            return
        submitted_at = compiled_at + timedelta(minutes=50)
        yield _event(submitted_at, "submitted", by)
        if self._is_returned(month, turn):
            returned_at = self._in_office(submitted_at, 1)
            yield self._returned(returned_at, days)
            if waits:
                return
            submitted_at = self._in_office(returned_at, 1)
            yield _event(submitted_at, "submitted", by)
        if not waits:
            yield _event(self._in_office(submitted_at, self.rng.randint(2, 6)), "approved", self.approver)

    def _held_back(self, turn: int) -> bool:
        """In one place of three, the second statement of the month in hand is still a draft."""
        return self.place_number % 3 == 1 and turn == 2

    def _is_returned(self, month: Month, turn: int) -> bool:
        """In another third the second one has come back; in every other place one had, three months earlier."""
        if month == self.in_hand:
            return self.place_number % 3 == 0 and turn == 2
        return self.place_number % 2 == 0 and turn == 1 and month == self.in_hand.plus(-2)

    def _returned(self, at: datetime, days: list[Worked]) -> StatementEventSeed:
        doubted = days[len(days) // 2]
        day = f"{doubted.day.on.month}月{doubted.day.on.day}日"
        reason = table("words/placements")["statement"]["returned"][0].format(day=day)
        return StatementEventSeed(at, "returned", self.approver, reason, doubted.person_key)

    def _compiler(self, employer: EmployerSeed) -> str:
        if employer.firm_key:
            return f"{employer.firm_key}/accounting"
        return holders(self.slug, "employment_support_worker")[0]

    def _in_office(self, after: datetime, days: int) -> datetime:
        on = next_open(after.date() + timedelta(days=days))
        return moment(on, self.rng.randint(9, 15), self.rng.randrange(60))


def _event(at: datetime, action: str, by: str) -> StatementEventSeed:
    return StatementEventSeed(at, action, by, None, None)


def _status(events: tuple[StatementEventSeed, ...]) -> str:
    if not events:
        return "open"
    last = events[-1].action
    return "draft" if last == "compiled" else last
