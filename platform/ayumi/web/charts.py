"""Charts for pages: drawn where documents are made, so that page, paper and PDF show the same picture."""

from ayumi.papers.pictures import COLOURS, DASHES, Line, Point, Row, bar_chart, line_chart, stacked_chart

__all__ = ["COLOURS", "DASHES", "Line", "Point", "Row", "bar_chart", "line_chart", "stacked_chart"]
