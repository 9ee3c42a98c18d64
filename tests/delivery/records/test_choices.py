"""What can be chosen for a day is asked for once: menus in their order, and each person's work experience."""

from datetime import timedelta
from uuid import uuid4

from flask import Flask

from ayumi.delivery.records import choices
from ayumi.japan.calendar import week_start
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus import queries as menus
from ayumi.menus.model import Menu, MenuStatus, Tier
from tests.employers.scene import LAST_MONTH, Scene, a_placement, a_scene
from tests.world import inside

MONDAY = week_start(LAST_MONTH.first + timedelta(days=7))


def some_menus(app: Flask, scene: Scene) -> None:
    said = [
        ("農園", Tier.WORK, MenuStatus.PUBLISHED, 1, None),
        ("散歩", Tier.SOCIAL, MenuStatus.PUBLISHED, 2, "公園"),
        ("園芸", Tier.SOCIAL, MenuStatus.PUBLISHED, 1, None),
        ("合唱", Tier.SOCIAL, MenuStatus.RETIRED, 0, None),
        ("料理", Tier.DAILY_LIFE, MenuStatus.DRAFT, 0, None),
    ]
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        names = ("name", "tier", "status", "position", "usual_place")
        session.add_all([Menu(**dict(zip(names, each, strict=True))) for each in said])


def test_menus_come_in_their_order_and_only_published_ones_are_offered(app: Flask) -> None:
    scene = a_scene(app)
    some_menus(app, scene)
    with inside(app, scene.worker):
        every = menus.every()
        for found in (choices.of_menus(), choices.of_people([scene.person_id], MONDAY)):
            assert list(found.menus.items()) == [(row.id, row.name) for row in every]
            assert [found.menu(id) for id in found.offered] == ["朝の会", "園芸", "散歩", "農園"]
            assert [(found.menu(id), place) for id, place in found.usual_places.items()] == [("散歩", "公園")]


def test_work_experience_is_that_of_the_person_in_that_week(app: Flask) -> None:
    scene = a_scene(app)
    placement_id = a_placement(app, scene)
    with inside(app, scene.worker):
        found = choices.of_people([scene.person_id, uuid4()], MONDAY)
        assert list(found.placements) == [scene.person_id]
        assert list(found.placements[scene.person_id]) == [placement_id]
        assert found.placement(placement_id) == "北上川ベーカリー 本店"
        before = choices.of_people([scene.person_id], week_start(LAST_MONTH.first) - timedelta(days=7))
        assert before.placements == choices.of_people([uuid4()], MONDAY).placements == {}


def test_another_municipality_has_its_own(app: Flask) -> None:
    here, there = a_scene(app), a_scene(app)
    some_menus(app, there)
    a_placement(app, there)
    with inside(app, here.worker):
        found = choices.of_people([here.person_id, there.person_id], MONDAY)
        assert list(found.menus.values()) == ["朝の会"] and not found.placements


def test_every_table_that_is_asked_is_narrowed_to_the_municipality() -> None:
    assert str(choices.OFFERED).count("tenant_id = :of_municipality") == len(("menu", "placement", "employer", "site"))
    assert str(choices.OF_MENUS).count("tenant_id = :of_municipality") == 1
