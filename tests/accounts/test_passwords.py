"""Passwords that are not taken, and how those that are taken are kept."""

import unicodedata

import pytest

from ayumi.accounts import passwords
from ayumi.accounts.queries import words

HANAKO = words(
    "佐藤　花子",
    "サトウ　ハナコ",
    "hana.sato",
    "盛岡市",
    "モリオカシ",
    "morioka",
    "未来支援協会",
    "ミライシエンキョウカイ",
)


class TestLength:
    def test_eleven_characters_are_too_few_and_twelve_enough(self) -> None:
        assert passwords.fault("vq8 zu4 kx1") == passwords.TOO_SHORT
        assert passwords.fault("vq8 zu4 kx1m") is None

    def test_two_hundred_characters_are_taken_and_one_more_is_not(self) -> None:
        long = "tea lamp river " * 13 + "quay "
        assert passwords.fault(long) is None
        assert len(long) == 200
        assert passwords.fault(long + "x") == passwords.TOO_LONG

    def test_length_is_counted_after_normalisation(self) -> None:
        assert passwords.fault("㌢㌢㌢㌢㌢") != passwords.TOO_SHORT
        assert len("㌢㌢㌢㌢㌢") < passwords.LEAST_LENGTH

    @pytest.mark.parametrize("password", ["nodigitsatallhere", "482915037718", "ひらがなだけのながいことば"])
    def test_no_kinds_of_characters_are_asked_for(self, password: str) -> None:
        assert passwords.fault(password) is None


class TestCommon:
    def test_the_list_is_of_a_good_size_and_says_where_it_comes_from(self) -> None:
        assert len(passwords.common()) > 30_000
        assert (
            "MIT" in passwords.COMMON.read_text(encoding="utf-8")[:400]
            or "Permission is hereby granted" in (passwords.COMMON.read_text(encoding="utf-8")[:800])
        )

    @pytest.mark.parametrize(
        "password",
        [
            "123456789012",
            "qwertyuiop2024",
            "Password20241231",
            "PASSWORD!!!2024!",
            "ｐａｓｓｗｏｒｄ１２３４",
            "passwordpassword",
            "aaaaaaaaaaaaaaaa",
            "121212121212",
            "dragondragon99",
        ],
    )
    def test_what_everybody_tries_first_is_refused_in_every_dress(self, password: str) -> None:
        assert passwords.fault(password) == passwords.COMMON_ONE


class TestOwnWords:
    @pytest.mark.parametrize(
        "password",
        [
            "花子の誕生日は三月の十二日です",
            "はなこの誕生日は三月の十二日です",
            "xx-Hanako-7716-kk",
            "hana.sato-7716-kk",
            "morioka-snow-7716",
            "盛岡の冬はとても寒いですから",
            "ﾓﾘｵｶの冬はとても寒いですから",
            "moriokashi-xx-7716",
            "未来支援協会で働いています今日",
            "we-love-AYUMI-7716",
            "歩みと一緒に今日も働きましょう",
        ],
    )
    def test_what_a_stranger_knows_of_its_owner_is_refused(self, password: str) -> None:
        assert passwords.fault(password, holds=HANAKO) == passwords.OWN_WORDS

    def test_somebody_elses_name_is_no_matter(self) -> None:
        assert passwords.fault("xx-Hanako-7716-kk", holds=words("鈴木　一郎")) is None

    def test_short_words_may_stand_in_any_password(self) -> None:
        assert passwords.fault("tall lamp jo river", holds=words("jo")) is None


class TestKeeping:
    def test_the_same_keys_on_another_machine_give_the_same_password(self) -> None:
        kept = passwords.hashed("ｶﾞｯｺｳの帰り道ＡＢＣ")
        assert passwords.fits(kept, "ガッコウの帰り道ABC")
        assert passwords.fits(kept, unicodedata.normalize("NFD", "ガッコウの帰り道ABC"))
        assert not passwords.fits(kept, "ガッコウの帰り道ABD")

    def test_nothing_fits_where_there_is_no_password(self) -> None:
        assert not passwords.fits(None, "nobody has this password")
