"""Who has an account is told to nobody: the answers to a known and an unknown address are the same, byte for byte."""

import statistics
import time

from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.web import people
from tests.world import Member, a_member, a_town, posted


def somebody(app: Flask) -> Member:
    return people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(app: Flask) -> None:
    member = somebody(app)
    answers = [
        people.type_password(app.test_client(), address, "not the password at all")
        for address in (member.email, "nobody-at-all@test.example")
    ]
    pages = [people.without_marks(answer.text, member.email, "nobody-at-all@test.example") for answer in answers]
    assert pages[0] == pages[1]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert set(answers[0].headers.keys()) == set(answers[1].headers.keys())


def test_asking_for_a_reset_is_answered_alike(app: Flask) -> None:
    member = somebody(app)
    answers = [
        posted(app.test_client(), "/forgotten", email=address, lost="password")
        for address in (member.email, "nobody-at-all@test.example")
    ]
    assert len({(answer.status_code, answer.headers.get("Location"), answer.text) for answer in answers}) == 1


def test_it_takes_equally_long_whether_or_not_there_is_an_account(app: Flask) -> None:
    member = somebody(app)

    def seconds(address: str) -> float:
        browser, began = app.test_client(), time.perf_counter()
        people.type_password(browser, address, "not the password at all")
        return time.perf_counter() - began

    known = statistics.median(seconds(member.email) for _try in range(4))
    unknown = statistics.median(seconds(f"nobody{number}@test.example") for number in range(4))
    assert 0.3 < known / unknown < 3.3
