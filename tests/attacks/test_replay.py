"""What worked once is shown again: links, codes, kept forms, cookies."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.invitations import acts
from tests.notices.inbox import codes, links
from tests.portal.employer.visitors import MONTH, address_of, an_asked_employer, press
from tests.web import people
from tests.web.test_kept import log_in_again, write_with_ended_session
from tests.world import Member, a_member, a_town, inside, logged_in, posted


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


def test_an_invitation_opens_one_account_and_then_nothing(app: Flask) -> None:
    admin = a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)
    email = acts.fresh_email()
    with inside(app, admin):
        acts.invite(email)
    acts.keep_promises(app, admin.town, "invitation_mail")
    [link] = acts.links(email, "invitation")
    words = {"name": "新人", "password": acts.NEW_PASSWORD}
    first, second = (posted(app.test_client(), link, **words) for _time in range(2))
    assert first.status_code == 302
    assert second.status_code in (409, 410)


def test_an_employers_link_and_code_work_once(app: Flask) -> None:
    address = address_of(app, an_asked_employer(app))
    browser, link = app.test_client(), links(address)[0]
    press(browser, link, link)
    code = codes(address)[0]
    assert press(browser, f"{link}/code", f"{link}/code", code=code).status_code == 302
    thief = app.test_client()
    assert thief.get(link).status_code == 410
    thief.post(f"{link}/code", data={"code": code, "csrf_token": people.csrf_in(thief.get("/login").text)})
    assert thief.get(MONTH).headers["Location"] == "/portal/employer/away"


def test_a_code_of_the_app_works_once(app: Flask, caseworker: Member) -> None:
    victim, code = people.with_app(app, caseworker), people.code(1)
    for expected in (True, False):
        browser = app.test_client()
        people.type_password(browser, victim.email)
        people.type_code(browser, code)
        assert (browser.get("/account").status_code == 200) is expected


def test_a_form_kept_for_one_account_is_not_given_to_another(app: Flask, caseworker: Member) -> None:
    other = a_member(app, caseworker.town, Party.STAFF, Role.CASEWORKER)
    browser, page = write_with_ended_session(app, caseworker)
    assert "三日間" not in log_in_again(browser, page, other.email)


def test_a_copied_cookie_is_worthless_once_its_owner_has_left(app: Flask, caseworker: Member) -> None:
    browser, thief = logged_in(app, caseworker), app.test_client()
    with browser.session_transaction() as mine, thief.session_transaction() as stolen:
        stolen.update(mine)
    home = f"/t/{caseworker.town.slug}/"
    assert thief.get(home).status_code == 200
    posted(browser, "/logout")
    assert thief.get(home).status_code == 302
