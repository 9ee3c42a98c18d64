"""Approved by somebody else, line by line or at once; frozen then, by rule and by the database."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from ayumi.accounts.model import Party, Role
from ayumi.fees import approval, content, queries, rules
from ayumi.fees.approval import Return
from ayumi.fees.model import LineStatus, ReturnReason, Statement, StatementStatus
from ayumi.kernel import journal
from ayumi.kernel.db import db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Conflict, Invalid, NotFound, Refused
from ayumi.kernel.states import IllegalMove
from ayumi.placements.model import DayStatus, ExperienceDay
from tests.fees.scene import LAST_MONTH, a_new_price, a_scene, dates, on, waiting
from tests.world import a_member, inside, working


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
