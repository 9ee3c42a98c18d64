"""An employer's month, on a phone, between customers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.web.permissions import needs

pages = Blueprint("employer", __name__)


@pages.get("/month")
@needs("days.confirm")
def month() -> ResponseReturnValue:
    """Show the month to confirm."""
    return render_template("portal/employer/month.html")
