"""An employer's word: all at once, day by day, on paper, by phone; seen through a door that shows nicknames only."""

from datetime import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock, ids, journal, states
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.kernel.outbox import Promise
from ayumi.placements import confirmations, days, months, queries
from ayumi.placements.model import (
    DAY_TRANSITIONS,
    Channel,
    Confirmation,
    ConfirmationRequest,
    DayStatus,
    ExperienceDay,
)
from tests.employers.scene import LAST_MONTH, Scene, a_contact, a_person, a_placement, a_scene, some_days
from tests.world import Member, a_member, inside, working

TIMES: dict[str, Any] = {"starts_at": time(10), "ends_at": time(13), "rest": 0}


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app)


@pytest.fixture
def contact(app: Flask, scene: Scene) -> Member:
    return a_contact(app, scene)


@pytest.fixture
def three(app: Flask, scene: Scene) -> list[UUID]:
    """Three days of last month, asked about."""
    made = some_days(app, scene, a_placement(app, scene), 2, 5, 9)
    with working(app, scene.town):
        confirmations.asked(scene.employer_id, LAST_MONTH)
    return made


def statuses(employer_id: UUID) -> list[str]:
    return [row.status.value for row in months.asked_days(employer_id, LAST_MONTH)]


def state(app: Flask, scene: Scene) -> Any:
    with inside(app, scene.worker):
        return months.month_state(LAST_MONTH)[0]


