"""What waits for those who deliver support: weeks to hand in, weeks and fees that came back."""

from flask_babel import gettext

from ayumi.delivery.home.box import FIRST_FEW, Box, Line, days_late, full_name
from ayumi.fees import queries as fees
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.records import queries as records
from ayumi.web.formats import date_short, month_label, yen
from ayumi.web.links import to


def due_weeks() -> Box:
    """Weeks to hand in."""
    total, rows = records.due_for_supporters(FIRST_FEW)
    lines = tuple(
        Line(
            full_name(row),
            to("records.week", record_id=row.record_id),
            gettext("week of %(day)s", day=date_short(row.week_start)),
            gettext("due %(day)s", day=date_short(row.due_on)),
            (days_late(row.due_on), "warn") if row.due_on < clock.today() else None,
        )
        for row in rows
    )
    return Box("due", gettext("Weeks to hand in"), total, lines, to("records.index"), gettext("Every week is in."))


def returned_weeks() -> Box:
    """Weeks that came back with a comment."""
    total, rows = records.returned(FIRST_FEW)
    lines = tuple(
        Line(
            full_name(row),
            to("records.week", record_id=row.record_id),
            row.returned_comment or "",
            gettext("week of %(day)s", day=date_short(row.week_start)),
        )
        for row in rows
    )
    url = to("records.index", tab="returned")
    return Box("returned", gettext("Weeks sent back"), total, lines, url, gettext("Nothing came back."), urgent=True)


def returned_fees() -> Box:
    """Fee statements that came back."""
    total, rows = fees.returned(FIRST_FEW)
    lines = tuple(
        Line(
            row.employer_name,
            to("fees.statement", statement_id=row.id),
            gettext("fees of %(month)s", month=month_label(row.month)),
            yen(row.total),
        )
        for row in rows
    )
    url = to("fees.index")
    return Box("fees-back", gettext("Fees sent back"), total, lines, url, gettext("No fees came back."))


def fees_to_compile() -> Box:
    """Employers whose confirmed days stand in no statement yet."""
    month = Month.of(clock.today()).previous
    waiting = fees.to_compile(month)
    url = to("fees.index", month=str(month))
    title = gettext("Fees to put together")
    nothing = gettext("All confirmed days stand in a statement.")
    text = gettext("Employers with confirmed days: %(count)s", count=len(waiting))
    lines = (Line(month_label(month), url, text),) if waiting else ()
    return Box("compile", title, len(waiting), lines, url, nothing)
