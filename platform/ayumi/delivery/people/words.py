"""Words that pages about people use in their templates."""

from datetime import date
from typing import Any

from ayumi.delivery.people.reachable import reachable
from ayumi.delivery.records import marks
from ayumi.kernel import clock
from ayumi.participants.labels import BARRIERS, IMPORT_KINDS, IMPORT_STATUSES, STATUS_KINDS, STATUSES
from ayumi.web.formats import date_short, is_english


def short_monday(on: date) -> str:
    """The Monday that names a week: 11/16, and with its year when that is not this one's."""
    if is_english():
        return date_short(on).partition(" ")[2]
    return f"{on.month}/{on.day}" if on.year == clock.today().year else date_short(on)


def words() -> dict[str, Any]:
    """What templates about people may say."""
    return {
        "status_words": STATUSES,
        "status_kinds": STATUS_KINDS,
        "barrier_words": BARRIERS,
        "import_words": IMPORT_STATUSES,
        "import_kinds": IMPORT_KINDS,
        "attendance_legend": marks.legend,
        "reachable": reachable,
        "short_monday": short_monday,
    }
