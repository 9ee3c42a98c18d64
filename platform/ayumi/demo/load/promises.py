"""What the product itself would have been doing all along: asked of the worker once the data are there."""

from typing import Any

from ayumi.demo.load.town import Town
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.outbox import Promise

REPORTS = 2  # months that are over


def put_promises(town: Town) -> None:
    """Promise the coming weeks, the links of employers that have not answered, and the last months' reports."""
    last = Month.of(town.as_of).previous
    months = [last.plus(-number) for number in range(REPORTS)]
    rows = [_promise(town, "expected_weeks"), _promise(town, "confirmation_links", month=str(last))]
    town.put(Promise, rows + [_promise(town, "monthly_report", month=str(each)) for each in months])


def _promise(town: Town, kind: str, **arguments: Any) -> dict[str, Any]:
    name = ":".join(["demonstration", kind, *arguments.values()])
    now = clock.now()
    return {
        "id": town.id("promise", name),
        "kind": kind,
        "arguments": arguments,
        "dedupe_key": name,
        "promised_at": now,
        "run_after": now,
        "attempts": 0,
    }
