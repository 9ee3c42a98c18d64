"""The workbook of a month's report, straight with XlsxWriter: formats are made once, cells written where they stand."""

import io
from typing import Any, Final

import xlsxwriter

from infra.bench.floors.contents import JAPAN, NAMES, UNFINISHED, About, Contents, Line, Number, Table, day_of
from infra.bench.floors.definitions import APPLIES_FROM, NAME, RULES, SECTIONS, UNITS

FONT: Final = "BIZ UDPゴシック"
OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
HEADING: Final = {
    "bold": True, "bg_color": "#E8F1FE", "top": 1, "bottom": 1, "align": "center", "valign": "vcenter",
    "text_wrap": True,
}  # fmt: skip
CELL: Final = {"valign": "vcenter", "bottom": 1, "bottom_color": "#D8D8DB", "text_wrap": True}
LOOKS: Final = {
    "people": '#,##0"人"', "days": '#,##0"日"', "weeks": '#,##0"件"', "times": '#,##0"件"', "yen": '#,##0"円"',
    "rate": "0.0%",
}  # fmt: skip
FORMULA_LIKE: Final = tuple("=+-@")
LINE_HEIGHT, CHART_HEIGHT, LETTERS_A_LINE = 17, 18, 80
DETAILS: Final = {"出席・記録": ("attendance", "menus", "records"), "就労体験・支払い": ("experience", "fees")}
DRAWN: Final = {
    "attendance": ("attendance_attended_by_week", "attendance_absent_notified_by_week", "attendance_absent_by_week"),
    "experience": ("experience_days_by_employer", "experience_open_days_by_employer"),
}
TITLES: Final = {"attendance": "週ごとの出席", "experience": "事業所別の体験日数"}
SMALL: Final = {"name": FONT, "size": 9}
QUIET: Final = {"num_font": SMALL, "line": {"color": "#949497"}}
GRID: Final = {
    "major_gridlines": {"visible": True, "line": {"color": "#E6E6E6"}}, "min": 0, "num_format": "#,##0",
}  # fmt: skip
COLOURS: Final = ("#0017C1", "#008299", "#C74700")


