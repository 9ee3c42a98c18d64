"""What waits for those who look after the people who work here."""

from flask_babel import gettext

from ayumi.accounts.labels import ROLES
from ayumi.delivery.home.box import FIRST_FEW, Box, Line
from ayumi.invitations import queries
from ayumi.invitations.labels import LOST_IN_SHORT
from ayumi.web.formats import moment
from ayumi.web.links import to


def locked_out() -> Box | None:
    """People who cannot log in and wait for a second person; no box when there are none."""
    rows = queries.waiting_resets()
    if not rows:
        return None
    lines = tuple(
        Line(
            row.name,
            to("staff.index"),
            row.firm_name or "・".join(gettext(word) for role, word in ROLES.items() if role.value in row.roles),
            moment(row.asked_at),
            (gettext(LOST_IN_SHORT[row.lost]), "warn"),
        )
        for row in rows[:FIRST_FEW]
    )
    title = gettext("People who cannot log in")
    return Box("locked-out", title, len(rows), lines, to("staff.index"), "", urgent=True)
