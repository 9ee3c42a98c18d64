"""What needs whoever is here today, in a firm."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.delivery.home import box
from ayumi.delivery.home.box import Maker
from ayumi.delivery.home.of_members import locked_out
from ayumi.delivery.home.of_writers import due_weeks, fees_to_compile, returned_fees, returned_weeks
from ayumi.kernel import clock
from ayumi.web.permissions import needs

pages = Blueprint("home", __name__)

MAKERS: tuple[tuple[str, Maker], ...] = (
    ("staff.write", locked_out),
    ("records.write", returned_weeks),
    ("records.write", due_weeks),
    ("fees.compile", fees_to_compile),
    ("fees.compile", returned_fees),
)


@pages.get("/")
@needs("home")
def index() -> ResponseReturnValue:
    """Show what waits."""
    return render_template("portal/home/index.html", boxes=box.made(MAKERS), today=clock.today())
