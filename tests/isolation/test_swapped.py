"""Identifiers of another municipality in everything a page lets one send: forms, questions in addresses, JSON, files.

What there is to send is learned from the pages themselves, as each kind of user, so that a new form is attacked
without anybody thinking of it. Every identifier a form holds or offers is swapped for its counterpart in another
municipality: field by field, then all at once. Where such a form is not refused, ``TAKEN`` in outside.py says why.
"""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.isolation.battle import BESIDE, EVERYBODY, THERE, Battlefield, battlefield
from tests.isolation.learned import Learned, endpoint_of, learn
from tests.isolation.outside import ROW_BY_ROW, TAKEN, TAKEN_ANYWHERE
from tests.isolation.pageforms import Page, PageForm, query_of, read
from tests.isolation.twins import ID, Pairs, Twins
from tests.isolation.urls import BEHIND, OF_ACCOUNTS, methods, path

ATTACKERS = [kind for kind in EVERYBODY if kind != "stranger"]  # who would find their own town's pages
REFUSED = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429}
ENDS = ("/account/sessions", "/portal/employer/leave")  # would end the attack itself
TO_THE_DOOR = ("/login", "/portal/employer/away")
POSTING = [rule for rule in [*BEHIND, *OF_ACCOUNTS] if "POST" in methods(rule)]


class Attack:
    """A battle under way: what has been learned, and what would have been taken."""

    def __init__(self, app: Flask) -> None:
        self.field: Battlefield = battlefield(app)
        self.twins = {
            "theirs": Twins(app, self.field.mine, self.field.theirs),
            "sister": Twins(app, self.field.mine, self.field.sister),
        }

    @cache  # noqa: B019
    def learned(self, kind: str) -> Learned:
        """Return what this kind of user finds on the pages."""
        return learn(self.field, kind)

    def send(self, kind: str, form: PageForm, pairs: Pairs) -> TestResponse:
        """Send a form as this kind of user."""
        data: MultiDict[str, Any] = MultiDict([pair for pair in pairs if pair[0] != "csrf_token"])
        if form.method != "post":
            return self.field.browser(kind).get(f"{form.action}?{urlencode(list(data.items(multi=True)))}")
        for name in form.files:
            data.add(name, (io.BytesIO(self.upload()), f"../{self.field.theirs.ids['file_id']}.csv"))
        data["csrf_token"] = self.field.token(kind)
        return self.field.browser(kind).post(form.action, data=data, content_type=form_type(form))

    def press_on(self, kind: str, form: PageForm, pairs: Pairs, town: str) -> TestResponse:
        """Send a form and, where the answer only shows what it would do, the form that does it."""
        answer = self.send(kind, form, pairs)
        if form.method != "post" or answer.status_code != 200 or answer.mimetype != "text/html":
            return answer
        for further in read(form.action, answer.text).forms:
            held = {value for _name, value in further.pairs()}
            if further.method == "post" and further.shape() != form.shape() and held & self.twins[town].foreign:
                return self.send(kind, further, further.pairs())
        return answer

    def upload(self) -> bytes:
        """Return a list that names people and staff of the other municipality."""
        theirs = self.field.theirs
        return f"ケース番号,担当\r\n{theirs.mark}-1,{theirs.members['caseworker'].membership_id}\r\n".encode()

    def wrong(self, answer: TestResponse, where: str, *, taken: bool = False) -> list[str]:
        """Return what is wrong with an answer to an identifier of another municipality."""
        said = answer.get_data().decode(errors="ignore") + str(answer.headers)
        found = [f"{where}: shows {mark}" for mark in (THERE, BESIDE) if mark in said and mark not in where]
        if answer.status_code >= 500:
            found.append(f"{where}: {answer.status_code}")
        if not taken and answer.status_code not in REFUSED and not sent_to_the_door(answer):
            found.append(f"{where}: taken ({answer.status_code} {answer.headers.get('Location', '')})")
        return found


def form_type(form: PageForm) -> str:
    """Return how a form travels."""
    return "multipart/form-data" if form.files else "application/x-www-form-urlencoded"


