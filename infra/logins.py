"""The ready-made logins of the demonstration, as a table a person can read in a terminal."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

MOST = 40


def show(path: Path) -> None:
    if not path.exists():
        return
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    console = Console()
    console.print(table(rows[:MOST]))
    if len(rows) > MOST:
        console.print(f"{len(rows) - MOST} more in {path}")


def table(rows: list[dict[str, str]]) -> Table:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    drawn = Table(title="Logins of the demonstration", title_justify="left")
    for name in columns:
        drawn.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        drawn.add_row(*(str(row.get(name) or "") for name in columns))
    return drawn
