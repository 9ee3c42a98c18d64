"""An employer's month, on a phone, between customers: nicknames and days, one button, nothing else of anybody."""

from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.employers.words import duration, month_of, span, weeks_of
from ayumi.employers import queries as employers
from ayumi.japan.calendar import Month
from ayumi.kernel.errors import NotFound, Refused
from ayumi.kernel.words import _
from ayumi.placements import amounts, confirmations, labels, months, queries
from ayumi.placements.schemas import Remark, TimesInput, Word, rest_of
from ayumi.web.formats import date_long
from ayumi.web.forms import Form
from ayumi.web.permissions import needs
from ayumi.web.visit import present, visit

pages = Blueprint("pages", __name__)
pages.context_processor(
    lambda: {"day_words": labels.DAYS, "day_tags": labels.DAY_KINDS, "span": span, "duration": duration}
)

KINDS = {"recorded": "marked", "confirmed": "confirmed", "disputed": "asked"}


class NoLongerAsked(Refused):
    """Another person is the contact by now."""

    message = _("Somebody else is the contact person of this employer now, so this page is closed to you.")


@pages.before_request
def still_asked() -> None:
    """Only the present contact person is inside, also when an older link still opens."""
    here = present()
    if here is not None and here.visitor.email != employers.contact()[2]:
        raise NoLongerAsked


@pages.get("/month")
@needs("days.confirm")
def month() -> ResponseReturnValue:
    """Go to the oldest month that waits for an answer, or to the last one."""
    asked = months.asked_months(employer_id())
    if not asked:
        return render_template("portal/employer/nothing.html", employer_name=employers.contact()[0])
    waiting = [row for row in asked if row.answered_at is None]
    return redirect(url_for("employer.pages.days", month=Month.of((waiting or asked[:1])[-1].month)))


@pages.get("/month/<month>")
@needs("days.confirm")
def days(month: str) -> ResponseReturnValue:
    """Show the month to confirm."""
    return month_page(asked_month(month), Form(Remark()))


@pages.post("/month/<month>/confirm")
@needs("days.confirm")
def confirm(month: str) -> ResponseReturnValue:
    """Confirm every day that is not in question."""
    asked, form = asked_month(month), Form(Remark())
    said = form.data()
    if said is None:
        return month_page(asked, form)
    confirmations.confirm(employer_id(), asked, id=form.token, given_by=visit().belonging.name, **said)
    return redirect(url_for("employer.pages.thanks", month=asked))


@pages.get("/month/<month>/thanks")
@needs("days.confirm")
def thanks(month: str) -> ResponseReturnValue:
    """Say thank you, and what happens next."""
    asked = asked_month(month)
    rows = months.asked_days(employer_id(), asked)
    waiting = [Month.of(row.month) for row in months.asked_months(employer_id()) if row.answered_at is None]
    return render_template(
        "portal/employer/thanks.html",
        month=asked,
        total=amounts.total(employer_id(), asked, rows),
        questioned=months.split(rows)[1],
        others=[each for each in waiting if each != asked],
        address=visit().visitor.email,
    )


@pages.get("/day/<uuid:day_id>")
@needs("days.confirm")
def day(day_id: UUID) -> ResponseReturnValue:
    """Show one day, to be corrected or questioned."""
    return day_page(day_id)


@pages.post("/day/<uuid:day_id>/times")
@needs("days.confirm")
def times(day_id: UUID) -> ResponseReturnValue:
    """Correct a day's times."""
    form = Form(TimesInput())
    if form.send(confirmations.correct, day_id=day_id, edition=None):
        return back(day_id, gettext("Thank you, the times have been corrected."))
    return day_page(day_id, times=form)


@pages.post("/day/<uuid:day_id>/absent")
@needs("days.confirm")
def absent(day_id: UUID) -> ResponseReturnValue:
    """Say that nobody came on a day."""
    confirmations.dispute(day_id, word=gettext("Did not come on this day."))
    return back(day_id, gettext("Thank you, we will look into this day."))


