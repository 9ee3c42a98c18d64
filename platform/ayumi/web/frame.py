"""What stands around every page: whose place this is, the way around it, who is here."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext

from ayumi.accounts.labels import ROLES
from ayumi.accounts.model import Party
from ayumi.web import login, permissions
from ayumi.web.language import LANGUAGES, language
from ayumi.web.links import to
from ayumi.web.visit import Visit, present


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a face's navigation: shown to whoever holds its permission."""

    endpoint: str
    label: str
    permission: str
    icon: str
    short: str = ""  # for the phone's bar, at most five letters


NAVIGATION: dict[str, tuple[Entry, ...]] = {}


def init_frame(app: Flask) -> None:
    """Give every template the frame of the present place."""
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """Return what the layout shows."""
    visit, visitor = present(), login.visitor()
    said: dict[str, Any] = {
        "visit": visit,
        "may": may,
        "language_url": _language_url(),
        "home_url": url_for("login.places"),
        "visitor_name": visitor.name if visitor else "",
        "logout_url": url_for("login.logout") if visitor else "",
    }
    return said | (_place(visit) if visit else {})


def _place(visit: Visit) -> dict[str, Any]:
    belonging = visit.belonging
    return {
        "place_name": belonging.municipality,
        "place_note": gettext("Demonstration") if belonging.is_demonstration else "",
        "band_class": f"band-{belonging.band:02d}",
        "face_name": belonging.firm_name or "",
        "visitor_name": belonging.name,
        "role_name": "・".join(gettext(ROLES[role]) for role in ROLES if role in visit.roles),
        "is_staff": visit.party is Party.STAFF,
        "nav": navigation(visit),
        "home_url": to("home.index") if visit.party is not Party.EMPLOYER else "",
    }


def may(permission: str) -> bool:
    """Tell a template whether whoever is here holds a permission."""
    return permissions.may(present(), permission)


def navigation(visit: Visit) -> list[tuple[str, str, bool, int, str, str]]:
    """Return (address, label, is it this one, count, icon, short label) for every line open to whoever is here."""
    here = (request.endpoint or "").removeprefix(f"{g.face}.").partition(".")[0]
    return [
        (
            to(entry.endpoint),
            gettext(entry.label),
            entry.endpoint.partition(".")[0] == here,
            0,
            entry.icon,
            gettext(entry.short or entry.label),
        )
        for entry in NAVIGATION.get(g.face, ())
        if permissions.may(visit, entry.permission)
    ]


def _language_url() -> str:
    other = next(code for code in LANGUAGES if code != language())
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return url_for("login.language", code=other, next=back)
