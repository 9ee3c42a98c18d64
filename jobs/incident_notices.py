"""Those who look after incidents are told that one was entered, or that a report comes due. The mail says no more."""

from uuid import UUID

from ayumi.config import settings
from ayumi.incidents import queries
from ayumi.incidents.clocks import Which, clocks
from ayumi.incidents.labels import REPORTS
from ayumi.kernel.db import tenant
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post


def run(*, incident_id: str, what: str, which: str = "") -> None:
    """Mail a link to the incident to everybody who looks after incidents, unless the report was made meanwhile."""
    incident, here = queries.one(UUID(incident_id)), municipalities.present()
    running = {each.which: each for each in clocks(incident) if each.done_on is None}
    clock = running.get(Which(which)) if which else next(iter(running.values()), None)
    if which and clock is None:
        return
    for row in queries.responsible():
        post.send(
            mail.compose(
                "incident_notice",
                to=row.email,
                name=row.name,
                municipality=here.name,
                what=what,
                report=REPORTS[clock.which] if clock else "",
                due=clock.due if clock else None,
                link=f"{settings().base_url}/t/{here.slug}/incidents/{incident.id}",
            ),
            key=f"incident_notice:{tenant()}:{incident_id}:{what}:{which}:{clock.due if clock else ''}:{row.id}",
        )
