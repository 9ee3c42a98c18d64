"""What the pages about incidents say of time."""

from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from ayumi.incidents import labels
from ayumi.incidents.clocks import Clock, Pace
from ayumi.incidents.schemas import IncidentInput
from ayumi.kernel import clock
from ayumi.web.formats import date_long

FIELDS: dict[str, str] = {
    name: field.metadata["label"] for name, field in IncidentInput().fields.items() if name != "edition"
}


def words() -> dict[str, Any]:
    """Return the labels for templates."""
    return {
        "statuses": labels.STATUSES,
        "status_kinds": labels.STATUS_KINDS,
        "grounds": labels.GROUNDS,
        "ground_hints": labels.GROUND_HINTS,
        "reports": labels.REPORTS,
        "action_words": labels.ACTIONS,
        "field_words": FIELDS,
        "clock_tag": clock_tag,
        "when": when,
    }


def clock_tag(each: Clock) -> tuple[str, str]:
    """Return how a report stands, in words and as a kind of tag."""
    pace = each.pace(clock.today())
    return (str(gettext(labels.PACES[pace])) if pace is Pace.DONE else remaining(each)), labels.PACE_KINDS[pace]


def remaining(each: Clock) -> str:
    """How many days are left, or how many it is late."""
    left = each.left(clock.today())
    if left < 0:
        return str(ngettext("%(num)s day late", "%(num)s days late", -left))
    return str(gettext("due today") if left == 0 else ngettext("%(num)s day left", "%(num)s days left", left))


def when(each: Clock) -> str:
    """By when a report is wanted, or when it was made."""
    if each.done_on is not None:
        return str(gettext("made on %(day)s", day=date_long(each.done_on)))
    if each.wanted_from < each.due and each.which == "preliminary":
        return str(gettext("from %(first)s to %(last)s", first=date_long(each.wanted_from), last=date_long(each.due)))
    return str(gettext("by %(day)s", day=date_long(each.due)))


def value_words(name: str, value: Any) -> str:
    """Return what the journal keeps of a field as people read it."""
    if value in (None, "", []):
        return str(gettext("nothing"))
    if name == "grounds":
        return "、".join(str(gettext(labels.GROUNDS[each])) for each in labels.GROUNDS if each.value in value)
    if name.endswith("_on"):
        return date_long(date.fromisoformat(str(value)))
    return str(value)
