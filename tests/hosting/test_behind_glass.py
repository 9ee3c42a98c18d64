"""Behind broken glass: every page there is, read and never changed, nothing taken away, restricted people hidden."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Rule

from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.web.permissions import THROUGH_GLASS
from tests.hosting.operators import Operator, an_operator, hosting, opened
from tests.isolation.populated import Populated, populate, snapshot
from tests.isolation.routes import ROUTES
from tests.isolation.urls import BEHIND, methods, path
from tests.world import at, csrf_of

CONSOLE = [rule for rule in BEHIND if rule.endpoint.startswith("console.")]
CHANGING = [rule for rule in CONSOLE if set(methods(rule)) - {"GET"}]
READING = [rule for rule in CONSOLE if "GET" in methods(rule)]


@dataclass(eq=False)
class Inside:
    """A full municipality, and an operator who may look into it."""

    app: Flask
    place: Populated
    operator: Operator
    break_id: UUID
    browser: FlaskClient

    @property
    def door(self) -> Place:
        """The door of the database that such an operator comes in by."""
        return Place(Door.GLASS, tenant_id=self.place.town.tenant_id, account_id=self.operator.account_id)

    def views(self) -> int:
        """Return how many views have been promised to the journal."""
        with self.app.app_context(), visiting(Place(Door.OWNER, tenant_id=self.place.town.tenant_id)) as session:
            return len(session.scalars(select(Promise.id).where(Promise.kind == "glass_view")).all())


@pytest.fixture(scope="module")
def inside(app: Flask) -> Iterator[Inside]:
    place = populate(app, "硝子町")
    asking, second = an_operator(app), an_operator(app)
    break_id = opened(app, place.town, asking=asking, second=second, administrator=place.members["administrator"])
    yield Inside(app, place, asking, break_id, hosting(app, asking))


def test_no_permission_of_a_looking_operator_changes_anything() -> None:
    changing = {rule.endpoint for rule in CHANGING if ROUTES[rule.endpoint] in THROUGH_GLASS}
    assert changing == {"console.participants.seek", "console.placements.seek"}  # searches; even these are refused


@pytest.mark.parametrize("rule", READING, ids=lambda rule: rule.endpoint)
def test_a_page_opens_to_be_read_or_is_refused_and_every_one_that_opens_is_written_down(
    inside: Inside, rule: Rule
) -> None:
    before = inside.views()
    answer = inside.browser.get(path(rule, inside.place, inside.place))
    held = ROUTES[rule.endpoint] in THROUGH_GLASS
    assert answer.status_code in ((200, 302, 403, 404) if held else (403,)), answer.status_code
    if answer.status_code == 200:
        assert answer.mimetype == "text/html"
        page = answer.get_data(as_text=True)
        assert "T-100" in page or answer.headers.get("X-Fragment") or "<html" not in page
        assert inside.views() == before + 1
    else:
        assert inside.views() == before


def test_the_main_pages_really_open(inside: Inside) -> None:
    town, ids = inside.place.town.slug, inside.place.ids
    for address in ("", "people/", f"people/{ids['participant_id']}", "reading/", "employers/", "reports/", "menus/"):
        answer = inside.browser.get(f"/t/{town}/{address}")
        assert answer.status_code == 200, address
        assert "banner--bad" in answer.get_data(as_text=True)


@pytest.mark.parametrize("rule", CHANGING, ids=lambda rule: rule.endpoint)
def test_nothing_can_be_sent(inside: Inside, rule: Rule) -> None:
    before = snapshot(inside.app, inside.place.town)
    data = {"csrf_token": csrf_of(inside.browser)}
    for method in set(methods(rule)) - {"GET"}:
        answer = inside.browser.open(path(rule, inside.place, inside.place), method=method, data=data)
        assert answer.status_code == 403, method
    assert snapshot(inside.app, inside.place.town) == before


def test_no_button_changes_anything(inside: Inside) -> None:
    for rule in READING:
        answer = inside.browser.get(path(rule, inside.place, inside.place))
        page = answer.get_data(as_text=True)
        if answer.status_code == 200:
            forms = page.split('method="post" action="')[1:]
            actions = {form.partition('"')[0] for form in forms}
            assert all(each.startswith(("/operator/", "/logout")) for each in actions), (rule.endpoint, actions)


def test_no_file_is_taken_away(inside: Inside) -> None:
    files = {"console.fees.file", "console.approval.month_file", "console.reports.download"}
    asked = [rule for rule in READING if rule.endpoint in files]
    assert len(asked) == 3
    for rule in asked:
        answer = inside.browser.get(path(rule, inside.place, inside.place))
        assert answer.status_code in (403, 404), rule.endpoint
        assert "Content-Disposition" not in answer.headers


def test_restricted_people_are_hidden_by_pages_queries_and_the_database(inside: Inside) -> None:
    town, id = inside.place.town, inside.place.ids["participant_id"]
    owner = Place(Door.OWNER, tenant_id=town.tenant_id)
    with inside.app.app_context(), visiting(owner) as session:
        session.execute(update(Participant).values(is_restricted=True))
    try:
        assert inside.browser.get(f"/t/{town.slug}/people/{id}").status_code == 404
        assert str(id) not in inside.browser.get(f"/t/{town.slug}/people/").get_data(as_text=True)
        with at(inside.app, inside.door):
            assert participants.find(id) is None
            assert db.session.execute(text("SELECT count(*) FROM participant")).scalar() == 0
    finally:
        with inside.app.app_context(), visiting(owner) as session:
            session.execute(update(Participant).values(is_restricted=False))


def test_groups_of_sensitive_fields_stay_closed(inside: Inside) -> None:
    town, id = inside.place.town, inside.place.ids["participant_id"]
    page = inside.browser.get(f"/t/{town.slug}/people/{id}").get_data(as_text=True)
    assert f"{inside.place.mark}覚書" not in page


@pytest.mark.parametrize(
    "sentence",
    [
        "UPDATE participant SET note = 'x'",
        "DELETE FROM participant",
        "INSERT INTO menu (tenant_id, id, name, tier, status) VALUES (:t, gen_random_uuid(), 'x', 'work', 'draft')",
        "UPDATE glass_break SET ends_at = ends_at + interval '1 hour'",
        "SELECT count(*) FROM journal_entry",
        "SELECT count(*) FROM account",
        "UPDATE outbox SET done_at = now()",
    ],
)
def test_the_door_of_the_database_reads_and_does_nothing_else(inside: Inside, sentence: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), at(inside.app, inside.door):
        db.session.execute(text(sentence), {"t": inside.place.town.tenant_id})


def test_the_door_shows_no_other_municipality(inside: Inside) -> None:
    with at(inside.app, inside.door):
        found = db.session.execute(text("SELECT DISTINCT tenant_id FROM participant")).scalars().all()
    assert found == [inside.place.town.tenant_id]
