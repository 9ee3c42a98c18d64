"""The console of a municipality: its guard and its table of contents."""

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
from ayumi.web.guard import STAFF, guard
from ayumi.web.pledge import pages as pledge
from tenants.access.views import pages as access
from tenants.consents.views import pages as consents
from tenants.employers.agreements import pages as agreements
from tenants.employers.confirmations import pages as confirmations
from tenants.employers.prices import pages as prices
from tenants.enrolments.views import pages as enrolments
from tenants.fees.views import pages as approval
from tenants.firms.handing import pages as handovers
from tenants.firms.views import pages as firms
from tenants.glass.views import pages as glass
from tenants.goals.views import pages as goals
from tenants.home.views import pages as home
from tenants.incidents.views import pages as incidents
from tenants.journal.views import pages as journal
from tenants.menus.views import pages as menus
from tenants.moving.views import pages as moving
from tenants.participants.seen_by import pages as seen_by
from tenants.participants.views import pages as participants
from tenants.records.views import pages as reading
from tenants.reports.views import pages as reports
from tenants.retention.views import pages as retention
from tenants.selection.views import pages as selection

console = Blueprint("console", __name__, url_prefix="/t/<municipality>")
guard(console, STAFF)

console.register_blueprint(home)
console.register_blueprint(pledge)
console.register_blueprint(staff)
console.register_blueprint(participants)
console.register_blueprint(life)
console.register_blueprint(seen_by)
console.register_blueprint(enrolments)
console.register_blueprint(consents)
console.register_blueprint(goals)
console.register_blueprint(menus)
console.register_blueprint(firms)
console.register_blueprint(handovers)
console.register_blueprint(selection)
console.register_blueprint(records)
console.register_blueprint(reading)
console.register_blueprint(employers)
console.register_blueprint(agreements)
console.register_blueprint(prices)
console.register_blueprint(confirmations)
console.register_blueprint(placements)
console.register_blueprint(days)
console.register_blueprint(fees)
console.register_blueprint(approval)
console.register_blueprint(glass)
console.register_blueprint(reports)
console.register_blueprint(access)
console.register_blueprint(incidents)
console.register_blueprint(journal)
console.register_blueprint(retention)
console.register_blueprint(moving)

ADMINISTRATION = _("Administration")

NAVIGATION["console"] = (
    Entry("home.index", _("Today"), "home", "home"),
    Entry("participants.index", _("People"), "people.read", "people", _("Cases")),
    Entry("reading.index", _("Records to read"), "records.read", "eye", _("To read")),
    Entry("records.index", _("Weekly records"), "records.write", "week", _("Record")),
    Entry("reports.index", _("Monthly reports"), "reports.read", "report", _("Reports")),
    Entry("placements.index", _("Work experience placements"), "placements.read", "goal", _("Experience")),
    Entry("employers.index", _("Partner employers"), "employers.read", "employer", _("Partners")),
    Entry("approval.index", _("Payments to employers"), "fees.read", "yen", _("Payments")),
    Entry("fees.index", _("Fees to compile"), "fees.compile", "edit", _("Fees due")),
    Entry("menus.index", _("Menus"), "menus.read", "paper"),
    Entry("firms.index", _("Firms and staff"), "contracts.read", "office", _("Firms")),
    Entry("staff.index", _("People who work here"), "staff.read", "person", group=ADMINISTRATION),
    Entry("access.index", _("Logging in"), "access.read", "shield", group=ADMINISTRATION),
    Entry("incidents.index", _("Incidents"), "incidents.report", "flag", group=ADMINISTRATION),
    Entry("journal.index", _("Journal"), "journal.read", "history", group=ADMINISTRATION),
    Entry("seen_by.index", _("Who can see whom"), "people.seen_by", "people", group=ADMINISTRATION),
    Entry("glass.index", _("Looks of operators"), "glass.read", "eye", group=ADMINISTRATION),
    Entry("retention.index", _("Keeping and disposing"), "retention.read", "clock", group=ADMINISTRATION),
    Entry("moving.index", _("Packing everything"), "moving.pack", "download", group=ADMINISTRATION),
)
