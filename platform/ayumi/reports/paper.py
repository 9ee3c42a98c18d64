"""The report as PDF: what the template shows, in the office's Japanese."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ayumi.config import settings
from ayumi.japan.eras import era_month, to_era
from ayumi.kernel import clock
from ayumi.papers import pdf
from ayumi.papers.pdf import unprintable
from ayumi.papers.shapes import Chart, FigureRow, MonthlyReport, Part, PlainTable, Section, Words
from ayumi.reports.pictures import Picture, pictures
from ayumi.reports.queries import Office
from ayumi.reports.reading import Entry, Reading, Table

READINESS: Final = "就労準備支援事業 月次報告書"
SUPPORT: Final = "就労支援 月次報告書"
NAMES: Final = {"week": "週", "menu": "メニュー", "employer": "事業所"}
TITLES: Final = {"week": "週ごとの内訳（その月にある日のみ）", "employer": "事業所別"}
WHOLE: Final = "月全体"
NARROW: Final = ("attendance", "fees")
SUBSTITUTED: Final = "フォントにない文字は「〓」で表しています。"
UNFINISHED: Final = "この月はまだ終わっていません。集計した日までの途中経過です。"


def printed(reading: Reading, office: Office, *, is_over: bool) -> tuple[bytes, str]:
    """Print a report; return the PDF and the characters that no font has (they are printed as 〓)."""
    packages = settings().page_packages
    drawn = pictures(reading, standalone=True)
    data = _data(reading, drawn, office, is_over)
    images = {each.name: str(each.svg) for each in drawn}
    lost = "".join(dict.fromkeys(each.character for each in unprintable([data, images], packages=packages)))
    if lost:
        data["remarks"].append(SUBSTITUTED)
    made = reading.report.compiled_at
    svgs = {name: svg.encode() for name, svg in images.items()}
    return pdf.render("monthly_report", data, svgs, packages=packages, substitute=True, made=made), lost


def _data(reading: Reading, drawn: list[Picture], office: Office, is_over: bool) -> MonthlyReport:
    report, definitions = reading.report, reading.definitions
    return {
        "head": {
            "municipality": office.name,
            "title": title_of(office),
            "issued_on": to_era(clock.day_of(report.compiled_at)),
            "edition": f"第{report.edition}版",
            "fingerprint": report.content_hash[:12],
            "draft": not is_over,
        },
        "period": f"{era_month(report.month)}分",
        "cutoff": moment(report.cut_off_at),
        "definition": f"{definitions.name}版（{to_era(definitions.applies_from)}から適用）",
        "sections": list(_sections(reading, {each.name: _chart(each) for each in drawn})),
        "charts": [],
        "tables": [],
        "words": _words(report.office_words),
        "remarks": [*([] if is_over else [UNFINISHED]), *(rule.ja for rule in definitions.rules)],
    }


def title_of(office: Office) -> str:
    """What the report is called in this municipality."""
    return READINESS if office.runs_programme else SUPPORT


def _chart(picture: Picture) -> Chart:
    return {
        "image": picture.name,
        "title": picture.title,
        "description": picture.description,
        "note": picture.note,
    }


def moment(at: datetime) -> str:
    """令和8年12月1日 5時00分."""
    local = at.astimezone(clock.JAPAN)
    return f"{to_era(local.date())} {local.hour}時{local.minute:02}分"


def _words(text: str | None) -> Words | None:
    if not text:
        return None
    return {"title": "所見", "paragraphs": [line for line in text.splitlines() if line.strip()]}


# A section: its figures, then charts and parts in two columns, then what needs the whole width ---


def _sections(reading: Reading, drawn: dict[str, Chart]) -> Iterator[Section]:
    for section in reading.sections:
        tables = [_table(each) for each in reading.tables(section) if each.rows]
        beside: list[Chart | Part | PlainTable] = [
            {"title": definition.words.ja, "rows": [_figure(each) for each in parts]}
            for definition, parts in reading.divided(section)
        ]
        if section.key in drawn:
            beside.insert(0, drawn[section.key])
        if section.key in NARROW:
            beside, tables = [*beside, *tables], []
        plain = [_figure(each) for each in reading.plain(section)]
        if len(beside) == 1:
            beside, plain = [{"title": WHOLE, "rows": plain}, *beside], []
        if plain or beside or tables:
            yield {"title": section.words.ja, "rows": plain, "beside": beside, "tables": tables}


def _figure(entry: Entry) -> FigureRow:
    return {
        "label": entry.name(),
        "value": entry.shown() if entry.is_rate else entry.value,
        "unit": entry.unit(),
        "previous": entry.shown_before() if entry.is_rate else entry.previous,
        "change": _points(entry.change) if entry.is_rate else entry.change,
    }


def _points(change: float | None) -> str | None:
    """A change of a rate, with its decimal even where that is 0."""
    if change is None:
        return None
    sign = "±" if change == 0 else "＋" if change > 0 else "△"
    return f"{sign}{abs(change):.1f}"


def _table(table: Table) -> PlainTable:
    return {
        "title": TITLES.get(table.by, ""),
        "headings": [NAMES[table.by], *(each.column.ja for each in table.definitions)],
        "rows": [[row[0].name(), *(_cell(each) for each in row)] for row in table.rows],
    }


def _cell(entry: Entry) -> str | int | float | None:
    return f"{entry.shown()}{entry.unit()}" if entry.is_rate else entry.value
