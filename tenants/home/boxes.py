"""What waits for the municipality's own people."""

from flask_babel import gettext

from ayumi.consents import queries as consents
from ayumi.delivery.home.box import FIRST_FEW, Box, Line, Maker, days_late, days_left, full_name
from ayumi.delivery.home.of_members import locked_out
from ayumi.delivery.home.of_writers import due_weeks, fees_to_compile, returned_fees, returned_weeks
from ayumi.employers import queries as employers
from ayumi.fees import queries as fees
from ayumi.hosting import breaks
from ayumi.hosting.labels import GLASS, GLASS_KINDS
from ayumi.incidents import clocks
from ayumi.incidents import queries as incidents
from ayumi.incidents.labels import REPORTS
from ayumi.placements import months
from ayumi.plans import queries as plans
from ayumi.records import queries as records
from ayumi.retention import queries as disposals
from ayumi.web.formats import date_long, date_short, month_label, yen
from ayumi.web.links import to
from ayumi.web.visit import visit
from tenants.home.caseload import supports, whose
from tenants.incidents.words import clock_tag, when

SOON = 30  # days


def open_concerns() -> Box:
    """Concerns that nobody has acknowledged."""
    total, rows = records.open_concerns(whose(), FIRST_FEW)
    lines = tuple(
        Line(
            full_name(row),
            to("reading.week", record_id=row.record_id),
            row.what,
            row.firm_name or gettext("own staff"),
            (gettext("To acknowledge"), "bad"),
        )
        for row in rows
    )
    url, title = to("reading.concerns"), gettext("Concerns to acknowledge")
    return Box("concerns", title, total, lines, url, gettext("No open concerns."), urgent=True)


def to_read() -> Box:
    """Weeks to accept or send back."""
    total, rows = records.to_read(whose(), FIRST_FEW)
    lines = tuple(
        Line(
            full_name(row),
            to("reading.week", record_id=row.record_id),
            gettext("week of %(day)s", day=date_short(row.week_start)),
            gettext("handed in %(day)s", day=date_short(row.submitted_at)),
            (gettext("With a request"), "info") if row.has_request else None,
        )
        for row in rows
    )
    url, title = to("reading.index"), gettext("Records to read")
    return Box("to-read", title, total, lines, url, gettext("You have read everything."))


def missing() -> Box:
    """Weeks that were due and have not come."""
    total, rows = records.missing(whose(), FIRST_FEW)
    lines = tuple(
        Line(
            full_name(row),
            to("records.week", record_id=row.record_id),
            gettext("week of %(day)s", day=date_short(row.week_start)),
            row.firm_name or gettext("own staff"),
            (days_late(row.due_on), "warn"),
        )
        for row in rows
    )
    url, title = to("reading.missing"), gettext("Weeks that have not come")
    return Box("missing", title, total, lines, url, gettext("No week is missing."))


def to_renew() -> Box:
    """Consents that run out soon."""
    rows = consents.expiring(SOON, whose(), FIRST_FEW)
    lines = tuple(
        Line(
            full_name(row),
            to("consents.index", participant_id=row.participant_id),
            gettext("consent until %(day)s", day=date_long(row.expires_on)),
            days_left(row.expires_on),
        )
        for row in rows
    )
    total = rows[0].total if rows else 0
    title, nothing = gettext("Consents to renew"), gettext("No consent runs out within a month.")
    return Box("consents", title, total, lines, to("consents.expiring"), nothing)


def to_ask() -> Box | None:
    """People whose firm may not look at them yet; no box when there are none."""
    rows = consents.to_ask(whose(), FIRST_FEW)
    lines = tuple(
        Line(full_name(row), to("consents.new", participant_id=row.participant_id), row.firm_name) for row in rows
    )
    if not rows:
        return None
    return Box("to-ask", gettext("Consents to ask for"), rows[0].total, lines, to("consents.to_ask"), "")


def to_review() -> Box:
    """Goals to look at again."""
    rows = plans.to_review(FIRST_FEW, within_days=SOON, membership_id=whose())
    lines = tuple(
        Line(
            full_name(row),
            to("goals.change", enrolment_id=row.enrolment_id),
            row.text,
            gettext("review on %(day)s", day=date_short(row.review_on)),
        )
        for row in rows
    )
    total = rows[0].total if rows else 0
    title, nothing = gettext("Goals to look at again"), gettext("No goal is due within a month.")
    return Box("goals", title, total, lines, to("goals.index"), nothing)


