"""What every route needs: endpoint -> permission (None: open to all). A route that is missing here fails the tests."""

from tests.isolation.populated import Populated

ROUTES: dict[str, str | None] = {
    "console.home.index": "home",
    "console.enrolments.new": "enrolments.write",
    "console.enrolments.detail": "people.read",
    "console.enrolments.pause": "enrolments.write",
    "console.enrolments.resume": "enrolments.write",
    "console.enrolments.prolong": "enrolments.write",
    "console.enrolments.end": "enrolments.write",
    "console.consents.expiring": "consents.read",
    "console.consents.index": "consents.read",
    "console.consents.new": "consents.write",
    "console.consents.renew": "consents.write",
    "console.consents.withdraw": "consents.write",
    "console.consents.attach": "consents.write",
    "console.consents.scan": "consents.scan",
    "console.goals.index": "people.read",
    "console.goals.change": "goals.write",
    "console.goals.history": "people.read",
    "console.menus.index": "menus.read",
    "console.menus.brochure": "menus.read",
    "console.menus.new": "menus.write",
    "console.menus.edit": "menus.write",
    "console.menus.publish": "menus.write",
    "console.menus.retire": "menus.write",
    "console.menus.move": "menus.write",
    "console.firms.index": "contracts.read",
    "console.firms.detail": "contracts.read",
    "console.firms.staff": "contracts.read",
    "console.firms.sign": "contracts.write",
    "console.firms.edit": "contracts.write",
    "console.selection.route": "contracts.read",
    "portal.home.index": "home",
    "employer.pages.month": "days.confirm",
}

WORDS = {"kind": "pdf", "code": "en"}


def arguments(endpoint: str, name: str, things: Populated) -> object:
    """Return a value for an argument of a route: an identifier of that town's own things."""
    if name in things.ids:
        return things.ids[name]
    return {"month": things.month, "week": things.week.isoformat(), "year": things.week.year}.get(name) or WORDS[name]
