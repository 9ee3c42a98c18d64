"""Enter what has happened, say when it was reported to whom, and end it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from ayumi.incidents import queries
from ayumi.incidents.clocks import MANY, Pace, clocks, must_be_reported
from ayumi.incidents.model import TRANSITIONS, Ground, Incident, IncidentStatus
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, db, here, tenant
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.outbox import promise
from ayumi.kernel.words import _

NOT_YET = _("This day has not come yet.")
BEFORE_KNOWN = _("This day lies before the day on which it became known.")


class StillToReport(Conflict):
    """An incident is closed that has to be reported first."""

    message = _("This has to be reported to the commission first. Close it after the final report.")


def report(
    *,
    id: UUID,
    title: str,
    known_on: date,
    what: str,
    occurred_on: date | None = None,
    data: str | None = None,
    people: int | None = None,
    grounds: Sequence[Ground] = (),
) -> Incident:
    """Enter an incident; those who look after incidents are told at once. The same ``id`` again: nothing more."""
    known = db.session.get(Incident, (tenant(), id))
    if known is not None:
        return known
    _check_days(known_on, occurred_on)
    by = here().membership_id
    assert by is not None
    made = Incident(
        id=id,
        title=title,
        known_on=known_on,
        occurred_on=occurred_on,
        what=what,
        data=data,
        people=people,
        grounds=_grounds(grounds, people),
        status=IncidentStatus.OPEN,
        entered_by=by,
        entered_at=clock.now(),
    )
    journal.note(add(made), "reported", after=made.status.value, changes={"grounds": [[], made.grounds]})
    promise("incident_notice", once=f"incident_notice:{id}:reported", incident_id=id, what="reported")
    return made


def amend(incident: Incident, *, edition: int, grounds: Sequence[Ground], people: int | None, **said: Any) -> Incident:
    """Change what is known of an incident. What a closed one says stays, until it is opened again."""
    unchanged(incident, edition)
    if incident.status is IncidentStatus.CLOSED:
        raise states.IllegalMove
    _check_days(said["known_on"], said["occurred_on"])
    _check_told(said["people_told_on"], said["known_on"])
    changes = rewrite(incident, **said, people=people, grounds=_grounds(grounds, people))
    if changes:
        journal.note(incident, "edited", changes=changes)
    return incident


def report_first(incident: Incident, *, edition: int, on: date) -> Incident:
    """Say that the first report was made."""
    unchanged(incident, edition)
    _check_report(incident, on)
    incident.preliminary_reported_on = on
    _move(incident, IncidentStatus.PRELIMINARY_REPORTED, "preliminary_reported")
    return incident


def report_all(incident: Incident, *, edition: int, on: date) -> Incident:
    """Say that the final report was made. One report may be both, where everything was known at once."""
    unchanged(incident, edition)
    _check_report(incident, on)
    if incident.preliminary_reported_on and on < incident.preliminary_reported_on:
        raise Invalid(fields={"on": _("The final report cannot be older than the first.")})
    if incident.status is IncidentStatus.OPEN:
        incident.preliminary_reported_on = incident.preliminary_reported_on or on
        _move(incident, IncidentStatus.PRELIMINARY_REPORTED, "preliminary_reported")
    incident.finally_reported_on = on
    _move(incident, IncidentStatus.FINALLY_REPORTED, "finally_reported")
    return incident


def close(incident: Incident, *, edition: int, why: str) -> Incident:
    """End an incident: after the final report, or because it need not be reported."""
    unchanged(incident, edition)
    if must_be_reported(incident) and incident.finally_reported_on is None:
        raise StillToReport
    _move(incident, IncidentStatus.CLOSED, "closed", why=why)
    return incident


def reopen(incident: Incident, *, edition: int, why: str) -> Incident:
    """Open an incident again: something more has come out. The days of its reports stay."""
    unchanged(incident, edition)
    _move(incident, IncidentStatus.OPEN, "reopened", why=why)
    return incident


def remind() -> int:
    """Promise a mail for each report that comes due or is overdue, once for each; return how many there may be."""
    today, count = clock.today(), 0
    for row in queries.unfinished():
        for each in clocks(row):
            pace = each.pace(today)
            if pace in (Pace.NEAR, Pace.LATE):
                count += 1
                promise(
                    "incident_notice",
                    once=f"incident_notice:{row.id}:{each.which}:{pace}:{each.due}",
                    incident_id=row.id,
                    what=pace.value,
                    which=each.which.value,
                )
    return count


def _move(incident: Incident, target: IncidentStatus, action: str, *, why: str | None = None) -> None:
    states.change(incident, target, table=TRANSITIONS, action=action, why=why)
    db.session.flush()


def _grounds(chosen: Sequence[Ground], people: int | None) -> list[str]:
    """More than a hundred people are a ground whether or not somebody has ticked it; a hundred or fewer are none."""
    if Ground.MANY in chosen and people is not None and people <= MANY:
        raise Invalid(fields={"people": _("“More than 100 people” is chosen, but this is not more than 100.")})
    found = set(chosen) | ({Ground.MANY} if people is not None and people > MANY else set())
    return [each.value for each in Ground if each in found]


def _check_days(known_on: date, occurred_on: date | None) -> None:
    if known_on > clock.today():
        raise Invalid(fields={"known_on": NOT_YET})
    if occurred_on is not None and occurred_on > known_on:
        raise Invalid(fields={"occurred_on": _("It cannot have become known before it happened.")})


def _check_told(people_told_on: date | None, known_on: date) -> None:
    if people_told_on is not None and people_told_on > clock.today():
        raise Invalid(fields={"people_told_on": NOT_YET})
    if people_told_on is not None and people_told_on < known_on:
        raise Invalid(fields={"people_told_on": BEFORE_KNOWN})


def _check_report(incident: Incident, on: date) -> None:
    if not must_be_reported(incident):
        raise Invalid(_("No ground for a report is chosen. Please add it to the incident first."))
    if on > clock.today():
        raise Invalid(fields={"on": NOT_YET})
    if on < incident.known_on:
        raise Invalid(fields={"on": BEFORE_KNOWN})
