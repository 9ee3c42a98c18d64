"""Fields of input as people in Japanese offices type it: era dates, full-width digits, kana.

One schema says what a thing's input is; the form and the spreadsheet row are two doors to it.
Sentences are msgids of the catalogues; the web layer translates them.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any, Protocol, runtime_checkable

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from ayumi.japan import codes, eras, kana
from ayumi.kernel.words import _

PLEASE_FILL_IN = _("Please fill this in.")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but the end of a line and the tabulator


class Told(str):
    """A sentence whose numbers are filled in, and which can still be translated: msgid and numbers apart."""

    __slots__ = ("msgid", "params")
    msgid: str
    params: Mapping[str, object]

    def __new__(cls, msgid: str, **params: object) -> "Told":
        """Fill the sentence in English."""
        made = super().__new__(cls, msgid % params)
        made.msgid, made.params = msgid, params
        return made


def at_most(longest: int) -> Callable[[str], None]:
    """Refuse longer texts."""

    def check(text: str) -> None:
        if len(text) > longest:
            raise ValidationError(Told(_("Too long: at most %(most)s characters."), most=longest))

    return check


def between(least: int, most: int) -> Callable[[int], None]:
    """Refuse other numbers."""

    def check(number: int) -> None:
        if not least <= number <= most:
            raise ValidationError(Told(_("Please enter a number from %(least)s to %(most)s."), least=least, most=most))

    return check


class Input(Schema):
    """Base of every input: surrounding blanks go, an empty text is no text, what is not asked for is left out."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def tidy(self, data: Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Strip texts and drop the empty ones, so that ``required`` and ``load_default`` mean what they say."""
        tidied = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in tidied.items() if value not in ("", None)}


@runtime_checkable
class AtOnce(Protocol):
    """A field that can read a whole column at once where nothing in it is wrong."""

    def at_once(self, texts: Sequence[str]) -> Sequence[Any] | None:
        """Return what these texts say, none of them blank, in their order; None: read them one by one."""


class Text(fields.String):
    """A text, kept as entered. Numbers that the law forbids to collect are refused."""

    default_error_messages = {
        "required": PLEASE_FILL_IN,
        "null": PLEASE_FILL_IN,
        "invalid": _("This text cannot be read."),
        "my_number": _("This looks like a My Number. It must not be kept here."),
        "recipient_number": _("This looks like a recipient number. It must not be kept here."),
    }

    def __init__(self, *, longest: int = 200, guarded: bool = False, **kwargs: Any) -> None:
        checks = list(kwargs.pop("validate", []))
        self.may_be_any = not checks
        checks.append(at_most(longest))
        self.guarded = guarded
        self.longest = longest
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        text = text.replace("\r\n", "\n")
        if _CONTROLS.search(text):
            raise self.make_error("invalid")
        if self.guarded and codes.has_digits_enough(text):
            self._refuse_forbidden(text)
        return text

    def at_once(self, texts: Sequence[str]) -> Sequence[str] | None:
        """Return what these texts say, in their order, unless one of them may be wrong."""
        if not self.may_be_any or self._is_doubtful("\n".join(texts)):
            return None
        said = self._told_by(texts)
        return said if said is not None and max(map(len, said), default=0) <= self.longest else None

    def _is_doubtful(self, lines: str) -> bool:
        """Whether a check finds something in all texts together: no number goes on behind the end of a line."""
        if _CONTROLS.search(lines):
            return True
        return self.guarded and (codes.looks_like_my_number(lines) or codes.holds_recipient_number(lines))

    def _told_by(self, texts: Sequence[str]) -> Sequence[str] | None:
        return texts

    def _refuse_forbidden(self, text: str) -> None:
        if codes.looks_like_my_number(text):
            raise self.make_error("my_number")
        if codes.holds_recipient_number(text):
            raise self.make_error("recipient_number")


class LongText(Text):
    """Several lines."""

    def __init__(self, *, longest: int = 4000, **kwargs: Any) -> None:
        super().__init__(longest=longest, **kwargs)