class Workbook:
    """One workbook, filled from the top of its first sheet to the end of its last."""

    def __init__(self, about: About, contents: Contents) -> None:
        self.held = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self.held, OPTIONS | {"default_format_properties": {"font_name": FONT, "font_size": 10.5}}
        )
        self.about, self.contents = about, contents
        self.title = f"{about.municipality} {about.title} {about.period}"
        made = about.made.astimezone(JAPAN).replace(tzinfo=None)
        self.book.set_properties(
            {"title": self.title, "subject": f"第{about.edition}版", "author": "", "created": made}
        )
        add = self.book.add_format
        self.heading, self.over = add(HEADING), add({"bold": True, "font_size": 11.5, "font_color": "#0017C1"})
        self.large, self.plain = add({"bold": True, "font_size": 14}), add({})
        self.words = add(CELL | {"align": "left", "num_format": "@"})
        self.quoted = add(CELL | {"align": "left", "num_format": "@", "quote_prefix": True})
        self.numbers = {unit: add(CELL | {"align": "right", "num_format": look}) for unit, look in LOOKS.items()}

    def written(self) -> bytes:
        """Write everything; return the bytes."""
        self.summary()
        for name, keys in DETAILS.items():
            self.details(name, keys)
        self.definitions()
        self.book.close()
        return self.held.getvalue()

    def sheet(self, name: str, widths: list[int]) -> Any:
        """A new sheet, ready to be printed."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        footer = f'&"{FONT},Regular"&8'
        sheet.set_footer(f"&L{footer}{self.title.replace('&', '&&')[:200]}&R{footer}&P / &N")
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        return sheet

    # -- the sheets --------------------------------------------------------

    def summary(self) -> None:
        """All figures beside those of the month before."""
        about, sheet = self.about, self.sheet("概要", [34, 16, 16, 16])
        sheet.write_string(0, 0, self.title, self.large)
        seen = f"第{about.edition}版　集計時点 {about.moment}　確認番号 {about.hash[:12]}"
        sheet.write_string(1, 0, seen, self.plain)
        row = 2
        if not about.is_over:
            sheet.write_string(row, 0, UNFINISHED, self.plain)
            row += 1
        if about.words:
            row = self.own_words(sheet, row, about.words)
        for _key, name, figures in SECTIONS:
            lines = self.contents.plain(figures)
            if lines:
                row = self.lines(sheet, row, name, lines)
            for defined, parts in self.contents.divided(figures):
                first, row = row + 3, self.lines(sheet, row, defined.name, parts)
                if defined.key == "people_by_status":
                    row = self.bars(sheet, row, first, row - 2)

    def own_words(self, sheet: Any, row: int, text: str) -> int:
        """The office's own words over the whole width; return the next row."""
        sheet.write_string(row + 1, 0, "所見", self.over)
        wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        sheet.merge_range(row + 2, 0, row + 2, 3, "", wrapped)
        sheet.write_string(row + 2, 0, text, wrapped)
        lines = sum(wide(line) // LETTERS_A_LINE + 1 for line in text.split("\n"))
        sheet.set_row(row + 2, LINE_HEIGHT * lines)
        return row + 3

    def lines(self, sheet: Any, row: int, title: str, lines: list[Line]) -> int:
        """A table of figures beside those of the month before; return the next row."""
        sheet.write_string(row + 1, 0, title, self.over)
        self.headings(sheet, row + 2, ["項目", "今月", "前月", "増減"])
        for at, line in enumerate(lines, row + 3):
            self.name(sheet, at, line.name)
            for place, number in enumerate((line.value, line.previous, line.change), 1):
                self.number(sheet, at, place, number, line.unit)
        return row + 3 + len(lines)

    def details(self, name: str, keys: tuple[str, ...]) -> None:
        """What is divided by week, menu and employer."""
        tables = [
            (key, section, table)
            for key, section, figures in SECTIONS
            if key in keys
            for table in self.contents.tables(figures)
        ]
        widest = max((len(table.columns) for _key, _section, table in tables), default=0)
        sheet = self.sheet(name, [34] + [16] * widest if tables else [])
        row, drawn = 0, False
        for key, section, table in tables:
            first, row = row + 2, self.table(sheet, row, f"{section}（{NAMES[table.by]}別）", table)
            places = [place for place, each in enumerate(table.columns, 1) if each.key in DRAWN.get(key, ())]
            if places:
                row, drawn = self.stacks(sheet, row, key, table, first + 1, places), True
        if len(tables) == 1 and not drawn:
            self.as_list(sheet, 1, row - 1, len(tables[0][2].columns))

    def table(self, sheet: Any, row: int, title: str, table: Table) -> int:
        """A table of figures with the same parts; return the next row."""
        sheet.write_string(row + 1, 0, title, self.over)
        self.headings(sheet, row + 2, [NAMES[table.by], *(each.column for each in table.columns)])
        for at, (name, values) in enumerate(table.rows, row + 3):
            self.name(sheet, at, name)
            for place, (defined, number) in enumerate(zip(table.columns, values, strict=True), 1):
                self.number(sheet, at, place, number, defined.unit)
        return row + 3 + len(table.rows)

    def definitions(self) -> None:
        """What was counted."""
        sheet = self.sheet("集計の定義", [18, 32, 8, 90])
        sheet.set_landscape()
        sheet.write_string(0, 0, f"集計の定義 {NAME}版（{day_of(APPLIES_FROM)}から適用）", self.large)
        for row, rule in enumerate(RULES, 1):
            sheet.write_string(row, 0, rule, self.plain)
        top = len(RULES) + 2
        self.headings(sheet, top, ["分野", "項目", "単位", "数え方"])
        row = top
        for _key, section, figures in SECTIONS:
            for each in figures:
                row += 1
                for place, text in enumerate((section, each.name, UNITS[each.unit], each.counted)):
                    sheet.write_string(row, place, text, self.words)
        self.as_list(sheet, top, row, 3)

    # -- their cells and charts --------------------------------------------

    def headings(self, sheet: Any, row: int, texts: list[str]) -> None:
        """The row over a table."""
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, self.heading)

    def name(self, sheet: Any, row: int, text: str) -> None:
        """What a row of a table is called: never a formula, also when somebody edits it."""
        sheet.write_string(row, 0, text, self.quoted if text.startswith(FORMULA_LIKE) else self.words)

    def number(self, sheet: Any, row: int, place: int, number: Number | None, unit: str) -> None:
        """A number with its unit; a rate is kept as a share."""
        if number is None:
            sheet.write_blank(row, place, None, self.numbers[unit])
        else:
            sheet.write_number(row, place, number / 100 if unit == "rate" else number, self.numbers[unit])

    def as_list(self, sheet: Any, heading: int, last: int, columns: int) -> None:
        """A sheet that is one list keeps its headings in sight and in print, and can be filtered."""
        sheet.freeze_panes(heading + 1, 0)
        sheet.repeat_rows(heading)
        if last > heading + 1:
            sheet.autofilter(heading, 0, last, columns)

    def bars(self, sheet: Any, row: int, first: int, last: int) -> int:
        """People by status, without those whose support has ended; return the next row."""
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(series(sheet.name, "今月", first, last, 1, COLOURS[0], "#1A1A1C"))
        chart.set_y_axis(QUIET | {"reverse": True, "crossing": "max", "major_gridlines": {"visible": False}})
        chart.set_x_axis(QUIET | GRID)
        chart.set_legend({"none": True})
        said = "月末の状態別の人数を示す棒グラフ。支援を終えた人は含めない"
        return put(sheet, row, chart, "状態別の人数（月末）", said)

    def stacks(self, sheet: Any, row: int, key: str, table: Table, first: int, places: list[int]) -> int:
        """Some columns of a table on top of each other; return the next row."""
        chart = self.book.add_chart({"type": "column", "subtype": "stacked"})
        last = first + len(table.rows) - 1
        for place, colour in zip(places, COLOURS, strict=False):
            name = table.columns[place - 1].column
            chart.add_series(series(sheet.name, name, first, last, place, colour, "#FFFFFF"))
        chart.set_x_axis(QUIET)
        chart.set_y_axis(QUIET | GRID)
        chart.set_legend({"position": "bottom", "font": SMALL})
        return put(sheet, row, chart, TITLES[key], f"{TITLES[key]}を積み上げて示す棒グラフ")


def series(sheet: str, name: str, first: int, last: int, place: int, colour: str, ink: str) -> dict[str, Any]:
    """One column as a series of a chart."""
    return {
        "name": name, "categories": [sheet, first, 0, last, 0], "values": [sheet, first, place, last, place],
        "line": {"none": True}, "fill": {"color": colour}, "gap": 60,
        "data_labels": {"value": True, "num_format": "#,##0;-#,##0;", "font": SMALL | {"color": ink}},
    }  # fmt: skip


def put(sheet: Any, row: int, chart: Any, title: str, description: str) -> int:
    """Set a chart below what is there; return the row after it."""
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_size({"width": 640, "height": 340})
    sheet.insert_chart(row + 1, 0, chart, {"description": description, "object_position": 2, "x_offset": 4})
    return row + 1 + CHART_HEIGHT


def wide(text: str) -> int:
    """How many narrow letters wide a text is."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
