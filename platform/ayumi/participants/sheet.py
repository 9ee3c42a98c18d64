"""A list of people as a table: which columns it may have, under which headings, and what a row says."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import ValidationError, fields, missing

from ayumi.japan import codes, inputs
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.papers.sheets_in import Row, Table
from ayumi.participants.model import Barrier
from ayumi.participants.schemas import ParticipantSchema


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: the field it fills, its heading, other headings in use, and what belongs in it."""

    name: str
    label: str
    known: tuple[str, ...]
    what: str
    example: str = ""
    required: bool = False


FULL_NAME, FULL_KANA = "full_name", "full_kana"
COLUMNS: Final = (
    Column("family_name", _("Family name"), ("姓", "氏", "苗字"), _("Exactly as in the register."), "山田", True),
    Column("given_name", _("Given name"), ("名",), _("Exactly as in the register."), "花子", True),
    Column(
        "family_kana",
        _("Family name in kana"),
        ("姓カナ", "姓(カナ)", "姓フリガナ", "姓(フリガナ)", "セイ", "氏カナ"),
        _("Hiragana, katakana or half-width kana."),
        "ヤマダ",
        True,
    ),
    Column(
        "given_kana",
        _("Given name in kana"),
        ("名カナ", "名(カナ)", "名フリガナ", "名(フリガナ)", "メイ"),
        _("Hiragana, katakana or half-width kana."),
        "ハナコ",
        True,
    ),
    Column(
        "birth_date",
        _("Date of birth"),
        ("生年月日", "誕生日"),
        _("By era or Western year: S55.4.1, 昭和55年4月1日, 1980/4/1."),
        "S55.4.1",
        True,
    ),
    Column(
        "case_number",
        _("Case number"),
        ("ケース番号", "ケースno", "ケースno.", "ケースナンバー"),
        _("The number by which Ayumi knows a person again. It must not stand twice."),
        "A-0123",
        True,
    ),
    Column("household_number", _("Household number"), ("世帯番号",), _("May be empty."), "S-0045"),
    Column("phone", _("Telephone"), ("電話番号", "電話", "tel"), _("May be empty."), "019-000-0000"),
    Column(
        "nickname",
        _("Name to be called by"),
        ("呼び名", "呼ばれたい名前", "ニックネーム", "愛称"),
        _("The only name an employer sees. May be empty."),
        "花ちゃん",
    ),
    Column(
        "barriers",
        _("What stands in the way of work"),
        ("阻害要因", "困りごと", "課題", "就労を難しくしていること"),
        _("Several with 、 between them. May be empty."),
        "生活リズム、対人・コミュニケーション",
    ),
    Column(
        "caseworker",
        _("Caseworker"),
        ("担当", "担当者", "担当cw", "担当ケースワーカー", "ケースワーカー", "地区担当員"),
        _("Name or e-mail address as registered here. May be empty."),
        "佐々木 美咲",
    ),
    Column(
        "delivery",
        _("Supported by"),
        ("支援する側", "支援する所", "支援先", "委託先", "実施先", "支援機関"),
        _("直営, or the name of a firm under contract. Counts for new people only."),
        "直営",
    ),
    Column("note", _("Note for the office"), ("備考", "メモ", "職員のメモ"), _("May be empty. Firms do not see it.")),
)
# One column for the whole name, as other systems write it: 山田　花子.
WHOLE: Final = (
    Column(FULL_NAME, _("Name"), ("氏名", "名前", "対象者氏名", "参加者氏名"), ""),
    Column(FULL_KANA, _("Name in kana"), ("フリガナ", "ふりがな", "カナ", "氏名カナ", "カナ氏名", "氏名(カナ)"), ""),
)
PARTS: Final = {FULL_NAME: ("family_name", "given_name"), FULL_KANA: ("family_kana", "given_kana")}

# Headings of the field's usual list besides our own words.
BARRIERS: Final = {
    "生活リズム": Barrier.DAILY_RHYTHM,
    "健康(身体)": Barrier.PHYSICAL_HEALTH,
    "健康(精神)": Barrier.MENTAL_HEALTH,
    "障害": Barrier.DISABILITY,
    "依存症": Barrier.ADDICTION,
    "対人・コミュニケーション": Barrier.RELATIONSHIPS,
    "対人関係": Barrier.RELATIONSHIPS,
    "学歴・基礎学力": Barrier.SCHOOLING,
    "職歴ブランク": Barrier.WORK_GAP,
    "ひきこもり": Barrier.WITHDRAWAL,
    "家族介護・育児": Barrier.CARE,
    "DV・虐待": Barrier.VIOLENCE,
    "住居不安定": Barrier.HOUSING,
    "債務": Barrier.DEBT,
    "刑余・触法": Barrier.OFFENCE,
    "外国語・文化": Barrier.LANGUAGE,
    "交通手段": Barrier.TRANSPORT,
    "本人の意欲": Barrier.MOTIVATION,
    "その他": Barrier.OTHER,
}


def plain(text: str) -> str:
    """A heading or word for comparing: width, spaces, case and marks of need do not count."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s|[※*]|\((?:必須|任意)\)", "", narrow)


_BY_HEADING: Final = {
    plain(heading): column.name for column in (*COLUMNS, *WHOLE) for heading in (column.label, *column.known)
}
_BARRIERS: Final = {plain(word): barrier for word, barrier in BARRIERS.items()} | {each.value: each for each in Barrier}


def barrier(word: str) -> Barrier | None:
    """The barrier that a word of a list means."""
    return _BARRIERS.get(plain(word))


class Barriers(fields.Field[list[Barrier]]):
    """Several barriers in one cell."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Barrier]:
        words = [word for word in re.split(r"[、,，;；\n/／]", str(value)) if word.strip()]
        strange = [word.strip() for word in words if barrier(word) is None]
        if strange:
            sentence = _("Not on the list of words: %(words)s.")
            raise ValidationError(inputs.Told(sentence, words="、".join(strange)[:100]))
        return [_BARRIERS[plain(word)] for word in words]


