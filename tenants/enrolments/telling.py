"""What an enrolment's page tells, and the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.consents.labels import ACTIONS as CONSENT_ACTIONS
from ayumi.consents.labels import FORMS, SCOPES
from ayumi.consents.labels import STATUS_KINDS as CONSENT_KINDS
from ayumi.consents.labels import STATUSES as CONSENT_STATUSES
from ayumi.kernel import journal
from ayumi.plans.labels import ACTIONS as GOAL_ACTIONS
from ayumi.plans.labels import KINDS
from ayumi.selection.labels import ACTIONS, DECIDERS, END_REASONS, PARTIES, STATUS_KINDS, STATUSES

ICONS = {"enrolment": "flag", "consent": "consent", "goal": "goal"}
WORDS = {"enrolment": ACTIONS, "consent": CONSENT_ACTIONS, "goal": GOAL_ACTIONS}


@dataclass(frozen=True, slots=True)
class Ask:
    """The words of a form that asks why."""

    title: str
    effect: str
    done: str


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened."""

    at: Any
    title: str
    icon: str
    why: str | None
    who: str | None


def story(enrolment_id: UUID, goals: Sequence[Any], consents: Sequence[Any]) -> list[Told]:
    """Return what happened to an enrolment, its goal and the person's consents, newest first."""
    entries = journal.history(enrolment_id, *(goal.id for goal in goals), *(consent.id for consent in consents))
    names = accounts.names_of({entry.membership_id for entry in entries if entry.membership_id})
    return [_told(entry, names) for entry in entries if entry.action in WORDS.get(entry.subject, {})]


def _told(entry: Any, names: dict[UUID, str]) -> Told:
    title = gettext(WORDS[entry.subject][entry.action])
    return Told(entry.at, title, ICONS[entry.subject], entry.why, names.get(entry.membership_id))


def end_choices() -> dict[str, Any]:
    """Return the reasons for an end, with none chosen at first."""
    return {"reason": [("", gettext("Please choose")), *((each.value, word) for each, word in END_REASONS.items())]}


def words() -> dict[str, Any]:
    """Return the labels of the page."""
    return {
        "statuses": STATUSES,
        "status_kinds": STATUS_KINDS,
        "end_reasons": END_REASONS,
        "deciders": DECIDERS,
        "parties": PARTIES,
        "goal_kinds": KINDS,
        "scopes": SCOPES,
        "forms": FORMS,
        "consent_statuses": CONSENT_STATUSES,
        "consent_kinds": CONSENT_KINDS,
    }
