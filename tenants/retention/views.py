"""What has been kept long enough: lists of what may go, how long each kind is kept, and what is held."""

from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.japan.calendar import fiscal_year, fiscal_year_span
from ayumi.kernel import clock
from ayumi.kernel.errors import NotFound
from ayumi.kernel.files import rules as files
from ayumi.retention import classes, queries, rules
from ayumi.retention.labels import ARTEFACTS, BELONGS, COUNTED_FROM, STATUS_KINDS, STATUSES
from ayumi.retention.schemas import WITH_YEARS, DraftInput, WhyInput
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.frame import may
from ayumi.web.guard import wants_page
from ayumi.web.links import to
from ayumi.web.paging import page_number
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again
from ayumi.web.visit import visit
from tenants.retention.holding import pages as holding

pages = Blueprint("retention", __name__, url_prefix="/retention")
pages.register_blueprint(holding)


@pages.context_processor
def words() -> dict[str, Any]:
    """Words every page of this needs."""
    return {
        "artefact_words": ARTEFACTS,
        "belongs_words": BELONGS,
        "counted_words": COUNTED_FROM,
        "status_words": STATUSES,
        "status_kinds": STATUS_KINDS,
    }


@pages.get("/")
@needs("retention.read")
def index() -> ResponseReturnValue:
    """List the disposal lists."""
    return render_template("tenants/retention/lists.html", lists=queries.every())


@pages.route("/new", methods=["GET", "POST"])
@needs("retention.draft")
def new() -> ResponseReturnValue:
    """Draft a list of everything that may go on a day."""
    form = Form(DraftInput(), {"due_on": fiscal_year_span(fiscal_year(clock.today()))[0]})
    if made := form.send(rules.draft, id=form.token):
        flash(gettext("Drafted. Look through it, keep back what must stay, and hand it in."), "good")
        return redirect(to("retention.detail", disposal_id=made.id))
    return render_template("tenants/retention/new.html", form=form), form.status


@pages.get("/lists/<uuid:disposal_id>")
@needs("retention.read")
def detail(disposal_id: UUID) -> ResponseReturnValue:
    """Show a list: what is on it, who decides, how far it is."""
    number = page_number()
    page = queries.page(disposal_id, number, with_people=may("people.read"))
    template = "detail" if wants_page() else "_progress"
    mine = page.disposal.drafted_by == visit().membership_id
    return render_template(f"tenants/retention/{template}.html", page=page, number=number, is_mine=mine)


@pages.route("/items/<uuid:item_id>/keep", methods=["GET", "POST"])
@needs("retention.draft")
def keep_back(item_id: UUID) -> ResponseReturnValue:
    """Take one thing off a list."""
    item, form = queries.item(item_id), Form(WhyInput())
    if form.send(partial(rules.keep_back, item_id)):
        flash(gettext("Kept back."), "good")
        return redirect(to("retention.detail", disposal_id=item.disposal_id))
    return render_template("tenants/retention/keep.html", form=form, item=item), form.status


@pages.post("/items/<uuid:item_id>/put-back")
@needs("retention.draft")
def put_back(item_id: UUID) -> ResponseReturnValue:
    """Put a thing on the list again."""
    item = rules.put_back(item_id)
    return redirect(to("retention.detail", disposal_id=item.disposal_id))


@pages.post("/lists/<uuid:disposal_id>/hand-in")
@needs("retention.draft")
def hand_in(disposal_id: UUID) -> ResponseReturnValue:
    """Hand a list in for approval."""
    rules.hand_in(disposal_id, edition=edition_seen())
    flash(gettext("Handed in. Somebody else approves it."), "good")
    return redirect(to("retention.detail", disposal_id=disposal_id))


@pages.post("/lists/<uuid:disposal_id>/approve")
@asks_again
@needs("retention.approve")
def approve(disposal_id: UUID) -> ResponseReturnValue:
    """Approve a list; from here on it is carried out."""
    rules.approve(disposal_id, edition=edition_seen())
    flash(gettext("Approved. Everything on the list is now being erased."), "good")
    return redirect(to("retention.detail", disposal_id=disposal_id))


@pages.post("/lists/<uuid:disposal_id>/give-up")
@needs("retention.draft")
def give_up(disposal_id: UUID) -> ResponseReturnValue:
    """Give a list up."""
    rules.give_up(disposal_id, edition=edition_seen())
    flash(gettext("Given up. Nothing was erased."), "good")
    return redirect(to("retention.index"))


def edition_seen() -> int:
    """Return which edition the page showed."""
    return request.form.get("edition", 0, type=int)


@pages.get("/lists/<uuid:disposal_id>/certificate")
@needs("retention.read")
def certificate(disposal_id: UUID) -> ResponseReturnValue:
    """Hand out the certificate."""
    file_id = queries.disposal(disposal_id).certificate_id
    if file_id is None:
        raise NotFound
    row, data = files.opened_file(file_id)
    return send_file(BytesIO(data), row.content_type, as_attachment=True, download_name=row.filename)


@pages.get("/classes")
@needs("retention.read")
def periods() -> ResponseReturnValue:
    """Show how long each kind is kept."""
    return render_template("tenants/retention/classes.html", years=classes.years(), least=classes.LEAST)


@pages.route("/classes/edit", methods=["GET", "POST"])
@needs("retention.write")
def edit_periods() -> ResponseReturnValue:
    """Change how long each kind is kept."""
    known = {artefact.value: years for artefact, years in classes.years().items()}
    form = Form(WITH_YEARS(), known | {"edition": classes.edition()})
    if send_edit(form, changed, classes.edition):
        flash(gettext("Saved."), "good")
        return redirect(to("retention.periods"))
    return render_template("tenants/retention/classes_edit.html", form=form, least=classes.LEAST), form.status


def changed(*, edition: int, **years: int | None) -> bool:
    """Change the classes as they were typed."""
    classes.change({artefact: years[artefact.value] for artefact in ARTEFACTS}, seen=edition)
    return True
