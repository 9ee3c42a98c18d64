"""Check digits of public numbers, and guards that say honestly what they can know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.japan import codes


@pytest.mark.parametrize("code", ["011002", "012068", "131041", "131130", "271004", "472018", "011011"])
def test_real_local_government_codes_pass(code: str) -> None:
    assert codes.is_local_government_code(code)


@pytest.mark.parametrize("code", ["011003", "11002", "0110020", "991002", "００1002", "01100x", "", "000000"])
def test_other_codes_do_not(code: str) -> None:
    assert not codes.is_local_government_code(code)


@pytest.mark.parametrize(
    "number",
    ["8700110005901", "7000012050002", "9000020011002", "8000020130001", "3000020141003", "7000020012068"],
)
def test_real_corporate_numbers_pass(number: str) -> None:
    assert codes.is_corporate_number(number)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 9))
def test_a_base_has_one_check_digit_and_it_is_never_zero(base: str, digit: int) -> None:
    right = codes.corporate_number_check_digit(base)
    assert right != "0"
    assert codes.is_corporate_number(f"{digit}{base}") == (str(digit) == right)


def test_a_base_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        codes.corporate_number_check_digit("70011000590")


def test_an_invoice_number_is_t_and_thirteen_digits() -> None:
    assert codes.is_invoice_number("T8700110005901")
    assert not codes.is_invoice_number("8700110005901")
    assert not codes.is_invoice_number("T87001100059")


def test_a_sole_traders_number_passes_by_its_form_alone() -> None:
    assert codes.is_invoice_number("T1700110005901")
    assert not codes.is_corporate_invoice_number("T1700110005901")
    assert codes.is_corporate_invoice_number("T8700110005901")


@pytest.mark.parametrize(
    "text",
    [
        "621498320257",
        "番号は6214-9832-0257です",
        "６２１４　９８３２　０２５７",
        "6214 9832 0257",
        "6214−9832−0257",
    ],
)
def test_a_my_number_is_noticed_inside_a_text(text: str) -> None:
    assert codes.looks_like_my_number(text)


@pytest.mark.parametrize(
    "text",
    ["621498320258", "8700110005901", "6214983202570", "090-1234-5678", "", "6214-98320257", "2026年4月1日"],
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert not codes.looks_like_my_number(text)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_one_last_digit_in_ten_makes_a_my_number(first: str) -> None:
    assert sum(codes.looks_like_my_number(f"{first}{digit}") for digit in range(10)) == 1


@pytest.mark.parametrize("text", ["12013017", "公費 １２０１３０１７", "受給者 1234566", "1234566"])
def test_medical_assistance_numbers_are_noticed(text: str) -> None:
    assert codes.looks_like_recipient_number(text)


@pytest.mark.parametrize(
    "text", ["12013018", "54016027", "1234567", "123-4567", "20260401", "ケース 001234", "12999017"]
)
def test_other_numbers_of_that_length_are_not(text: str) -> None:
    assert not codes.looks_like_recipient_number(text)


@pytest.mark.parametrize("number", ["54016027", "33120015", "54136015"])
def test_the_check_digit_is_that_of_published_payer_numbers(number: str) -> None:
    assert codes._has_modulus_ten_digit(number)


def test_a_whole_column_tells_what_a_single_number_cannot() -> None:
    recipients = [number for number in map(str, range(1000000, 1001000)) if codes.looks_like_recipient_number(number)]
    assert codes.looks_like_recipient_column(recipients)
    assert not codes.looks_like_recipient_column([str(number) for number in range(1000000, 1001000)])
    assert not codes.looks_like_recipient_column(recipients[:19])


@pytest.mark.parametrize(
    "heading", ["マイナンバー", "個人番号（12桁）", "受給者 番号", "公費負担者番号", "My Number", "ﾏｲﾅﾝﾊﾞｰ"]
)
def test_headings_that_ask_for_forbidden_numbers_are_named(heading: str) -> None:
    assert codes.names_forbidden_number(heading)


@pytest.mark.parametrize("heading", ["ケース番号", "世帯番号", "電話番号", "氏名"])
def test_ordinary_headings_are_not(heading: str) -> None:
    assert not codes.names_forbidden_number(heading)


class TestARecipientNumberIsSurelyThere:
    def test_when_it_is_named(self) -> None:
        assert codes.holds_recipient_number("受給者番号 1234567")

    def test_when_it_comes_with_its_payer(self) -> None:
        assert codes.holds_recipient_number("12131017")

    @pytest.mark.parametrize("number", [f"{each:07d}" for each in range(1_000_000, 1_000_030)])
    def test_but_no_seven_digits_alone_are_refused_by_chance(self, number: str) -> None:
        assert not codes.holds_recipient_number(number)
