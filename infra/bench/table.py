"""The results as a table to read."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

AT_MOST = {
    "list_people_cpu": 1.67, "week_grid_cpu": 1.67, "submit_week_cpu": 2.0, "employer_confirm_cpu": 2.0,
    "monthly_report_cpu": 1.5, "fees_month_cpu": 1.5, "all_monthly_reports_wall": 1.5, "import_10k_people_wall": 1.5,
    "list_people_growth": 1.2, "week_grid_growth": 1.2, "monthly_report_growth": 1.2, "rls_overhead": 1.1,
}  # fmt: skip


def write(results: dict[str, Any], path: Path) -> None:
    """Keep the results: the keys first, what they were made of below."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def lines(results: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'key':28}{'ratio':>8}{'at most':>9}"
    for key, value in results.items():
        if isinstance(value, int | float):
            limit = AT_MOST.get(key)
            verdict = "" if limit is None else "ok" if value <= limit else "MISSED"
            yield f"{key:28}{value:8.2f}{limit or '':>9}  {verdict}"
    yield ""
    yield f"{'':34}{'ratio':>8}{'cpu':>9}{'app':>9}{'db':>9}{'sql':>5}{'p50':>9}{'p99':>9}{'of':>6}  (milliseconds)"
    for name, by_size in results["measured"].items():
        yield name
        for size, both in by_size.items():
            for side in ("product", "floor"):
                ratio = f"{both['ratio']:8.2f}" if side == "product" else " " * 8
                yield f"  {_wide(f'{size} {side}', 32)}{ratio}{_numbers(both[side])}"


def _numbers(said: dict[str, float]) -> str:
    parts = [f"{said[key]:9.1f}" for key in ("cpu_ms", "application_ms", "database_ms")]
    parts += [f"{said['statements']:5}", f"{said['p50_ms']:9.1f}", f"{said['p99_ms']:9.1f}", f"{said['samples']:6}"]
    return "".join(parts)


def _wide(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    return text + " " * (width - taken)
