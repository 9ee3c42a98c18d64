"""Passkeys: taken from the right site, freshly signed, by a verified user, once. Everything else is refused."""

import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from webauthn import base64url_to_bytes

from ayumi.accounts.model import Account, Party, Role
from ayumi.factors import passkeys, queries, rules
from ayumi.factors.passkeys import Challenge
from ayumi.factors.rules import LastFactor
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Conflict, Invalid, NotFound
from ayumi.kernel.tenancy import Door, Place
from tests.factors.authenticator import PRESENT, VERIFIED, Device
from tests.factors.conftest import Doors
from tests.world import Member, a_member


def a_challenge(*, minutes_ago: float = 0) -> Challenge:
    return Challenge(os.urandom(32), clock.now() - timedelta(minutes=minutes_ago))


def added(door: Doors, member: Member, device: Device, *, name: str = "phone") -> Device:
    with door(member) as session:
        challenge = a_challenge()
        options = passkeys.options_to_add(session, session.get_one(Account, member.account_id), challenge)
        answer = device.make(options)
        passkeys.add(session, member.account_id, answer=answer, challenge=challenge, name=name)
    return device


def used(door: Doors, member: Member, device: Device, challenge: Challenge | None = None, **wrong: object) -> bool:
    challenge = challenge or a_challenge()
    with door(member) as session:
        answer = device.use(passkeys.options_to_show(session, None, challenge), **wrong)
        return passkeys.spend(session, answer=answer, challenge=challenge) == member.account_id


