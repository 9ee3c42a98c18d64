"""The portal: firms that work for municipalities, and employers that confirm days. Guards and tables of contents."""

from flask import Blueprint

from ayumi.delivery.employers.views import pages as employers
from ayumi.delivery.fees.views import pages as fees
from ayumi.delivery.journal.history import pages as life
from ayumi.delivery.placements.days import pages as days
from ayumi.delivery.placements.views import pages as placements
from ayumi.delivery.records.views import pages as records
from ayumi.delivery.staff.views import pages as staff
from ayumi.kernel.words import _
from ayumi.web.frame import NAVIGATION, Entry
from ayumi.web.guard import EMPLOYER, FIRM, guard
from ayumi.web.pledge import pages as pledge
from portal.employer.entry import pages as entry
from portal.employer.views import pages as month
from portal.home.views import pages as home
from portal.participants.views import pages as participants

portal = Blueprint("portal", __name__, url_prefix="/portal/<municipality>")
guard(portal, FIRM)
portal.register_blueprint(home)
portal.register_blueprint(pledge)
portal.register_blueprint(staff)
portal.register_blueprint(participants)
portal.register_blueprint(life)
portal.register_blueprint(records)
portal.register_blueprint(employers)
portal.register_blueprint(placements)
portal.register_blueprint(days)
portal.register_blueprint(fees)

employer = Blueprint("employer", __name__, url_prefix="/portal/employer")
guard(employer, EMPLOYER, away="employer.entry.away")
employer.register_blueprint(month)
employer.register_blueprint(entry)

NAVIGATION["portal"] = (
    Entry("home.index", _("Today"), "home", "home"),
    Entry("participants.index", _("People"), "people.read", "people", _("Cases")),
    Entry("records.index", _("Weekly records"), "records.read", "week", _("Record")),
    Entry("placements.index", _("Work experience placements"), "placements.read", "goal", _("Experience")),
    Entry("employers.index", _("Partner employers"), "employers.read", "employer", _("Partners")),
    Entry("fees.index", _("Fees to compile"), "fees.read", "yen", _("Fees")),
    Entry("staff.index", _("People who work here"), "staff.read", "person"),
)
