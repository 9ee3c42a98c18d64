"""Words that pages about people use in their templates."""

from typing import Any

from ayumi.delivery.people.reachable import reachable
from ayumi.delivery.people.rows import rows, short_monday
from ayumi.delivery.records import marks
from ayumi.participants.labels import BARRIERS, IMPORT_KINDS, IMPORT_STATUSES, STATUS_KINDS, STATUSES


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
        "rows": rows,
        "short_monday": short_monday,
    }
