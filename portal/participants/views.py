"""The firm's people: those who agreed that the firm may look, and nobody else."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from ayumi.delivery.people import timeline
from ayumi.delivery.people.listing import listing, sought
from ayumi.delivery.people.words import words
from ayumi.participants import queries
from ayumi.web.permissions import needs

pages = Blueprint("participants", __name__, url_prefix="/people")
pages.context_processor(words)


@pages.get("/")
@needs("people.read")
def index() -> ResponseReturnValue:
    """List the firm's people."""
    return render_template("portal/participants/list.html", people=listing())


@pages.post("/find")
@needs("people.read")
def seek() -> ResponseReturnValue:
    """Go to the list of those who are called so; the words stand sealed in its address."""
    return redirect(sought(), 303)


@pages.get("/<uuid:participant_id>")
@needs("people.read")
def detail(participant_id: UUID) -> ResponseReturnValue:
    """Show what a firm needs to know of somebody."""
    life = timeline.life(queries.one(participant_id))
    return render_template("portal/participants/detail.html", life=life, shown=timeline.shown(life))
