"""Guessing at passwords: slowed down more and more, while the victim still comes in from a device of theirs."""

from itertools import pairwise

import pytest
from flask import Flask
from redis.exceptions import ConnectionError as Lost

from ayumi.accounts.model import Party, Role
from ayumi.web import pauses
from ayumi.web.pauses import FIRST, FREE, LONGEST, Alone, Pauses
from tests.web import people
from tests.world import Member, a_member, a_town


@pytest.fixture
def victim(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


def attack(app: Flask, victim: Member, times: int = 20) -> list[int]:
    """Guess from many browsers and addresses."""
    answers = []
    for number in range(times):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        answers.append(people.type_password(browser, victim.email, f"a guess of number {number}").status_code)
    return answers


class TestBruteForce:
    def test_a_few_guesses_are_answered_and_then_hardly_any(self, app: Flask, victim: Member) -> None:
        answers = attack(app, victim)
        assert answers[:FREE] == [422] * FREE
        assert answers.count(429) >= 14

    def test_the_right_password_does_not_get_through_to_a_stranger_meanwhile(self, app: Flask, victim: Member) -> None:
        attack(app, victim, 8)
        assert people.type_password(app.test_client(), victim.email).status_code == 429

    def test_the_victim_comes_in_from_a_device_that_is_known(self, app: Flask, victim: Member) -> None:
        browser = app.test_client()
        assert people.type_password(browser, victim.email).status_code == 302
        browser.post("/logout", data={"csrf_token": people.csrf_in(browser.get("/account").text)})
        assert attack(app, victim)[-1] == 429
        assert people.type_password(browser, victim.email).status_code == 302

    def test_a_device_that_is_known_to_another_account_is_a_stranger(self, app: Flask, victim: Member) -> None:
        other = a_member(app, victim.town, Party.STAFF, Role.CASEWORKER)
        browser = app.test_client()
        people.type_password(browser, other.email)
        browser.post("/logout", data={"csrf_token": people.csrf_in(browser.get("/account").text)})
        attack(app, victim, 8)
        assert people.type_password(browser, victim.email).status_code == 429

    def test_a_cookie_of_ones_own_making_is_no_known_device(self, app: Flask, victim: Member) -> None:
        people.type_password(app.test_client(), victim.email)
        attack(app, victim, 8)
        for key in ("", "made up", "x" * 500, str(people.sessions_of(app, victim)[0].device_hash)):
            browser = app.test_client()
            browser.set_cookie("ayumi_device", key)
            assert people.type_password(browser, victim.email).status_code == 429

    def test_an_address_nobody_has_is_slowed_down_alike(self, app: Flask, victim: Member) -> None:
        answers = [
            people.type_password(app.test_client(), f"nobody-{victim.email}", "guess").status_code for _try in range(8)
        ]
        assert answers[:FREE] == [422] * FREE
        assert answers[-1] == 429

    def test_what_was_typed_is_kept_while_one_waits(self, app: Flask, victim: Member) -> None:
        attack(app, victim, 8)
        answer = people.type_password(app.test_client(), victim.email, next="/account")
        assert people.hidden(answer.text, "next") == "/account"
        assert victim.email in answer.text

    def test_the_password_never_comes_back_in_a_page(self, app: Flask, victim: Member) -> None:
        assert "a guess of mine" not in people.type_password(app.test_client(), victim.email, "a guess of mine").text


class Clock:
    """A time that tests move."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Broken(Alone):
    """A store that cannot be reached."""

    def count(self, key: str, by: int) -> int:
        raise Lost

    def hold(self, key: str, seconds: int) -> bool:
        raise Lost

    def forget(self, key: str) -> None:
        raise Lost


class TestPauses:
    def test_the_first_tries_are_free_and_the_next_waits_ever_longer(self) -> None:
        clock = Clock()
        kept = Pauses(Alone(clock), Alone())
        assert all(kept.lets("k") for _try in range(FREE))
        tries: list[float] = []
        while len(tries) < 10:
            if kept.lets("k"):
                tries.append(clock.now)
            clock.now += 1
        waits = [later - earlier for earlier, later in pairwise(tries)]
        assert waits == sorted(waits)
        assert waits[0] == FIRST
        assert waits[-1] == LONGEST

    def test_nobody_waits_longer_than_a_quarter_of_an_hour(self) -> None:
        assert pauses.pause_after(FREE) == FIRST
        assert pauses.pause_after(10_000) == LONGEST == 15 * 60

    def test_many_at_the_same_moment_gain_nothing(self) -> None:
        kept = Pauses(Alone(Clock()), Alone())
        assert sum(kept.lets("k") for _try in range(100)) == FREE + 1

    def test_asking_during_a_pause_does_not_make_it_longer(self) -> None:
        clock = Clock()
        kept = Pauses(Alone(clock), Alone())
        for _try in range(500):
            kept.lets("k")
        clock.now += FIRST
        assert kept.lets("k")

    def test_after_a_right_one_all_is_forgotten(self) -> None:
        kept = Pauses(Alone(Clock()), Alone())
        for _try in range(FREE + 3):
            kept.lets("k")
        kept.forget("k")
        assert all(kept.lets("k") for _try in range(FREE))

    def test_one_account_does_not_slow_down_another(self) -> None:
        kept = Pauses(Alone(Clock()), Alone())
        for _try in range(50):
            kept.lets("one")
        assert kept.lets("other")

    def test_without_the_shared_store_each_process_counts_for_itself(self) -> None:
        kept = Pauses(Broken(), Alone(Clock()))
        assert sum(kept.lets("k") for _try in range(50)) == FREE + 1

    def test_the_shared_store_counts_as_one_process_does(self, app: Flask) -> None:
        assert sum(pauses.pauses().lets("test:shared") for _try in range(50)) == FREE + 1
        pauses.pauses().forget("test:shared")
        assert pauses.pauses().lets("test:shared")
