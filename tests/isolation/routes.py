"""What every route needs: endpoint -> permission (None: open to all). A route that is missing here fails the tests."""

from tests.isolation.populated import Populated

ROUTES: dict[str, str | None] = {
    "console.home.index": "home",
    "portal.home.index": "home",
    "employer.pages.month": "days.confirm",
}

WORDS = {"kind": "pdf", "code": "en"}


def arguments(endpoint: str, name: str, things: Populated) -> object:
    """Return a value for an argument of a route: an identifier of that town's own things."""
    if name in things.ids:
        return things.ids[name]
    return {"month": things.month, "week": things.week.isoformat(), "year": things.week.year}.get(name) or WORDS[name]