class Kana(Text):
    """A reading: hiragana or katakana, kept as full-width katakana."""

    default_error_messages = {"kana": _("Please write this in kana.")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return kana.reading(text)
        except kana.NotKana as error:
            raise self.make_error("kana") from error

    def _told_by(self, texts: Sequence[str]) -> Sequence[str] | None:
        try:
            return [kana.reading(text) for text in texts]
        except kana.NotKana:
            return None


class Day(fields.Field[date]):
    """A date by era or Western year: R8.4.1, 令和8年4月1日, 2026/4/1, 2026-04-01."""

    default_error_messages = {
        "required": PLEASE_FILL_IN,
        "null": PLEASE_FILL_IN,
        "invalid": _("This is not a date. Example: 2026-04-01, R8.4.1."),
        "missing_day": _("The calendar has no such day."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return eras.parse_date(str(value))
        except eras.NoSuchDate as error:
            raise self.make_error("missing_day") from error
        except eras.NotADate as error:
            raise self.make_error("invalid") from error


class PastDay(Day):
    """A date far back, such as a birth date: typed by era, year, month and day.

    Its checks say from when until when it may be: what holds for the first and the last of many, holds for all.
    """

    def at_once(self, texts: Sequence[str]) -> Sequence[date] | None:
        """Return what these texts say, in their order, unless one of them may be wrong."""
        try:
            days = [eras.parse_date(text) for text in texts]
            for day in {min(days), max(days)} if days else ():
                self._validate(day)
        except (eras.NotADate, ValidationError):
            return None
        return days


class Clock(fields.Field[time]):
    """A time of day: 9:00, 09:00, 9時30分, 0930."""

    default_error_messages = {
        "required": PLEASE_FILL_IN,
        "null": PLEASE_FILL_IN,
        "invalid": _("This is not a time. Example: 9:30."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> time:
        if isinstance(value, time):
            return value
        text = unicodedata.normalize("NFKC", str(value)).replace("時", ":").rstrip("分")
        if text.isdecimal() and len(text) in (3, 4):
            text = f"{text[:-2]}:{text[-2:]}"
        hour, _sep, minute = text.partition(":")
        try:
            return time(int(hour), int(minute or 0))
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error


class Whole(fields.Integer):
    """A whole number; full-width digits, commas and a unit behind it are fine."""

    default_error_messages = {
        "required": PLEASE_FILL_IN,
        "null": PLEASE_FILL_IN,
        "invalid": _("Please enter a whole number."),
        "too_large": _("This number is too large."),
    }

    def __init__(self, *, least: int = 0, most: int = 2_000_000_000, **kwargs: Any) -> None:
        super().__init__(validate=between(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        plain = unicodedata.normalize("NFKC", str(value)).replace(",", "").rstrip("円日人分時間")
        number: int = super()._deserialize(plain, attr, data, **kwargs)
        return number


class OneOf(fields.String):
    """One of a closed set of words: an enumeration, or some of its words."""

    default_error_messages = {"required": _("Please choose one."), "null": _("Please choose one.")}

    def __init__(self, words: Any, **kwargs: Any) -> None:
        self.words = words
        super().__init__(validate=validate.OneOf([w.value for w in words], error=_("Please choose one.")), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        chosen = [word for word in self.words if word.value == text]
        if not chosen:
            raise ValidationError(_("Please choose one."))
        return chosen[0]


class Several(fields.List[Any]):
    """Any number of a closed set of words."""

    default_error_messages = {
        "required": _("Please choose at least one."),
        "null": _("Please choose at least one."),
    }

    def __init__(self, words: Any, **kwargs: Any) -> None:
        self.words = words
        super().__init__(OneOf(words), **kwargs)


class Key(fields.UUID):
    """The identifier of another thing, chosen from a list."""

    default_error_messages = {
        "required": _("Please choose one."),
        "null": _("Please choose one."),
        "invalid_uuid": _("Please choose one."),
    }


class YesNo(fields.Boolean):
    """A tick."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", False)
        super().__init__(**kwargs)
