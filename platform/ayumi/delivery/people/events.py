"""What happened to a person, one function for each kind of thing: decisions, papers, goals, weeks, work experience."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from flask_babel import gettext, pgettext

from ayumi.consents import labels as consents
from ayumi.consents.model import ConsentStatus, Scope
from ayumi.delivery.people.reachable import reachable
from ayumi.kernel import clock
from ayumi.placements import labels as placements
from ayumi.placements.model import DayStatus
from ayumi.plans import labels as plans
from ayumi.records import labels as records
from ayumi.records.model import RecordStatus
from ayumi.selection import labels as selection
from ayumi.web.formats import date_long, date_short, month_label

Facts = list[tuple[str, Any]]

WEEK, DECISION, WORK, CHANGE = "week", "decision", "work", "change"
LONGEST_TITLE = 40


@dataclass(slots=True)
class Event:
    """One line of the timeline; what it says more opens in place."""

    on: date
    kind: str
    title: str
    icon: str = "dot"
    mood: str = "neutral"
    tag: tuple[str, ...] = ()
    url: str = ""
    facts: Facts = field(default_factory=list)
    about: Any = None
    rank: int = 0

    @property
    def order(self) -> tuple[date, int]:
        """Newest first; on one day, what follows from something stands above it."""
        return (self.on, self.rank)


def weeks(rows: Iterable[Any]) -> Iterator[Event]:
    """The weekly records that somebody has begun, and those that are overdue."""
    today = clock.today()
    for row in rows:
        if row.status is RecordStatus.EXPECTED and row.due_on >= today:
            continue
        kind, icon = records.STATUS_KINDS[row.status]
        concern = bool(row.has_concern)
        yield Event(
            on=row.week_start,
            kind=WEEK,
            title=_shortened(_first_sentence(row.summary or row.skip_reason)) or _without_words(row),
            icon="flag" if concern else "week",
            mood="bad" if concern else ("info" if row.status is RecordStatus.SUBMITTED else "neutral"),
            tag=(gettext(records.STATUSES[row.status]), kind, icon),
            url=reachable("records.week", record_id=row.record_id),
            about=row,
        )


def _without_words(row: Any) -> str:
    late = row.status is RecordStatus.EXPECTED
    return str(gettext("The record of this week has not come") if late else gettext("Record of the week"))


def _first_sentence(text: str | None) -> str:
    return re.split(r"(?<=。)|\n", (text or "").strip(), maxsplit=1)[0]


def _shortened(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def enrolments(rows: Sequence[Any]) -> Iterator[Event]:
    """Decisions to take somebody in, and ends of support."""
    for row in rows:
        url = reachable("enrolments.detail", enrolment_id=row.id)
        facts: Facts = [
            (gettext("Way of choosing"), gettext(row.route_label)),
            (gettext("Decided by"), row.decided_by),
            (gettext("First day"), date_long(row.starts_on)),
            (gettext("The person's own wish"), row.wish or ""),
        ]
        title = gettext("Support was decided")
        yield Event(row.decided_on, DECISION, title, "check", "good", url=url, facts=facts, rank=1)
        if row.ends_on:
            words = gettext(selection.END_REASONS[row.end_reason])
            yield Event(row.ends_on, DECISION, f"{gettext('Support ended')}: {words}", "frozen", url=url, rank=5)


def consent_papers(rows: Sequence[Any], participant_id: UUID) -> Iterator[Event]:
    """Consents given, and taken back."""
    url = reachable("consents.index", participant_id=participant_id)
    for row in rows:
        scopes = "、".join(gettext(consents.SCOPES[Scope(scope)]) for scope in row.scopes)
        facts: Facts = [
            (gettext("What for"), scopes),
            (pgettext("fact", "How"), gettext(consents.FORMS[row.form])),
            (pgettext("fact", "Until"), date_long(row.expires_on) or gettext("Open-ended")),
            (gettext("Heard by"), row.witness or ""),
        ]
        kept = [(name, value) for name, value in facts if value]
        tag = (gettext(consents.STATUSES[row.status]), consents.STATUS_KINDS[row.status])
        title = gettext("Consent was given")
        yield Event(row.given_on, DECISION, title, "consent", tag=tag, url=url, facts=kept, rank=2)
        if row.status is ConsentStatus.WITHDRAWN:
            why = [(gettext("Reason"), row.withdrawal_reason or "")]
            title = gettext("Consent was withdrawn")
            yield Event(row.withdrawn_on, DECISION, title, "consent", "bad", url=url, facts=why, rank=4)


def goals(rows: Sequence[Any]) -> Iterator[Event]:
    """Goals agreed and changed."""
    for row in rows:
        changed = gettext("The goal was changed") if row.version > 1 else gettext("A goal was agreed")
        facts: Facts = [
            (gettext("Kind of goal"), gettext(plans.KINDS[row.kind])),
            (gettext("Reason"), row.reason or ""),
            (gettext("To be looked at again"), date_long(row.review_on)),
        ]
        kept = [(name, value) for name, value in facts if value]
        title = f"{changed}: {_shortened(row.text)}"
        yield Event(row.agreed_on, DECISION, title, "goal", facts=kept, rank=3)


def work_experience(placed: Sequence[Any], days: Sequence[Any]) -> Iterator[Event]:
    """Placements, and their days month by month."""
    for row in placed:
        where = row.employer_name if row.site_name == row.employer_name else f"{row.employer_name} {row.site_name}"
        tag = (gettext(placements.STATUSES[row.status]), placements.STATUS_KINDS[row.status])
        facts: Facts = [
            (gettext("Period"), f"{date_long(row.starts_on)}〜{date_long(row.ends_on)}"),
            (gettext("Days so far"), row.days),
        ]
        url = reachable("placements.detail", placement_id=row.id)
        title = gettext("Work experience at %(place)s", place=where)
        yield Event(row.starts_on, WORK, title, "employer", tag=tag, url=url, facts=facts, rank=6)
    ordered = sorted(days, key=_month_and_place, reverse=True)
    for _same, group in groupby(ordered, key=_month_and_place):
        yield _month(list(group))


def _month_and_place(day: Any) -> tuple[date, str]:
    return day.held_on.replace(day=1), str(day.placement_id)


def _month(days: list[Any]) -> Event:
    newest = max(day.held_on for day in days)
    where = {"month": month_label(newest.replace(day=1)), "place": days[0].employer_name, "days": len(days)}
    title = gettext("%(days)s days of work experience in %(month)s (%(place)s)", **where)
    in_order = sorted(days, key=lambda day: (day.held_on, day.starts_at))
    lines: Facts = [(date_short(day.held_on), gettext(placements.DAYS[day.status])) for day in in_order]
    questioned = sum(day.status is DayStatus.DISPUTED for day in days)
    tag = (gettext(placements.DAYS[DayStatus.DISPUTED]), "bad") if questioned else ()
    url = reachable("placements.detail", placement_id=days[0].placement_id)
    return Event(newest, WORK, title, "calendar", tag=tag, url=url, facts=lines, rank=7)


def changes(rows: Sequence[Any], names: Mapping[UUID, str], words: Any) -> Iterator[Event]:
    """What the house wrote down: entered, edited, assigned, hidden; paused and resumed."""
    for row in rows:
        title = words.ACTIONS.get(row.action)
        if title is None:
            continue
        facts: Facts = [(gettext("Reason"), row.why)] if row.why else []
        facts += words.differences(row.changes or {}, names)
        facts.append((pgettext("fact", "By"), names.get(row.membership_id, gettext("The platform"))))
        bad = row.action == "restricted"
        mood, icon = ("bad", "shield") if bad else ("neutral", "history")
        yield Event(clock.day_of(row.at), CHANGE, gettext(title), icon, mood, facts=facts, rank=8)
