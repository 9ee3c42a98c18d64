"""Codes on paper: ten, hashed, each once."""

from sqlalchemy import select

from ayumi.factors import apps, queries, recovery, rules
from ayumi.factors.model import RecoveryCode
from tests.factors.conftest import Doors
from tests.world import TOTP_SECRET, Member


def test_there_are_ten_and_none_is_kept_in_the_clear(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        codes = recovery.make(session, somebody.account_id)
        query = select(RecoveryCode.code_hash).where(RecoveryCode.account_id == somebody.account_id)
        kept = session.scalars(query).all()
    assert len(set(codes)) == len(kept) == 10
    assert not any(code.replace("-", "") in each for code in codes for each in kept)


def test_each_works_once(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        first, second, *_rest = recovery.make(session, somebody.account_id)
        assert recovery.spend(session, somebody.account_id, first)
    with door(somebody) as session:
        assert not recovery.spend(session, somebody.account_id, first)
        assert recovery.spend(session, somebody.account_id, second)
        assert recovery.left(session, somebody.account_id) == 8


def test_a_code_is_read_as_people_copy_it(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        code = recovery.make(session, somebody.account_id)[0]
        assert recovery.spend(session, somebody.account_id, f" {code.upper().replace('-', ' ')} ")


def test_new_codes_make_the_old_ones_worthless(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        old = recovery.make(session, somebody.account_id)[0]
        recovery.make(session, somebody.account_id)
        assert not recovery.spend(session, somebody.account_id, old)
        assert recovery.left(session, somebody.account_id) == 10


def test_a_code_belongs_to_one_account(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        code = recovery.make(session, somebody.account_id)[0]
        assert not recovery.spend(session, type(somebody.account_id)(int=7), code)


def test_codes_go_with_the_last_factor(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        apps.put(session, somebody.account_id, secret=TOTP_SECRET)
        recovery.make(session, somebody.account_id)
        rules.remove_app(session, somebody.account_id, needed=False)
        assert queries.of(session, somebody.account_id).codes_left == 0


def test_everything_can_be_taken_away_at_once(somebody: Member, door: Doors) -> None:
    with door(somebody) as session:
        apps.put(session, somebody.account_id, secret=TOTP_SECRET)
        recovery.make(session, somebody.account_id)
        rules.forget_all(session, somebody.account_id)
        found = queries.of(session, somebody.account_id)
    assert not found.any
    assert found.codes_left == 0
