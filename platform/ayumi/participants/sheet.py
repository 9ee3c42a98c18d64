"""A list of people as a table: which columns it may have, under which headings, and what a row says."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ayumi.japan import codes, inputs
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.papers.sheets_in import Row, Table
from ayumi.participants.cells import Meanings, RowSchema, Wrong, plain


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

_BY_HEADING: Final = {
    plain(heading): column.name for column in (*COLUMNS, *WHOLE) for heading in (column.label, *column.known)
}


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

    def read_all(self, rows: Sequence[Row]) -> Iterator[Person | list[Problem]]:
        """Yield what each row says, or what is wrong with it. Whole columns are read at once."""
        texts, blank = self._columns(rows), [""] * len(rows)
        columns = []
        for name, meanings in self._meanings.items():
            of_name = texts.get(name, blank)
            meanings.learn(of_name)
            columns.append([meanings[text] for text in of_name])
        names = tuple(self._meanings)
        for row, values in zip(rows, zip(*columns, strict=True), strict=True):
            said = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            yield self.read(row) if Wrong in map(type, values) else Person(row.number, said)

    def _columns(self, rows: Sequence[Row]) -> dict[str, list[str]]:
        """The texts of each field; a whole name that cannot be taken apart has none."""
        texts = {name: [row.cells[place] for row in rows] for name, place in self.places.items()}
        for whole, (family, given) in PARTS.items():
            if whole in texts and family not in texts:
                others = texts.get(given, [""] * len(rows))
                pairs = [parted(text) or ("", other) for text, other in zip(texts[whole], others, strict=True)]
                texts[family], texts[given] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        return texts

    def read(self, row: Row) -> Person | list[Problem]:
        """Return what a row says, or what is wrong with it."""
        cells = {name: row.cells[place] for name, place in self.places.items()}
        problems = list(self._split(row, cells))
        said = {name: meanings[cells.get(name, "")] for name, meanings in self._meanings.items()}
        if wrong := {name: value.sentences for name, value in said.items() if isinstance(value, Wrong)}:
            problems += self._problems(row, wrong, {problem.column for problem in problems})
        return problems or Person(row.number, {name: value for name, value in said.items() if value is not None})

    def numbers_of(self, rows: Sequence[Row]) -> list[str]:
        """The case numbers as they would be kept, also of rows that cannot be read."""
        place = self.places["case_number"]
        return [unicodedata.normalize("NFKC", row.cells[place]).strip() for row in rows]

    def _split(self, row: Row, cells: dict[str, str]) -> Iterator[Problem]:
        for whole, (family, given) in PARTS.items():
            text = cells.pop(whole, "")
            if not text.strip() or family in cells:
                continue
            if parts := parted(text):
                cells[family], cells[given] = parts
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


def parted(text: str) -> tuple[str, str] | None:
    """The two parts of a whole name, with a space of any width between them."""
    first, *rest = text.split(maxsplit=1) or [""]
    return (first, rest[0]) if rest else None


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
        if codes.looks_like_my_number("\n".join(cells)):  # which one is only asked then
            found = next(row for row, cell in zip(table.rows, cells, strict=True) if codes.looks_like_my_number(cell))
            raise ForbiddenNumbers(column=heading, row=found.number)
