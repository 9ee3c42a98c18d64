"""Moving out: everything the municipality has, packed into one file of open formats."""

from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from ayumi.kernel.files import rules as files
from ayumi.moving import queries, rules
from ayumi.moving.labels import STATUS_KINDS, STATUSES
from ayumi.web.forms import TOKEN
from ayumi.web.guard import wants_page
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again, asks_again_for_file

pages = Blueprint("moving", __name__, url_prefix="/moving")


@pages.get("/")
@needs("moving.pack")
def index() -> ResponseReturnValue:
    """List the packings, and say what one is."""
    said = {
        "packings": queries.every(),
        "busy": rules.under_way(),
        "new_token": uuid4,
        "kept_days": rules.KEPT_FOR.days,
    }
    return render_template("tenants/moving/list.html", status_words=STATUSES, status_kinds=STATUS_KINDS, **said)


@pages.post("/")
@asks_again
@needs("moving.pack")
def ask() -> ResponseReturnValue:
    """Ask for a packing."""
    packing = rules.ask(id=_token())
    return redirect(to("moving.show", packing_id=packing.id))


@pages.get("/<uuid:packing_id>")
@needs("moving.pack")
def show(packing_id: UUID) -> ResponseReturnValue:
    """Show how far a packing is, or hand it out."""
    packing = queries.one(packing_id)
    template = "show" if wants_page() else "_progress"
    said = {"packing": packing, "is_lost": rules.is_stalled(packing), "new_token": uuid4}
    return render_template(f"tenants/moving/{template}.html", **said)


@pages.get("/<uuid:packing_id>/file")
@asks_again_for_file
@needs("moving.pack")
def download(packing_id: UUID) -> ResponseReturnValue:
    """Hand out a packing, piece by piece."""
    row, opened = files.reading(rules.file_of(packing_id))
    answer = send_file(opened, row.content_type, as_attachment=True, download_name=row.filename)
    answer.content_length = row.size
    return answer


def _token() -> UUID:
    """Return the name of the packing that the form asks for: the same when it is sent twice."""
    try:
        return UUID(request.form.get(TOKEN, ""))
    except ValueError:
        return uuid4()
