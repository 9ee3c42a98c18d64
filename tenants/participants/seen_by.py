"""Who can see this person? For the administrator and those who lead."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from ayumi.delivery.journal.lines import called
from ayumi.delivery.people.seeing import seeing
from ayumi.participants import sight
from ayumi.web.links import to
from ayumi.web.permissions import needs
from tenants.journal.asking import asked, sought

pages = Blueprint("seen_by", __name__, url_prefix="/seen-by")


@pages.get("/")
@needs("people.seen_by")
def index() -> ResponseReturnValue:
    """Ask for a person by number or name."""
    return render_template("tenants/participants/seen_by_find.html", asked=asked(), called=called)


@pages.post("/find")
@needs("people.seen_by")
def seek() -> ResponseReturnValue:
    """Go to whoever is called so."""
    address, person_id = sought("seen_by.index")
    return redirect(to("seen_by.person", participant_id=person_id) if person_id else address, 303)


@pages.get("/<uuid:participant_id>")
@needs("people.seen_by")
def person(participant_id: UUID) -> ResponseReturnValue:
    """Show who can see a person, through which rule, and when each last looked."""
    found = sight.of(participant_id)
    return render_template(
        "tenants/participants/seen_by.html", person=found, name=called(found), seeing=seeing(participant_id)
    )