class TestAdding:
    def test_a_passkey_that_was_added_lets_its_owner_in(self, somebody: Member, door: Doors) -> None:
        assert used(door, somebody, added(door, somebody, Device()))

    def test_the_browser_is_asked_for_a_verified_user_and_for_nothing_else_to_know(
        self, somebody: Member, door: Doors
    ) -> None:
        with door(somebody) as session:
            account = session.get_one(Account, somebody.account_id)
            asked = json.loads(passkeys.options_to_add(session, account, a_challenge()))
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        assert asked["authenticatorSelection"]["residentKey"] == "required"
        assert asked["attestation"] == "none"
        assert somebody.email.encode() not in base64url_to_bytes(asked["user"]["id"])

    @pytest.mark.parametrize(
        "device",
        [
            Device(origin="http://evil.example"),
            Device(origin="https://localhost:8000"),
            Device(rp_id="evil.example"),
            Device(flags=PRESENT),
            Device(flags=VERIFIED),
        ],
        ids=["other origin", "other scheme", "other site", "user not verified", "user not present"],
    )
    def test_what_was_made_elsewhere_or_by_nobody_is_refused(
        self, somebody: Member, door: Doors, device: Device
    ) -> None:
        with pytest.raises(Invalid):
            added(door, somebody, device)

    def test_an_answer_to_another_or_an_old_challenge_is_refused(self, somebody: Member, door: Doors) -> None:
        with door(somebody) as session:
            account = session.get_one(Account, somebody.account_id)
            answer = Device().make(passkeys.options_to_add(session, account, a_challenge()))
            for challenge in (a_challenge(), None, a_challenge(minutes_ago=6)):
                with pytest.raises(Invalid):
                    passkeys.add(session, account.id, answer=answer, challenge=challenge, name="x")

    @pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "nonsense", '{"id": 1}', '{"id": "x", "rawId": "x"}'])
    def test_nonsense_is_refused_calmly(self, somebody: Member, door: Doors, answer: str) -> None:
        with door(somebody) as session:
            with pytest.raises(Invalid):
                passkeys.add(session, somebody.account_id, answer=answer, challenge=a_challenge(), name="x")
            with pytest.raises(Invalid):
                passkeys.spend(session, answer=answer, challenge=a_challenge())

    def test_the_same_passkey_is_not_added_twice(self, app: Flask, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        other = a_member(app, somebody.town, Party.STAFF, Role.CASEWORKER)
        for member in (somebody, other):
            with pytest.raises(Invalid):
                added(door, member, device)

    def test_there_may_be_ten_and_no_more(self, somebody: Member, door: Doors) -> None:
        for _number in range(passkeys.MOST):
            added(door, somebody, Device())
        with pytest.raises(Conflict):
            added(door, somebody, Device())


class TestUsing:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "http://evil.example"},
            {"rp_id": "evil.example"},
            {"flags": PRESENT},
            {"user_handle": b"somebody else"},
        ],
        ids=["other origin", "other site", "user not verified", "handle of another"],
    )
    def test_what_was_signed_elsewhere_is_refused(
        self, somebody: Member, door: Doors, wrong: dict[str, object]
    ) -> None:
        device = added(door, somebody, Device())
        with pytest.raises(Invalid):
            used(door, somebody, replace(device, **wrong))  # type: ignore[arg-type]
        assert used(door, somebody, device)

    def test_a_signature_of_another_key_is_refused(self, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        with pytest.raises(Invalid):
            used(door, somebody, replace(device, key=Device().key))

    def test_an_altered_answer_is_refused(self, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        with pytest.raises(Invalid):
            used(door, somebody, device, authenticatorData=bytes(37))

    @pytest.mark.parametrize("counts", [True, False], ids=["a key that counts", "a key that does not count"])
    def test_an_answer_that_was_overheard_cannot_be_given_again(
        self, somebody: Member, door: Doors, counts: bool
    ) -> None:
        device, challenge = added(door, somebody, Device(counts=counts)), a_challenge()
        with door(somebody) as session:
            answer = device.use(passkeys.options_to_show(session, None, challenge))
            assert passkeys.spend(session, answer=answer, challenge=challenge) == somebody.account_id
        with door(somebody) as session, pytest.raises(Invalid):
            passkeys.spend(session, answer=answer, challenge=challenge)

    def test_a_copied_key_is_noticed_by_its_count(self, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        copy = replace(device)
        assert used(door, somebody, device)
        assert used(door, somebody, device)
        with pytest.raises(Invalid):
            used(door, somebody, copy)

    def test_a_challenge_is_answered_within_five_minutes(self, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        with pytest.raises(Invalid):
            used(door, somebody, device, a_challenge(minutes_ago=6))
        assert used(door, somebody, device, a_challenge(minutes_ago=4))

    def test_a_passkey_of_another_account_is_no_second_step(self, app: Flask, somebody: Member, door: Doors) -> None:
        other = a_member(app, somebody.town, Party.STAFF, Role.CASEWORKER)
        device, challenge = added(door, other, Device()), a_challenge()
        with door(somebody) as session, pytest.raises(Invalid):
            answer = device.use(passkeys.options_to_show(session, None, challenge))
            passkeys.spend(session, answer=answer, challenge=challenge, account_id=somebody.account_id)

    def test_a_closed_account_does_not_come_in(self, app: Flask, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            session.execute(update(Account).where(Account.id == somebody.account_id).values(closed_at=clock.now()))
        with pytest.raises(Invalid):
            used(door, somebody, device)


class TestRemoving:
    def test_a_removed_passkey_no_longer_opens(self, somebody: Member, door: Doors) -> None:
        device = added(door, somebody, Device())
        with door(somebody) as session:
            found = passkeys.every(session, somebody.account_id)
            rules.remove_passkey(session, somebody.account_id, passkey_id=found[0].id, needed=False)
        with pytest.raises(Invalid):
            used(door, somebody, device)

    def test_of_two_one_may_go_and_the_last_stays_where_one_is_needed(self, somebody: Member, door: Doors) -> None:
        for name in ("phone", "desk"):
            added(door, somebody, Device(), name=name)
        with door(somebody) as session:
            first, last = passkeys.every(session, somebody.account_id)
            rules.remove_passkey(session, somebody.account_id, passkey_id=first.id, needed=True)
            with pytest.raises(LastFactor):
                rules.remove_passkey(session, somebody.account_id, passkey_id=last.id, needed=True)
            assert queries.of(session, somebody.account_id).passkeys == 1

    def test_nobody_removes_anothers(self, app: Flask, somebody: Member, door: Doors) -> None:
        added(door, somebody, Device())
        other = a_member(app, somebody.town, Party.STAFF, Role.CASEWORKER)
        with door(somebody) as session:
            id = passkeys.every(session, somebody.account_id)[0].id
        with door(other) as session, pytest.raises(NotFound):
            rules.remove_passkey(session, other.account_id, passkey_id=id, needed=False)
