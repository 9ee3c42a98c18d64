"""A statement is made from confirmed days only, each paid once, at the price of its day, to the yen."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.employers.model import FeeKind, Payer, TaxTreatment, UnitPrice
from ayumi.fees import queries, rules
from ayumi.fees.model import LineKind, Statement, StatementStatus
from ayumi.fees.payable import Fate
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import ids
from ayumi.kernel.db import db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.participants import reach
from ayumi.placements.model import DayStatus, Placement
from tests.fees.scene import BEFORE_LAST, LAST_MONTH, THIS_MONTH, a_day, a_new_price, a_placement, a_scene, dates, on
from tests.world import inside, working


def test_each_person_has_a_line_with_days_price_and_amount(app: Flask) -> None:
    scene = a_scene(app, people=2)
    scene.confirmed(*dates(LAST_MONTH, 3, 5, 10))
    scene.confirmed(*dates(LAST_MONTH, 5), placement_id=scene.placements[1])
    said = scene.said(scene.compiled())
    assert sorted((line.quantity, line.unit_price, line.amount) for line in said.lines) == [
        (1, 2160, 2160),
        (3, 2160, 6480),
    ]
    assert (said.statement.net, said.statement.total, said.quantity) == (8640, 8640, 4)
    assert (said.statement.payer, said.statement.fee_kind) == ("municipality", "commission")
    assert said.statement.status is StatementStatus.DRAFT


@pytest.mark.parametrize(
    ("tax", "yen", "days", "included", "added"),
    [
        (TaxTreatment.INCLUDED, 2160, 1, 196, 0),
        (TaxTreatment.INCLUDED, 2160, 7, 1374, 0),
        (TaxTreatment.INCLUDED, 3000, 23, 6272, 0),
        (TaxTreatment.ADDED, 105, 3, 0, 31),
        (TaxTreatment.OUTSIDE_SCOPE, 3000, 2, 0, 0),
        (TaxTreatment.EXEMPT, 3000, 2, 0, 0),
    ],
)
def test_tax_is_worked_out_once_for_the_statement_and_cut_off(
    app: Flask, tax: TaxTreatment, yen: int, days: int, included: int, added: int
) -> None:
    scene = a_scene(app, yen=yen, tax=tax, people=days)
    for placement_id in scene.placements:
        scene.confirmed(*dates(LAST_MONTH, 4), placement_id=placement_id)
    made = scene.statement(scene.compiled())
    assert (made.net, made.tax_included, made.tax_added) == (yen * days, included, added)
    assert made.total == made.net + added


def test_a_price_that_changes_within_the_month_makes_two_lines(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 9, 10, 11, 12))
    a_new_price(scene, on(LAST_MONTH, 11), 2300)
    said = scene.said(scene.compiled())
    assert [(line.quantity, line.unit_price, line.price_version) for line in said.lines] == [(2, 2160, 1), (2, 2300, 2)]
    assert said.statement.total == 2 * 2160 + 2 * 2300


def test_only_confirmed_days_up_to_the_end_of_the_month_are_paid(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 3), *dates(THIS_MONTH, 1))
    with working(app, scene.town):
        for number, status in enumerate((DayStatus.RECORDED, DayStatus.WITHDRAWN), 10):
            a_day(scene.placement_id, on(LAST_MONTH, number), status=status)
    assert [day.held_on.day for line in scene.said(scene.compiled()).lines for day in line.days] == [3]


def test_days_of_earlier_months_that_were_confirmed_late_come_in(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(BEFORE_LAST, 3))
    scene.approved(BEFORE_LAST)
    scene.confirmed(*dates(BEFORE_LAST, 20), *dates(LAST_MONTH, 2))
    said = scene.said(scene.compiled())
    assert [day.held_on for line in said.lines for day in line.days] == [
        *dates(BEFORE_LAST, 20),
        *dates(LAST_MONTH, 2),
    ]


def test_late_days_can_also_have_a_second_statement_of_their_own_month(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 3))
    scene.approved()
    scene.confirmed(*dates(LAST_MONTH, 4))
    made = scene.statement(scene.compiled())
    assert (made.month, made.number, made.total) == (LAST_MONTH.first, 2, 2160)


def test_own_staff_and_a_firm_have_statements_of_their_own(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    scene.confirmed(*dates(LAST_MONTH, 3))
    with working(app, scene.town):
        firm_id, scene.firm_id = scene.firm_id, None
        own = a_placement(scene)
        scene.firm_id = firm_id
        a_day(own, on(LAST_MONTH, 3))
    with scene.approving():
        made = rules.compile(scene.employer_id, LAST_MONTH)
        assert (made.total, made.delivery_firm_id, made.firm_id) == (2160, None, None)
    with scene.compiling():
        of_firm = rules.compile(scene.employer_id, LAST_MONTH)
        assert (of_firm.total, of_firm.delivery_firm_id, of_firm.firm_id) == (2160, firm_id, firm_id)
        assert len(db.session.scalars(select(Statement.id)).all()) == 1


def test_a_firm_never_sees_statements_of_others(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 3))
    statement_id = scene.compiled()
    other = a_scene(app, with_firm=True)
    with other.compiling(), pytest.raises(NotFound):
        queries.statement(statement_id)


def test_where_no_fee_is_agreed_no_statement_of_zero_is_made(app: Flask) -> None:
    scene = a_scene(app, fee_kind=FeeKind.NONE)
    scene.confirmed(*dates(LAST_MONTH, 3))
    with scene.compiling(), pytest.raises(Invalid, match="no fee is agreed"):
        rules.compile(scene.employer_id, LAST_MONTH)
    with scene.compiling():
        assert db.session.scalars(select(Statement.id)).all() == []


def test_a_day_without_a_price_is_named_and_not_dropped(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 9, 20))
    with scene.approving():
        price = one(UnitPrice, scene.prices[fiscal_year(LAST_MONTH.first)])
        price.valid_to = on(LAST_MONTH, 15)
    statement_id = scene.compiled()
    with scene.compiling():
        [row] = queries.month_overview(LAST_MONTH).rows
        assert (row.days, row.left.asking) == (1, {"no_price": 1})
    a_new_price(scene, on(LAST_MONTH, 16), 2160)
    with scene.compiling():
        assert rules.recompile(statement_id).total == 2 * 2160


def test_nothing_but_days_without_price_says_so(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 20))
    with scene.approving():
        one(UnitPrice, scene.prices[fiscal_year(LAST_MONTH.first)]).valid_to = on(LAST_MONTH, 15)
    with scene.compiling(), pytest.raises(Invalid, match="no approved unit price"):
        rules.compile(scene.employer_id, LAST_MONTH)


def test_a_day_without_an_agreement_says_so(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(date(2022, 5, 5))
    with scene.compiling():
        with pytest.raises(Invalid, match="no agreement"):
            rules.compile(scene.employer_id, LAST_MONTH)
        [row] = queries.month_overview(LAST_MONTH).rows
        assert row.left.asking == {Fate.NO_AGREEMENT: 1}


def test_a_month_that_has_not_begun_is_refused(app: Flask) -> None:
    scene = a_scene(app)
    with scene.compiling(), pytest.raises(Invalid):
        rules.compile(scene.employer_id, THIS_MONTH.next)


def test_days_under_other_terms_wait_for_a_statement_of_their_own(app: Flask) -> None:
    scene = a_scene(app)
    scene.confirmed(*dates(LAST_MONTH, 9, 20))
    a_new_price(scene, on(LAST_MONTH, 15), 2160, rate=8)
    first = scene.statement(scene.approved())
    assert (first.total, first.tax_rate_pct, first.tax_included) == (2160, 10, 196)
    second = scene.statement(scene.compiled())
    assert (second.number, second.tax_rate_pct, second.tax_included) == (2, 8, 160)


def test_the_payer_comes_from_the_agreement(app: Flask) -> None:
    scene = a_scene(app, payer=Payer.FIRM, fee_kind=FeeKind.HONORARIUM)
    scene.confirmed(*dates(LAST_MONTH, 9))
    made = scene.statement(scene.compiled())
    assert (made.payer, made.fee_kind) == ("firm", "honorarium")


class TestWhileOneIsInWork:
    def test_there_is_no_other(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(BEFORE_LAST, 3), *dates(LAST_MONTH, 3))
        scene.compiled(BEFORE_LAST)
        with scene.compiling(), pytest.raises(rules.AlreadyOpen):
            rules.compile(scene.employer_id, LAST_MONTH)

    def test_sent_twice_it_is_one(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 3))
        token = ids.new()
        for _click in range(2):
            with scene.compiling():
                assert rules.compile(scene.employer_id, LAST_MONTH, id=token).id == token
        with scene.compiling():
            assert db.session.scalars(select(Statement.total)).all() == [2160]

    def test_two_people_at_the_same_moment_make_one_and_the_second_is_told(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 3, 4))
        answers: list[str] = []
        barrier = threading.Barrier(2)

        def compile_now() -> None:
            with inside(app, scene.compiler):
                db.session.execute(select(Statement.id)).all()
                barrier.wait()
                try:
                    rules.compile(scene.employer_id, LAST_MONTH)
                    answers.append("made")
                except rules.AlreadyOpen:
                    answers.append("told")

        threads = [threading.Thread(target=compile_now) for _person in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ["made", "told"]
        with scene.compiling():
            assert db.session.scalars(select(Statement.total)).all() == [4320]
            assert queries.disagreements() == []


class TestCompilingAgain:
    def test_days_confirmed_meanwhile_come_in_and_questioned_ones_go_out(self, app: Flask) -> None:
        scene = a_scene(app)
        first, second = scene.confirmed(*dates(LAST_MONTH, 3, 4))
        statement_id = scene.compiled()
        scene.confirmed(*dates(LAST_MONTH, 5, 6))
        scene.becomes(first, DayStatus.DISPUTED)
        assert scene.said(statement_id).is_outdated
        with scene.compiling():
            assert rules.recompile(statement_id).total == 3 * 2160
        assert not scene.said(statement_id).is_outdated

    def test_with_nothing_left_it_is_dropped_and_another_can_be_made(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(LAST_MONTH, 3))
        statement_id = scene.compiled()
        scene.becomes(day, DayStatus.WITHDRAWN)
        with scene.compiling():
            assert rules.recompile(statement_id).status is StatementStatus.DROPPED
        scene.confirmed(*dates(LAST_MONTH, 5))
        assert scene.statement(scene.compiled()).number == 2

    def test_whoever_saw_something_else_is_told(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 3))
        statement_id = scene.compiled()
        seen = scene.said(statement_id).stamp
        scene.confirmed(*dates(LAST_MONTH, 5))
        with scene.compiling():
            rules.recompile(statement_id, seen=seen)
        with scene.compiling(), pytest.raises(ChangedMeanwhile):
            rules.submit(statement_id, seen=seen)

    def test_a_draft_given_up_frees_its_days(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 3))
        statement_id = scene.compiled()
        with scene.compiling():
            rules.drop(statement_id, why="早すぎたため")
        assert scene.statement(scene.compiled()).total == 2160


class TestCompilingAll:
    def test_it_makes_what_is_missing_and_makes_drafts_anew(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 3))
        token = ids.new()
        with scene.compiling():
            assert len(queries.to_compile(LAST_MONTH)) == 1
            assert rules.compile_all(LAST_MONTH, id=token) == (1, 0)
        scene.confirmed(*dates(LAST_MONTH, 4))
        with scene.compiling():
            assert rules.compile_all(LAST_MONTH, id=token) == (0, 1)
            assert queries.to_compile(LAST_MONTH) == []
            assert db.session.scalars(select(Statement.total)).all() == [4320]

    def test_it_leaves_handed_in_statements_alone(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 3))
        scene.submitted()
        scene.confirmed(*dates(LAST_MONTH, 4))
        with scene.compiling():
            assert rules.compile_all(LAST_MONTH, id=ids.new()) == (0, 0)


class TestWhenConsentIsWithdrawn:
    def test_the_firm_cannot_compile_the_days_and_the_municipality_can(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        scene.confirmed(*dates(LAST_MONTH, 3))
        with scene.approving():
            reach.move(one(Placement, scene.placement_id).participant_id, reach.NONE)
        with scene.compiling(), pytest.raises(Invalid):
            rules.compile(scene.employer_id, LAST_MONTH)
        with scene.approving():
            [row] = queries.month_overview(LAST_MONTH).rows
            assert row.left.hidden == 1
            made = rules.compile(scene.employer_id, LAST_MONTH, scene.firm_id)
            assert (made.total, made.firm_id) == (2160, scene.firm_id)
            statement_id = made.id
        with scene.compiling():
            assert [line.quantity for line in queries.statement(statement_id).lines] == [1]
            assert not queries.statement(statement_id).is_outdated


def test_adjustments_are_lines_of_their_own_kind(app: Flask) -> None:
    scene = a_scene(app)
    first, _second = scene.confirmed(*dates(BEFORE_LAST, 3, 4))
    scene.approved(BEFORE_LAST)
    scene.becomes(first, DayStatus.DISPUTED)
    scene.confirmed(*dates(LAST_MONTH, 2))
    said = scene.said(scene.compiled())
    assert [(line.kind, line.quantity, line.amount) for line in said.lines] == [
        (LineKind.DAYS, 1, 2160),
        (LineKind.ADJUSTMENT, -1, -2160),
    ]
    assert said.statement.total == 0


def test_a_month_without_days_is_empty(app: Flask) -> None:
    scene = a_scene(app)
    with scene.approving():
        assert queries.month_overview(LAST_MONTH).rows == ()
        assert queries.to_compile(LAST_MONTH) == []
