"""Each month employers are sent one link each; it opens nothing but their own month."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Account, Membership, OneTimeLink, Party
from ayumi.accounts.tokens import digest
from ayumi.kernel import ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices import post
from ayumi.placements import confirmations, months
from ayumi.placements.model import ConfirmationRequest
from jobs import confirmation_copies, confirmation_links
from tests.employers.scene import LAST_MONTH, Scene, a_contact, a_placement, a_price, a_scene, some_days
from tests.notices.inbox import links, mails_to, words
from tests.world import inside, working


def address_of(app: Flask, scene: Scene) -> str:
    with inside(app, scene.worker):
        return str(months.month_state(LAST_MONTH)[0].contact_email)


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = a_scene(app)
    some_days(app, made, a_placement(app, made), 2, 5)
    return made


def send(app: Flask, scene: Scene, number: int = 1) -> None:
    with working(app, scene.town):
        confirmation_links.send_one(employer_id=str(scene.employer_id), month=str(LAST_MONTH), number=number)


class TestRun:
    def test_each_employer_with_open_days_is_promised_one_link(self, app: Flask, scene: Scene) -> None:
        for _twice in range(2):
            with working(app, scene.town):
                confirmation_links.run(month=str(LAST_MONTH))
        with working(app, scene.town):
            promised = db.session.scalars(select(Promise)).one()
            assert (promised.kind, promised.arguments["employer_id"]) == ("confirmation_link", str(scene.employer_id))

    def test_left_to_itself_it_asks_for_the_month_before(self, app: Flask, scene: Scene) -> None:
        with working(app, scene.town):
            confirmation_links.run()
            assert db.session.scalars(select(Promise)).one().arguments["month"] == str(LAST_MONTH)


class TestSendOne:
    def test_the_mail_holds_a_link_that_opens_and_no_name(self, app: Flask, scene: Scene) -> None:
        send(app, scene)
        mail = mails_to(address_of(app, scene))[0]
        token = links(address_of(app, scene))[0].rpartition("/")[2]
        with app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
            link = session.scalars(select(OneTimeLink).where(OneTimeLink.token_hash == digest(token))).one()
            assert (link.employer_id, link.month) == (scene.employer_id, LAST_MONTH.first)
        assert "高橋" not in words(mail) and "体験" in mail["Subject"]

    def test_the_contact_gets_an_account_without_password_and_one_place(self, app: Flask, scene: Scene) -> None:
        for number in (1, 2):
            send(app, scene, number)
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            account = session.scalars(select(Account).where(Account.email == address_of(app, scene))).one()
            account_id, kept = account.id, account.password_hash
        assert kept is None
        with inside(app, scene.worker):
            places = db.session.scalars(select(Membership).where(Membership.account_id == account_id)).all()
            assert [(each.party, each.employer_id) for each in places] == [(Party.EMPLOYER, scene.employer_id)]

    def test_it_is_written_down_that_the_employer_was_asked(self, app: Flask, scene: Scene) -> None:
        send(app, scene)
        with inside(app, scene.worker):
            asked = db.session.scalars(select(ConfirmationRequest)).one()
            assert (asked.sent_times, asked.answered_at) == (1, None)
            assert asked.sent_at is not None

    def test_done_again_the_folder_holds_one_mail_and_its_link_opens(self, app: Flask, scene: Scene) -> None:
        for _twice in range(2):
            send(app, scene)
        assert len(mails_to(address_of(app, scene))) == 1

    def test_a_mail_that_does_not_go_out_leaves_the_employer_unasked(
        self, app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_args: Any, **_more: Any) -> None:
            raise post.NotSent

        monkeypatch.setattr(post, "keep", refuse)
        with pytest.raises(post.NotSent):
            send(app, scene)
        with inside(app, scene.worker):
            assert months.month_state(LAST_MONTH)[0].sent_at is None

    def test_without_an_address_nothing_is_sent(self, app: Flask) -> None:
        silent = a_scene(app, email=None)
        some_days(app, silent, a_placement(app, silent), 2)
        send(app, silent)
        with inside(app, silent.worker):
            assert months.month_state(LAST_MONTH)[0].sent_at is None


class TestCopy:
    def test_it_tells_days_amount_and_what_is_in_question(self, app: Flask, scene: Scene) -> None:
        a_price(app, scene, 2160)
        with inside(app, a_contact(app, scene)):
            second = months.asked_days(scene.employer_id, LAST_MONTH)[1]
            confirmations.dispute(second.id, word="この日は休みでした")
            word_id = confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田 治")
        assert isinstance(word_id, UUID)
        with working(app, scene.town):
            confirmation_copies.run(confirmation_id=str(word_id))
        said = words(mails_to(address_of(app, scene))[0])
        assert "ひまわり" in said and "2,160円" in said and "この日は休みでした" in said
        assert "高橋" not in said
