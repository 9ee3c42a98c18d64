"""Experience days: a whole month ticked at once, and one day with what the employer says of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.delivery.employers.words import month_of, words
from ayumi.delivery.placements.month_form import MonthForm
from ayumi.delivery.placements.views import about
from ayumi.japan.calendar import Month
from ayumi.kernel import journal
from ayumi.kernel.errors import Invalid
from ayumi.placements import confirmations, days, labels, queries
from ayumi.placements.model import ExperienceDay
from ayumi.placements.schemas import DayChange, Reason, rest_of
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit

pages = Blueprint("days", __name__)
pages.context_processor(words)
pages.context_processor(lambda: {"action_words": labels.ACTIONS})


@pages.route("/placements/<uuid:placement_id>/days/<month>", methods=["GET", "POST"])
@needs("days.write")
def month(placement_id: UUID, month: str) -> ResponseReturnValue:
    """Record the days of a month: tick them, look over the times, save."""
    asked, placement = month_of(month), queries.one(placement_id)
    form = MonthForm(placement, asked)
    worked = form.data()
    if worked is not None:
        try:
            made = days.record(placement_id, worked)
            return recorded(placement_id, asked, len(made), form.ticked)
        except Invalid as error:
            form.refuse(error)
    return render_template(
        "ayumi/delivery/placements/month.html", **about(placement), month=asked, form=form
    ), form.status


def recorded(placement_id: UUID, month: Month, new: int, ticked: int) -> ResponseReturnValue:
    """Say how many days are new and go back to the placement."""
    if new:
        flash(gettext("%(count)s days have been recorded.", count=new), "good")
    if new < ticked:
        flash(gettext("%(count)s days were there already.", count=ticked - new), "info")
    return redirect(to("placements.detail", placement_id=placement_id, month=month))


@pages.get("/days/<uuid:day_id>")
@needs("placements.read")
def detail(day_id: UUID) -> ResponseReturnValue:
    """Show one day."""
    return day_page(queries.day(day_id))


@pages.post("/days/<uuid:day_id>/times")
@needs("days.write")
def times(day_id: UUID) -> ResponseReturnValue:
    """Change a day's times; a day in question is then asked about anew."""
    form = times_form(queries.day(day_id))
    if send_edit(form, days.change, lambda: queries.day(day_id).edition, day_id=day_id):
        return told(day_id, gettext("The times have been changed."))
    return day_page(queries.day(day_id), times=form)


@pages.post("/days/<uuid:day_id>/withdraw")
@needs("days.write")
def withdraw(day_id: UUID) -> ResponseReturnValue:
    """Take a day back."""
    form = Form(Reason())
    if form.send(days.withdraw, day_id=day_id):
        return told(day_id, gettext("The day has been withdrawn."))
    return day_page(queries.day(day_id), reason=form)


@pages.post("/days/<uuid:day_id>/reopen")
@needs("days.write")
def reopen(day_id: UUID) -> ResponseReturnValue:
    """Put a day in question back to be confirmed as it is."""
    days.reopen(day_id)
    return told(day_id, gettext("The day waits for the employer's word again."))


@pages.post("/days/<uuid:day_id>/agree")
@needs("days.confirm_for")
def agree(day_id: UUID) -> ResponseReturnValue:
    """Note that the employer has said by telephone that a day in question is right after all."""
    confirmations.agree(day_id, given_by=visit().belonging.name)
    return told(day_id, gettext("The day is confirmed."))


def told(day_id: UUID, said: str) -> ResponseReturnValue:
    """Say what has been done and go back to the day."""
    flash(said, "good")
    return redirect(to("days.detail", day_id=day_id))


def times_form(day: ExperienceDay) -> Form:
    """Return the form of a day's times."""
    rest = rest_of(day.starts_at, day.ends_at, day.minutes)
    initial = {"starts_at": day.starts_at, "ends_at": day.ends_at, "rest": rest, "edition": day.edition}
    return Form(DayChange(), initial)


def day_page(day: ExperienceDay, *, times: Form | None = None, reason: Form | None = None) -> ResponseReturnValue:
    """Return the page of a day with its forms."""
    entries = journal.history(day.id)
    shown: dict[str, Any] = {
        "day": day,
        "times": times or fresh(times_form(day)),
        "reason": reason or fresh(Form(Reason())),
        "entries": entries,
        "names": accounts.names_of({entry.membership_id for entry in entries if entry.membership_id}),
    }
    page = render_template("ayumi/delivery/placements/day.html", **about(queries.one(day.placement_id)), **shown)
    return page, max(form.status for form in (shown["times"], shown["reason"]))


def fresh(form: Form) -> Form:
    """Return a form that shows what is known, although another form of its page has been sent."""
    form.typed = None
    return form
