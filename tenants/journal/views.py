"""The municipality's journal: search it, take it away, see that its chain is whole."""

from io import BytesIO
from typing import IO, Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.audit import about, checks, heads, keys, queries
from ayumi.audit.faults import FAULTS, Fault
from ayumi.delivery.journal import exporting
from ayumi.delivery.journal.lines import called, lines
from ayumi.kernel import clock, ids
from ayumi.kernel.errors import NotFound
from ayumi.participants import queries as participants
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again_for_file
from tenants.journal.asking import Asked, asked, choices, sought

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}

pages = Blueprint("journal", __name__, url_prefix="/journal")
pages.context_processor(lambda: {"new_token": uuid4})


@pages.get("/")
@needs("journal.read")
def index() -> ResponseReturnValue:
    """Show what happened, newest first."""
    wanted = asked()
    person = known(wanted)
    rows, total = queries.page(wanted.sift)
    return render_template(
        "tenants/journal/list.html",
        asked=wanted,
        person=person,
        called=called,
        lines=lines(rows),
        total=total,
        choices=choices(wanted),
        standing=queries.standing(),
    )


def known(wanted: Asked) -> str:
    """What the person asked for is called; asking for them is looking at them."""
    id = wanted.sift.participant_id
    if id is None:
        return ""
    found = about.called_by(id)
    if found is None:
        raise NotFound
    participants.looked_at(id)
    return called(found)


@pages.post("/find")
@needs("journal.read")
def seek() -> ResponseReturnValue:
    """Go to the journal of whoever is called so."""
    address, person_id = sought("journal.index")
    return redirect(to("journal.index", person=person_id) if person_id else address, 303)


@pages.get("/file.<any(csv, xlsx, jsonl):form>")
@asks_again_for_file
@needs("journal.export")
def file(form: str) -> ResponseReturnValue:
    """Hand out what was asked for."""
    wanted = asked()
    known(wanted)
    if form != "jsonl" and queries.count(wanted.sift) > exporting.MOST_LINES:
        flash(gettext("These are too many lines for a table. Please narrow the period, or take JSON Lines."), "warn")
        return redirect(wanted.url())
    name = f"journal-{clock.today():%Y%m%d}.{form}"
    return send_file(_made(form, wanted), TYPES[form], as_attachment=True, download_name=name)


def _made(form: str, wanted: Asked) -> IO[bytes]:
    if form == "jsonl":
        return exporting.as_chain(wanted.sift)
    return BytesIO(exporting.as_csv(wanted.sift) if form == "csv" else exporting.as_workbook(wanted.sift))


@pages.get("/chain")
@needs("journal.read")
def chain() -> ResponseReturnValue:
    """Show how the chain stands: its head, the last signature, the last checks, the key."""
    return render_template(
        "tenants/journal/chain.html",
        head=queries.head(),
        signed=heads.last(),
        checks=checks.newest(10),
        key=keys.public_key(),
        key_id=keys.key_id(keys.public_key()),
        is_stalled=checks.is_stalled,
        faults=told,
    )


@pages.post("/chain/check")
@needs("journal.read")
def check() -> ResponseReturnValue:
    """Ask for a check of the whole journal."""
    made = checks.ask(id=request.form.get("_token", type=UUID) or ids.new())
    return redirect(to("journal.checked", check_id=made.id), 303)


@pages.get("/chain/checks/<uuid:check_id>")
@needs("journal.read")
def checked(check_id: UUID) -> ResponseReturnValue:
    """Show how far a check is, and what it found; as a part of the page for the script that looks again."""
    template = "_check.html" if "HX-Request" in request.headers else "check.html"
    found = checks.one_of(check_id)
    return render_template(f"tenants/journal/{template}", check=found, is_stalled=checks.is_stalled, faults=told)


def told(findings: list[dict[str, Any]]) -> list[str]:
    """What a check has found, in sentences."""
    return [gettext(FAULTS[Fault(each["fault"])], seq=each["seq"]) for each in findings]
