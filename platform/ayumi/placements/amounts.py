"""What a month's days come to, as an employer sees it before any statement is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ayumi.employers import queries as employers
from ayumi.employers.model import FeeKind, TaxTreatment
from ayumi.japan.calendar import Month
from ayumi.placements.model import DayStatus


@dataclass(frozen=True, slots=True)
class Total:
    """Days, and yen where something is paid (None: nothing is). ``parts``: (days, unit price) of each price."""

    days: int
    yen: int | None = None
    parts: tuple[tuple[int, int], ...] = ()
    tax_added: bool = False


def total(employer_id: UUID, month: Month, days: Sequence[Any]) -> Total:
    """Return what these days come to. Days in question are left out."""
    good = [day for day in days if day.status is not DayStatus.DISPUTED]
    paid = [row for row in employers.priced(employer_id, month.first, month.last) if row.fee_kind is not FeeKind.NONE]
    if not paid:
        return Total(len(good))
    held = {row: sum(row.valid_from <= day.held_on <= row.valid_to for day in good) for row in paid}
    return Total(
        days=len(good),
        yen=sum(count * row.yen for row, count in held.items()),
        parts=tuple((count, row.yen) for row, count in held.items() if count),
        tax_added=any(row.tax_treatment is TaxTreatment.ADDED for row in paid),
    )
