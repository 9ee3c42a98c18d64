"""Months of days that come late, are questioned, corrected and withdrawn, at prices that change: the books hold."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from ayumi.employers.model import TaxTreatment
from ayumi.fees import approval, content, queries, rules
from ayumi.fees.approval import Return
from ayumi.fees.model import AdjustmentReason, Line, LineDay, LineStatus, ReturnReason, Statement, StatementStatus
from ayumi.japan.calendar import Month, fiscal_year
from ayumi.kernel.db import db, one
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.placements.model import DayStatus, ExperienceDay
from tests.fees.scene import BEFORE_LAST, LAST_MONTH, THIS_MONTH, Scene, a_day, a_new_price, a_scene, on
from tests.world import working

MONTHS = [BEFORE_LAST.previous, BEFORE_LAST, LAST_MONTH]
FIRST_PRICE = 2160
DAYS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(MONTHS), st.integers(1, 12), st.integers(0, 3).map(bool)), max_size=8
)
OPEN = (StatementStatus.DRAFT, StatementStatus.RETURNED, StatementStatus.SUBMITTED)


def tax_of(net: int, treatment: TaxTreatment, rate: int) -> tuple[int, int]:
    """Tax contained and tax on top, said once more in other words than the product's."""
    sign, amount = (1, net) if net >= 0 else (-1, -net)
    if treatment is TaxTreatment.INCLUDED:
        return sign * (amount * rate // (100 + rate)), 0
    if treatment is TaxTreatment.ADDED:
        return 0, sign * (amount * rate // 100)
    return 0, 0


class Books(RuleBasedStateMachine):
    """What is entered, kept beside the product in a few dictionaries, and compared after every step."""

    app: Flask
    met: Counter[str]

    @initialize(
        tax=st.sampled_from(list(TaxTreatment)),
        yen=st.integers(1, 9_999),
        with_firm=st.booleans(),
        rate=st.integers(0, 12),
        days=DAYS,
    )
    def begin(
        self, tax: TaxTreatment, yen: int, with_firm: bool, rate: int, days: list[tuple[int, Month, int, bool]]
    ) -> None:
        self.tax, self.rate = tax, rate
        self.scene: Scene = a_scene(self.app, tax=tax, yen=yen, rate=rate, people=2, with_firm=with_firm)
        self.days: dict[UUID, tuple[int, date, DayStatus]] = {}
        self.prices: dict[int, list[tuple[date, int]]] = {
            year: [(date(year, 4, 1), yen)] for year in self.scene.agreements
        }
        self.issued: dict[UUID, int] = {}
        self.frozen: dict[UUID, Any] = {}
        self.work([(0, MONTHS[0], 3, True), (1, MONTHS[0], 5, True), *days])
        self.pay_a_month(MONTHS[0])

    # Days ---

    @rule(days=DAYS)
    def work(self, days: list[tuple[int, Month, int, bool]]) -> None:
        for person, month, day, confirmed in days:
            self.come(person, on(month, day), DayStatus.CONFIRMED if confirmed else DayStatus.RECORDED)

    def come(self, person: int, held_on: date, status: DayStatus) -> None:
        if any(each[:2] == (person, held_on) and each[2] is not DayStatus.WITHDRAWN for each in self.days.values()):
            return
        with working(self.app, self.scene.town):
            made = a_day(self.scene.placements[person], held_on, status)
            self.days[made.id] = (person, held_on, status)

    @precondition(lambda self: self.days)
    @rule(data=st.data(), to=st.sampled_from([DayStatus.CONFIRMED, DayStatus.DISPUTED, DayStatus.WITHDRAWN]))
    def speak(self, data: st.DataObject, to: DayStatus) -> None:
        self.turn(data.draw(st.sampled_from(sorted(self.days))), to)

    @precondition(lambda self: self.issued)
    @rule(data=st.data(), to=st.sampled_from([DayStatus.DISPUTED, DayStatus.WITHDRAWN]))
    def speak_of_what_is_paid(self, data: st.DataObject, to: DayStatus) -> None:
        self.turn(data.draw(st.sampled_from(sorted(self.issued))), to)

    def turn(self, day_id: UUID, to: DayStatus) -> None:
        person, held_on, status = self.days[day_id]
        if status not in (DayStatus.WITHDRAWN, to):
            self.scene.becomes(day_id, to)
            self.days[day_id] = (person, held_on, to)

    @precondition(lambda self: self.days)
    @rule(data=st.data(), minutes=st.integers(30, 300))
    def correct(self, data: st.DataObject, minutes: int) -> None:
        day_id = data.draw(st.sampled_from(sorted(self.issued or self.days)))
        with self.scene.approving():
            one(ExperienceDay, day_id).minutes = minutes

    @rule(month=st.sampled_from(MONTHS), day=st.integers(1, 12), yen=st.integers(1, 9_999))
    def raise_price(self, month: Month, day: int, yen: int) -> None:
        from_day = on(month, day)
        known = self.prices[fiscal_year(from_day)]
        if from_day <= known[-1][0]:
            return
        a_new_price(self.scene, from_day, yen, rate=self.rate)
        known.append((from_day, yen))

    # Statements ---

    @rule(month=st.sampled_from([*MONTHS, THIS_MONTH]))
    def compile(self, month: Month) -> None:
        with self.scene.compiling():
            try:
                made = rules.compile(self.scene.employer_id, month, self.scene.firm_id)
            except (Invalid, Conflict):
                return
            assert content.of(made.id).lines
            assert all(day.held_on <= month.last for line in content.of(made.id).paying for day in line.days)

    @rule(month=st.sampled_from(MONTHS))
    def pay_a_month(self, month: Month) -> None:
        self.compile(month)
        self.hand_in()
        self.approve(True)

    @rule()
    def recompile(self) -> None:
        for statement_id in self.open(StatementStatus.DRAFT, StatementStatus.RETURNED):
            with self.scene.compiling():
                rules.recompile(statement_id)

    @rule()
    def give_up(self) -> None:
        for statement_id in self.open(StatementStatus.DRAFT):
            with self.scene.compiling():
                rules.drop(statement_id, why="やり直し")

    @rule()
    def hand_in(self) -> None:
        for statement_id in self.open(StatementStatus.DRAFT, StatementStatus.RETURNED):
            try:
                with self.scene.compiling():
                    rules.submit(statement_id)
            except (rules.Outdated, rules.NothingToPay):
                assert self.scene.said(statement_id).is_outdated

    @rule(data=st.data())
    def send_back(self, data: st.DataObject) -> None:
        for statement_id in self.open(StatementStatus.SUBMITTED):
            with self.scene.approving():
                said = content.of(statement_id)
                line = data.draw(st.sampled_from([line.position for line in said.lines]))
                lines = {said.lines[line - 1].id: Return(ReturnReason.OTHER, "確認")}
                approval.send_back(statement_id, edition=said.statement.edition, lines=lines)

    @rule(all_lines=st.booleans())
    def approve(self, all_lines: bool) -> None:
        for statement_id in self.open(StatementStatus.SUBMITTED):
            self.approve_one(statement_id, all_lines)

    def approve_one(self, statement_id: UUID, all_lines: bool) -> None:
        said = self.scene.said(statement_id)
        chosen = None if all_lines else [line.id for line in said.open_lines[:1]]
        try:
            with self.scene.approving():
                made = approval.approve(statement_id, edition=said.statement.edition, line_ids=chosen)
                frozen = made.status is StatementStatus.APPROVED
        except approval.Questioned:
            assert said.is_outdated
            return
        if frozen:
            self.issue(statement_id)

    def issue(self, statement_id: UUID) -> None:
        """Write down in our own book what a statement that has just been approved pays and takes back."""
        said = self.scene.said(statement_id)
        for line in said.adjusting:
            self.met[str(line.reason)] += 1
            for day in line.days:
                assert day.experience_day_id
                assert self.issued.pop(day.experience_day_id) == line.unit_price
        for line in said.paying:
            for day in line.days:
                assert day.experience_day_id
                _person, held_on, status = self.days[day.experience_day_id]
                assert status is DayStatus.CONFIRMED
                assert day.experience_day_id not in self.issued
                self.issued[day.experience_day_id] = self.price_on(held_on)
        self.met["approved"] += 1
        self.met["negative"] += said.statement.total < 0
        self.frozen[statement_id] = self.photograph(statement_id)

    # What must hold at any time ---

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "scene"):
            return
        with self.scene.approving():
            assert queries.disagreements() == []
            for statement in db.session.scalars(select(Statement)):
                lines = db.session.scalars(select(Line.amount).where(Line.statement_id == statement.id)).all()
                assert statement.net == sum(lines)
                assert (statement.tax_included, statement.tax_added) == tax_of(statement.net, self.tax, self.rate)
                assert statement.total == statement.net + statement.tax_added
            live = select(LineDay.experience_day_id).where(LineDay.sign == 1, LineDay.released_at.is_(None))
            paid = db.session.scalars(live).all()
            assert len(paid) == len(set(paid))

    @invariant()
    def what_is_frozen_stays(self) -> None:
        for statement_id, picture in getattr(self, "frozen", {}).items():
            assert self.photograph(statement_id) == picture

    def teardown(self) -> None:
        """Let everything open come to its end: then exactly the days that are valid are paid, at their prices."""
        if not hasattr(self, "scene"):
            return
        for _turn in range(20):
            if not self.finish():
                break
        self.the_books_agree()
        self.what_is_frozen_stays()
        valid = {day_id for day_id, (_person, _on, status) in self.days.items() if status is DayStatus.CONFIRMED}
        assert set(self.issued) == valid
        with self.scene.approving():
            assert queries.to_compile(THIS_MONTH) == []
            approved = select(Line.amount).join(Statement, Statement.id == Line.statement_id)
            paid = db.session.scalars(approved.where(Statement.status == StatementStatus.APPROVED)).all()
            assert sum(paid) == sum(self.issued.values())

    def finish(self) -> bool:
        """One round of compiling, handing in and approving; False when nothing was left."""
        for statement_id in self.open(StatementStatus.SUBMITTED):
            with self.scene.approving():
                said = content.of(statement_id)
                lines = {line.id: Return(ReturnReason.CHANGED) for line in said.lines if line.status is LineStatus.OPEN}
                approval.send_back(statement_id, edition=said.statement.edition, lines=lines)
        self.recompile()
        self.compile(THIS_MONTH)
        self.recompile()
        open_ones = self.open(*OPEN)
        self.hand_in()
        self.approve(True)
        return bool(open_ones)

    def open(self, *statuses: StatementStatus) -> list[UUID]:
        with self.scene.approving():
            return list(db.session.scalars(select(Statement.id).where(Statement.status.in_(statuses))))

    def price_on(self, held_on: date) -> int:
        return [yen for from_day, yen in self.prices[fiscal_year(held_on)] if from_day <= held_on][-1]

    def photograph(self, statement_id: UUID) -> Any:
        sentences = (
            "SELECT to_jsonb(s) FROM fee_statement s WHERE s.id = :id",
            "SELECT to_jsonb(l) FROM fee_line l WHERE l.statement_id = :id ORDER BY l.position",
            "SELECT to_jsonb(d) - 'released_at' FROM fee_line_day d JOIN fee_line l ON l.id = d.line_id"
            " WHERE l.statement_id = :id ORDER BY d.id",
        )
        with self.scene.approving():
            return [db.session.execute(text(sentence), {"id": statement_id}).scalars().all() for sentence in sentences]


@pytest.mark.slow
def test_whatever_happens_to_days_and_prices_the_books_hold(app: Flask) -> None:
    met: Counter[str] = Counter()
    run_state_machine_as_test(
        type("Books", (Books,), {"app": app, "met": met}),
        settings=settings(
            max_examples=24,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    assert met["approved"] > 15, met
    assert sum(met[str(reason)] for reason in AdjustmentReason) > 4, met
