"""Which employers have been asked about a month, which have answered and how; answers on paper and by telephone."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.employers.views import month_shown
from ayumi.delivery.employers.words import month_of, words
from ayumi.employers import queries as employers
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.placements import confirmations, months
from ayumi.placements.schemas import Given
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again_for_file
from tenants.consents import scans

pages = Blueprint("confirmations", __name__)
pages.context_processor(words)


@pages.get("/confirmations/")
@needs("employers.read")
def index() -> ResponseReturnValue:
    """Show a month: asked, answered, in question, and how the answer came."""
    month = month_of(request.args.get("month") or str(Month.of(clock.today()).previous))
    rows = months.month_state(month)
    return render_template(
        "tenants/employers/confirmations.html",
        month=month,
        rows=rows,
        unasked=[row for row in rows if row.recorded and not row.sent_at and row.contact_email],
        disputes=[row for row in months.open_disputes() if row.held_on in month],
    )


@pages.post("/confirmations/<month>/ask")
@needs("days.confirm_for")
def ask_all(month: str) -> ResponseReturnValue:
    """Promise a link to every employer of a month that has not been asked yet."""
    asked = month_of(month)
    waiting = [row for row in months.month_state(asked) if row.recorded and not row.sent_at and row.contact_email]
    for row in waiting:
        confirmations.ask(row.employer_id, asked)
    flash(gettext("%(count)s links will be sent within a minute or two.", count=len(waiting)), "good")
    return redirect(to("confirmations.index", month=asked))


@pages.post("/employers/<uuid:employer_id>/months/<month>/ask")
@needs("days.confirm_for")
def ask(employer_id: UUID, month: str) -> ResponseReturnValue:
    """Promise one employer its link (again)."""
    employer, asked = employers.one(employer_id), month_of(month)
    if employer.contact_email is None:
        raise Invalid(gettext("There is no e-mail address to send a link to."))
    confirmations.ask(employer.id, asked)
    flash(gettext("The link will be sent within a minute or two."), "good")
    return redirect(to("employers.month", employer_id=employer_id, month=asked))


@pages.route("/employers/<uuid:employer_id>/months/<month>/answer", methods=["GET", "POST"])
@needs("days.confirm_for")
def give(employer_id: UUID, month: str) -> ResponseReturnValue:
    """Write down an answer that came on paper or by telephone, with who gave it and the scan."""
    asked = month_of(month)
    shown = month_shown(employer_id, asked)
    employer, open_days = shown["employer"], shown["open_days"]
    form = Form(Given(), {"given_by": employer.contact_name, "given_on": clock.today()})
    ticked = set(request.form.getlist("day")) if form.typed is not None else {str(day.id) for day in open_days}
    given = {"days": ids_of(ticked), "scan": scans.handed_in("scan")}
    if form.send(confirmations.confirm_for, employer_id=employer_id, month=asked, id=form.token, **given):
        flash(gettext("The employer's answer has been entered."), "good")
        return redirect(to("employers.month", employer_id=employer_id, month=asked))
    scan = scans.field_of(form, "scan")
    scan.label = gettext("Scan of the signed paper")
    return render_template("tenants/employers/give.html", **shown, form=form, ticked=ticked, scan=scan), form.status


def ids_of(ticked: set[str]) -> set[UUID]:
    """Read the ticked days; what is no identifier is no day."""
    try:
        return {UUID(each) for each in ticked}
    except ValueError as error:
        raise NotFound from error


@pages.get("/confirmations/<uuid:confirmation_id>/scan")
@asks_again_for_file
@needs("days.confirm_for")
def scan(confirmation_id: UUID) -> ResponseReturnValue:
    """Hand out the scan of a confirmation on paper."""
    word = months.confirmation(confirmation_id)
    if word.file_id is None:
        raise NotFound
    return scans.as_download(word.file_id)
