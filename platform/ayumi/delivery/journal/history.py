"""A person's own history: who changed what, and who looked, for those who may see the person."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ayumi.audit import queries
from ayumi.audit.queries import Kind, Sift
from ayumi.delivery.journal.lines import lines
from ayumi.participants import queries as participants
from ayumi.web.links import to
from ayumi.web.paging import page_number
from ayumi.web.permissions import needs

pages = Blueprint("life", __name__, url_prefix="/people")


@pages.get("/<uuid:participant_id>/history")
@needs("people.journal")
def history(participant_id: UUID) -> ResponseReturnValue:
    """Show what the journal holds about a person, newest first."""
    person = participants.one(participant_id)
    kind = next((each for each in Kind if each.value == request.args.get("kind")), None)
    page = page_number()
    rows, total = queries.page(Sift(participant_id=person.id, kind=kind, page=page))

    def url(kind: str = "", page: int = 1) -> str:
        more = {"kind": kind or None, "page": page if page > 1 else None}
        return to("life.history", participant_id=person.id, **more)

    return render_template(
        "ayumi/delivery/journal/history.html",
        person=person,
        lines=lines(rows),
        total=total,
        kind=kind.value if kind else "",
        page=page,
        url=url,
    )
