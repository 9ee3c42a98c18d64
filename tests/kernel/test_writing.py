"""What is written plainly is what the mapper would write, and its objects stand as if the mapper had written them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm.exc import StaleDataError

from ayumi.kernel import ids, journal, writing
from ayumi.kernel.db import add, db, tenant
from ayumi.kernel.tenancy import Door, Place, WrongPlace
from ayumi.kernel.writing import Many, insert, send, standing_for
from ayumi.menus.model import Menu, MenuStatus, Tier
from tests.overheard import overheard
from tests.world import Town, a_town, at

SAID: dict[str, Any] = {
    "tier": Tier.SOCIAL,
    "status": MenuStatus.DRAFT,
    "usual_place": "作業室",
    "usual_time": "it's 10:00 (100 %)",
}
STORED = text("SELECT to_jsonb(m) - 'id' - 'name' FROM menu m WHERE name = :name")
ENTRIES = text(
    "SELECT to_jsonb(e) - 'id' - 'subject_id' - 'seq' - 'salt' - 'digest' - 'hash' - 'at' FROM journal_entry e"
    " WHERE action = :action"
)


def owner(town: Town) -> Place:
    return Place(Door.OWNER, tenant_id=town.tenant_id)


def walk(**more: Any) -> Menu:
    return Menu(**({"name": "散歩"} | SAID | more))


def stored(name: str = "散歩") -> Any:
    return db.session.execute(STORED, {"name": name}).scalar_one()


def test_a_row_is_the_same_as_the_mapper_would_have_written(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        plain = insert(walk())
        add(walk(name="園芸"))
        assert stored() == stored("園芸")
        assert {name: getattr(plain, name) for name in SAID} == SAID
        assert (plain.tenant_id, plain.position, plain.edition) == (tenant(), 0, 1)


def test_many_rows_are_the_same_as_the_mapper_would_have_written(app: Flask) -> None:
    rows = [{"name": "散歩", "tier": Tier.SOCIAL, "description": None}]
    rows += [{"name": "農園", "tier": Tier.WORK, "description": None}]
    common = {"edition": 1} | {name: value for name, value in SAID.items() if name != "tier"}
    with at(app, owner(a_town(app))), overheard(app) as asked:
        changed = insert(walk(name="書道"))
        changed.usual_place = "公園"
        asked.clear()
        send(walk(name="料理"), changed, besides=Many(Menu, rows, common))
        assert len(asked) == 1
        assert (stored("書道")["usual_place"], changed.edition) == ("公園", 2)
        add(walk(name="園芸"))
        assert stored() == stored("園芸") == stored("料理") == stored("農園") | {"tier": "social"}


def test_rows_that_belong_to_a_new_one_are_written_with_it_in_a_savepoint_too(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        attempt = db.session.begin_nested()
        send(walk(), besides=Many(Menu, [{"name": "農園"}], SAID))
        assert stored("農園") == stored()
        attempt.rollback()
        assert db.session.scalars(select(Menu.name).where(Menu.name.in_(["散歩", "農園"]))).all() == []


def test_what_goes_step_by_step_is_the_same_as_what_goes_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with at(app, owner(a_town(app))), overheard(app) as asked:
        changed = insert(walk(name="書道"))
        changed.usual_place = "公園"
        monkeypatch.setattr(writing, "at_once", lambda: False)
        asked.clear()
        send(walk(), changed, besides=Many(Menu, [{"name": "農園"}], SAID))
        assert [sentence.split()[0] for sentence in asked] == ["INSERT", "INSERT", "UPDATE"]
        assert stored() == stored("農園")
        assert (stored("書道")["usual_place"], changed.edition) == ("公園", 2)


def test_what_was_changed_before_is_sent_before(app: Flask) -> None:
    with at(app, owner(a_town(app))), overheard(app) as asked:
        first, then = insert(walk()), insert(walk(name="園芸"))
        first.usual_place = then.usual_place = "公園"
        asked.clear()
        send(then)
        assert len(asked) == 2 and asked[0].startswith("UPDATE menu")
        assert (stored()["usual_place"], stored("園芸")["usual_place"]) == ("公園", "公園")


def test_the_session_knows_what_was_written_plainly(app: Flask) -> None:
    town = a_town(app)
    with at(app, owner(town)):
        row = insert(walk())
        assert db.session.scalars(select(Menu).where(Menu.name == "散歩")).one() is row
        row.usual_place = "公園"
    with at(app, owner(town)):
        assert (stored()["usual_place"], stored()["edition"]) == ("公園", 2)


def test_a_change_is_sent_once_and_counts_the_edition_once(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        row = insert(walk())
        row.status, row.usual_place = MenuStatus.PUBLISHED, None
        send(row)
        send(row)
        assert row not in db.session.dirty
        assert {name: stored()[name] for name in ("status", "usual_place", "tier", "edition")} == {
            "status": "published", "usual_place": None, "tier": "social", "edition": 2,
        }  # fmt: skip
        assert (row.status, row.usual_place, row.edition) == (MenuStatus.PUBLISHED, None, 2)
        row.usual_place = "公園"
        db.session.flush()
        assert (stored()["usual_place"], row.edition) == ("公園", 3)


def test_who_sends_second_is_told(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        row = insert(walk())
        db.session.execute(text("UPDATE menu SET edition = 2, usual_place = '公園' WHERE name = '散歩'"))
        row.usual_place = "駅前"
        with pytest.raises(StaleDataError):
            send(row)
        db.session.rollback()


def test_several_rows_are_changed_at_once_and_whoever_comes_late_to_one_changes_none(app: Flask) -> None:
    town = a_town(app)
    with at(app, owner(town)):
        rows = [insert(walk()), insert(walk(name="園芸")), insert(walk(name="農園"))]
        rows[0].usual_place, rows[1].status = "公園", MenuStatus.PUBLISHED
        send(*rows)
        assert [row.edition for row in rows] == [stored(row.name)["edition"] for row in rows] == [2, 2, 1]
        assert (stored()["usual_place"], stored("園芸")["status"]) == ("公園", "published")
        db.session.commit()
    with at(app, owner(town)):
        late = db.session.scalars(select(Menu).where(Menu.name.in_(["散歩", "園芸"])).order_by(Menu.name)).all()
        db.session.execute(text("UPDATE menu SET edition = 3 WHERE name = '散歩'"))
        for row in late:
            row.usual_place = "駅前"
        with pytest.raises(StaleDataError):
            send(*late)
        db.session.rollback()
        assert "駅前" not in db.session.scalars(select(Menu.usual_place)).all()


def test_a_new_row_is_there_before_a_change_that_may_refer_to_it_is_sent(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        row = insert(walk())
        db.session.add(walk(name="園芸"))
        row.usual_place = "公園"
        send(row)
        assert not db.session.new
        assert (stored()["edition"], row.edition) == (2, 2)


def test_what_is_rolled_back_was_never_written(app: Flask) -> None:
    town = a_town(app)
    with at(app, owner(town)):
        row = insert(walk())
        row.usual_place = "公園"
        send(row)
        db.session.rollback()
        assert db.session.scalars(select(Menu.id)).all() == [town.menu_id]


def test_with_a_savepoint_objects_are_what_they_were_before(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        row = insert(walk())
        attempt = db.session.begin_nested()
        row.usual_place = "公園"
        send(row)
        insert(walk(name="園芸"))
        attempt.rollback()
        assert (row.usual_place, row.edition) == ("作業室", 1)
        assert db.session.scalars(select(Menu.name).where(Menu.name == "園芸")).all() == []


def test_a_row_of_another_municipality_is_not_written_here(app: Flask) -> None:
    here, there = a_town(app), a_town(app)
    with at(app, owner(here)), pytest.raises(WrongPlace):
        insert(walk(tenant_id=there.tenant_id))


def test_one_row_has_one_object_and_it_says_what_was_read_last(app: Flask) -> None:
    with at(app, owner(a_town(app))):
        row = insert(walk())
        read = {column.key: getattr(row, column.key) for column in Menu.__table__.columns} | {"usual_place": "公園"}
        assert standing_for(Menu, read) is row
        assert row.usual_place == "公園"
        db.session.expunge(row)
        again = standing_for(Menu, read)
        assert again is not row and again in db.session
        assert again not in db.session.dirty
        assert {name: getattr(again, name) for name in read} == read


@pytest.mark.parametrize("number", [1, journal.FEW, journal.FEW + 1, 2 * journal.FEW + 1])
def test_few_entries_and_many_say_the_same_in_the_journal(app: Flask, number: int) -> None:
    said: dict[str, Any] = {"why": "it's 5 % {more}", "changes": {"名前": [None, "散歩"]}, "status_before": None}
    with at(app, owner(a_town(app))):
        journal.note_many("menu", "counted", [{"subject_id": ids.new(), **said} for _each in range(number)])
        journal.note_of("menu", ids.new(), "told", **said)
        journal.write(db.session())
        counted = db.session.execute(ENTRIES, {"action": "counted"}).scalars().all()
        told = db.session.execute(ENTRIES, {"action": "told"}).scalar_one()
        assert counted == [told | {"action": "counted"}] * number
