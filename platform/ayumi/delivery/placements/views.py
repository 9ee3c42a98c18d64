"""Placements: planned from a person's page, prepared, started, ended."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.consents import queries as consents
from ayumi.consents.model import Scope
from ayumi.delivery.employers.lists import word
from ayumi.delivery.employers.words import month_of, words
from ayumi.delivery.people.sealing import seal, unseal
from ayumi.employers import queries as employers
from ayumi.japan.calendar import Month, months_after
from ayumi.kernel import clock, journal
from ayumi.participants import queries as people
from ayumi.placements import labels, months, queries, rules
from ayumi.placements.model import Placement, PlacementStatus
from ayumi.placements.schemas import EndInput, MeetingInput, PlanChange, PlanInput, ProfileInput, Reason
from ayumi.web.editing import send_edit
from ayumi.web.forms import Choices, Form
from ayumi.web.links import to
from ayumi.web.paging import page_number
from ayumi.web.permissions import needs

pages = Blueprint("placements", __name__)
pages.context_processor(words)
pages.context_processor(lambda: {"action_words": labels.ACTIONS, "check_words": labels.CHECKS})

USUAL_MONTHS = 3
SUGGESTED = 5  # lines of a short list


@pages.get("/placements/")
@needs("placements.read")
def index() -> ResponseReturnValue:
    """List placements by state."""
    status = word(PlacementStatus, request.args.get("status", PlacementStatus.ACTIVE.value))
    find, page = request.args.get("find", ""), page_number()
    text = unseal(find)
    rows = queries.every(status=status, text=text, page=page)
    return render_template(
        "ayumi/delivery/placements/list.html",
        rows=rows,
        total=rows[0].total if rows else 0,
        page=page,
        text=text,
        find=find if text else None,
        status=status.value if status else "",
        questioned=months.open_disputes(SUGGESTED),
    )


@pages.post("/placements/find")
@needs("placements.read")
def seek() -> ResponseReturnValue:
    """Go to the list of those who are called so; the words stand sealed in its address."""
    find, status = seal(request.form.get("q", "")), request.form.get("status", "")
    return redirect(to("placements.index", status=status, find=find or None), 303)


@pages.get("/people/<uuid:participant_id>/placements")
@needs("placements.read")
def of_person(participant_id: UUID) -> ResponseReturnValue:
    """Show all sites a person has been at, and others to try: one site is not the verdict."""
    person = people.one(participant_id)
    tried = queries.tried_sites(participant_id)
    untried = [site for site in employers.open_sites() if site.accepted_on and site.id not in tried]
    return render_template(
        "ayumi/delivery/placements/of_person.html",
        person=person,
        rows=queries.of_participant(participant_id),
        untried=untried[:SUGGESTED],
    )


@pages.route("/people/<uuid:participant_id>/placements/new", methods=["GET", "POST"])
@needs("placements.write")
def new(participant_id: UUID) -> ResponseReturnValue:
    """Plan a placement."""
    person, today = people.one(participant_id), clock.today()
    initial = {
        "nickname": person.nickname,
        "site_id": request.args.get("site", ""),
        "starts_on": today,
        "ends_on": months_after(today, USUAL_MONTHS),
        "planned_days_per_week": 1,
        "planned_minutes_per_day": 120,
    }
    form = Form(PlanInput(), initial, choices={"site_id": site_choices()})
    if made := form.send(rules.plan, participant_id=participant_id, id=form.token):
        flash(gettext("The placement has been planned. Next: the preparatory meeting."), "good")
        return redirect(to("placements.detail", placement_id=made.id))
    back = to("placements.of_person", participant_id=participant_id)
    return form_page(form, gettext("Plan a placement"), back, person.name)


@pages.get("/placements/<uuid:placement_id>")
@needs("placements.read")
def detail(placement_id: UUID) -> ResponseReturnValue:
    """Show a placement: what is prepared, its days of a month, what happened."""
    placement = queries.one(placement_id)
    month = month_of(request.args.get("month") or str(present_month(placement)))
    entries = journal.history(placement_id)
    return render_template(
        "ayumi/delivery/placements/detail.html",
        **about(placement),
        checks=rules.checks(placement),
        month=month,
        days=queries.days_of(placement_id, month.first, month.last),
        profile=rules.profile(placement),
        may_profile=consents.in_force(placement.participant_id, Scope.EMPLOYER_PROFILE) is not None,
        entries=entries,
        names=accounts.names_of({entry.membership_id for entry in entries if entry.membership_id}),
    )


@pages.route("/placements/<uuid:placement_id>/edit", methods=["GET", "POST"])
@needs("placements.write")
def edit(placement_id: UUID) -> ResponseReturnValue:
    """Change a placement; the load may be raised step by step."""
    placement = queries.one(placement_id)
    initial = {name: getattr(placement, name) for name in PlanChange().fields}
    form = Form(PlanChange(), initial, choices={"site_id": site_choices(placement)})
    if send_edit(form, rules.edit, lambda: queries.one(placement_id).edition, placement_id=placement_id):
        return done(placement_id, gettext("The changes have been saved."))
    return step_page(form, gettext("Change the placement"), placement_id)


@pages.route("/placements/<uuid:placement_id>/meeting", methods=["GET", "POST"])
@needs("placements.write")
def meeting(placement_id: UUID) -> ResponseReturnValue:
    """Note the preparatory meeting."""
    return step(
        placement_id,
        MeetingInput,
        rules.hold_meeting,
        gettext("Note the preparatory meeting"),
        gettext("The meeting has been noted."),
    )


@pages.route("/placements/<uuid:placement_id>/profile", methods=["GET", "POST"])
@needs("placements.write")
def profile(placement_id: UUID) -> ResponseReturnValue:
    """Write the profile sheet."""
    if consents.in_force(queries.one(placement_id).participant_id, Scope.EMPLOYER_PROFILE) is None:
        raise rules.NoConsent
    return step(
        placement_id,
        ProfileInput,
        rules.write_profile,
        gettext("Write the profile sheet"),
        gettext("The profile sheet has been written."),
    )


@pages.get("/placements/<uuid:placement_id>/sheet")
@needs("placements.read")
def sheet(placement_id: UUID) -> ResponseReturnValue:
    """Show the profile sheet as it is handed to the employer, for printing."""
    placement = queries.one(placement_id)
    said = rules.profile(placement)
    if said is None:
        raise rules.NoConsent
    return render_template("ayumi/delivery/placements/sheet.html", **about(placement), profile=said)


@pages.post("/placements/<uuid:placement_id>/start")
@needs("placements.write")
def start(placement_id: UUID) -> ResponseReturnValue:
    """Start a placement for which everything is in place."""
    rules.start(placement_id)
    return done(placement_id, gettext("The work experience has started."))


@pages.route("/placements/<uuid:placement_id>/end", methods=["GET", "POST"])
@needs("placements.write")
def end(placement_id: UUID) -> ResponseReturnValue:
    """End a placement."""
    return step(
        placement_id,
        EndInput,
        rules.end,
        gettext("End the work experience"),
        gettext("The work experience has ended."),
        ends_on=clock.today(),
    )


@pages.route("/placements/<uuid:placement_id>/cancel", methods=["GET", "POST"])
@needs("placements.write")
def cancel(placement_id: UUID) -> ResponseReturnValue:
    """Call off a placement that has not started."""
    return step(
        placement_id, Reason, rules.cancel, gettext("Call the placement off"), gettext("The placement is called off.")
    )


def step(
    placement_id: UUID, schema: type[Any], rule: Callable[..., Placement], title: str, said: str, **initial: Any
) -> ResponseReturnValue:
    """Show one step's form, take it, and go back to the placement."""
    placement = queries.one(placement_id)
    known = {name: getattr(placement, name, None) for name in schema().fields}
    form = Form(schema(), known | initial)
    if form.send(rule, placement_id=placement_id):
        return done(placement_id, said)
    return step_page(form, title, placement_id)


