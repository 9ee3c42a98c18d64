"""Every day the weeks up to the end of next week are expected."""

from flask import Flask
from sqlalchemy import func, select

from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise, promise
from ayumi.records.model import WeeklyRecord
from jobs import perform
from jobs.kinds import KINDS
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_scene
from tests.world import inside, working


def last_week_expected(app: Flask, scene: Scene) -> object:
    with working(app, scene.town):
        return db.session.scalar(select(func.max(WeeklyRecord.week_start)))


def test_this_week_and_the_next_are_expected(app: Flask) -> None:
    scene = a_scene(app)
    with working(app, scene.town):
        KINDS["expected_weeks"]()
    assert last_week_expected(app, scene) == LAST_MONDAY + 2 * WEEK


def test_it_keeps_the_promise_of_an_enrolment(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.caseworker):
        promise("expected_weeks", once=f"expected_weeks:{clock.today()}")
        promised = db.session.scalars(select(Promise.id)).one()
    with app.app_context():
        perform.keep(tenant_id=scene.town.tenant_id, promise_id=str(promised))
    assert last_week_expected(app, scene) == LAST_MONDAY + 2 * WEEK


def test_other_towns_are_left_alone(app: Flask) -> None:
    scene, other = a_scene(app), a_scene(app)
    with working(app, scene.town):
        KINDS["expected_weeks"]()
    assert last_week_expected(app, other) is None
