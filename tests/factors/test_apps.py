"""The authenticator app: right codes, once, around now; wrong ones never."""

from datetime import timedelta

import pytest

from ayumi.factors import apps, queries, rules
from ayumi.factors.model import AuthenticatorApp
from ayumi.factors.rules import LastFactor
from ayumi.kernel import clock
from ayumi.kernel.errors import Invalid
from tests.factors.conftest import Doors
from tests.world import TOTP_SECRET, Member


class TestCodes:
    # RFC 6238, appendix B, SHA-1, the last six digits.
    @pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
    def test_codes_are_those_of_the_standard(self, second: int, code: str) -> None:
        assert apps.code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", second // 30) == code

    @pytest.mark.parametrize("away", [-1, 0, 1])
    def test_a_clock_may_be_half_a_minute_off(self, somebody: Member, door: Doors, away: int) -> None:
        with door(somebody) as session, clock.at(clock.now()):  # which does not turn to the next step meanwhile
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            assert apps.spend(session, somebody.account_id, apps.code_at(TOTP_SECRET, apps.step_now() + away))

    @pytest.mark.parametrize("away", [-20, -3, 3, 20])
    def test_codes_of_other_times_are_not_taken(self, somebody: Member, door: Doors, away: int) -> None:
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            assert not apps.spend(session, somebody.account_id, apps.code_at(TOTP_SECRET, apps.step_now() + away))

    def test_a_code_works_once(self, somebody: Member, door: Doors) -> None:
        code = apps.code_at(TOTP_SECRET, apps.step_now())
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            assert apps.spend(session, somebody.account_id, code)
        with door(somebody) as session:
            assert not apps.spend(session, somebody.account_id, code)

    def test_after_a_later_code_an_earlier_one_is_worthless(self, somebody: Member, door: Doors) -> None:
        now = apps.step_now()
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            assert apps.spend(session, somebody.account_id, apps.code_at(TOTP_SECRET, now + 1))
            assert not apps.spend(session, somebody.account_id, apps.code_at(TOTP_SECRET, now))

    def test_blanks_and_full_width_digits_are_forgiven(self, somebody: Member, door: Doors) -> None:
        code = apps.code_at(TOTP_SECRET, apps.step_now())
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            assert apps.spend(session, somebody.account_id, f" {wide[:3]} {wide[3:]} ")

    @pytest.mark.parametrize("code", ["", "000", "abcdef", "1234567", "é" * 6])
    def test_what_is_no_code_is_not_taken(self, somebody: Member, door: Doors, code: str) -> None:
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            assert not apps.spend(session, somebody.account_id, code)

    def test_nobody_elses_code_is_taken(self, somebody: Member, door: Doors) -> None:
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
            assert not apps.spend(session, somebody.account_id, apps.code_at(TOTP_SECRET, apps.step_now()))


class TestSettingUp:
    def test_an_app_counts_once_its_first_code_was_typed(self, somebody: Member, door: Doors) -> None:
        sealed = apps.begin(somebody.account_id)
        secret = apps.secret_of(sealed, somebody.account_id)
        assert secret is not None
        with door(somebody) as session:
            assert not queries.of(session, somebody.account_id).has_app
            code = apps.code_at(secret, apps.step_now())
            apps.add(session, somebody.account_id, sealed=sealed, code=code)
            assert queries.of(session, somebody.account_id).has_app
            assert not apps.spend(session, somebody.account_id, code)

    def test_a_wrong_first_code_sets_nothing_up(self, somebody: Member, door: Doors) -> None:
        with door(somebody) as session:
            with pytest.raises(Invalid):
                apps.add(session, somebody.account_id, sealed=apps.begin(somebody.account_id), code="000000x")
            assert not queries.of(session, somebody.account_id).has_app

    def test_a_secret_begun_by_somebody_else_or_long_ago_or_altered_is_none(self, somebody: Member) -> None:
        other = type(somebody.account_id)(int=1)
        assert apps.secret_of(apps.begin(other), somebody.account_id) is None
        with clock.at(clock.now() - timedelta(hours=1)):
            old = apps.begin(somebody.account_id)
        assert apps.secret_of(old, somebody.account_id) is None
        assert apps.secret_of("nonsense", somebody.account_id) is None

    def test_the_database_cannot_read_the_secret(self, somebody: Member, door: Doors) -> None:
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            kept = session.get_one(AuthenticatorApp, somebody.account_id).sealed_secret
        assert TOTP_SECRET not in kept


class TestRemoving:
    def test_the_last_factor_stays_where_one_is_needed(self, somebody: Member, door: Doors) -> None:
        with door(somebody) as session:
            apps.put(session, somebody.account_id, secret=TOTP_SECRET)
            with pytest.raises(LastFactor):
                rules.remove_app(session, somebody.account_id, needed=True)
            rules.remove_app(session, somebody.account_id, needed=False)
            assert not queries.of(session, somebody.account_id).any
