"""What the pages of weeks list: what writers have before them, and the weeks beside a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import ColumnElement, Select, bindparam, case, func, select

from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.words import _
from ayumi.participants.model import Participant
from ayumi.records import queries, versions
from ayumi.records.beside import monday_before
from ayumi.records.content import Content, DayEntry, Words
from ayumi.records.model import RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.web.paging import page_number

WEEK = timedelta(days=7)
PER_PAGE = 50
ROWS_OF_GRID = 30


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists of those who write, and its count."""

    key: str
    label: str
    count: int


TABS: dict[str, str] = {
    "write": _("To write"),
    "late": _("Overdue"),
    "returned": _("Sent back"),
    "waiting": _("Being read"),
    "done": _("Accepted"),
}


def _conditions() -> dict[str, ColumnElement[bool]]:
    correcting = versions.is_open_draft()
    begun = WeeklyRecord.week_start <= week_start(clock.today())
    return {
        "write": ((WeeklyRecord.status.in_(queries.TO_WRITE) & begun) | correcting),
        "late": queries.is_missing(clock.today()),
        "returned": WeeklyRecord.status == RecordStatus.RETURNED,
        "waiting": (WeeklyRecord.status == RecordStatus.SUBMITTED) & ~correcting,
        "done": WeeklyRecord.status.in_([RecordStatus.ACCEPTED, RecordStatus.SKIPPED]) & ~correcting,
    }


def of_writers(membership_id: UUID) -> dict[str, Any]:
    """Return the list that was asked for: which tab, whose people, which page."""
    tab = request.args.get("tab", "write")
    tab = tab if tab in TABS else "write"
    mine = mine_of(membership_id)
    counts = _counts(mine)
    page = page_number()
    query = _query(mine).where(_conditions()[tab]).order_by(*_order(tab))
    total, found = queries.counted(query, PER_PAGE, (page - 1) * PER_PAGE)
    return {
        "tab": tab,
        "tabs": [Tab(key, label, getattr(counts, key)) for key, label in TABS.items()],
        "everyone": mine is None,
        "rows": found,
        "total": total,
        "page": page,
        "this_week": week_start(clock.today()),
        "last_week": monday_before(),
    }


def mine_of(membership_id: UUID) -> ColumnElement[bool] | None:
    """Own people, unless everybody was asked for or one supports nobody."""
    own = queries.supported_by(membership_id)
    who = request.args.get("who", "")
    if who == "all":
        return None
    if who != "mine" and not db.session.scalar(select(Participant.id).where(own).limit(1)):
        return None
    return own


def _query(mine: ColumnElement[bool] | None) -> Select[Any]:
    returned = (
        select(RecordVersion.returned_comment)
        .where(RecordVersion.weekly_record_id == WeeklyRecord.id, versions.counts())
        .scalar_subquery()
    )
    query = queries.rows(returned.label("returned_comment"), versions.is_open_draft().label("begun"))
    query = query.where(queries.mine_to_write())
    return query if mine is None else query.where(mine)


def _order(tab: str) -> list[Any]:
    returned_first = case((WeeklyRecord.status == RecordStatus.RETURNED, 0), else_=1)
    oldest_first = [returned_first, WeeklyRecord.due_on, Participant.kana_key, WeeklyRecord.id]
    newest_first = [WeeklyRecord.week_start.desc(), Participant.kana_key, WeeklyRecord.id]
    return newest_first if tab in ("waiting", "done") else oldest_first


def _counts(mine: ColumnElement[bool] | None) -> Any:
    columns = [func.count(case((condition, 1))).label(key) for key, condition in _conditions().items()]
    return db.session.execute(_query(mine).with_only_columns(*columns)).one()


def weeks_beside(participant_id: UUID, monday: date) -> dict[str, Any]:
    """Return the record before and after this one of the same person, where there are any."""
    rows = db.session.execute(
        queries.rows()
        .where(Participant.id == participant_id, WeeklyRecord.week_start.in_([monday - WEEK, monday + WEEK]))
        .order_by(WeeklyRecord.week_start)
    ).all()
    by_monday = {row.week_start: row.record_id for row in rows}
    return {"before": by_monday.get(monday - WEEK), "after": by_monday.get(monday + WEEK)}


def content_of_week_before(participant_id: UUID, monday: date) -> Content:
    """Return what the week before says, as far as it is written."""
    return contents_of_weeks([participant_id], [monday - WEEK]).get((participant_id, monday - WEEK), Content())


CONTENTS = (
    select(
        WeeklyRecord.participant_id,
        WeeklyRecord.week_start,
        RecordVersion.version,
        *(getattr(RecordVersion, name).label(f"of_week_{name}") for name in versions.WORD_FIELDS),
        *(getattr(RecordDay, name) for name in versions.DAY_FIELDS),
    )
    .join(RecordVersion, RecordVersion.weekly_record_id == WeeklyRecord.id)
    .outerjoin(RecordDay, RecordDay.record_version_id == RecordVersion.id)
    .where(WeeklyRecord.participant_id.in_(bindparam("people", expanding=True)))
    .where(WeeklyRecord.week_start.in_(bindparam("mondays", expanding=True)))
    .where(RecordVersion.is_current | RecordVersion.submitted_at.is_(None))
    .order_by(RecordVersion.version, RecordDay.held_on, RecordDay.position)
)


def contents_of_weeks(participant_ids: Sequence[UUID], mondays: Sequence[date]) -> dict[tuple[UUID, date], Content]:
    """Return (person, Monday) -> what the week says: its draft, else the version that counts. One statement."""
    found = db.session.execute(CONTENTS, {"people": participant_ids, "mondays": mondays})
    said: dict[tuple[UUID, date], tuple[int, Words, list[DayEntry]]] = {}
    for row in found:
        key = (row[0], row[1])
        if key not in said or said[key][0] != row.version:
            said[key] = (row.version, Words(**dict(zip(versions.WORD_FIELDS, row[3:9], strict=True))), [])
        if row.held_on is not None:
            said[key][2].append(DayEntry(**dict(zip(versions.DAY_FIELDS, row[9:], strict=True))))
    return {key: Content(words_, tuple(entries)) for key, (_version, words_, entries) in said.items()}


def of_week(monday: date, membership_id: UUID, page: int) -> dict[str, Any]:
    """Return everybody's row for one week of those who write it: a page of it, and how many there are."""
    mine = mine_of(membership_id)
    query = _query(mine).where(WeeklyRecord.week_start == monday).order_by(Participant.kana_key, WeeklyRecord.id)
    total, found = queries.counted(query, ROWS_OF_GRID, (page - 1) * ROWS_OF_GRID)
    return {"rows": found, "total": total, "everyone": mine is None}
