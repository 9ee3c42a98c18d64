"""The addresses of the product, from its own URL map, filled with identifiers of a populated town."""

from functools import cache

import pytest
from flask import Flask
from werkzeug.routing import Rule

from ayumi.config import settings
from tests.isolation.arguments import arguments
from tests.isolation.populated import Populated
from tests.isolation.routes import ROUTES
from wsgi import make_app

FACES = {"console", "portal", "employer"}
HOSTS = "operator"
KINDS = (
    "caseworker", "supervising_caseworker", "employment_support_worker", "section_head", "finance_officer",
    "administrator", "manager", "supporter", "accounting", "contact",
)  # fmt: skip


@cache
def collected() -> Flask:
    """Return an application for its URL map alone: made when tests are collected, without any service."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AYUMI_SECRET_KEY", "collecting tests needs no real secret")
        patch.setenv("AYUMI_DATABASE_URL_STAFF", "postgresql://nobody@127.0.0.1:1/none")
        settings.cache_clear()
        made = make_app()
    settings.cache_clear()
    return made


def methods(rule: Rule) -> list[str]:
    """Return what a rule answers to."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def path(rule: Rule, place: Populated, things: Populated) -> str:
    """Return the address of a rule in a place, with identifiers taken from ``things``."""
    values = arguments_of(rule, things) | (
        {"municipality": place.town.slug} if "municipality" in rule.arguments else {}
    )
    adapter = collected().url_map.bind("localhost")
    return adapter.build(rule.endpoint, values, method=methods(rule)[0])


def arguments_of(rule: Rule, things: Populated) -> dict[str, object]:
    """Return what stands in the address of a rule, beside the municipality."""
    return {name: arguments(rule.endpoint, name, things) for name in sorted(rule.arguments - {"municipality"})}


def of(*faces: str) -> list[Rule]:
    """Return the guarded rules of some faces."""
    return [rule for rule in RULES if rule.endpoint.partition(".")[0] in faces and ROUTES.get(rule.endpoint, "")]


RULES = list(collected().url_map.iter_rules())
OPEN = [rule for rule in RULES if ROUTES.get(rule.endpoint, "") is None]
OF_ACCOUNTS = [rule for rule in RULES if ROUTES.get(rule.endpoint) == "account"]  # of whoever is logged in
BEHIND = of(*FACES)
HOSTING = of(HOSTS)  # open to operators alone, and to them for every town
GUARDED = [*BEHIND, *HOSTING, *OF_ACCOUNTS]
WITH_IDS = [rule for rule in BEHIND if "<uuid:" in rule.rule]
LISTS = [rule for rule in BEHIND if "GET" in methods(rule) and not rule.arguments - {"municipality"}]