def disputes() -> Box | None:
    """Days that employers question; no box when there are none."""
    rows = months.open_disputes(FIRST_FEW)
    lines = tuple(
        Line(
            row.employer_name,
            to("employers.month", employer_id=row.employer_id, month=f"{row.held_on:%Y-%m}"),
            row.dispute or "",
            f"{row.nickname} {date_short(row.held_on)}",
        )
        for row in rows
    )
    if not rows:
        return None
    return Box("disputes", gettext("Days that employers question"), rows[0].total, lines, to("employers.index"), "")


def fees_to_approve() -> Box:
    """Fee statements that wait for approval."""
    total, rows = fees.to_approve(FIRST_FEW)
    lines = tuple(
        Line(
            row.employer_name,
            to("approval.statement", statement_id=row.id),
            gettext("fees of %(month)s", month=month_label(row.month)),
            yen(row.total),
        )
        for row in rows
    )
    url, title = to("approval.index"), gettext("Fees to approve")
    return Box("approve", title, total, lines, url, gettext("No fees wait for you."))


def prices_to_approve() -> Box:
    """Unit prices that wait for a second person."""
    mine = visit().membership_id
    rows = employers.waiting_prices(FIRST_FEW)
    lines = tuple(
        Line(
            row.employer_name,
            to("employers.detail", employer_id=row.employer_id),
            gettext("%(yen)s a day from %(day)s", yen=yen(row.yen), day=date_short(row.valid_from)),
            row.entered_by_name,
            (gettext("Your own"), "neutral") if row.entered_by == mine else None,
        )
        for row in rows
    )
    total = rows[0].total if rows else 0
    url, title = to("prices.index"), gettext("Prices to approve")
    return Box("prices", title, total, lines, url, gettext("No price waits for you."))


def weeks_of_supporters() -> Box | None:
    """Weeks to hand in, for those who support people themselves."""
    return due_weeks() if supports() else None


def operators_looks() -> Box:
    """Requests of operators to agree to, looks that are open, looks to look back at."""
    total, rows = breaks.waiting_here(FIRST_FEW)
    lines = tuple(
        Line(
            row.ticket,
            to("glass.detail", break_id=row.id),
            row.reason,
            row.asked_by_name,
            (gettext(GLASS[row.status]), GLASS_KINDS[row.status]),
        )
        for row in rows
    )
    url, title = to("glass.index"), gettext("Looks of operators")
    return Box("glass", title, total, lines, url, gettext("No operator asks to look inside."), urgent=bool(total))


def incident_reports() -> Box | None:
    """Reports on incidents that are not made yet; no box when there are none."""
    rows = [(row, running) for row in incidents.unfinished() if (running := clocks.running(row))]
    if not rows:
        return None
    lines = tuple(
        Line(
            row.title,
            to("incidents.detail", incident_id=row.id),
            gettext(REPORTS[each.which]),
            when(each),
            clock_tag(each),
        )
        for row, each in rows[:FIRST_FEW]
    )
    return Box("incidents", gettext("Incidents to report"), len(rows), lines, to("incidents.index"), "", urgent=True)


def disposals_to_approve() -> Box | None:
    """Disposal lists that wait for a second person; no box when there are none."""
    rows = disposals.waiting()
    if not rows:
        return None
    lines = tuple(
        Line(
            gettext("Due on %(day)s", day=date_long(row.due_on)),
            to("retention.detail", disposal_id=row.id),
            gettext("%(number)s items", number=row.listed),
            row.drafted_by,
        )
        for row in rows[:FIRST_FEW]
    )
    return Box("disposals", gettext("Disposal lists to approve"), len(rows), lines, to("retention.index"), "")


MAKERS: tuple[tuple[str, Maker], ...] = (
    ("incidents.manage", incident_reports),
    ("staff.write", locked_out),
    ("records.decide", open_concerns),
    ("records.decide", to_read),
    ("records.decide", missing),
    ("fees.approve", fees_to_approve),
    ("prices.approve", prices_to_approve),
    ("consents.write", to_renew),
    ("consents.write", to_ask),
    ("goals.write", to_review),
    ("days.confirm_for", disputes),
    ("records.write", weeks_of_supporters),
    ("records.write", returned_weeks),
    ("fees.compile", fees_to_compile),
    ("fees.compile", returned_fees),
    ("retention.approve", disposals_to_approve),
    ("glass.read", operators_looks),
)
