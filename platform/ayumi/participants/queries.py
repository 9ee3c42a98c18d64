"""Find people: only those whom whoever is here may see."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    UnaryExpression,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from ayumi.accounts.model import Membership, Party
from ayumi.firms.model import Firm
from ayumi.japan.calendar import week_start
from ayumi.japan.kana import search_key, to_katakana
from ayumi.kernel import clock, seen
from ayumi.kernel.db import Rows, db, here
from ayumi.kernel.errors import NotFound
from ayumi.kernel.kept import ME, TODAY, kept
from ayumi.kernel.tenancy import Door
from ayumi.participants import fields
from ayumi.participants.model import NamedStaff, Participant, Status, Supporter

PER_PAGE: Final = 50
OWN: Final = "own"
# What stands in the shape of a question where the question has a value.
NAMED, NUMBERED, BY_FIRM, SOMEBODY = "named", "numbered", "firm", UUID(int=0)
# Voiced kana and what is left of them without voicing, as search keys write them.
_KANA: Final = [chr(code) for code in range(0x30A1, 0x30FB)]
_VOICED: Final = "".join(each for each in _KANA if search_key(each) == each != search_key(each, 2))
_UNVOICED: Final = "".join(search_key(each, 2) for each in _VOICED)

Beside = Callable[[Any], Any]  # from a person's id to something about them that another feature knows


def visible() -> ColumnElement[bool]:
    """Condition that holds for people whom whoever is here may see. Every list and count of people says it.

    A restricted person is seen by their caseworker, by named staff and by their own supporters. A firm is held to
    its own people by the database besides. Jobs see everybody.
    """
    door = here().door
    if door in (Door.WORKER, Door.OWNER):
        return true()
    return VISIBLE_TO_FIRM if door is Door.FIRM else VISIBLE


Member = UUID | InstrumentedAttribute[UUID] | BindParameter[UUID]


def visible_to(membership_id: Member, *, firm: bool = False) -> ColumnElement[bool]:
    """Condition that holds for people whom this member, or the member of a query's row, may see."""
    supports = _supported_by(membership_id)
    if firm:
        agreed = or_(Participant.firm_until.is_(None), Participant.firm_until >= TODAY)
        return and_(agreed, or_(Participant.is_restricted.is_(False), supports))
    named = exists().where(NamedStaff.participant_id == Participant.id, NamedStaff.membership_id == membership_id)
    return or_(Participant.is_restricted.is_(False), Participant.caseworker_id == membership_id, named, supports)


def _supported_by(membership_id: Member) -> ColumnElement[bool]:
    return exists().where(Supporter.participant_id == Participant.id, Supporter.membership_id == membership_id)


VISIBLE, VISIBLE_TO_FIRM = visible_to(ME), visible_to(ME, firm=True)


