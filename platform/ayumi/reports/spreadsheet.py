"""The report as a workbook with charts of its own. It holds no name of any person."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ayumi.japan.eras import era_month, to_era
from ayumi.papers.sheet_charts import Placed, Shape
from ayumi.papers.sheets_out import Book, Cell, Column, Look, Sheet, Shown
from ayumi.reports import pictures
from ayumi.reports.definitions import Definition, Section
from ayumi.reports.paper import NAMES, UNFINISHED, moment, title_of
from ayumi.reports.queries import Office
from ayumi.reports.reading import Entry, Number, Reading, Table

LOOKS: Final = {
    "people": Look.PEOPLE, "days": Look.DAYS, "weeks": Look.CASES, "times": Look.CASES, "yen": Look.YEN,
    "rate": Look.RATE,
}  # fmt: skip
FIGURES: Final = (
    Column("項目", width=34),
    Column("今月", Look.COUNT, width=16),
    Column("前月", Look.COUNT, width=16),
    Column("増減", Look.COUNT, width=16),
)
WIDTH: Final = 80  # of these columns together
SUMMARY: Final = "概要"
RECORDS: Final = ("attendance", "menus", "records")
EXPERIENCE: Final = ("experience", "fees")


def written(reading: Reading, office: Office, *, is_over: bool) -> bytes:
    """Write a report as a workbook."""
    report = reading.report
    title = f"{office.name} {title_of(office)} {era_month(report.month)}分"
    book = Book(title, created=report.compiled_at, subject=f"第{report.edition}版")
    _summary(book.sheet(SUMMARY), reading, title, is_over)
    _details(book.sheet("出席・記録"), reading, RECORDS)
    _details(book.sheet("就労体験・支払い"), reading, EXPERIENCE)
    _definitions(book.sheet("集計の定義", landscape=True), reading)
    return book.finish()


# All figures, beside those of the month before ---


def _summary(sheet: Sheet, reading: Reading, title: str, is_over: bool) -> None:
    report = reading.report
    sheet.title(title)
    sheet.line(f"第{report.edition}版　集計時点 {moment(report.cut_off_at)}　確認番号 {report.content_hash[:12]}")
    if not is_over:
        sheet.line(UNFINISHED)
    if report.office_words:
        sheet.heading("所見")
        sheet.paragraph(report.office_words, len(FIGURES), WIDTH)
    for section in reading.sections:
        _section(sheet, reading, section)


def _section(sheet: Sheet, reading: Reading, section: Section) -> None:
    plain = reading.plain(section)
    if plain:
        sheet.heading(section.words.ja)
        sheet.table(FIGURES, [_row(each) for each in plain])
    for definition, parts in reading.divided(section):
        sheet.heading(definition.words.ja)
        placed = sheet.table(FIGURES, [_row(each) for each in parts])
        if definition.key == "people_by_status":
            sheet.chart(
                Shape.BAR,
                pictures.STATUS.ja,
                table=replace(placed, last=placed.last - 1),
                names="項目",
                series=["今月"],
                description="月末の状態別の人数を示す棒グラフ。支援を終えた人は含めない",
            )


def _row(entry: Entry) -> Sequence[Cell]:
    return entry.name(), *(_shown(entry, each) for each in (entry.value, entry.previous, entry.change))


def _shown(entry: Entry, number: Number | None) -> Shown:
    """A rate is kept as a share, as workbooks do."""
    share = number is not None and entry.is_rate
    return Shown(number / 100 if number is not None and share else number, LOOKS[entry.definition.unit])


# What is divided by week, menu and employer ---


def _details(sheet: Sheet, reading: Reading, sections: Sequence[str]) -> None:
    for section in reading.sections:
        if section.key in sections:
            for table in (each for each in reading.tables(section) if each.rows):
                sheet.heading(f"{section.words.ja}（{NAMES[table.by]}別）")
                placed = sheet.table(_columns(table), [list(_cells(row)) for row in table.rows])
                _draw(sheet, table, placed)


def _columns(table: Table) -> list[Column]:
    return [
        Column(NAMES[table.by], width=34),
        *(Column(each.column.ja, LOOKS[each.unit], width=16) for each in table.definitions),
    ]


def _cells(row: tuple[Entry, ...]) -> Iterator[Cell]:
    yield row[0].name()
    for each in row:
        yield _shown(each, each.value)


def _draw(sheet: Sheet, table: Table, placed: Placed) -> None:
    found = [each for each in table.definitions if each.key in (*pictures.RESULTS, *pictures.DAYS)]
    if found:
        by_week = table.by == "week"
        title = (pictures.ATTENDANCE if by_week else pictures.EXPERIENCE).ja
        sheet.chart(
            Shape.STACKED,
            title,
            table=placed,
            names=NAMES[table.by],
            series=[each.column.ja for each in found],
            description=f"{title}を積み上げて示す棒グラフ",
        )


# What was counted ---


def _definitions(sheet: Sheet, reading: Reading) -> None:
    definitions = reading.definitions
    sheet.title(f"集計の定義 {definitions.name}版（{to_era(definitions.applies_from)}から適用）")
    for rule in definitions.rules:
        sheet.line(rule.ja)
    sheet.gap()
    columns = [Column("分野", width=18), Column("項目", width=32), Column("単位", width=8), Column("数え方", width=90)]
    sheet.table(columns, [_defined(reading, section, each) for section in reading.sections for each in section.figures])


def _defined(reading: Reading, section: Section, definition: Definition) -> Sequence[Cell]:
    unit = reading.definitions.units[definition.unit].ja
    return section.words.ja, definition.words.ja, unit, definition.counted.ja
