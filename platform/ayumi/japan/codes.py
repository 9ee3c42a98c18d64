"""Public numbers: check digits of those we keep, and guards against those we must never keep."""

import re
import unicodedata
from collections.abc import Collection

# 公費負担者番号: number of the law (12 is the Public Assistance Act), prefecture, agency, check digit.
_ASSISTANCE_PAYER = re.compile(r"12(?:0[1-9]|[1-3][0-9]|4[0-7])[0-9]{4}")
_FORBIDDEN_HEADING = re.compile(r"マイナンバ|個人番号|受給者番号|公費負担者番号|mynumber|recipientnumber")
_SEVEN_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){6}")
_DASHES = re.compile(r"[\u2010-\u2015\u2212ー]")
_MANY = 20


def local_government_check_digit(first_five: str) -> str:
    """The sixth digit of a local government code (全国地方公共団体コード, 総務省)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def is_local_government_code(code: str) -> bool:
    """Six digits, kept as text (Hokkaido's begin with 0), prefecture 01 to 47, right check digit."""
    if not re.fullmatch(r"(?:0[1-9]|[1-3][0-9]|4[0-7])[0-9]{4}", code):
        return False
    return code[5] == local_government_check_digit(code[:5])


def corporate_number_check_digit(base: str) -> str:
    """The leading digit of a corporate number from its other twelve (法人番号の指定等に関する省令 2条)."""
    if not re.fullmatch(r"[0-9]{12}", base):
        raise ValueError("twelve digits are needed")
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base)))
    return str(9 - total % 9)


def is_corporate_number(number: str) -> bool:
    """Thirteen digits, the first of them the check digit of the rest."""
    return bool(re.fullmatch(r"[0-9]{13}", number)) and number[0] == corporate_number_check_digit(number[1:])


def is_invoice_number(number: str) -> bool:
    """T and thirteen digits: the form of a qualified invoice issuer's number (適格請求書発行事業者登録番号).

    A sole trader's number carries no check digit we could rely on, so form is all that can be demanded;
    `is_corporate_invoice_number` says more about a company's.
    """
    return bool(re.fullmatch(r"T[1-9][0-9]{12}", number))


def is_corporate_invoice_number(number: str) -> bool:
    """Whether the digits are a corporate number; for a company's registration a no deserves a warning."""
    return is_invoice_number(number) and is_corporate_number(number[1:])


# Guards ---


def has_digits_enough(text: str) -> bool:
    """Whether a text holds as many digits as the shortest of the numbers below; hardly any does."""
    return _SEVEN_DIGITS.search(_plain(text)) is not None


def looks_like_my_number(text: str) -> bool:
    """Whether a text holds twelve digits, alone or as 4-4-4, with the check digit of a My Number (個人番号).

    About one in ten of all twelve-digit numbers passes by chance. So this is reason to refuse in a field that
    should never hold twelve digits, and reason to ask, not to refuse, in a free text. It says nothing about
    whether such a number was ever given to a person.
    """
    groups = re.finditer(r"(?<![0-9])([0-9]{4})([ -]?)([0-9]{4})\2([0-9]{4})(?![0-9])", _plain(text))
    return any(_has_my_number_digit(found[1] + found[3] + found[4]) for found in groups)


def looks_like_recipient_number(text: str) -> bool:
    """Whether a text holds a number formed like those of medical assistance, which we may not ask for.

    生活保護法 80条の2 bans asking for them outside protection duties. Two forms: the payer's eight digits
    (公費負担者番号, beginning with 12 and a prefecture) and the recipient's seven (受給者番号), each with its
    check digit at the end. The first is hardly ever chance. The second is nothing but seven digits, ONE IN
    TEN of all seven-digit numbers passes: do not refuse a single case number for it, ask about it. A whole
    column of them is another matter, see `looks_like_recipient_column`.
    """
    plain = _plain(text)
    numbers = re.findall(r"(?<![0-9-])[0-9]{7,8}(?![0-9-])", plain)
    return any(_is_payer(number) or _is_recipient(number) for number in numbers)


def holds_recipient_number(text: str) -> bool:
    """Whether a text surely holds a medical assistance number: a payer's, or seven digits named as a recipient's.

    Seven digits alone are not refused: one in ten case numbers would be, by chance.
    """
    plain = _plain(text)
    if not re.search(r"[0-9]{7}", plain):
        return False
    payers = re.findall(r"(?<![0-9-])[0-9]{8}(?![0-9-])", plain)
    return any(map(_is_payer, payers)) or names_forbidden_number(plain)


def looks_like_recipient_column(cells: Collection[str]) -> bool:
    """Whether a column holds recipient or payer numbers: at least twenty filled cells, nine in ten fit.

    Chance makes one in ten fit, so a column that passes is not chance.
    """
    filled = [plain for cell in cells if (plain := _plain(cell).strip())]
    fitting = sum(_is_payer(cell) or _is_recipient(cell) for cell in filled)
    return len(filled) >= _MANY and fitting * 10 >= len(filled) * 9


def names_forbidden_number(heading: str) -> bool:
    """Whether a column's heading asks for a My Number or a medical assistance number."""
    return bool(_FORBIDDEN_HEADING.search(re.sub(r"[\s_-]", "", _plain(heading).lower())))


def _plain(text: str) -> str:
    """Narrow digits, and one kind of dash."""
    return text if text.isascii() else _DASHES.sub("-", unicodedata.normalize("NFKC", text))


def _has_my_number_digit(number: str) -> bool:
    """The check of 平成26年総務省令第85号 5条."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:11], weights, strict=True)) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def _is_payer(number: str) -> bool:
    return bool(_ASSISTANCE_PAYER.fullmatch(number)) and _has_modulus_ten_digit(number)


def _is_recipient(number: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{7}", number)) and _has_modulus_ten_digit(number)


def _has_modulus_ten_digit(number: str) -> bool:
    """検証番号: from the right, digits times 1, 2, 1, 2 ...; the digits of the products sum to tens."""
    products = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(product // 10 + product % 10 for product in products) % 10 == 0