def done(placement_id: UUID, said: str) -> ResponseReturnValue:
    """Say what has been done and go back to the placement."""
    flash(said, "good")
    return redirect(to("placements.detail", placement_id=placement_id))


def step_page(form: Form, title: str, placement_id: UUID) -> ResponseReturnValue:
    """Return the page of one step of a placement."""
    person = people.one(queries.one(placement_id).participant_id)
    return form_page(form, title, to("placements.detail", placement_id=placement_id), person.name)


def form_page(form: Form, title: str, back: str, name: str) -> ResponseReturnValue:
    """Return a page with one form about a person's placement."""
    crumbs = [(to("placements.index"), gettext("Work experience placements")), (back, name), ("", title)]
    page = render_template(
        "ayumi/delivery/employers/form.html",
        form=form,
        title=title,
        back=back,
        crumbs=crumbs,
        lead=name,
        save=gettext("Save"),
    )
    return page, form.status


def about(placement: Placement) -> dict[str, Any]:
    """Return a placement with its person, employer and site."""
    return {
        "placement": placement,
        "person": people.one(placement.participant_id),
        "employer": employers.one(placement.employer_id),
        "site": employers.site(placement.site_id),
        "today": clock.today(),
    }


def site_choices(placement: Placement | None = None) -> Choices:
    """Return the sites to choose from; those whose floor has not agreed yet say so."""
    found = [(site.id, site_label(site)) for site in employers.open_sites()]
    if placement is not None and placement.site_id not in [id for id, _label in found]:
        found.append((placement.site_id, employers.site(placement.site_id).name))
    return [("", gettext("Please choose")), *found]


def site_label(site: Any) -> str:
    """北上川ベーカリー 本店."""
    label = f"{site.employer_name} {site.name}"
    return label if site.accepted_on else gettext("%(site)s (has not agreed yet)", site=label)


def present_month(placement: Placement) -> Month:
    """Return the month to look at first: the present one, within the placement's period."""
    return Month.of(max(min(clock.today(), placement.ends_on), placement.starts_on))
