"""What each kind of user finds on the pages of their own municipality: every form, every link with a question."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import product

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.isolation.arguments import arguments
from tests.isolation.battle import Battlefield
from tests.isolation.pageforms import Page, PageForm, read
from tests.isolation.populated import Populated
from tests.isolation.urls import BEHIND, HOSTING, OF_ACCOUNTS, collected, methods

MOST_OF_A_KIND = 3  # addresses of one route that are looked at


@dataclass
class Learned:
    """What one kind of user has found."""

    kind: str
    forms: dict[tuple[str, str, tuple[str, ...]], PageForm] = field(default_factory=dict)
    queries: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)


def endpoint_of(address: str, method: str = "GET") -> str:
    """Return which view answers at an address, or nothing."""
    adapter = collected().url_map.bind("localhost")
    try:
        return str(adapter.match(address.partition("?")[0], method=method.upper())[0])
    except HTTPException:
        return ""


def addresses(rule: Rule, mine: Populated) -> list[str]:
    """Return the addresses of a rule with each thing of mine it could be about: drafts, accepted weeks, open days."""
    names = sorted(rule.arguments - {"municipality"})
    choices = [_values(rule, name, mine) for name in names]
    adapter = collected().url_map.bind("localhost")
    place = {"municipality": mine.town.slug} if "municipality" in rule.arguments else {}
    made = [adapter.build(rule.endpoint, place | dict(zip(names, each, strict=True))) for each in product(*choices)]
    return made[:MOST_OF_A_KIND]


def _values(rule: Rule, name: str, mine: Populated) -> list[object]:
    first = arguments(rule.endpoint, name, mine)
    stem = name.removesuffix("id")
    more = [mine.ids[key] for key in sorted(mine.ids) if name in mine.ids and key.startswith(stem)]
    return list(dict.fromkeys([first, *more]))


def learn(field: Battlefield, kind: str) -> Learned:
    """Walk through everything one kind of user can open, and gather what can be sent from there."""
    learned, looked = Learned(kind), Counter[str]()
    rules = [*BEHIND, *HOSTING, *OF_ACCOUNTS]
    waiting = [each for rule in rules if "GET" in methods(rule) for each in addresses(rule, field.mine)]
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        page = _page(field, kind, address)
        if page is None:
            continue
        _gather(field, learned, page)
        for link in page.links:
            endpoint = endpoint_of(link)
            if link not in seen and endpoint and is_mine(field, link) and looked[endpoint] < MOST_OF_A_KIND:
                looked[endpoint] += 1
                seen.add(link)
                waiting.append(link)
    return learned


def is_mine(field: Battlefield, address: str) -> bool:
    """Tell whether an address is none of another town: some belong there too, and operators look after all."""
    town = re.match(r"/(?:t|portal|operator/m)/([^/?]+)", address)
    return town is None or town[1] in (field.mine.town.slug, "employer")


def _page(field: Battlefield, kind: str, address: str) -> Page | None:
    answer = field.browser(kind).get(address)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return None
    return read(address, answer.text)


def with_panel(field: Battlefield, kind: str, form: PageForm) -> PageForm:
    """Return what a script saves with the fields of its panel, which is fetched when it is opened."""
    answer = field.browser(kind).get(form.action)
    panel = answer.get_json(silent=True) or {}
    inside = read(form.action, f'<form method="post">{panel.get("html", "")}</form>').forms[0]
    return replace(form, controls=form.controls + inside.controls)


def _gather(field: Battlefield, learned: Learned, page: Page) -> None:
    learned.pages.append(page)
    for form in page.forms:
        if is_mine(field, form.action) and form.shape() not in learned.forms:
            learned.forms[form.shape()] = with_panel(field, learned.kind, form) if form.by_script else form
    for link in page.links:
        path, _mark, query = link.partition("?")
        names = tuple(sorted({each.partition("=")[0] for each in query.split("&") if each}))
        learned.queries.setdefault((endpoint_of(path), names), link)