@pages.post("/day/<uuid:day_id>/word")
@needs("days.confirm")
def word(day_id: UUID) -> ResponseReturnValue:
    """Say in a sentence what is not right with a day."""
    form = Form(Word())
    if form.send(confirmations.dispute, day_id=day_id):
        return back(day_id, gettext("Thank you, we will look into this day."))
    return day_page(day_id, word=form)


@pages.post("/day/<uuid:day_id>/agree")
@needs("days.confirm")
def agree(day_id: UUID) -> ResponseReturnValue:
    """Say that a day in question is right after all."""
    confirmations.agree(day_id, given_by=visit().belonging.name)
    return back(day_id, gettext("Thank you, the day is confirmed."))


# What the pages show ---


def employer_id() -> UUID:
    """Return whose page this is."""
    found = visit().belonging.employer_id
    if found is None:
        raise NotFound
    return found


def asked_month(text: str) -> Month:
    """Return a month this employer has been asked about; there is nothing behind any other."""
    month = month_of(text)
    if month.first not in [row.month for row in months.asked_months(employer_id())]:
        raise NotFound
    return month


def month_page(month: Month, form: Form) -> ResponseReturnValue:
    """Return the page of a month."""
    rows = months.asked_days(employer_id(), month)
    of_one = attrgetter("nickname", "placement_id")
    by_person = groupby(sorted(rows, key=of_one), of_one)
    page = render_template(
        "portal/employer/month.html",
        month=month,
        employer_name=employers.contact()[0],
        people=[(nickname, calendar(month, list(days))) for (nickname, _placement), days in by_person],
        waiting=[row for row in rows if row.status.value == "recorded"],
        questioned=months.split(rows)[1],
        total=amounts.total(employer_id(), month, rows),
        form=form,
    )
    return page, form.status


def calendar(month: Month, rows: list[Any]) -> list[list[dict[str, Any] | None]]:
    """Return the weeks of a month with somebody's days marked."""
    held = {row.held_on: row for row in rows}
    return [
        [{"number": on.day} | (mark(held[on]) if on in held else {}) if on else None for on in week]
        for week in weeks_of(month)
    ]


def mark(row: Any) -> dict[str, str]:
    """Return how a day is marked: by colour, by a word, and in a whole sentence for those who hear the page."""
    state = row.status.value
    word = gettext("asking") if state == "disputed" else duration(row.minutes)
    sentence = gettext(
        "%(day)s, %(times)s: %(state)s. Correct it or say what is different.",
        day=date_long(row.held_on),
        times=span(row),
        state=gettext(labels.DAYS[row.status]),
    )
    return {
        "kind": KINDS[state],
        "word": word,
        "title": sentence,
        "url": url_for("employer.pages.day", day_id=row.id),
    }


def day_page(day_id: UUID, *, times: Form | None = None, word: Form | None = None) -> ResponseReturnValue:
    """Return the page of one day."""
    row = queries.day(day_id)
    month = asked_month(str(Month.of(row.held_on)))
    rest = rest_of(row.starts_at, row.ends_at, row.minutes)
    known = {"starts_at": row.starts_at, "ends_at": row.ends_at, "rest": rest}
    forms = (times or unsent(Form(TimesInput(), known)), word or unsent(Form(Word())))
    page = render_template(
        "portal/employer/day.html",
        day=row,
        month=month,
        nickname=months.nickname(row.placement_id),
        times=forms[0],
        word=forms[1],
    )
    return page, max(form.status for form in forms)


def unsent(form: Form) -> Form:
    """Return a form as it stands before anything is typed, although another one of its page was sent."""
    form.typed = None
    return form


def back(day_id: UUID, said: str) -> ResponseReturnValue:
    """Say thank you and go back to the month."""
    flash(said, "good")
    return redirect(url_for("employer.pages.days", month=Month.of(queries.day(day_id).held_on)))
