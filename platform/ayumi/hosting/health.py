"""How a hosted municipality is, in words: from counts alone."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_

from ayumi.hosting.model import Plan

LATE = timedelta(minutes=10)
GIVEN_UP_LATELY = timedelta(days=30)
NEARLY_FULL = 0.8
GIGABYTE = 10**9
STORAGE: dict[Plan | None, int] = {
    None: 1 * GIGABYTE,
    Plan.TRIAL: 1 * GIGABYTE,
    Plan.STANDARD: 20 * GIGABYTE,
    Plan.LARGE: 100 * GIGABYTE,
}


class State(StrEnum):
    """One thing to know about a municipality, the worst first."""

    LEFT = "left"
    SUSPENDED = "suspended"
    GIVEN_UP = "given_up"
    LATE = "late"
    STORAGE = "storage"
    UNREPORTED = "unreported"
    HEALTHY = "healthy"


Conditions = dict[State, ColumnElement[bool]]


def with_health(conditions: Conditions, *, left: ColumnElement[bool]) -> Conditions:
    """Add what healthy means: nothing of the rest, though a report may be missing. Who has left is just that."""
    worse = [condition for state, condition in conditions.items() if state is not State.UNREPORTED]
    all_of_them = conditions | {State.HEALTHY: and_(*(not_(func.coalesce(each, False)) for each in worse))}
    return {State.LEFT: left} | {state: and_(not_(left), each) for state, each in all_of_them.items()}


def states_of(row: object) -> Sequence[State]:
    """The states of a row that has a column of each state's name."""
    return [state for state in State if getattr(row, state.value)]
