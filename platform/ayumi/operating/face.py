"""The hosting console: its guard and its table of contents."""

from flask import Blueprint

from ayumi.kernel.words import _
from ayumi.operating.glass.views import pages as glass
from ayumi.operating.guard import guard
from ayumi.operating.health.views import pages as health
from ayumi.operating.joining.views import pages as joining
from ayumi.operating.municipalities.booking import pages as booking
from ayumi.operating.municipalities.taking_in import pages as taking_in
from ayumi.operating.municipalities.views import pages as municipalities
from ayumi.web.frame import HOSTING, NAVIGATION, Entry

operator = Blueprint(HOSTING, __name__, url_prefix="/operator")
guard(operator)
operator.register_blueprint(municipalities)
operator.register_blueprint(taking_in)
operator.register_blueprint(booking)
operator.register_blueprint(glass)
operator.register_blueprint(health)
operator.register_blueprint(joining)

NAVIGATION[HOSTING] = (
    Entry("municipalities.index", _("Municipalities"), "operator", "office", _("Towns")),
    Entry("taking_in.search", _("Take one in"), "operator", "plus", _("Take in")),
    Entry("glass.index", _("Break-glass"), "operator", "eye", _("Glass")),
    Entry("health.index", _("The platform"), "operator", "gear", _("Health")),
)
