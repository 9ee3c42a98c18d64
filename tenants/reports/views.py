"""The monthly reports: the months, the report itself, the people behind its figures, and compiling it again."""

from io import BytesIO
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.kernel.files import rules as files
from ayumi.reports import queries, rules
from ayumi.reports.reading import read
from ayumi.web.links import to
from ayumi.web.paging import page_number
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again, asks_again_for_file
from tenants.reports import showing
from tenants.reports.showing import month_of
from tenants.reports.words import WordsForm

pages = Blueprint("reports", __name__, url_prefix="/reports")
pages.context_processor(showing.words)


@pages.get("/")
@needs("reports.read")
def index() -> ResponseReturnValue:
    """List the months, each with how far its report is."""
    page = page_number()
    return render_template("tenants/reports/list.html", months=queries.months(page), page=page)


@pages.get("/<month>/")
@needs("reports.read")
def show(month: str) -> ResponseReturnValue:
    """Show a month's report, or say that there is none yet."""
    wanted = month_of(month)
    return render_template("tenants/reports/show.html", page=showing.page(wanted, queries.current(wanted)))


@pages.get("/<month>/<int:edition>")
@needs("reports.read")
def edition(month: str, edition: int) -> ResponseReturnValue:
    """Show one edition of a month's report, an older one too."""
    wanted = month_of(month)
    return render_template("tenants/reports/show.html", page=showing.page(wanted, queries.edition(wanted, edition)))


@pages.get("/<month>/editions")
@needs("reports.read")
def editions(month: str) -> ResponseReturnValue:
    """Show what changed from edition to edition."""
    wanted = month_of(month)
    return render_template("tenants/reports/editions.html", month=wanted, editions=showing.editions(wanted))


@pages.get("/figures/<uuid:figure_id>")
@asks_again
@needs("reports.people")
def people(figure_id: UUID) -> ResponseReturnValue:
    """Show who stands behind a figure."""
    figure, report = queries.figure(figure_id)
    page = page_number()
    return render_template(
        "tenants/reports/people.html",
        entry=read(report).one(figure.key, figure.dimension),
        report=report,
        behind=queries.people(figure, page),
        page=page,
    )


@pages.get("/files/<uuid:report_id>/<any(xlsx, pdf):kind>")
@asks_again_for_file
@needs("reports.read")
def download(report_id: UUID, kind: str) -> ResponseReturnValue:
    """Hand out an edition as a spreadsheet or as PDF."""
    kept, data = files.opened_file(queries.file_of(report_id, kind))
    return send_file(BytesIO(data), kept.content_type, as_attachment=True, download_name=kept.filename)


@pages.post("/<month>/compile")
@needs("reports.compile")
def compile_again(month: str) -> ResponseReturnValue:
    """Ask for a month's report, and lead to where one sees how far it is."""
    run = rules.ask(month_of(month), id=showing.token())
    return redirect(to("reports.run", run_id=run.id))


@pages.get("/runs/<uuid:run_id>")
@needs("reports.read")
def run(run_id: UUID) -> ResponseReturnValue:
    """Show how far a compilation is; as a part of the page for the script that looks again."""
    template = "_run.html" if "HX-Request" in request.headers else "run.html"
    return render_template(f"tenants/reports/{template}", run=queries.run(run_id))


@pages.route("/<month>/words", methods=["GET", "POST"])
@needs("reports.write")
def words(month: str) -> ResponseReturnValue:
    """Write the office's own words."""
    form = WordsForm(month_of(month))
    if form.saved():
        flash(gettext("Saved. The words go into the report when it is compiled again."), "good")
        return redirect(to("reports.show", month=month))
    return render_template("tenants/reports/words.html", form=form), form.status