class RowSchema(ParticipantSchema):
    """A person in a row: the same fields as in the form, and names in place of what is chosen there."""

    barriers = Barriers(load_default=None)  # type: ignore[assignment]
    caseworker = inputs.Text(longest=200, load_default=None)
    delivery = inputs.Text(longest=200, load_default=None)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text that means nothing in its column, and the sentences that say why."""

    sentences: Sequence[str]


class Meanings(dict[str, Any]):
    """What the texts of a column mean: each different one is read once, however many rows have it."""

    def __init__(self, field: fields.Field[Any]) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, text: str) -> Any:
        """Read a text as the form would: blanks around it go, and an empty one is none."""
        try:
            self[text] = self._field.deserialize(text.strip() or missing)
        except ValidationError as error:
            self[text] = Wrong(list(error.messages))
        return self[text]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right: the row as a spreadsheet counts, the heading, and the sentence with its values."""

    row: int
    column: str
    message: str
    params: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """How it is kept."""
        return {"row": self.row, "column": self.column, "message": self.message, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Person:
    """A row that can be read: what it says, with empty cells left out."""

    row: int
    said: dict[str, Any]


class Sheet:
    """A table whose headings are understood."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.places: dict[str, int] = {}
        self.left_out: list[str] = []
        for place, heading in enumerate(table.header):
            self._place(place, heading)
        have = set(self.places) | {part for whole in PARTS if whole in self.places for part in PARTS[whole]}
        self._refuse_missing(have)
        self._meanings = {name: Meanings(field) for name, field in RowSchema().fields.items() if name in have}

    def _place(self, place: int, heading: str) -> None:
        name = _BY_HEADING.get(plain(heading))
        if name is None or name in self.places:
            self.left_out += [heading] if heading else []
        else:
            self.places[name] = place

    def _refuse_missing(self, have: Collection[str]) -> None:
        lost = [column.known[0] for column in COLUMNS if column.required and column.name not in have]
        if lost:
            raise MissingColumns(lost)

    def heading(self, name: str) -> str:
        """The heading under which the file has a field."""
        for whole, parts in PARTS.items():
            if name in parts and name not in self.places:
                name = whole
        place = self.places.get(name)
        return self.table.header[place] if place is not None else name

    def read(self, row: Row) -> Person | list[Problem]:
        """Return what a row says, or what is wrong with it."""
        cells = {name: row.cells[place] for name, place in self.places.items()}
        problems = list(self._split(row, cells))
        said = {name: meanings[cells.get(name, "")] for name, meanings in self._meanings.items()}
        if wrong := {name: value.sentences for name, value in said.items() if isinstance(value, Wrong)}:
            problems += self._problems(row, wrong, {problem.column for problem in problems})
        return problems or Person(row.number, {name: value for name, value in said.items() if value is not None})

    def number_of(self, row: Row) -> str:
        """The case number as it would be kept, also of a row that cannot be read."""
        return unicodedata.normalize("NFKC", row.cells[self.places["case_number"]]).strip()

    def _split(self, row: Row, cells: dict[str, str]) -> Iterator[Problem]:
        for whole, (family, given) in PARTS.items():
            text = cells.pop(whole, "").strip()
            if not text or family in cells:
                continue
            first, *rest = re.split(r"\s+", text, maxsplit=1)
            if rest:
                cells[family], cells[given] = first, rest[0]
            else:
                yield Problem(row.number, self.heading(whole), NO_SPACE, {})

    def _problems(self, row: Row, wrong: Mapping[str, Sequence[str]], known: set[str]) -> Iterator[Problem]:
        told = set(known)
        for name, sentences in wrong.items():
            heading = self.heading(name)
            for sentence in sentences if heading not in told else ():
                params = sentence.params if isinstance(sentence, inputs.Told) else {}
                yield Problem(row.number, heading, getattr(sentence, "msgid", str(sentence)), params)
            told.add(heading)


NO_SPACE = _("Please put a space between the family name and the given name.")


class MissingColumns(Invalid):
    """Without these nobody can be registered."""

    message = _("These columns are missing: %(columns)s. Please look at the template.")

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__(columns="、".join(headings))


class ForbiddenNumbers(Invalid):
    """The file holds numbers that must not be kept. Therefore it is not kept."""

    message = _(
        "Column “%(column)s” holds what looks like My Numbers or recipient numbers (row %(row)s). They must not be "
        "kept here, so the file was not taken. Please remove them and choose the file again."
    )


def refuse_forbidden_numbers(table: Table) -> None:
    """Raise ForbiddenNumbers for a heading, a column or a cell that gives numbers the law forbids to collect."""
    for place, heading in enumerate(table.header):
        cells = [row.cells[place] for row in table.rows]
        if codes.names_forbidden_number(heading) and any(cell.strip() for cell in cells):
            raise ForbiddenNumbers(column=heading, row=1)
        if codes.looks_like_recipient_column(cells):
            raise ForbiddenNumbers(column=heading, row=table.rows[0].number)
        for row, cell in zip(table.rows, cells, strict=True):
            if codes.looks_like_my_number(cell):
                raise ForbiddenNumbers(column=heading, row=row.number)
