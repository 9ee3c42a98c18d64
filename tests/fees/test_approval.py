"""Approved by somebody else, line by line or at once; frozen then, by rule and by the database."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from ayumi.accounts.model import Party, Role
from ayumi.fees import approval, content, queries, rules
from ayumi.fees.approval import Return
from ayumi.fees.model import AdjustmentReason, Line, LineDay, LineStatus, ReturnReason, Statement, StatementStatus
from ayumi.kernel import journal
from ayumi.kernel.db import db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Conflict, Invalid, NotFound, Refused
from ayumi.kernel.states import IllegalMove
from ayumi.placements.model import DayStatus, ExperienceDay
from tests.fees.scene import BEFORE_LAST, LAST_MONTH, Scene, a_day, a_new_price, a_scene, dates, on
from tests.world import a_member, inside, working


def waiting(app: Flask, **more: object) -> tuple[Scene, Statement]:
    scene = a_scene(app, people=2, **more)  # type: ignore[arg-type]
    scene.confirmed(*dates(LAST_MONTH, 3, 4))
    scene.confirmed(*dates(LAST_MONTH, 3), placement_id=scene.placements[1])
    return scene, scene.statement(scene.submitted())


class TestHandingIn:
    def test_it_counts_editions(self, app: Flask) -> None:
        scene, statement = waiting(app)
        assert (statement.edition, statement.status) == (1, StatementStatus.SUBMITTED)
        assert statement.submitted_by == scene.compiler.membership_id

    def test_nothing_can_be_changed_while_it_waits(self, app: Flask) -> None:
        scene, statement = waiting(app)
        for act in (rules.recompile, rules.submit):
            with scene.compiling(), pytest.raises(IllegalMove):
                act(statement.id)
        with scene.compiling(), pytest.raises(IllegalMove):
            rules.drop(statement.id, why="やめる")
        with scene.compiling(), pytest.raises(IllegalMove):
            rules.annotate(statement.id, note="あとから")

    def test_what_is_no_longer_right_is_not_handed_in(self, app: Flask) -> None:
        scene = a_scene(app)
        [day] = scene.confirmed(*dates(LAST_MONTH, 3))
        statement_id = scene.compiled()
        scene.becomes(day, DayStatus.DISPUTED)
        with scene.compiling(), pytest.raises(rules.Outdated):
            rules.submit(statement_id)

    def test_a_price_approved_meanwhile_makes_it_outdated(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.confirmed(*dates(LAST_MONTH, 20))
        statement_id = scene.compiled()
        a_new_price(scene, on(LAST_MONTH, 15), 2400)
        with scene.compiling(), pytest.raises(rules.Outdated):
            rules.submit(statement_id)
        with scene.compiling():
            assert rules.recompile(statement_id).total == 2400


class TestApproving:
    def test_all_lines_at_once(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with scene.approving():
            made = approval.approve(statement.id, edition=1)
            assert (made.status, made.approved_by) == (StatementStatus.APPROVED, scene.approver.membership_id)
            assert made.content_hash == content.of(made.id).seal
            settled = db.session.scalars(select(ExperienceDay.settled_at)).all()
            assert len(settled) == 3
            assert None not in settled

    def test_line_by_line_it_is_approved_with_the_last(self, app: Flask) -> None:
        scene, statement = waiting(app)
        first, second = scene.said(statement.id).lines
        with scene.approving():
            assert approval.approve(statement.id, edition=1, line_ids=[first.id]).status is StatementStatus.SUBMITTED
        with scene.approving():
            approval.approve(statement.id, edition=1, line_ids=[first.id])
        with scene.approving():
            assert approval.approve(statement.id, edition=1, line_ids=[second.id]).status is StatementStatus.APPROVED

    def test_nobody_approves_what_they_handed_in(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with scene.compiling():
            assert not approval.may_decide(one(Statement, statement.id))
            with pytest.raises(approval.OwnSubmission):
                approval.approve(statement.id, edition=1)
            assert approval.approve_all({statement.id: 1}) == (0, 1)

    def test_nor_through_another_membership_of_the_same_account(self, app: Flask) -> None:
        scene, statement = waiting(app, with_firm=True)
        twin = a_member(app, scene.town, Party.STAFF, Role.SECTION_HEAD, account_id=scene.compiler.account_id)
        with inside(app, twin), pytest.raises(approval.OwnSubmission):
            approval.approve(statement.id, edition=1)

    def test_the_database_refuses_it_too(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with pytest.raises(IntegrityError, match="two_people"), scene.approving():
            db.session.execute(
                update(Statement).where(Statement.id == statement.id).values(approved_by=scene.compiler.membership_id)
            )

    def test_an_old_edition_is_not_approved(self, app: Flask) -> None:
        scene, statement = waiting(app)
        line = scene.said(statement.id).lines[0]
        with scene.approving():
            approval.send_back(statement.id, edition=1, lines={line.id: Return(ReturnReason.DAYS)})
        with scene.compiling():
            rules.submit(statement.id)
        with scene.approving(), pytest.raises(ChangedMeanwhile):
            approval.approve(statement.id, edition=1)
        with scene.approving(), pytest.raises(ChangedMeanwhile):
            approval.send_back(statement.id, edition=1, lines={line.id: Return(ReturnReason.DAYS)})

    def test_a_line_with_a_changed_day_is_not_approved_and_the_others_are(self, app: Flask) -> None:
        scene, statement = waiting(app)
        said = scene.said(statement.id)
        changed = next(line for line in said.lines if line.quantity == 2)
        scene.becomes(changed.days[0].experience_day_id, DayStatus.DISPUTED)
        with scene.approving(), pytest.raises(approval.Questioned):
            approval.approve(statement.id, edition=1, line_ids=[changed.id])
        with scene.approving():
            assert approval.approve_all({statement.id: 1}) == (0, 1)
            assert approval.approve(statement.id, edition=1).status is StatementStatus.SUBMITTED
        assert [line.id for line in scene.said(statement.id).open_lines] == [changed.id]

    def test_a_line_approved_before_its_day_changed_holds_the_statement(self, app: Flask) -> None:
        scene, statement = waiting(app)
        first, second = scene.said(statement.id).lines
        with scene.approving():
            approval.approve(statement.id, edition=1, line_ids=[first.id])
        scene.becomes(first.days[0].experience_day_id, DayStatus.DISPUTED)
        with scene.approving(), pytest.raises(approval.Questioned):
            approval.approve(statement.id, edition=1, line_ids=[second.id])

    def test_lines_of_another_statement_are_not_there(self, app: Flask) -> None:
        scene, statement = waiting(app)
        other, theirs = waiting(app)
        line = other.said(theirs.id).lines[0]
        for foreign in (line.id, uuid4()):
            with scene.approving(), pytest.raises(NotFound):
                approval.approve(statement.id, edition=1, line_ids=[foreign])
            with scene.approving(), pytest.raises(NotFound):
                approval.send_back(statement.id, edition=1, lines={foreign: Return(ReturnReason.DAYS)})

    def test_several_at_once_leave_alone_what_changed(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with scene.approving():
            assert queries.to_approve()[0] == 1
            assert approval.approve_all({statement.id: 7}) == (0, 1)
            assert approval.approve_all({statement.id: 1}) == (1, 0)
            assert queries.to_approve() == (0, [])

    def test_a_firm_cannot_approve_its_own(self, app: Flask) -> None:
        scene, statement = waiting(app, with_firm=True)
        other = a_member(app, scene.town, Party.FIRM, Role.MANAGER, firm_id=scene.firm_id)
        with inside(app, other), pytest.raises(Refused):
            approval.approve(statement.id, edition=1)
        assert scene.statement(statement.id).status is StatementStatus.SUBMITTED

    def test_the_firms_door_may_not_even_write_an_approval(self, app: Flask) -> None:
        scene, statement = waiting(app, with_firm=True)
        sentence = text(
            "UPDATE fee_statement SET status = 'approved', approved_at = now(), content_hash = 'x'"
            " WHERE tenant_id = :tenant AND id = :id"
        )
        with pytest.raises(ProgrammingError, match="permission denied"), scene.compiling():
            db.session.execute(sentence, {"tenant": scene.town.tenant_id, "id": statement.id})


class TestSendingBack:
    def test_a_line_goes_back_with_its_reason_and_comes_again(self, app: Flask) -> None:
        scene, statement = waiting(app)
        line = scene.said(statement.id).lines[0]
        with scene.approving():
            told = Return(ReturnReason.DAYS, "3日は休みだったと聞いています")
            made = approval.send_back(statement.id, edition=1, lines={line.id: told})
            assert made.status is StatementStatus.RETURNED
        with scene.compiling():
            assert queries.returned()[0] == 1
            said = queries.statement(statement.id).lines[0]
            assert (said.status, said.return_reason, said.return_word) == (LineStatus.RETURNED, *told)
            events = {entry.action: entry.changes for entry in journal.history(statement.id)}
            assert events["lines_returned"]["lines"][0]["word"] == told.word
        with scene.compiling():
            rules.submit(statement.id, note="事業所に確認しました。3日も参加しています。")
        said = scene.said(statement.id).lines[0]
        assert (said.status, said.return_reason) == (LineStatus.OPEN, None)
        assert scene.statement(statement.id).edition == 2

    def test_the_reason_stays_beside_the_line_when_it_is_compiled_again(self, app: Flask) -> None:
        scene, statement = waiting(app)
        line = next(line for line in scene.said(statement.id).lines if line.quantity == 2)
        with scene.approving():
            approval.send_back(statement.id, edition=1, lines={line.id: Return(ReturnReason.DAYS, "3日")})
        scene.becomes(line.days[0].experience_day_id, DayStatus.DISPUTED)
        with scene.compiling():
            rules.recompile(statement.id)
        again = next(each for each in scene.said(statement.id).lines if each.placement_id == line.placement_id)
        assert (again.quantity, again.return_reason, again.return_word) == (1, ReturnReason.DAYS, "3日")

    def test_without_a_reason_nothing_goes_back(self, app: Flask) -> None:
        scene, statement = waiting(app)
        with scene.approving(), pytest.raises(Invalid):
            approval.send_back(statement.id, edition=1, lines={})

    def test_what_is_approved_does_not_come_back(self, app: Flask) -> None:
        scene, statement = waiting(app)
        line = scene.said(statement.id).lines[0]
        with scene.approving():
            approval.approve(statement.id, edition=1)
        with scene.approving(), pytest.raises(Conflict):
            approval.send_back(statement.id, edition=1, lines={line.id: Return(ReturnReason.DAYS)})


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


def test_the_report_is_told_what_is_approved_and_what_waits(app: Flask) -> None:
    scene, statement = waiting(app)
    with scene.approving():
        [row] = queries.fees_by_employer(LAST_MONTH)
        assert (row.approved_days, row.approved_amount, row.submitted_days, row.submitted_amount) == (0, 0, 3, 6480)
        approval.approve(statement.id, edition=1)
        [row] = queries.fees_by_employer(LAST_MONTH)
        assert (row.approved_days, row.approved_amount, row.submitted_days, row.submitted_amount) == (3, 6480, 0, 0)
    with working(app, scene.town):
        assert [row.employer_name for row in queries.fees_by_employer(LAST_MONTH)] == ["北上川ベーカリー"]
    with scene.compiling():
        assert [row.id for row in queries.to_approve()[1]] == []
