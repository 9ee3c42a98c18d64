"""How this municipality chooses people."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.selection import queries
from ayumi.selection.labels import DECIDERS, PARTIES
from ayumi.web.formats import is_english
from ayumi.web.permissions import needs

pages = Blueprint("selection", __name__, url_prefix="/selection")


@pages.get("/")
@needs("contracts.read")
def route() -> ResponseReturnValue:
    """Show the municipality's route: its steps, who takes part, which papers, who decides."""
    route = queries.current_route()
    steps = queries.steps(route, english=is_english()) if route else []
    return render_template("tenants/selection/route.html", route=route, steps=steps, deciders=DECIDERS, parties=PARTIES)
