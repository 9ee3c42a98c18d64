"""How many years each kind is kept, and from which day on it may go."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import journal
from ayumi.kernel.db import add, db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.retention.model import Artefact, RetentionClass

FOR_EVER: Final = None
MOST: Final = 30

DEFAULTS: Final[dict[Artefact, int | None]] = {
    Artefact.CASE: 5,
    Artefact.SUPPORT_RECORD: 5,
    Artefact.PLAN: 5,
    Artefact.CONSENT: 5,
    Artefact.PAYMENT_VOUCHER: 5,
    Artefact.CONTRACT: 10,
    Artefact.STATISTICS: FOR_EVER,
    Artefact.ACCESS_LOG: 5,
}
"""What holds as long as a municipality has decided nothing else."""

LEAST: Final[dict[Artefact, int]] = {
    Artefact.CASE: 5,
    Artefact.SUPPORT_RECORD: 5,
    Artefact.PLAN: 5,
    Artefact.CONSENT: 5,
    Artefact.PAYMENT_VOUCHER: 5,
    Artefact.CONTRACT: 5,
    Artefact.STATISTICS: 10,
    Artefact.ACCESS_LOG: 1,
}
"""Below this nobody may go: the classes of 社発726号, and the five years of 地方自治法236条 for payments."""

PARTS: Final = (Artefact.SUPPORT_RECORD, Artefact.PLAN, Artefact.CONSENT)

TOO_SHORT = _("At least %(least)s years: that is what the rules for public documents ask.")
CASE_TOO_SHORT = _("The case holds the records, plans and consents: keep it at least as long as each of them.")
VOUCHER_TOO_LONG = _("A price is kept as long as payments rest on it: keep contracts at least as long as vouchers.")


def years(session: Session | None = None) -> dict[Artefact, int | None]:
    """Return how many years each kind is kept here (None: for ever)."""
    rows = (session or db.session()).execute(select(RetentionClass.artefact, RetentionClass.years)).all()
    return DEFAULTS | {row.artefact: row.years for row in rows}


def due_on(completed_on: date, kept: int) -> date:
    """Return the first day on which something may go: its years run from 1 April after the fiscal year of its end."""
    return date(fiscal_year(completed_on) + 1 + kept, 4, 1)


def edition() -> int:
    """Return the edition of all classes together, for those who change them."""
    return sum(db.session.scalars(select(RetentionClass.edition)))


def change(said: Mapping[Artefact, int | None], *, seen: int) -> None:
    """Set the years of all kinds; ``seen``: the edition somebody looked at. Raises Invalid beside each field."""
    if seen != edition():
        raise ChangedMeanwhile
    check(said)
    rows = {row.artefact: row for row in db.session.scalars(select(RetentionClass))}
    before = years()
    for artefact, wanted in said.items():
        row = rows.get(artefact) or add(RetentionClass(artefact=artefact, years=before[artefact]))
        if before[artefact] != wanted:
            row.years = wanted
            journal.note(row, "changed", changes={artefact.value: [before[artefact], wanted]})


def check(said: Mapping[Artefact, int | None]) -> None:
    """Raise Invalid where something would be kept shorter than it must be, or shorter than what rests on it."""
    wrong: dict[str, object] = {}
    for artefact, wanted in said.items():
        if wanted is not None and wanted < LEAST[artefact]:
            raise Invalid(fields={artefact.value: TOO_SHORT}, least=LEAST[artefact])
    if any(_outlives(said[part], said[Artefact.CASE]) for part in PARTS):
        wrong[Artefact.CASE.value] = CASE_TOO_SHORT
    if _outlives(said[Artefact.PAYMENT_VOUCHER], said[Artefact.CONTRACT]):
        wrong[Artefact.CONTRACT.value] = VOUCHER_TOO_LONG
    if wrong:
        raise Invalid(fields=wrong)


def _outlives(part: int | None, whole: int | None) -> bool:
    return whole is not None and (part is None or part > whole)
