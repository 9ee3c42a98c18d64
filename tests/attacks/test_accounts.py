"""Who has an account is told to nobody: the answers to a known and an unknown address are the same, byte for byte."""

import pytest
from argon2 import PasswordHasher
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


def test_a_wrong_password_costs_the_same_work_whether_or_not_there_is_an_account(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: nearly all of the time goes into one hash, and a busy machine would be what is measured."""
    member, compared, verify = somebody(app), list[str](), PasswordHasher.verify

    def noted(hasher: PasswordHasher, kept: str, password: str) -> bool:
        compared.append(kept.rsplit("$", 2)[0])  # what it costs, without salt and hash
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    for address in (member.email, "nobody-at-all@test.example"):
        people.type_password(app.test_client(), address, "not the password at all")
    assert len(compared) == 2
    assert compared[0] == compared[1]
