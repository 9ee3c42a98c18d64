"""Fee statements of the made-up months: made, handed in, sent back and approved by the product's own rules."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ayumi.demo.load.keys import key_id
from ayumi.demo.person_seeds import CastSeed
from ayumi.demo.work_seeds import StatementEventSeed, StatementSeed
from ayumi.fees import approval, rules
from ayumi.fees.model import Line, ReturnReason, Statement
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db, enter, leave, one
from ayumi.kernel.tenancy import Door, Place
from ayumi.placements.model import Placement

Event = tuple[datetime, StatementSeed, StatementEventSeed]


def play_statements(slug: str, tenant_id: int, cast: CastSeed) -> None:
    """Let everything that happened to the statements of a municipality happen again, in its order.

    A firm that may no longer look at a person finds none of their days: then there may be nothing to make.
    """
    events: list[Event] = [(event.at, seed, event) for seed in cast.statements for event in seed.events]
    nothing: set[UUID] = set()
    for at, seed, event in sorted(events, key=lambda each: each[0]):
        if _id(slug, seed) in nothing:
            continue
        leave()
        enter(_place(slug, tenant_id, seed, event))
        try:
            with clock.at(at):
                ACTIONS[event.action](slug, seed, event)
                db.session.commit()
        except rules.NothingToPay:
            nothing.add(_id(slug, seed))
    leave()


def _place(slug: str, tenant_id: int, seed: StatementSeed, event: StatementEventSeed) -> Place:
    membership_id = key_id(slug, "member", event.by)
    if seed.firm_key and event.action in ("compiled", "submitted"):
        return Place(Door.FIRM, tenant_id=tenant_id, firm_id=key_id("firm", seed.firm_key), membership_id=membership_id)
    return Place(Door.STAFF, tenant_id=tenant_id, membership_id=membership_id)


def _id(slug: str, seed: StatementSeed) -> UUID:
    return key_id(slug, "statement", seed.employer_key, seed.firm_key, seed.month)


def _compile(slug: str, seed: StatementSeed, _event: StatementEventSeed) -> Any:
    firm_id = key_id("firm", seed.firm_key) if seed.firm_key else None
    employer_id = key_id(slug, "employer", seed.employer_key)
    return rules.compile(employer_id, Month.of(seed.month), firm_id, id=_id(slug, seed))


def _submit(slug: str, seed: StatementSeed, _event: StatementEventSeed) -> Any:
    return rules.submit(_id(slug, seed), note=seed.note_ja)


def _send_back(slug: str, seed: StatementSeed, event: StatementEventSeed) -> Any:
    statement = one(Statement, _id(slug, seed))
    is_theirs = Placement.participant_id == key_id(slug, "person", event.person_key)
    line_id = db.session.scalars(
        select(Line.id)
        .join(Placement, Placement.id == Line.placement_id)
        .where(Line.statement_id == statement.id)
        .order_by(is_theirs.desc(), Line.position)
    ).first()
    assert line_id is not None
    said = {line_id: approval.Return(ReturnReason.OTHER, event.reason_ja)}
    return approval.send_back(statement.id, edition=statement.edition, lines=said)


def _approve(slug: str, seed: StatementSeed, _event: StatementEventSeed) -> Any:
    statement = one(Statement, _id(slug, seed))
    return approval.approve(statement.id, edition=statement.edition)


ACTIONS = {"compiled": _compile, "submitted": _submit, "returned": _send_back, "approved": _approve}
