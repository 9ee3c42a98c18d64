"""The PDF of a month's report: what the template says, handed straight to Typst. The template is data for both."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from fontTools.ttLib import TTFont

from infra.bench.floors.charts import drawn
from infra.bench.floors.contents import NAMES, UNFINISHED, About, Contents, Line, Number, Table, day_of
from infra.bench.floors.definitions import APPLIES_FROM, NAME, RULES, SECTIONS, UNITS

TEMPLATES: Final = Path("platform/ayumi/papers/typst")
FONTS: Final = [
    Path("node_modules/@expo-google-fonts") / name
    for name in (
        "biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf", "biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf",
        "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf", "noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
    )
]  # fmt: skip
STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
TITLES: Final = {"week": "週ごとの内訳（その月にある日のみ）", "employer": "事業所別"}
NARROW: Final = ("attendance", "fees")
NOTES: Final = {"people": "支援を終えた人は図に含めていません。"}


@cache
def press() -> typst.Compiler:
    """The compiler with its fonts, kept for all reports."""
    folders: list[Any] = [str(file.parent) for file in FONTS]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


@cache
def letters() -> frozenset[str]:
    """Everything the fonts can print."""
    found = {"\n", " ", "　"}
    for file in FONTS:
        with TTFont(file, lazy=True) as font:
            found |= set(map(chr, font.getBestCmap()))
    return frozenset(found)


def printed(about: About, contents: Contents) -> bytes:
    """Print a report."""
    pictures = drawn(contents)
    said = json.dumps(document(about, contents, pictures), ensure_ascii=False)
    shown = {name: {"format": "svg", "content": svg} for name, (_title, _said, svg) in pictures.items()}
    images = json.dumps(shown, ensure_ascii=False)
    if lost := set(said + images) - letters():
        raise ValueError(f"no font has {sorted(lost)}")
    pdf = press().compile(
        input=TEMPLATES / "monthly_report.typ", format="pdf", sys_inputs={"data": said, "images": images},
        pdf_standards=STANDARDS, timestamp=int(about.made.timestamp()),
    )  # fmt: skip
    assert isinstance(pdf, bytes)
    return pdf


def document(about: About, contents: Contents, pictures: dict[str, Any]) -> dict[str, Any]:
    """What the template shows."""
    charts = {
        name: {"image": name, "title": title, "description": said, "note": NOTES.get(name, "")}
        for name, (title, said, _svg) in pictures.items()
    }
    sections = (section(contents, *each, charts) for each in SECTIONS)
    words = about.words and {"title": "所見", "paragraphs": [line for line in about.words.splitlines() if line.strip()]}
    return {
        "head": {
            "municipality": about.municipality, "title": about.title, "issued_on": about.issued_on,
            "edition": f"第{about.edition}版", "fingerprint": about.hash[:12], "draft": not about.is_over,
        },
        "period": about.period,
        "cutoff": about.moment,
        "definition": f"{NAME}版（{day_of(APPLIES_FROM)}から適用）",
        "sections": [each for each in sections if each["rows"] or each["beside"] or each["tables"]],
        "words": words or None,
        "remarks": [*([] if about.is_over else [UNFINISHED]), *RULES],
    }  # fmt: skip


def section(contents: Contents, key: str, name: str, figures: Any, charts: dict[str, Any]) -> dict[str, Any]:
    """A section: its figures, then charts and parts in two columns, then what needs the whole width."""
    beside = [charts[key]] if key in charts else []
    for defined, parts in contents.divided(figures):
        beside.append({"title": defined.name, "rows": [row(each) for each in parts]})
    tables = [table(each) for each in contents.tables(figures)]
    if key in NARROW:
        beside, tables = beside + tables, []
    plain = [row(each) for each in contents.plain(figures)]
    if len(beside) == 1:
        beside, plain = [{"title": "月全体", "rows": plain}, *beside], []
    return {"title": name, "rows": plain, "beside": beside, "tables": tables}


def row(line: Line) -> dict[str, Any]:
    """A figure beside that of the month before; rates with their decimal, also where that is 0."""
    values: tuple[Any, ...] = (line.value, line.previous, line.change)
    if line.unit == "rate":
        values = percent(line.value), percent(line.previous), points(line.change)
    return dict(zip(("label", "unit", "value", "previous", "change"), (line.name, line.sign, *values), strict=True))


def points(change: Number | None) -> str | None:
    """A change of a rate with its sign."""
    if change is None:
        return None
    return f"{'±' if change == 0 else '＋' if change > 0 else '△'}{abs(change):.1f}"


def percent(number: Number | None) -> str:
    """A rate with its decimal."""
    return "―" if number is None else f"{number:.1f}"


def table(held: Table) -> dict[str, Any]:
    """Figures side by side."""
    return {
        "title": TITLES.get(held.by, ""),
        "headings": [NAMES[held.by], *(each.column for each in held.columns)],
        "rows": [[name, *map(cell, held.columns, values)] for name, values in held.rows],
    }


def cell(defined: Any, number: Number | None) -> Number | str | None:
    """A number, a rate with its sign."""
    return f"{percent(number)}{UNITS['rate']}" if defined.unit == "rate" else number
