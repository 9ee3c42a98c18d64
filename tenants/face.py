"""The console of a municipality: its guard and its table of contents."""

from flask import Blueprint

from ayumi.kernel.words import _
from ayumi.web.frame import NAVIGATION, Entry
from ayumi.web.guard import STAFF, guard
from tenants.home.views import pages as home

console = Blueprint("console", __name__, url_prefix="/t/<municipality>")
guard(console, STAFF)

console.register_blueprint(home)

NAVIGATION["console"] = (Entry("home.index", _("Today"), "home", "home"),)
