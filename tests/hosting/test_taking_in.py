"""Taking a municipality onto the platform: from the bundled list, with a model's ways, an administrator invited."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from ayumi.hosting import rules
from ayumi.hosting.model import Plan, Subscription
from ayumi.invitations.model import Invitation
from ayumi.japan import municipalities
from ayumi.kernel import ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu, MenuStatus
from ayumi.municipalities.model import AccessPolicy, Municipality, Programme
from ayumi.retention.model import Artefact, RetentionClass
from ayumi.selection.model import SelectionRoute
from jobs.kinds import KINDS
from tests.hosting.operators import Operator, an_operator, hosting
from tests.notices.inbox import mails_to, words
from tests.world import Town, a_town, at, posted

UNUSED = iter(each for each in municipalities.every() if each.prefecture == "沖縄県")
FORM: dict[str, Any] = {
    "plan": "standard",
    "seats": "30",
    "administrator_name": "管理 花子",
    "administrator_email": "Admin@Town.example",
}


@pytest.fixture
def operator(app: Flask) -> Operator:
    return an_operator(app)


@pytest.fixture
def browser(app: Flask, operator: Operator) -> FlaskClient:
    return hosting(app, operator)


@pytest.fixture
def model(app: Flask) -> Iterator[Town]:
    town = a_town(app)
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.execute(update(Programme).values(record_due_days=3, population=12345))
        session.execute(update(AccessPolicy).values(idle_minutes=45, single_sign_on_only=True))
        old = Menu(name="昔の会", tier="work", status=MenuStatus.RETIRED)
        session.add_all([old, RetentionClass(artefact=Artefact.CASE, years=7)])
    yield town


def create(**said: Any) -> Municipality:
    fresh = next(UNUSED)
    common: dict[str, Any] = {
        "id": ids.new(),
        "code": fresh.code,
        "slug": f"x-{ids.new().hex[-10:]}",
        "model": None,
        "menus_published": False,
        "plan": Plan.TRIAL,
        "seats": 5,
        "administrator_name": "管理 花子",
        "administrator_email": "admin@town.example",
    }
    return rules.create(**(common | said))


def test_name_reading_and_prefecture_come_from_the_list(app: Flask, operator: Operator) -> None:
    fresh = next(UNUSED)
    with at(app, operator.place()):
        made = create(code=fresh.code)
        assert (made.name, made.kana, made.prefecture, made.code) == (fresh.name, fresh.kana, "沖縄県", fresh.code)


def test_a_new_municipality_takes_over_how_the_model_works_and_nothing_about_it(
    app: Flask, operator: Operator, model: Town
) -> None:
    with at(app, operator.place()):
        made = create(model=model.slug).id
    with at(app, Place(Door.OWNER, tenant_id=made)):
        programme, policy = (
            db.session.scalars(select(Programme)).one(),
            db.session.scalars(select(AccessPolicy)).one(),
        )
        assert (programme.record_due_days, programme.population, programme.started_on) == (3, None, None)
        assert policy.idle_minutes == 45
        assert policy.second_factor_required is True
        assert policy.single_sign_on_only is False
        assert [(each.name, each.status) for each in db.session.scalars(select(Menu))] == [("朝の会", MenuStatus.DRAFT)]
        assert db.session.scalars(select(SelectionRoute)).one().label == "ケースワーカーが主導して決定"
        assert db.session.scalars(select(RetentionClass)).one().years == 7


def test_its_menus_can_be_offered_at_once(app: Flask, operator: Operator, model: Town) -> None:
    with at(app, operator.place()):
        made = create(model=model.slug, menus_published=True).id
    with at(app, Place(Door.OWNER, tenant_id=made)):
        assert db.session.scalars(select(Menu.status)).all() == [MenuStatus.PUBLISHED]


def test_the_first_administrator_is_invited_and_the_journal_begins_with_that(app: Flask, operator: Operator) -> None:
    with at(app, operator.place()):
        made = create(seats=12).id
    with at(app, Place(Door.OWNER, tenant_id=made)):
        asked = db.session.scalars(select(Invitation)).one()
        assert (asked.email, asked.roles, asked.invited_by) == ("admin@town.example", ["administrator"], None)
        promised = db.session.scalars(select(Promise)).one()
        assert (promised.kind, promised.arguments["invitation_id"]) == ("invitation_mail", str(asked.id))
        entries = db.session.execute(select(Entry.seq, Entry.action, Entry.account_id).order_by(Entry.seq)).all()
        assert [tuple(row) for row in entries] == [
            (1, "taken_in", operator.account_id),
            (2, "invited", operator.account_id),
        ]


def test_asked_twice_it_is_there_once(app: Flask, operator: Operator) -> None:
    id, fresh = ids.new(), next(UNUSED)
    made = []
    for _time in range(2):
        with at(app, operator.place()):
            made.append(create(id=id, code=fresh.code, slug="once-only").id)
    assert made[0] == made[1]
    with at(app, Place(Door.OWNER, tenant_id=made[0])):
        assert len(db.session.scalars(select(Invitation)).all()) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": "011003"}, Invalid),
        ({"code": "010006"}, Invalid),
        ({"slug": "Not Good"}, Invalid),
        ({"model": "no-such-town"}, Invalid),
    ],
)
def test_what_cannot_be_is_refused(
    app: Flask, operator: Operator, said: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error), at(app, operator.place()):
        create(**said)


def test_a_municipality_is_taken_in_once(app: Flask, operator: Operator) -> None:
    fresh = next(UNUSED)
    with at(app, operator.place()):
        create(code=fresh.code)
    with pytest.raises(Conflict), at(app, operator.place()):
        create(code=fresh.code)


def test_the_pages_lead_from_a_reading_to_the_new_municipality(app: Flask, browser: FlaskClient) -> None:
    fresh = next(UNUSED)
    found = browser.get(f"/operator/new/?q={fresh.kana}").get_data(as_text=True)
    assert f"/operator/new/{fresh.code}" in found
    page = browser.get(f"/operator/new/{fresh.code}").get_data(as_text=True)
    assert fresh.name in page
    assert f'value="{fresh.slug}"' in page
    token = str(ids.new())
    for _click in range(2):
        answer = posted(browser, f"/operator/new/{fresh.code}", slug=fresh.slug, _token=token, **FORM)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/operator/m/{fresh.slug}/")
    shown = browser.get(f"/operator/m/{fresh.slug}/").get_data(as_text=True)
    assert fresh.name in shown
    assert "花子" not in shown
    assert "town.example" not in shown
    assert f"/operator/m/{fresh.slug}/" in browser.get(f"/operator/new/?q={fresh.code}").get_data(as_text=True)


def test_a_wrong_check_digit_is_told(browser: FlaskClient) -> None:
    page = browser.get("/operator/new/?q=032019", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "032019" in page
    assert browser.get("/operator/new/032019").status_code == 404
    assert "banner--bad" in page


def test_a_taken_name_in_addresses_gives_way_to_one_with_the_prefecture(app: Flask, operator: Operator) -> None:
    with at(app, operator.place()):
        first = rules.propose_slug(db.session(), "132063")
        assert first == "fuchu"
        create(code="132063", slug=first)
        assert rules.propose_slug(db.session(), "342084") == "fuchu-hiroshima"


class TestPlanAndSeats:
    def test_they_are_changed_by_whoever_saw_their_present_edition(self, app: Flask, operator: Operator) -> None:
        town = a_town(app)
        with at(app, operator.place(town)):
            assert rules.book(plan=Plan.STANDARD, seats=10, edition=0).edition == 1
        with at(app, operator.place(town)):
            rules.book(plan=Plan.LARGE, seats=40, edition=1)
        with pytest.raises(Conflict), at(app, operator.place(town)):
            rules.book(plan=Plan.TRIAL, seats=1, edition=1)
        with at(app, Place(Door.OWNER, tenant_id=town.tenant_id)):
            booked = db.session.scalars(select(Subscription)).one()
            assert (booked.plan, booked.seats) == (Plan.LARGE, 40)
            changes = db.session.scalars(
                select(Entry.changes).where(Entry.action == "booking_changed").order_by(Entry.seq)
            ).all()
            assert changes[-1] == {"plan": ["standard", "large"], "seats": [10, 40]}

    def test_the_page_keeps_what_was_typed_when_it_does_not_fit(self, app: Flask, browser: FlaskClient) -> None:
        town = a_town(app)
        answer = posted(browser, f"/operator/m/{town.slug}/plan", plan="trial", seats="0", edition="0")
        assert answer.status_code == 422
        assert 'value="0"' in answer.get_data(as_text=True)


def test_a_second_invitation_to_the_same_address_is_told_beside_the_field(app: Flask, browser: FlaskClient) -> None:
    town = a_town(app)
    address = f"/operator/m/{town.slug}/administrator"
    said = {"administrator_name": "管理者", "administrator_email": "twice@town.example"}
    assert posted(browser, address, _token=str(ids.new()), **said).status_code == 302
    again = posted(browser, address, _token=str(ids.new()), **said)
    assert again.status_code == 422
    assert "twice@town.example" in again.get_data(as_text=True)


def test_the_operators_door_cannot_take_a_municipality_in_under_another_ones_number(
    app: Flask, operator: Operator
) -> None:
    here, there = a_town(app), a_town(app)
    with pytest.raises(Exception, match="row-level security|permission denied"), at(app, operator.place(here)):
        db.session.execute(
            text("INSERT INTO programme (tenant_id, id, runs_programme, delivery) VALUES (:t, :i, true, 'direct')"),
            {"t": there.tenant_id, "i": UUID(int=1)},
        )


def test_an_impossible_name_in_addresses_is_told_beside_its_field(browser: FlaskClient) -> None:
    fresh = next(UNUSED)
    answer = posted(browser, f"/operator/new/{fresh.code}", slug="Naha City", **FORM)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'href="#field-slug"' in page
    assert 'value="Naha City"' in page


def test_the_invited_administrator_follows_the_mail_and_sets_the_municipality_up(
    app: Flask, browser: FlaskClient
) -> None:
    fresh, email = next(UNUSED), f"{ids.new().hex[-8:]}@town.example"
    said = FORM | {"slug": fresh.slug, "administrator_email": email}
    assert posted(browser, f"/operator/new/{fresh.code}", _token=str(ids.new()), **said).status_code == 302
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        tenant_id = session.scalars(select(Municipality.id).where(Municipality.slug == fresh.slug)).one()
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
        arguments = session.scalars(select(Promise.arguments).where(Promise.kind == "invitation_mail")).one()
    with at(app, Place(Door.WORKER, tenant_id=tenant_id)):
        KINDS["invitation_mail"](**arguments)
    (mail,) = mails_to(email)
    (link,) = re.findall(r"/invitation/\S+", words(mail))
    client = app.test_client()
    assert fresh.name in client.get(link).get_data(as_text=True)
    assert posted(client, link, name="管理 花子", password="四つの離れた言葉をならべて").status_code == 302
    assert client.get(f"/t/{fresh.slug}/").headers["Location"] == "/account/factors/"
    assert f">{fresh.name}<" in browser.get(f"/operator/m/{fresh.slug}/").get_data(as_text=True)
