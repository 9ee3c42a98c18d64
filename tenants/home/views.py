"""What needs whoever is here today."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.delivery.home import box
from ayumi.kernel import clock
from ayumi.web.permissions import needs
from tenants.home.boxes import MAKERS

pages = Blueprint("home", __name__)


@pages.get("/")
@needs("home")
def index() -> ResponseReturnValue:
    """Show what waits."""
    return render_template("tenants/home/index.html", boxes=box.made(MAKERS), today=clock.today())
