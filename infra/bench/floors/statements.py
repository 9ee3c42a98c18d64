"""The product's statements of a report's figures, written out as text, once, before anything is measured."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db, enter, leave
from ayumi.kernel.standby import Standby
from ayumi.kernel.tenancy import Door, Place
from ayumi.reports import definitions, figures
from ayumi.reports.rules import COUNTED
from ayumi.reports.scope import Scope

TENANT = 987_654_321  # no municipality: stands for any
REPORT = UUID("f00dfeed-cafe-4bad-8bad-fadedfacade5")
Statement = tuple[str, list[tuple[str, Any]]]
NONE = Standby(None)  # everything is asked of the database itself


def written_out(app: Flask, month: Month) -> list[Statement]:
    """Return the statements that insert a month's figures; in their values TENANT and REPORT stand for one's own."""
    found: list[Statement] = []
    with app.app_context():
        place = Place(Door.WORKER, tenant_id=TENANT)
        scope, edition = Scope(TENANT, month, clock.now()), definitions.edition(definitions.CURRENT)
        engine = db.engines[Door.WORKER.value]

        def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
            if statement.startswith(("WITH", "INSERT INTO report")):
                found.append((statement, [(name, _marked(value)) for name, value in values.items()]))

        event.listen(engine, "before_cursor_execute", keep)
        try:
            for measures in COUNTED.values():
                _tried(place, lambda counted=measures: figures.put(scope, REPORT, counted, edition.name, NONE))  # type: ignore[misc]
            for each in edition.figures.values():
                if each.share:
                    _tried(place, lambda key=each.key: figures.put_share(scope, REPORT, key, edition.name))  # type: ignore[misc]
        finally:
            event.remove(engine, "before_cursor_execute", keep)
    return found


def _tried(place: Place, put: Callable[[], None]) -> None:
    """Send a statement, and take back what it has done: there is no such municipality."""
    enter(place)
    try:
        put()
    except IntegrityError:
        pass
    finally:
        db.session.rollback()
        leave()


def _marked(value: Any) -> Any:
    if value == TENANT:
        return TENANT
    return REPORT if value in (REPORT, str(REPORT)) else value
