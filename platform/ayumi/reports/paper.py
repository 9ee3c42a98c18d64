"""The report as PDF: what the template shows, in the office's Japanese."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ayumi.config import settings
from ayumi.japan.eras import era_month, to_era
from ayumi.kernel import clock
from ayumi.papers import pdf
from ayumi.papers.pdf import unprintable
from ayumi.papers.shapes import FigureRow, MonthlyReport, PlainTable, Section, Words
from ayumi.reports.definitions import Definition
from ayumi.reports.pictures import pictures
from ayumi.reports.reading import Entry, Reading, Table

TITLE: Final = "就労準備支援事業 月次報告書"
NAMES: Final = {"week": "週（その月にある日のみ）", "menu": "メニュー", "employer": "事業所"}
SUBSTITUTED: Final = "フォントにない文字は「〓」で表しています。"
UNFINISHED: Final = "この月はまだ終わっていません。集計した日までの途中経過です。"


def printed(reading: Reading, municipality: str, *, is_over: bool) -> tuple[bytes, str]:
    """Print a report; return the PDF and the characters that no font has (they are printed as 〓)."""
    data = _data(reading, municipality, is_over)
    packages = settings().page_packages
    drawn = pictures(reading, standalone=True)
    texts = [data, [[each.title, str(each.svg.striptags())] for each in drawn]]
    lost = "".join(dict.fromkeys(each.character for each in unprintable(texts, packages=packages)))
    if lost:
        data["remarks"].append(SUBSTITUTED)
    images = {each.name: str(each.svg).encode() for each in drawn}
    made = reading.report.compiled_at
    return pdf.render("monthly_report", data, images, packages=packages, substitute=True, made=made), lost


def _data(reading: Reading, municipality: str, is_over: bool) -> MonthlyReport:
    report, definitions = reading.report, reading.definitions
    return {
        "head": {
            "municipality": municipality,
            "title": TITLE,
            "issued_on": to_era(clock.day_of(report.compiled_at)),
            "edition": f"第{report.edition}版",
            "fingerprint": report.content_hash[:12],
            "draft": not is_over,
        },
        "period": f"{era_month(report.month)}分",
        "cutoff": moment(report.cut_off_at),
        "definition": f"{definitions.name}版（{to_era(definitions.applies_from)}から適用）",
        "sections": list(_sections(reading)),
        "charts": [
            {"image": each.name, "title": each.title, "description": each.description, "note": each.note}
            for each in pictures(reading)
        ],
        "tables": list(_tables(reading)),
        "words": _words(report.office_words),
        "remarks": [*([] if is_over else [UNFINISHED]), *(rule.ja for rule in definitions.rules)],
    }


def moment(at: datetime) -> str:
    """令和8年12月1日 5時00分."""
    local = at.astimezone(clock.JAPAN)
    return f"{to_era(local.date())} {local.hour}時{local.minute:02}分"


def _words(text: str | None) -> Words | None:
    if not text:
        return None
    return {"title": "所見", "paragraphs": [line for line in text.splitlines() if line.strip()]}


# Figures below each other ---


def _sections(reading: Reading) -> Iterator[Section]:
    for section in reading.sections:
        plain = [_figure(each) for each in reading.plain(section)]
        if plain:
            yield {"title": section.words.ja, "rows": plain}
        for definition, parts in reading.divided(section):
            yield {"title": _title(section.words.ja, definition), "rows": [_figure(each) for each in parts]}


def _title(section: str, definition: Definition) -> str:
    return section if section in definition.words.ja else f"{section}（{definition.words.ja}）"


def _figure(entry: Entry) -> FigureRow:
    return {
        "label": entry.name(),
        "value": entry.value,
        "unit": entry.unit(),
        "previous": entry.previous,
        "change": entry.change,
    }


# Figures side by side ---


def _tables(reading: Reading) -> Iterator[PlainTable]:
    for section in reading.sections:
        for table in reading.tables(section):
            if table.rows:
                yield _table(section.words.ja, table)


def _table(title: str, table: Table) -> PlainTable:
    return {
        "title": f"{title}の内訳" if table.by != "menu" else title,
        "headings": [NAMES[table.by], *(each.column.ja for each in table.definitions)],
        "rows": [[row[0].name(), *(each.value for each in row)] for row in table.rows],
    }
