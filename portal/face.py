"""The portal: firms that work for municipalities, and employers that confirm days. Guards and tables of contents."""

from flask import Blueprint

from ayumi.kernel.words import _
from ayumi.web.frame import NAVIGATION, Entry
from ayumi.web.guard import EMPLOYER, FIRM, guard
from portal.employer.views import pages as month
from portal.home.views import pages as home

portal = Blueprint("portal", __name__, url_prefix="/portal/<municipality>")
guard(portal, FIRM)
portal.register_blueprint(home)

employer = Blueprint("employer", __name__, url_prefix="/portal/employer")
guard(employer, EMPLOYER)
employer.register_blueprint(month, name="pages")

NAVIGATION["portal"] = (Entry("home.index", _("Today"), "home", "home"),)
