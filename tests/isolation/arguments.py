"""What stands in the addresses of routes: identifiers of a town's own things, and plain words."""

from datetime import timedelta

from tests.isolation.town import Populated

NOBODYS = "00000000-0000-7000-8000-000000000000"
WORDS = {
    "government": "462012",
    "kind": "xlsx",
    "code": "en",
    "form": "csv",
    "token": "no-such-link",
    "slug": "no-such-place",
    "name": "nothing",
    "path": "nothing.css",
    "purpose": "login",
    "passkey_id": NOBODYS,
    "session_id": NOBODYS,
}


def arguments(endpoint: str, name: str, things: Populated) -> object:
    """Return a value for an argument of a route: an identifier of that town's own things."""
    if ".grid.panels." in endpoint and name in ("record_id", "on"):
        return _of_draft(name, things)
    if name in things.ids:
        return things.ids[name]
    week = things.week.isoformat()
    plain = {"month": things.month, "monday": week, "on": week, "year": things.week.year, "edition": 1}
    return plain.get(name) or WORDS[name]


def _of_draft(name: str, things: Populated) -> object:
    """Panels open only of a week that is being written: the one after the week that was handed in."""
    return things.ids["record_draft"] if name == "record_id" else (things.week + timedelta(days=7)).isoformat()
