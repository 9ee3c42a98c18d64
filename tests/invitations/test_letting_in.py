"""A municipality's only administrator who cannot come in is let in by those who host; nobody else is, that way."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from ayumi.accounts.model import Membership, Party, Role
from ayumi.factors import queries as factors
from ayumi.invitations import resets
from ayumi.invitations.model import Lost, ResetStatus
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.tenancy import Door, Place
from tests.invitations.acts import NEW_PASSWORD, deeds, keep_promises, links, of_town, requests_of
from tests.notices.inbox import mails_to, words
from tests.web import people
from tests.world import Member, a_member, a_town, logged_in, posted

REASON = "退職した前任者の端末しかなく、代表電話へ折り返して本人と確認"


@pytest.fixture
def admin(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


def let_in(app: Flask, who: Member, lost: str = "password", **more: str):
    said = {"municipality": who.town.slug, "email": who.email, "lost": lost, "by": "運用 太郎", "reason": REASON}
    options = [part for name, value in (said | more).items() for part in (f"--{name}", value)]
    return app.test_cli_runner().invoke(args=["account", "let-in", *options])


def link_of(app: Flask, who: Member) -> str:
    keep_promises(app, who.town, "reset_mail")
    return links(who.email, "reset")[-1]


def test_the_only_administrator_chooses_a_new_password_by_a_mailed_link_that_works_once(
    app: Flask, admin: Member
) -> None:
    old = logged_in(app, admin)
    answer = let_in(app, admin)
    assert answer.exit_code == 0, answer.output
    assert "/reset/" not in answer.output  # the link is for its owner's eyes
    path, browser = link_of(app, admin), app.test_client()
    said = words(mails_to(admin.email)[-1])
    assert "運用担当者が確認しました" in said
    assert posted(browser, path, password=NEW_PASSWORD, again=NEW_PASSWORD).status_code == 302
    assert old.get("/account").status_code == 302
    assert people.type_password(app.test_client(), admin.email, NEW_PASSWORD).status_code == 302
    assert app.test_client().get(path).status_code == 409


def test_a_lost_second_factor_is_taken_away_and_the_password_stays(app: Flask, admin: Member) -> None:
    people.with_app(app, admin)
    assert let_in(app, admin, "second_factor").exit_code == 0
    assert posted(app.test_client(), link_of(app, admin)).status_code == 302
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        assert not factors.of(session, admin.account_id).any
    assert people.type_password(app.test_client(), admin.email).status_code == 302


def test_the_municipality_reads_in_its_journal_who_let_them_in_and_why(app: Flask, admin: Member) -> None:
    let_in(app, admin)
    (request,) = requests_of(app, admin)
    assert (request.status, request.decided_by) == (ResetStatus.APPROVED, None)
    assert deeds(app, admin.town, request.id) == ["asked", "approved"]
    (entry,) = [each for each in of_town(app, admin.town, Entry) if each.action == "approved"]
    assert (entry.door, entry.why) == ("owner", f"運用 太郎: {REASON}")
    page = logged_in(app, admin).get(f"/t/{admin.town.slug}/journal/").get_data(as_text=True)
    assert REASON in page


def test_a_request_that_waits_already_is_the_one_that_is_approved(app: Flask, admin: Member) -> None:
    with app.app_context():
        resets.ask(admin.email, Lost.PASSWORD)
    assert let_in(app, admin).exit_code == 0
    (request,) = requests_of(app, admin)
    assert request.status is ResetStatus.APPROVED


def test_where_another_administrator_can_decide_it_is_refused(app: Flask, admin: Member) -> None:
    other = a_member(app, admin.town, Party.STAFF, Role.ADMINISTRATOR)
    answer = let_in(app, admin)
    assert answer.exit_code == 1
    assert "Another administrator" in answer.output
    assert requests_of(app, admin) == []
    with app.app_context():
        resets.ask(other.email, Lost.SECOND_FACTOR)  # now both are locked out
    assert let_in(app, admin).exit_code == 0


def test_an_administrator_whose_place_is_over_decides_nothing(app: Flask, admin: Member) -> None:
    other = a_member(app, admin.town, Party.STAFF, Role.ADMINISTRATOR)
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=admin.town.tenant_id)) as session:
        gone = update(Membership).where(Membership.id == other.membership_id)
        session.execute(gone.values(ends_on=clock.today() - timedelta(days=1)))
    assert let_in(app, other).exit_code == 1
    assert let_in(app, admin).exit_code == 0


def test_nobody_but_an_administrator_of_that_municipality_is_let_in(app: Flask, admin: Member) -> None:
    caseworker = a_member(app, admin.town, Party.STAFF, Role.CASEWORKER)
    elsewhere = a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)
    assert let_in(app, caseworker).exit_code == 1
    assert let_in(app, elsewhere, municipality=admin.town.slug).exit_code == 1
    assert keep_promises(app, admin.town, "reset_mail") == 0


@pytest.mark.parametrize("field", ["by", "reason"])
def test_without_a_name_and_a_reason_nothing_happens(app: Flask, admin: Member, field: str) -> None:
    assert let_in(app, admin, **{field: "  "}).exit_code == 1
    assert requests_of(app, admin) == []
