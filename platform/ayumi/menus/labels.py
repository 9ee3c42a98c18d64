"""Words for menus."""

from ayumi.kernel.words import _
from ayumi.menus.model import MenuStatus, Tier

TIERS: dict[Tier, str] = {
    Tier.DAILY_LIFE: _("Daily life"),
    Tier.SOCIAL: _("Being among people"),
    Tier.WORK: _("Towards work"),
}
TIER_HINTS: dict[Tier, str] = {
    Tier.DAILY_LIFE: _("Rhythm, health, money, home"),
    Tier.SOCIAL: _("Circles, volunteering, courses"),
    Tier.WORK: _("Visits, work experience, training"),
}

STATUSES: dict[MenuStatus, str] = {
    MenuStatus.DRAFT: _("Draft"),
    MenuStatus.PUBLISHED: _("Offered"),
    MenuStatus.RETIRED: _("No longer offered"),
}
STATUS_KINDS: dict[MenuStatus, str] = {
    MenuStatus.DRAFT: "neutral",
    MenuStatus.PUBLISHED: "good",
    MenuStatus.RETIRED: "frozen",
}