def one(participant_id: UUID, *, lock: bool = False) -> Participant:
    """Return this person, or raise NotFound when there is nobody here to see."""
    found = find(participant_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def find(participant_id: UUID, *, lock: bool = False) -> Participant | None:
    """Return this person, or None when there is nobody here to see."""
    found = db.session.scalar(_person(lock), {"person": participant_id})
    if found is not None:
        looked_at(found.id)
    return found


@kept
def _person(lock: bool) -> Select[Participant]:
    query = select(Participant).where(Participant.id == bindparam("person"), visible()).options(*fields.options())
    return query.with_for_update(of=Participant) if lock else query


def looked_at(participant_id: UUID) -> None:
    """Remember that whoever is here was shown this person: every query that hands out one person's things says so."""
    seen.looked_at(Participant.__tablename__, participant_id)


def twin(kana_key: str, birth_date: date) -> Any:
    """Return a visible person who sounds the same and was born the same day."""
    return db.session.execute(
        select(Participant.family_name, Participant.given_name, Participant.case_number)
        .where(Participant.kana_key == kana_key, Participant.birth_date == birth_date, visible())
        .limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class Sift:
    """Which people are asked for, in which order.

    ``delivery``: "own", a firm's id, or nothing. ``status``: one status, "any", or nothing for all whose support has
    not ended. ``silent_weeks``: in support without a record for so many weeks. ``sort``: a key of ORDERS.
    """

    words: str = ""
    mine: bool = False
    caseworker_id: UUID | None = None
    supporter_id: UUID | None = None
    delivery: str = ""
    status: str = ""
    silent_weeks: int = 0
    sort: str = "kana"
    down: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, and how many there are in all."""

    rows: Rows
    total: int


def page(sift: Sift, *, last_week: Beside, **more: Beside) -> Page:
    """Return the people asked for, fifty a page, and how many there are, in one statement.

    What other features know of a person comes in as functions from the person's id to a scalar, and goes out by the
    same name. ``last_week``: the Monday of somebody's newest week, by which lists are also sorted and sifted.
    """
    rows = db.session.execute(_page(_shape(sift), last_week, **more), _values(sift)).all()
    return Page(rows, rows[0].total if rows else 0)


@kept
def _page(shape: Sift, last_week: Beside, **more: Beside) -> Select[*tuple[Any, ...]]:
    last: Any = last_week(Participant.id)
    beside = [last.label("last_week"), *(each(Participant.id).label(name) for name, each in more.items())]
    query = _columns(*beside).where(*_conditions(shape, last))
    return query.order_by(*_order(shape, last)).limit(PER_PAGE).offset(bindparam("start", type_=Integer()))


def _shape(sift: Sift) -> Sift:
    """Return the same question without its values: all questions of one shape are one statement."""
    words = sift.words.strip()
    return replace(
        sift,
        words=(NAMED if search_key(words) else NUMBERED) if words else "",
        caseworker_id=SOMEBODY if sift.caseworker_id else None,
        supporter_id=SOMEBODY if sift.supporter_id else None,
        delivery=sift.delivery if sift.delivery in ("", OWN) else BY_FIRM,
        silent_weeks=min(sift.silent_weeks, 1),
        status=sift.status if sift.status in ("any", *Status) else "",
        page=1,
    )


def _values(sift: Sift) -> dict[str, Any]:
    words = sift.words.strip()
    return {
        "start": (max(sift.page, 1) - 1) * PER_PAGE,
        "caseworker": sift.caseworker_id,
        "supporter": sift.supporter_id,
        "firm": _firm(sift.delivery),
        "before": week_start(clock.today()) - timedelta(weeks=sift.silent_weeks),
        "words": words,
        "number": unicodedata.normalize("NFKC", words).upper(),
        "key": search_key(words),
        "loose": search_key(words, 2),
        "kana": to_katakana(words),
    }


def _firm(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _columns(*beside: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Participant.id,
            Participant.family_name,
            Participant.given_name,
            Participant.family_kana,
            Participant.given_kana,
            Participant.case_number,
            Participant.birth_date,
            Participant.status,
            Participant.is_restricted,
            Participant.delivery_firm_id,
            Firm.name.label("firm_name"),
            Membership.name.label("caseworker_name"),
            *beside,
            func.count().over().label("total"),
        )
        .outerjoin(Firm, Firm.id == Participant.delivery_firm_id)
        .outerjoin(Membership, Membership.id == Participant.caseworker_id)
    )


def _conditions(sift: Sift, last: Any) -> list[ColumnElement[bool]]:
    said = [visible(), _in_status(sift.status)]
    if sift.words:
        said.append(_called(by_name=sift.words == NAMED))
    if sift.mine:
        said.append(or_(Participant.caseworker_id == ME, _supported_by(ME)))
    if sift.caseworker_id:
        said.append(Participant.caseworker_id == bindparam("caseworker"))
    if sift.supporter_id:
        said.append(_supported_by(bindparam("supporter", type_=Uuid())))
    if sift.delivery == OWN:
        said.append(Participant.delivery_firm_id.is_(None))
    if sift.delivery == BY_FIRM:
        said.append(Participant.delivery_firm_id == bindparam("firm"))
    if sift.silent_weeks:
        said += [Participant.status == Status.ACTIVE, or_(last.is_(None), last < bindparam("before"))]
    return said


def _in_status(word: str) -> ColumnElement[bool]:
    if word == "any":
        return true()
    return Participant.status == Status(word) if word in list(Status) else Participant.status != Status.ENDED


def _called(*, by_name: bool) -> ColumnElement[bool]:
    """Condition for people whose reading, name or case number begins so. Voicing is forgiven (ヤマサキ, ヤマザキ)."""
    ways = [_begins(func.upper(Participant.case_number), "number")]
    if by_name:
        ways += [
            _begins(Participant.kana_key, "key"),
            _begins(_unvoiced(), "loose"),
            _begins(Participant.name_key, "key"),
            _begins(Participant.given_kana, "kana"),
            _begins(Participant.given_name, "words"),
        ]
    return or_(*ways)


def _begins(text: Any, parameter: str) -> ColumnElement[bool]:
    return func.starts_with(text, bindparam(parameter, type_=Text()))


def _unvoiced() -> Any:
    return func.translate(Participant.kana_key, _VOICED, _UNVOICED)


def _order(sift: Sift, last: Any) -> list[UnaryExpression[Any]]:
    gojuon = [_unvoiced(), Participant.kana_key, Participant.id]
    place = case({status.value: number for number, status in enumerate(Status)}, value=Participant.status)
    orders: dict[str, list[Any]] = {
        "kana": [],
        "age": [Participant.birth_date.desc()],
        "last": [func.coalesce(last, date.min)],
        "status": [place],
    }
    first: list[Any] = orders.get(sift.sort, [])
    if not sift.down:
        return [*first, *gojuon]
    if not first:
        return [each.desc() for each in gojuon]
    turned = Participant.birth_date.asc() if sift.sort == "age" else first[0].desc()
    return [turned, *gojuon]


def choices() -> Rows:
    """Return (kind, id, name) of what a list of people can be narrowed by: caseworkers and firms of those seen here."""
    return db.session.execute(_choices()).all()


@kept
def _choices() -> Select[*tuple[Any, ...]]:
    seen = select(Participant.id).where(visible())
    caseworkers = (
        select(literal("caseworker").label("kind"), Membership.id, Membership.name, Membership.kana)
        .where(Membership.party == Party.STAFF)
        .where(seen.where(Participant.caseworker_id == Membership.id).exists())
    )
    firms = select(literal("firm"), Firm.id, Firm.name, Firm.kana).where(
        seen.where(Participant.delivery_firm_id == Firm.id).exists()
    )
    both = union_all(caseworkers, firms).subquery()
    return select(both.c.kind, both.c.id, both.c.name).order_by(both.c.kind, both.c.kana)


def supporters_of(participant_id: UUID) -> Rows:
    """Return (id, name, firm_id) of a person's supporters."""
    return db.session.execute(
        select(Membership.id, Membership.name, Membership.firm_id)
        .join(Supporter, Supporter.membership_id == Membership.id)
        .where(Supporter.participant_id == participant_id)
        .order_by(Membership.kana, Membership.name)
    ).all()


def named_staff_of(participant_id: UUID) -> Rows:
    """Return (id, name) of those named for a restricted person."""
    return db.session.execute(
        select(Membership.id, Membership.name)
        .join(NamedStaff, NamedStaff.membership_id == Membership.id)
        .where(NamedStaff.participant_id == participant_id)
        .order_by(Membership.kana, Membership.name)
    ).all()


def around(participant: Participant) -> Any:
    """Return (caseworker, firm): the names of who is there for a person."""
    return db.session.execute(
        select(Membership.name.label("caseworker"), Firm.name.label("firm"))
        .select_from(Participant)
        .outerjoin(Membership, Membership.id == Participant.caseworker_id)
        .outerjoin(Firm, Firm.id == Participant.delivery_firm_id)
        .where(Participant.id == participant.id)
    ).one()