class TestConfirm:
    def test_one_press_confirms_all(self, app: Flask, scene: Scene, contact: Member, three: list[UUID]) -> None:
        with inside(app, contact):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
            assert statuses(scene.employer_id) == ["confirmed"] * 3
        told = state(app, scene)
        assert (told.confirmed, told.recorded, told.channel) == (3, 0, Channel.LINK)
        assert told.answered_at is not None

    def test_pressed_twice_it_is_one_confirmation_with_one_copy_by_mail(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        id = ids.new()
        for _twice in range(2):
            with inside(app, contact):
                confirmations.confirm(scene.employer_id, LAST_MONTH, id=id, given_by="高田 治")
        with inside(app, scene.worker):
            assert db.session.scalars(select(Confirmation.id)).all() == [id]
            promised = db.session.execute(select(Promise.kind, Promise.arguments)).all()
            assert promised == [("confirmation_copy", {"confirmation_id": str(id)})]

    def test_what_was_changed_just_before_is_kept_when_days_are_confirmed(
        self, app: Flask, scene: Scene, three: list[UUID]
    ) -> None:
        with inside(app, scene.worker):
            waiting = months.open_days(scene.employer_id, LAST_MONTH)
            day = queries.day(three[0])
            day.minutes = 45
            states.change_all(ExperienceDay, waiting, DayStatus.CONFIRMED, table=DAY_TRANSITIONS, action="confirmed")
            assert (day.minutes, day.status) == (45, DayStatus.CONFIRMED)
        with inside(app, scene.worker):
            day = queries.day(three[0])
            assert (day.minutes, day.status, day.edition) == (45, DayStatus.CONFIRMED, 3)

    def test_the_history_of_a_day_tells_who_confirmed_it(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
        with inside(app, scene.worker):
            last = journal.history(three[0])[0]
            assert (last.action, last.membership_id) == ("confirmed", contact.membership_id)

    def test_a_day_in_question_holds_up_no_other(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.dispute(three[1], word="この日は休みでした")
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
            assert statuses(scene.employer_id) == ["confirmed", "disputed", "confirmed"]
        with inside(app, scene.worker):
            assert [row.dispute for row in months.open_disputes()] == ["この日は休みでした"]

    def test_with_nothing_left_nothing_is_made(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
            assert confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治") is None


class TestCorrect:
    def test_what_was_recorded_before_is_kept(self, app: Flask, contact: Member, three: list[UUID]) -> None:
        with inside(app, contact):
            confirmations.correct(three[0], edition=1, **TIMES)
            day = confirmations.correct(three[0], edition=2, starts_at=time(11), ends_at=time(13), rest=0)
            assert (day.corrected_from, day.minutes, day.status) == ("10:00–12:00", 120, DayStatus.RECORDED)

    def test_a_confirmed_day_can_be_corrected_until_it_is_settled(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
            assert confirmations.correct(three[0], edition=None, **TIMES).status is DayStatus.CONFIRMED
        with inside(app, scene.worker):
            days.settle([three[0]])
        with inside(app, contact):
            with pytest.raises(confirmations.Settled):
                confirmations.correct(three[0], edition=None, **TIMES | {"rest": 30})
            with pytest.raises(confirmations.Settled):
                confirmations.dispute(three[0], word="違います")
        with inside(app, scene.worker):
            days.release([three[0]])
        with inside(app, contact):
            assert confirmations.dispute(three[0], word="違います").status is DayStatus.DISPUTED

    def test_a_corrected_day_in_question_is_confirmed_by_it(
        self, app: Flask, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.dispute(three[0], word="時間が違います")
            day = confirmations.correct(three[0], edition=None, **TIMES)
            assert (day.status, day.dispute) == (DayStatus.CONFIRMED, None)


class TestDispute:
    def test_when_all_is_in_question_the_employer_has_answered(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            for each in three:
                confirmations.dispute(each, word="来ていません")
        assert state(app, scene).answered_at is not None

    def test_it_can_be_taken_back(self, app: Flask, contact: Member, three: list[UUID]) -> None:
        with inside(app, contact):
            confirmations.dispute(three[0], word="来ていません")
            assert confirmations.agree(three[0], given_by="高田 治").status is DayStatus.CONFIRMED

    def test_the_supporter_changes_it_and_it_is_asked_anew(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.dispute(three[0], word="午後でした")
        with inside(app, scene.worker):
            day = days.change(three[0], edition=2, starts_at=time(13), ends_at=time(15), rest=0)
            assert (day.status, day.dispute) == (DayStatus.RECORDED, None)
            assert journal.history(three[0])[0].why == "午後でした"


class TestOnPaper:
    def given(self, scene: Scene, days: list[UUID], **more: Any) -> dict[str, Any]:
        said: dict[str, Any] = {
            "channel": Channel.PAPER,
            "given_by": "高田 治",
            "given_on": clock.today(),
            "note": None,
        }
        return said | {"id": ids.new(), "days": days} | more

    def test_it_is_marked_with_how_and_by_whom(self, app: Flask, scene: Scene, three: list[UUID]) -> None:
        with inside(app, scene.worker):
            confirmations.confirm_for(scene.employer_id, LAST_MONTH, **self.given(scene, three[:2]))
            word = months.confirmations(scene.employer_id, LAST_MONTH)[0]
            assert (word.channel, word.given_by) == (Channel.PAPER, "高田 治")
            assert word.entered_by == scene.worker.membership_id
            assert statuses(scene.employer_id) == ["confirmed", "confirmed", "recorded"]
            assert not db.session.scalars(select(Promise.id)).all()

    def test_at_least_one_day_is_needed(self, app: Flask, scene: Scene, three: list[UUID]) -> None:
        with inside(app, scene.worker), pytest.raises(Invalid):
            confirmations.confirm_for(scene.employer_id, LAST_MONTH, **self.given(scene, []))

    def test_days_of_a_person_one_may_not_see_are_not_confirmed(
        self, app: Flask, scene: Scene, three: list[UUID]
    ) -> None:
        hidden = a_person(app, scene.town, scene.worker, family="森", family_kana="モリ", restricted=True)
        secret = some_days(app, scene, a_placement(app, scene, person_id=hidden), 3)
        colleague = a_member(app, scene.town, Party.STAFF, Role.CASEWORKER)
        with inside(app, colleague):
            given = self.given(scene, three + secret)
            confirmations.confirm_for(scene.employer_id, LAST_MONTH, **given)
        with inside(app, scene.worker):
            assert queries.day(secret[0]).status is DayStatus.RECORDED


class TestTheEmployersDoor:
    def test_it_sees_nicknames_and_days(self, app: Flask, scene: Scene, contact: Member, three: list[UUID]) -> None:
        with inside(app, contact):
            row = months.asked_days(scene.employer_id, LAST_MONTH)[0]
            assert (row.nickname, row.held_on.day, row.minutes) == ("ひまわり", 2, 120)

    @pytest.mark.parametrize("column", ["participant_id", "recorded_by", "delivery_firm_id", "firm_id"])
    def test_it_cannot_read_whose_day_it_is(self, app: Flask, contact: Member, three: list[UUID], column: str) -> None:
        with inside(app, contact):
            with pytest.raises(ProgrammingError, match="permission denied"):
                db.session.execute(text(f"SELECT {column} FROM experience_day"))
            db.session.rollback()

    def test_it_cannot_touch_another_employers_days(self, app: Flask, scene: Scene, three: list[UUID]) -> None:
        with inside(app, scene.worker):
            from_elsewhere = three[0]
        with inside(app, a_contact(app, a_scene(app))), pytest.raises(NotFound):
            confirmations.dispute(from_elsewhere, word="違います")


class TestAsk:
    def test_pressed_twice_it_is_promised_once(self, app: Flask, scene: Scene, three: list[UUID]) -> None:
        with inside(app, scene.worker):
            for _twice in range(2):
                confirmations.ask(scene.employer_id, LAST_MONTH)
            promised = db.session.scalars(select(Promise)).one()
            assert promised.arguments["number"] == 2

    def test_asked_anew_the_answer_is_open_again(
        self, app: Flask, scene: Scene, contact: Member, three: list[UUID]
    ) -> None:
        with inside(app, contact):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
        with working(app, scene.town):
            assert confirmations.asked(scene.employer_id, LAST_MONTH) == 2
            assert db.session.scalars(select(ConfirmationRequest)).one().answered_at is None

    def test_only_employers_with_an_address_and_open_days_are_asked(self, app: Flask) -> None:
        silent = a_scene(app, email=None)
        some_days(app, silent, a_placement(app, silent), 2)
        with working(app, silent.town):
            assert months.to_ask(LAST_MONTH) == []
        reachable = a_scene(app)
        some_days(app, reachable, a_placement(app, reachable), 2)
        with working(app, reachable.town):
            assert months.to_ask(LAST_MONTH) == [reachable.employer_id]
            assert months.to_ask(LAST_MONTH.previous) == []
