"""A session is in exactly one place, says so to the database, and every statement says whose rows it wants."""

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, func, select, text
from sqlalchemy.orm import aliased

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db, enter, one
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door, NoPlace, Place, PlaceTaken, WrongPlace
from ayumi.menus.model import Menu, MenuStatus, Tier
from tests.world import a_member, a_town, at, inside, working


def test_nothing_can_be_asked_before_a_place_is_entered(app: Flask) -> None:
    with app.app_context(), pytest.raises(NoPlace):
        db.session.execute(select(Menu.id))


def test_a_session_never_moves_to_another_place(app: Flask) -> None:
    with app.app_context():
        enter(Place(Door.STAFF, tenant_id=1))
        with pytest.raises(PlaceTaken):
            enter(Place(Door.STAFF, tenant_id=2))


@pytest.mark.parametrize("tenant_id", ["1", 1.0, True, "1; DROP TABLE menu"])
def test_a_municipality_is_a_whole_number_and_nothing_else(tenant_id: object) -> None:
    with pytest.raises(WrongPlace):
        Place(Door.STAFF, tenant_id=tenant_id)  # type: ignore[arg-type]


def test_rows_of_another_municipality_are_not_there(app: Flask) -> None:
    here, there = a_town(app), a_town(app)
    caseworker = a_member(app, here, Party.STAFF, Role.CASEWORKER)
    with inside(app, caseworker):
        assert db.session.scalars(select(Menu.id)).all() == [here.menu_id]
        with pytest.raises(NotFound):
            one(Menu, there.menu_id)


def test_even_plain_sql_sees_only_the_place(app: Flask) -> None:
    here, _there = a_town(app), a_town(app)
    with working(app, here):
        found = db.session.execute(text("SELECT tenant_id FROM menu")).scalars().all()
        assert set(found) == {here.tenant_id}


def test_without_a_municipality_the_database_shows_nothing(app: Flask) -> None:
    a_town(app)
    with app.app_context(), db.engines["staff"].connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM menu")).scalar() == 0


def test_every_statement_names_the_municipality_on_every_alias(app: Flask) -> None:
    town, said = a_town(app), []
    other, third = aliased(Menu), aliased(Menu)
    inner = select(func.count(third.id)).where(third.position == other.position).scalar_subquery()
    with app.app_context():
        event.listen(db.engines["worker"], "before_cursor_execute", lambda *args: said.append(args[2]))
    with working(app, town):
        db.session.execute(select(Menu.id, other.name, inner).join(other, other.id == Menu.id))
    asked = next(sentence for sentence in said if "menu_1" in sentence)
    assert asked.count("tenant_id = ") == 3


def test_a_new_row_is_stamped_and_cannot_be_written_elsewhere(app: Flask) -> None:
    here, there = a_town(app), a_town(app)
    with at(app, Place(Door.OWNER, tenant_id=here.tenant_id)):
        row = Menu(name="散歩", tier=Tier.SOCIAL, status=MenuStatus.DRAFT)
        db.session.add(row)
        db.session.flush()
        assert row.tenant_id == here.tenant_id
    with app.app_context(), pytest.raises(WrongPlace):
        enter(Place(Door.OWNER, tenant_id=here.tenant_id))
        db.session.add(Menu(tenant_id=there.tenant_id, name="散歩", tier=Tier.SOCIAL, status=MenuStatus.DRAFT))
        db.session.flush()


def test_a_statement_that_is_kept_asks_for_the_rows_of_whoever_asks(app: Flask) -> None:
    kept, towns = select(Menu.tenant_id).where(Menu.position >= bindparam("least")), [a_town(app), a_town(app)]
    for town in (*towns, *towns):
        with working(app, town):
            assert set(db.session.scalars(kept, {"least": 0})) == {town.tenant_id}
            assert db.session.scalars(kept, {"least": 1_000}).all() == []


def test_a_statement_made_of_one_that_has_been_asked_asks_its_own(app: Flask) -> None:
    town, kept = a_town(app), select(Menu.id)
    with working(app, town):
        assert db.session.scalars(kept).all() == [town.menu_id]
        assert db.session.scalars(kept.where(Menu.name == "")).all() == []
