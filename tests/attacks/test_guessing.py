"""Guessing secrets one after the other: passwords, codes of the app, codes from paper, codes of an employer."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.notices.inbox import codes, links
from tests.portal.employer.visitors import address_of, an_asked_employer, press
from tests.web import people
from tests.world import Member, a_member, a_town, csrf_of


@pytest.fixture
def victim(app: Flask) -> Member:
    return people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))


def test_a_password_is_not_found_by_trying_from_many_addresses(app: Flask, victim: Member) -> None:
    for number in range(12):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        last = people.type_password(browser, victim.email, f"a guess of number {number}")
    assert last.status_code == 429
    assert people.type_password(app.test_client(), victim.email).status_code == 429


@pytest.mark.parametrize("field", ["code", "recovery"])
def test_a_second_factor_is_not_found_by_trying(app: Flask, victim: Member, field: str) -> None:
    browser = app.test_client()
    people.type_password(browser, victim.email)
    for guess in range(8):
        answer = people.type_code(browser, f"{guess:06d}", name=field)
    assert answer.status_code in (302, 400, 429)  # to the first step, or without a page to send from
    people.type_code(browser, people.code())
    assert browser.get("/account").status_code == 302


def test_an_employers_code_is_spent_after_five_guesses(app: Flask) -> None:
    address = address_of(app, an_asked_employer(app))
    browser, link = app.test_client(), links(address)[0]
    press(browser, link, link)
    right = codes(address)[0]
    for guess in range(5):
        press(browser, f"{link}/code", f"{link}/code", code="000000" if right != "000000" else f"11111{guess}")
    assert press(browser, f"{link}/code", f"{link}/code", code=right).status_code == 422


@pytest.mark.parametrize("path", ["/invitation/{}", "/reset/{}", "/portal/employer/l/{}"])
def test_links_cannot_be_guessed(app: Flask, path: str) -> None:
    browser = app.test_client()
    answers = {browser.get(path.format(guess)).status_code for guess in ("a", "a" * 43, "0" * 64, "%25", "..")}
    assert answers <= {404, 409, 410}
    assert csrf_of(browser)
