"""A municipality in which every text is an attack: every page of everybody shows it as text and runs none of it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.attacks.hostile import MARK, wrong_with
from tests.isolation.learned import addresses, endpoint_of
from tests.isolation.pageforms import read
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, KINDS, methods
from tests.world import csrf_of, logged_in

EVIL = f"\"'><{MARK} onload=1>{{{{7191*7}}}}"


@pytest.fixture(scope="module")
def town(app: Flask) -> Iterator[Populated]:
    yield populate(app, EVIL)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_kept_runs_where_it_is_shown(app: Flask, town: Populated, kind: str) -> None:
    browser, wrong, shown = logged_in(app, town.members[kind]), [], 0
    for address in (each for rule in BEHIND if "GET" in methods(rule) for each in addresses(rule, town)):
        answer = browser.get(address)
        shown += MARK in answer.get_data().decode(errors="ignore")
        wrong += [(endpoint_of(address), each) for each in wrong_with(answer)]
    assert shown
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("kind", ["caseworker", "section_head", "manager", "contact"])
def test_nothing_that_is_kept_runs_when_a_form_comes_back(app: Flask, town: Populated, kind: str) -> None:
    browser, wrong = logged_in(app, town.members[kind]), []
    token = csrf_of(browser)
    for address in (each for rule in BEHIND if "GET" in methods(rule) for each in addresses(rule, town)):
        answer = browser.get(address)
        for form in read(address, answer.text).forms if answer.mimetype == "text/html" else ():
            if form.method == "post" and not form.action.endswith(("/logout", "/leave")):
                empty = {control.name: "" for control in form.controls} | {"csrf_token": token}
                wrong += [(form.action, each) for each in wrong_with(browser.post(form.action, data=empty))]
    assert not wrong, "\n".join(map(str, wrong))


def test_words_of_people_are_escaped_also_where_they_are_looked_up_like_our_own(app: Flask) -> None:
    with app.test_request_context():
        write = app.jinja_env.from_string("{{ _(why) }} {{ _('%(who)s', who=why) }}").render
        assert write(why="<b>100% sure</b>") == "&lt;b&gt;100% sure&lt;/b&gt; &lt;b&gt;100% sure&lt;/b&gt;"
