"""How native charts in a workbook look; they stay connected with the table they are drawn from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

FONT: Final = "BIZ UDPゴシック"
PALETTE: Final = ("#0017C1", "#008299", "#C74700", "#6F23D0", "#197A4B", "#626264")
CHART_ROWS: Final = 18


class Shape(StrEnum):
    """The charts there are; the values are the writer's own words for them."""

    BAR = "bar"
    LINE = "line"
    STACKED = "column"

    @property
    def options(self) -> dict[str, str]:
        """What the writer of workbooks calls it."""
        return {"type": self.value} | ({"subtype": "stacked"} if self is Shape.STACKED else {})


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table lies on its sheet (rows and columns from 0), for charts drawn from it."""

    sheet: str
    first: int
    last: int
    headings: tuple[str, ...]

    def values(self, heading: str) -> list[object]:
        column = self.headings.index(heading)
        return [self.sheet, self.first, column, self.last, column]


def series_of(shape: Shape, heading: str, table: Placed, names: str, colour: str) -> dict[str, Any]:
    """One column of a table as a series of a chart."""
    line = {"color": colour, "width": 2.25} if shape is Shape.LINE else {"none": True}
    series = {
        "name": heading,
        "categories": table.values(names),
        "values": table.values(heading),
        "line": line,
    }
    if shape is Shape.LINE:
        dot = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": "#FFFFFF"}}
        return series | {"marker": dot}
    ink = "#FFFFFF" if shape is Shape.STACKED else "#1A1A1C"
    labels = {"value": True, "num_format": "#,##0;-#,##0;", "font": _font(9, color=ink)}
    return series | {"fill": {"color": colour}, "gap": 60, "data_labels": labels}


def dressed(chart: Any, shape: Shape, title: str, *, alone: bool) -> None:
    """Title, axes and legend in one quiet style; a chart of one series needs no legend."""
    quiet = {"num_font": _font(9), "line": {"color": "#949497"}}
    grid = {
        "major_gridlines": {"visible": True, "line": {"color": "#E6E6E6"}},
        "min": 0,
        "num_format": "#,##0",
    }
    chart.set_title({"name": title, "name_font": _font(11, bold=True), "overlay": False})
    if shape is Shape.BAR:
        # The axes change places, and the first name belongs on top, where it stands in the table.
        chart.set_y_axis(quiet | {"reverse": True, "crossing": "max", "major_gridlines": {"visible": False}})
        chart.set_x_axis(quiet | grid)
    else:
        chart.set_x_axis(quiet)
        chart.set_y_axis(quiet | grid)
    chart.set_legend({"none": True} if alone else {"position": "bottom", "font": _font(9)})
    chart.set_size({"width": 640, "height": 340})


def _font(size: float, **more: object) -> dict[str, object]:
    return {"name": FONT, "size": size, **more}