def sent_to_the_door(answer: TestResponse) -> bool:
    """Tell whether somebody was only asked to log in."""
    return answer.status_code == 302 and answer.headers["Location"].startswith(TO_THE_DOOR)


def offered(form: PageForm) -> dict[str, tuple[str, ...]]:
    """Return what each field of a form lets one choose."""
    return {each.name: (*each.options, each.value) for each in form.controls}


def stays_out(kind: str, address: str) -> bool:
    """Tell whether sending this would end the attack, or is rightly noted in each of somebody's municipalities."""
    is_noted_in_both = kind == "both" and address.startswith("/account")
    return address.startswith(ENDS) or "/suspend" in address or is_noted_in_both


@pytest.fixture(scope="module")
def attack(app: Flask) -> Iterator[Attack]:
    yield Attack(app)


@pytest.mark.parametrize("town", ["theirs", "sister"])
@pytest.mark.parametrize("kind", ATTACKERS)
def test_an_identifier_of_another_municipality_in_a_form_is_refused(attack: Attack, kind: str, town: str) -> None:
    wrong: list[str] = []
    for form in (each for each in attack.learned(kind).forms.values() if not stays_out(kind, each.action)):
        endpoint = endpoint_of(form.action, form.method)
        for swap in attack.twins[town].swaps(form.pairs(), offered(form)):
            taken = form.method == "get" or swap.what in TAKEN_ANYWHERE or (endpoint, swap.what) in TAKEN
            taken = taken or endpoint in ROW_BY_ROW
            where = f"{endpoint} {swap.what} (from {form.page})"
            wrong += attack.wrong(attack.press_on(kind, form, swap.pairs, town), where, taken=taken)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ATTACKERS)
def test_an_identifier_of_another_municipality_in_a_question_shows_nothing_of_it(attack: Attack, kind: str) -> None:
    wrong: list[str] = []
    for link in attack.learned(kind).queries.values():
        for swap in attack.twins["theirs"].swaps(query_of(link), {}):
            address = f"{link.partition('?')[0]}?{urlencode(swap.pairs)}"
            wrong += attack.wrong(attack.field.browser(kind).get(address), f"{link} {swap.what}", taken=True)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ATTACKERS)
def test_every_changing_route_fed_with_identifiers_it_never_asked_for_touches_nothing(
    attack: Attack, kind: str
) -> None:
    field, wrong = attack.field, list[str]()
    blind = {name: str(field.theirs.ids[name]) for name in field.theirs.ids}
    blind |= {"tenant_id": str(field.theirs.town.tenant_id), "municipality": field.theirs.town.slug}
    for rule in (each for each in POSTING if not stays_out(kind, each.rule)):
        address = path(rule, field.mine, field.mine)
        data = blind | {"csrf_token": field.token(kind)}
        wrong += attack.wrong(field.browser(kind).post(address, data=data), rule.endpoint, taken=True)
        answer = field.browser(kind).post(address, json=blind, headers={"X-CSRFToken": field.token(kind)})
        wrong += attack.wrong(answer, f"{rule.endpoint} (JSON)", taken=True)
    assert not wrong, "\n".join(wrong)


def test_all_that_has_been_tried_has_not_moved_the_others(attack: Attack) -> None:
    now = attack.field.others()
    for town, before in attack.field.before.items():
        for part, rows in before.items():
            assert now[town][part] == rows, (town, part)


def test_the_reader_of_pages_finds_what_a_browser_would_send() -> None:
    page: Page = read(
        "/here",
        '<form method="post" action="/there" id="f"><input name="a" value="1"><input type="checkbox" name="b" checked>'
        '<select name="c"><option value="">-<option value="x"></select><textarea name="d">\nwords</textarea>'
        '<input type="radio" name="e" value="r1"><input type="radio" name="e" value="r2"><input type=file name=up>'
        '</form><button form="f" name="go" value="now">Go</button><a href="/next?x=1">next</a>',
    )
    [form] = page.forms
    assert (form.method, form.action, form.files, page.links) == ("post", "/there", ("up",), ["/next?x=1"])
    assert sorted(form.pairs()) == [("a", "1"), ("b", "on"), ("c", "x"), ("d", "words"), ("e", "r1"), ("go", "now")]
    assert ID.search("no identifier here") is None
