"""What stands around every page: whose place this is, the way around it, who is here."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext

from ayumi.accounts.labels import ROLES
from ayumi.accounts.model import Party
from ayumi.web import login, permissions
from ayumi.web.language import LANGUAGES, language
from ayumi.web.links import fixed, to
from ayumi.web.visit import Visit, present


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a face's navigation: shown to whoever holds its permission."""

    endpoint: str
    label: str
    permission: str
    icon: str
    short: str = ""  # for the phone's bar, at most five letters in Japanese
    group: str = ""  # heading under which it stands with its neighbours


HOSTING = "operator"
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
        "sees": sees,
        "language_url": _language_url(),
        "home_url": fixed("login.places"),
        "visitor_name": visitor.name if visitor else "",
        "logout_url": fixed("login.logout") if visitor else "",
        "account_url": fixed("account.show") if visitor and visitor.only_tenant_id is None else "",
    }
    if visit is not None:
        return said | _place(visit)
    return said | (_hosting() if visitor and g.get("face") == HOSTING else {})


def _hosting() -> dict[str, Any]:
    return {
        "place_name": gettext("Hosting console"),
        "band_class": "band-00",
        "role_name": gettext("Operator"),
        "nav": _lines(NAVIGATION.get(HOSTING, ())),
        "home_url": to("municipalities.index"),
    }


def _place(visit: Visit) -> dict[str, Any]:
    belonging = visit.belonging
    return {
        "place_name": belonging.municipality,
        "place_note": gettext("Demonstration") if belonging.is_demonstration else "",
        "band_class": f"band-{belonging.band:02d}",
        "face_name": belonging.firm_name or "",
        "visitor_name": belonging.name,
        "role_name": "・".join(_roles(visit)),
        **_glass(visit),
        "is_staff": visit.party is Party.STAFF,
        "nav": navigation(visit),
        "home_url": fixed(f"{g.face}.home.index") if visit.party is not Party.EMPLOYER else "",
    }


def _glass(visit: Visit) -> dict[str, Any]:
    if visit.glass is None:
        return {}
    end = url_for("operator.glass.end", municipality=visit.belonging.slug, break_id=visit.glass.break_id)
    return {"glass": visit.glass, "glass_end_url": end}


def _roles(visit: Visit) -> list[str]:
    if visit.glass is not None:
        return [gettext("Operator, to read only")]
    return [gettext(ROLES[role]) for role in ROLES if role in visit.roles]


def may(permission: str) -> bool:
    """Tell a template whether whoever is here holds a permission."""
    return permissions.may(present(), permission)


def sees(group: str) -> bool:
    """Tell a template whether whoever is here may see a group of fields (which is not even loaded otherwise)."""
    visit = present()
    return visit is not None and group in permissions.sees(visit)


Line = tuple[str, str, bool, int, str, str, str]


def navigation(visit: Visit) -> tuple[Line, ...]:
    """Return (address, label, is it this one, count, icon, short label, group) of every line open to one."""
    return _lines(tuple(entry for entry in NAVIGATION.get(g.face, ()) if permissions.may(visit, entry.permission)))


def _lines(entries: tuple[Entry, ...]) -> tuple[Line, ...]:
    here = (request.endpoint or "").removeprefix(f"{g.face}.").partition(".")[0]
    return _written(entries, here, g.face, g.get("slug"), language(), request.script_root)


@lru_cache(maxsize=4096)
def _written(
    entries: tuple[Entry, ...], here: str, _face: str, _slug: str | None, _language: str, _root: str
) -> tuple[Line, ...]:
    """Write the lines of one place; the same for all its visitors who may go the same ways."""
    return tuple(
        (
            to(entry.endpoint),
            gettext(entry.label),
            entry.endpoint.partition(".")[0] == here,
            0,
            entry.icon,
            gettext(entry.short or entry.label),
            gettext(entry.group) if entry.group else "",
        )
        for entry in entries
    )


def _language_url() -> str:
    other = next(code for code in LANGUAGES if code != language())
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return url_for("login.language", code=other, next=back)
