"""Over every form and every address as every kind of user, with what nobody should ever type.

No answer is a failure of ours, none runs or repeats what was typed, each carries its headers. The values are chosen
by Hypothesis, the same in every run; a failure names the kind of user, the form and what was sent.
"""

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.attacks.hostile import CONTENTS, NAMES, NASTY, PATHS, wrong_with
from tests.isolation.battle import EVERYBODY, Battlefield, battlefield
from tests.isolation.learned import Learned, endpoint_of, learn
from tests.isolation.pageforms import PageForm, Pairs
from tests.isolation.urls import BEHIND, HOSTING, OF_ACCOUNTS, OPEN, arguments_of, methods, path

EVERY_RULE = [*BEHIND, *HOSTING, *OF_ACCOUNTS, *OPEN]
CHANGING = ("PUT", "DELETE", "PATCH", "TRACE", "NONSENSE")
ENDS = re.compile("/(logout|leave|sessions/|suspend)")  # would end the crawl itself
AT_HOME = {"caseworker": "console", "manager": "portal", "contact": "employer", "operator": "operator"}
KEPT = {"csrf_token", "_token", "edition"}
LONGEST = 4094  # characters of an address that the web server lets through
CHOSEN = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


class Crawler:
    """Somebody who opens everything and types anything."""

    def __init__(self, app: Flask) -> None:
        self.field: Battlefield = battlefield(app)

    @cache  # noqa: B019
    def learned(self, kind: str) -> Learned:
        """Return what this kind of user finds on the pages."""
        return learn(self.field, kind)

    @cache  # noqa: B019
    def forms(self, kind: str) -> list[PageForm]:
        """Return their forms, but for those that end the session."""
        return [form for form in self.learned(kind).forms.values() if not ENDS.search(form.action)]

    def send(self, kind: str, form: PageForm, pairs: Pairs, upload: tuple[bytes, str]) -> TestResponse:
        """Send a form."""
        if form.method != "post":
            return self.field.browser(kind).get(f"{form.action.partition('?')[0]}?{urlencode(pairs)}")
        data: dict[str, list[object]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        data["csrf_token"] = [self.field.token(kind)]
        data |= {name: [(io.BytesIO(upload[0]), upload[1])] for name in form.files}
        return self.field.browser(kind).post(form.action, data=data)


@pytest.fixture(scope="module")
def crawler(app: Flask) -> Iterator[Crawler]:
    yield Crawler(app)


def twisted(draw: Any, pairs: Pairs) -> Pairs:
    """Return a form with some fields spoiled, some left out, some said twice."""
    made: Pairs = []
    for name, value in pairs:
        how = "keep" if name in KEPT else draw(st.sampled_from(["keep", "spoil", "spoil", "drop", "twice"]))
        if how == "twice":
            made.append((name, value))
        if how != "drop":
            made.append((name, value if how == "keep" else draw(st.sampled_from(NASTY))))
    return made


def at_home(rule: Rule) -> str:
    """Return who may look behind the door of an address; a caseworker where the door is open."""
    face = rule.endpoint.partition(".")[0]
    return next((kind for kind, theirs in AT_HOME.items() if theirs == face), "caseworker")


@pytest.mark.parametrize("kind", EVERYBODY)
def test_no_form_breaks_whatever_is_typed(crawler: Crawler, kind: str) -> None:
    forms = crawler.forms(kind)
    if not forms:
        return

    @CHOSEN
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        pairs = twisted(data.draw, form.pairs())
        upload = (data.draw(st.sampled_from(CONTENTS)), data.draw(st.sampled_from(NAMES))) if form.files else (b"", "")
        answer = crawler.send(kind, form, pairs, upload)
        assert wrong_with(answer) == [], (kind, endpoint_of(form.action, form.method), pairs, upload)

    attack()


@pytest.mark.parametrize("kind", EVERYBODY)
def test_every_form_takes_each_kind_of_nonsense_in_every_field_at_once(crawler: Crawler, kind: str) -> None:
    nonsense, wrong = cycle(NASTY), []
    for form in crawler.forms(kind):
        for _round in range(2):
            word = next(nonsense)
            pairs = [(name, value if name in KEPT else word) for name, value in form.pairs()]
            answer = crawler.send(kind, form, pairs, (b"a,b\r\n", "a.csv"))
            wrong += [(endpoint_of(form.action, form.method), word[:40], each) for each in wrong_with(answer)]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("kind", ["caseworker", "manager", "contact", "anonymous"])
def test_no_address_breaks_whatever_it_asks(crawler: Crawler, kind: str) -> None:
    nonsense, wrong = cycle(NASTY), []
    names = {name for _endpoint, asked in crawler.learned(kind).queries for name in asked} | {
        "page",
        "q",
        "month",
        "next",
    }
    for rule in EVERY_RULE:
        if "GET" in methods(rule):
            asked = urlencode([(name, next(nonsense)[:LONGEST]) for name in sorted(names)])
            answer = crawler.field.browser(kind).get(f"{path(rule, crawler.field.mine, crawler.field.mine)}?{asked}")
            wrong += [(rule.endpoint, asked[:80], each) for each in wrong_with(answer)]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("kind", AT_HOME)
def test_no_address_breaks_whatever_stands_in_it(crawler: Crawler, kind: str) -> None:
    wrong = []
    for rule in (each for each in EVERY_RULE if at_home(each) == kind):
        values = arguments_of(rule, crawler.field.mine)
        words = {str(value): name for name, value in values.items() if name != "municipality"}
        address = path(rule, crawler.field.mine, crawler.field.mine)
        for value, word in ((value, word) for value in words for word in PATHS):
            spoiled = address.replace(quote(value), quote(word), 1)
            answer = crawler.field.browser(kind).open(spoiled, method=methods(rule)[0])
            wrong += [(rule.endpoint, spoiled[:120], each) for each in wrong_with(answer)]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_way_of_asking_is_answered_with_care(crawler: Crawler) -> None:
    wrong = []
    for rule in EVERY_RULE:
        for verb in (*CHANGING, "OPTIONS", "HEAD"):
            address = path(rule, crawler.field.mine, crawler.field.mine)
            answer = crawler.field.browser("caseworker").open(address, method=verb)
            wrong += [(rule.endpoint, verb, each) for each in wrong_with(answer)]
            if verb in {"PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"} and answer.status_code not in (
                400,
                404,
                405,
                501,
            ):
                wrong.append((rule.endpoint, verb, str(answer.status_code)))
    assert not wrong, "\n".join(map(str, wrong))
