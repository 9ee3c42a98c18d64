"""What needs whoever is here today."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.web.permissions import needs

pages = Blueprint("home", __name__)


@pages.get("/")
@needs("home")
def index() -> ResponseReturnValue:
    """Show what waits."""
    return render_template("portal/home/index.html")
