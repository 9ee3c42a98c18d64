"""Lists of people: hand one in, see how far it is, read what is wrong with it, take the template along."""

from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import fields

from ayumi.accounts import queries as accounts
from ayumi.japan.inputs import Input
from ayumi.kernel.errors import NotFound
from ayumi.kernel.words import _
from ayumi.participants import imports
from ayumi.participants.sheet import COLUMNS
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again_for_file
from ayumi.web.visit import visit
from tenants.participants import papers

pages = Blueprint("imports", __name__, url_prefix="/imports")

SHOWN = 200


class UploadSchema(Input):
    """The file itself is no field of the form's text."""

    file = fields.Raw(metadata={"label": _("List of people")})


@pages.route("/", methods=["GET", "POST"])
@needs("people.import")
def index() -> ResponseReturnValue:
    """Take a list in, and show the lists so far."""
    form = Form(UploadSchema())
    if request.method == "POST" and (made := form.send(taken_in, id=form.token)):
        return redirect(to("participants.imports.show", import_id=made))
    rows = imports.every()
    names = accounts.names_of({row.membership_id for row in rows})
    return render_template(
        "tenants/participants/imports.html", form=form, columns=COLUMNS, rows=rows, names=names
    ), form.status


def taken_in(*, id: UUID) -> UUID:
    """Hand the uploaded file to the rule."""
    file = request.files.get("file")
    filename = (file.filename if file else "") or ""
    return imports.upload(id=id, data=file.read() if file and filename else b"", filename=filename).id


@pages.get("/<uuid:import_id>")
@needs("people.import")
def show(import_id: UUID) -> ResponseReturnValue:
    """Show how far a list is, or what came of it; as a part of the page for the script that looks again."""
    row = imports.found(import_id)
    page = "_import.html" if "HX-Request" in request.headers else "import.html"
    return render_template(
        f"tenants/participants/{page}",
        row=row,
        gave_up=imports.gave_up(row),
        problems=[papers.said(problem) for problem in row.errors[:SHOWN]],
        is_mine=row.membership_id == visit().membership_id,
        who=accounts.names_of({row.membership_id}).get(row.membership_id, ""),
    )


@pages.get("/<uuid:import_id>/corrections.xlsx")
@asks_again_for_file
@needs("people.import")
def corrections(import_id: UUID) -> ResponseReturnValue:
    """Give back the list with a column that says what is wrong in each row, to whoever handed it in."""
    row = imports.found(import_id)
    if row.membership_id != visit().membership_id or not row.errors:
        raise NotFound
    return _download(papers.corrections(*imports.corrected_sheet(row)), "xlsx", gettext("List to correct"))


@pages.get("/template.<any(csv, xlsx):kind>")
@needs("people.import")
def template(kind: str) -> ResponseReturnValue:
    """Give an empty list with the right headings."""
    return _download(
        papers.template_csv() if kind == "csv" else papers.template_xlsx(), kind, gettext("List of people")
    )


def _download(data: bytes, kind: str, name: str) -> Response:
    """Hand out a file under a Japanese name, written so that every server and browser takes it (RFC 5987)."""
    return send_file(BytesIO(data), papers.TYPES[kind], as_attachment=True, download_name=f"{name}.{kind}")
