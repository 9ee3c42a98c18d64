"""Which table belongs to which artefact, and how its rows lead to the person (or paper) they belong to.

Every table of a municipality stands here: in KEPT with its way, or in NEVER with the reason why it is not disposed of
by person or paper. A test fails for a table that stands in neither, so that no later table is forgotten.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Table

from ayumi.kernel.db import Base
from ayumi.retention.model import Artefact

FILES: Final = "stored_file"
EXPORTS: Final = ("packing",)
"""Purposes of files that hold everybody: they go with every disposal."""

NOBODY: Final = "―"
"""What stands where somebody's name stood."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: its artefact, and the column that leads to the row above it; none: it is itself the subject.

    ``above``: that row's table and column, where no foreign key says them.
    """

    artefact: Artefact
    via: str | None = None
    above: tuple[str, str] | None = None


CASE, RECORD, PLAN, CONSENT, VOUCHER, CONTRACT, STATISTICS = (
    Artefact.CASE,
    Artefact.SUPPORT_RECORD,
    Artefact.PLAN,
    Artefact.CONSENT,
    Artefact.PAYMENT_VOUCHER,
    Artefact.CONTRACT,
    Artefact.STATISTICS,
)

KEPT: Final[dict[str, Kept]] = {
    "participant": Kept(CASE),
    "participant_supporter": Kept(CASE, "participant_id"),
    "participant_named_staff": Kept(CASE, "participant_id"),
    "enrolment": Kept(CASE, "participant_id"),
    "legal_hold": Kept(CASE, "participant_id"),
    "report_figure_person": Kept(CASE, "participant_id"),
    "participant_import": Kept(CASE),
    "weekly_record": Kept(RECORD, "participant_id"),
    "record_version": Kept(RECORD, "weekly_record_id"),
    "record_day": Kept(RECORD, "record_version_id"),
    "concern": Kept(RECORD, "participant_id"),
    "placement": Kept(RECORD, "participant_id"),
    "experience_day": Kept(RECORD, "participant_id"),
    "goal": Kept(PLAN, "participant_id"),
    "consent": Kept(CONSENT, "participant_id"),
    "fee_statement": Kept(VOUCHER),
    "fee_line": Kept(VOUCHER, "statement_id"),
    "fee_line_day": Kept(VOUCHER, "line_id"),
    "confirmation": Kept(VOUCHER),
    "contract": Kept(CONTRACT),
    "employer_agreement": Kept(CONTRACT),
    "unit_price": Kept(CONTRACT, "agreement_id"),
    "monthly_report": Kept(STATISTICS),
    "report_figure": Kept(STATISTICS, "report_id"),
    "report_office_words": Kept(STATISTICS, "month", ("monthly_report", "month")),
}

NEVER: Final[dict[str, str]] = {
    "access_policy": "a setting",
    "confirmation_request": "says only that an employer was asked about a month",
    "disposal": "the proof of what was disposed of; names by number only",
    "disposal_item": "the proof of what was disposed of; names by number only",
    "employer": "a business, not a person supported; its contact is changed by the office",
    "employer_site": "a place of a business",
    "external_identity": "leaves with the membership it belongs to",
    "glass_break": "the record of operators who looked; names no person supported",
    "hand_over": "which firm took over when, and how many people; names nobody",
    "identity_provider": "a setting",
    "incident": "the register that the law asks for; names no person supported",
    "invitation": "people who work here, not people supported",
    "journal_check": "that the chain was checked, and what came of it",
    "journal_entry": "says for ever that something happened; what it said is forgotten with its subject",
    "journal_head": "the head of the chain",
    "membership": "people who work here: who signed what must stay readable",
    "menu": "what is offered, not to whom",
    "outbox": "identifiers only",
    "packing": "counts only; its file goes with every disposal",
    "programme": "a setting",
    "report_run": "counts only",
    "reset_request": "people who work here, not people supported",
    "retention_class": "a setting",
    "selection_route": "a setting, in editions",
    "signed_head": "the proof of the chain",
    FILES: "goes with the last row that refers to it",
    "subscription": "a setting",
    "whereabouts": "goes with the last membership of somebody who works here",
}

LOOSENED: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("experience_day", "confirmation_id"): {},
    ("fee_line", "adjusts_statement_id"): {},
    ("fee_line", "placement_id"): {"nickname": NOBODY, "return_word": None},
    ("fee_line_day", "experience_day_id"): {},
    ("packing", "file_id"): {},
    ("placement", "profile_consent_id"): {},
    ("record_day", "placement_id"): {},
    ("report_run", "report_id"): {},
}
"""References from what stays to what goes: emptied, and with them what would still name somebody."""

TAKEN_ALONG: Final = frozenset({("report_figure_person", "figure_id")})
"""Rows that go with the person, or else with what they refer to by this column."""


def table(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def above(name: str) -> tuple[str, str, str] | None:
    """Return (column, table above, its column) of the way to the subject, or None for the subject itself."""
    kept = KEPT[name]
    if kept.via is None:
        return None
    if kept.above is not None:
        return kept.via, *kept.above
    return kept.via, target(name, kept.via), "id"


def target(name: str, column: str) -> str:
    """Return the table that a column of a table refers to within the municipality."""
    for key in table(name).foreign_key_constraints:
        if key.column_keys == ["tenant_id", column]:
            return key.referred_table.name
    raise LookupError(f"{name}.{column} refers to nothing in the municipality")


def root(name: str) -> str:
    """Return the table of the subject to which the rows of a table belong."""
    step = above(name)
    return name if step is None else root(step[1])


def part_of(artefact: Artefact, subject: str) -> list[str]:
    """Return the tables of an artefact of one kind of subject, those that refer to others first."""
    found = [name for name, kept in KEPT.items() if kept.artefact is artefact and root(name) == subject]
    return sorted(found, key=in_order().index)


@cache
def in_order() -> list[str]:
    """Return all tables of municipalities so that each stands before those it refers to: the order of erasing."""
    waiting = {name: _needs(each) for name, each in Base.metadata.tables.items() if "tenant_id" in each.c}
    done: list[str] = []
    while waiting:
        ready = sorted(name for name, needs in waiting.items() if not needs & waiting.keys())
        if not ready:
            raise LookupError(f"these tables refer to each other in a ring: {sorted(waiting)}")
        done += ready
        for name in ready:
            del waiting[name]
    return done[::-1]


def _needs(each: Table) -> set[str]:
    return {key.referred_table.name for key in each.foreign_key_constraints} - {each.name}


def references(name: str) -> list[tuple[str, str]]:
    """Return (table, column) of everything in a municipality that refers to a table."""
    return [
        (each.name, key.column_keys[1])
        for each in Base.metadata.tables.values()
        for key in each.foreign_key_constraints
        if key.referred_table.name == name and key.column_keys[0] == "tenant_id" and len(key.column_keys) == 2
    ]
