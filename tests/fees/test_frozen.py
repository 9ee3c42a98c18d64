"""What is approved never changes; what changes later is adjusted in the next statement."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from ayumi.fees import approval, queries, rules
from ayumi.fees.model import AdjustmentReason, Line, LineDay, LineStatus, Statement, StatementStatus
from ayumi.kernel.db import db, one
from ayumi.kernel.errors import Invalid
from ayumi.placements.model import DayStatus, ExperienceDay
from tests.fees.scene import BEFORE_LAST, LAST_MONTH, a_day, a_new_price, a_scene, dates, on, waiting
from tests.world import working


class TestFrozen:
    @pytest.mark.parametrize(
        "change",
        [
            update(Statement).values(note="あとから"),
            update(Statement).values(total=Statement.total + 1, net=Statement.net + 1),
            update(Statement).values(status=StatementStatus.DRAFT, approved_at=None, approved_by=None),
            update(Line).values(nickname="べつの人"),
            update(Line).values(quantity=5, amount=5 * 2160),
            update(LineDay).values(held_on=date(2026, 1, 1)),
            text("DELETE FROM fee_line_day"),
            text("DELETE FROM fee_line"),
        ],
    )
    def test_the_database_lets_nothing_change(self, app: Flask, change: object) -> None:
        scene, statement = waiting(app)
        with scene.approving():
            approval.approve(statement.id, edition=1)
        before = scene.said(statement.id)
        with pytest.raises((DBAPIError, IntegrityError), match="do not change|does not change"), scene.approving():
            db.session.execute(change)  # type: ignore[call-overload]
        assert scene.said(statement.id).lines == before.lines

    def test_the_database_approves_no_statement_with_an_open_line(self, app: Flask) -> None:
        scene, statement = waiting(app)
        values = {"status": StatementStatus.APPROVED, "content_hash": "x", "approved_at": statement.submitted_at}
        with pytest.raises(IntegrityError, match="every line"), scene.approving():
            db.session.execute(update(Statement).values(**values))

    def test_the_database_approves_no_wrong_sum(self, app: Flask) -> None:
        scene, statement = waiting(app)
        values = {"status": StatementStatus.APPROVED, "content_hash": "x", "approved_at": statement.submitted_at}
        with pytest.raises(IntegrityError, match="sums are right"), scene.approving():
            db.session.execute(update(Line).values(status=LineStatus.APPROVED))
            db.session.execute(update(Statement).values(net=1, total=1, **values))

    def test_a_price_entered_later_changes_nothing_issued(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with scene.approving():
            approval.approve(statement.id, edition=1)
        a_new_price(scene, on(LAST_MONTH, 2), 9999)
        assert scene.statement(statement.id).total == 3 * 2160
        with scene.compiling():
            assert queries.to_compile(LAST_MONTH) == []

    def test_the_seal_fits_and_would_not_fit_other_figures(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with scene.approving():
            approval.approve(statement.id, edition=1)
        said = scene.said(statement.id)
        assert said.seal == said.statement.content_hash
        said.statement.total += 1
        assert said.seal != said.statement.content_hash


class TestLaterChanges:
    @pytest.mark.parametrize(
        ("statuses", "reason"),
        [
            ([DayStatus.DISPUTED], AdjustmentReason.DISPUTED),
            ([DayStatus.WITHDRAWN], AdjustmentReason.WITHDRAWN),
            ([DayStatus.DISPUTED, DayStatus.RECORDED], AdjustmentReason.REOPENED),
        ],
    )
    def test_a_paid_day_is_taken_back_in_the_next_statement(
        self, app: Flask, statuses: list[DayStatus], reason: AdjustmentReason
    ) -> None:
        scene = a_scene(app)
        first, _second = scene.confirmed(*dates(BEFORE_LAST, 3, 4))
        paid = scene.approved(BEFORE_LAST)
        scene.becomes(first, *statuses)
        scene.confirmed(*dates(LAST_MONTH, 2, 3, 4))
        said = scene.said(scene.approved())
        [back] = said.adjusting
        assert (back.quantity, back.amount, back.reason) == (-1, -2160, reason)
        assert (back.adjusts_statement_id, back.adjusts_month) == (paid, BEFORE_LAST.first)
        assert (said.statement.total, said.quantity) == (2 * 2160, 2)
        assert scene.statement(paid).total == 2 * 2160
        with scene.approving():
            assert one(ExperienceDay, first).settled_at is None
            assert queries.disagreements() == []

    def test_it_is_taken_back_at_the_price_it_was_paid(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        a_new_price(scene, on(BEFORE_LAST, 10), 5000)
        scene.becomes(day, DayStatus.DISPUTED)
        assert scene.statement(scene.compiled()).total == -2160

    def test_a_corrected_day_is_taken_back_and_paid_anew(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        with scene.approving():
            one(ExperienceDay, day).minutes = 90
        said = scene.said(scene.approved())
        assert [(line.quantity, line.reason) for line in said.lines] == [(1, None), (-1, AdjustmentReason.CORRECTED)]
        assert (said.statement.total, [each.minutes for each in said.paying[0].days]) == (0, [90])
        with scene.approving():
            assert one(ExperienceDay, day).settled_at is not None
            assert queries.to_compile(LAST_MONTH) == []

    def test_once_settled_again_it_is_paid_again(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        scene.becomes(day, DayStatus.DISPUTED)
        scene.approved()
        scene.becomes(day, DayStatus.CONFIRMED)
        said = scene.said(scene.approved())
        assert [(line.quantity, line.amount) for line in said.lines] == [(1, 2160)]

    def test_a_dispute_settled_before_handing_in_leaves_everything_as_it_was(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        scene.becomes(day, DayStatus.DISPUTED)
        scene.confirmed(*dates(LAST_MONTH, 2))
        statement_id = scene.compiled()
        scene.becomes(day, DayStatus.CONFIRMED)
        assert scene.said(statement_id).is_outdated
        with scene.compiling():
            assert rules.recompile(statement_id).total == 2160
            assert queries.disagreements() == []
            assert db.session.scalars(select(LineDay.released_at)).all() == [None, None]

    def test_a_day_is_never_taken_back_twice(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        scene.becomes(day, DayStatus.WITHDRAWN)
        scene.approved()
        with scene.compiling(), pytest.raises(Invalid):
            rules.compile(scene.employer_id, LAST_MONTH)

    def test_the_database_pays_a_day_once(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        scene.confirmed(*dates(LAST_MONTH, 3))
        line = scene.said(scene.compiled()).lines[0]
        with pytest.raises(IntegrityError, match="paid_once"), scene.compiling():
            db.session.add(
                LineDay(line_id=line.id, experience_day_id=day, held_on=line.days[0].held_on, minutes=180, sign=1)
            )
            db.session.flush()

    def test_a_day_put_in_later_in_place_of_a_withdrawn_one_is_paid(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(BEFORE_LAST, 20))
        scene.approved(BEFORE_LAST)
        scene.becomes(day, DayStatus.WITHDRAWN)
        with working(app, scene.town):
            a_day(scene.placement_id, on(BEFORE_LAST, 20), minutes=120)
        said = scene.said(scene.approved())
        assert ([line.quantity for line in said.lines], said.statement.total) == ([1, -1], 0)
