"""Menus are drawn up, offered, put in order and retired; what records name stays."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from ayumi.accounts.model import Party, Role
from ayumi.kernel import ids, journal
from ayumi.kernel.db import db, one
from ayumi.kernel.errors import NotFound, Refused
from ayumi.kernel.states import IllegalMove
from ayumi.menus import queries, rules
from ayumi.menus.model import Menu, Tier
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside


@pytest.fixture
def leader(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.SUPERVISING_CASEWORKER)


def a_menu(name: str, tier: Tier = Tier.SOCIAL, **more: Any) -> Menu:
    given: dict[str, Any] = {"id": ids.new(), "name": name, "tier": tier}
    return rules.draw_up(**given | more)


def names(*, offered: bool = True) -> list[str]:
    return [row.name for row in (queries.published() if offered else queries.every())]


def test_a_menu_is_a_draft_until_it_is_offered(app: Flask, leader: Member) -> None:
    with inside(app, leader):
        menu = a_menu("散歩の会")
        assert names() == ["朝の会"]
        rules.publish(menu)
        assert names() == ["朝の会", "散歩の会"]


def test_the_same_menu_sent_twice_is_one_and_a_name_is_given_once(app: Flask, leader: Member) -> None:
    with inside(app, leader):
        id: UUID = ids.new()
        assert a_menu("散歩の会", id=id) == a_menu("散歩の会", id=id)
        with pytest.raises(IntegrityError, match="uq_menu_tenant_id_name"), db.session.begin_nested():
            a_menu("散歩の会")


def test_tiers_stand_in_the_order_in_which_they_lead_on(app: Flask, leader: Member) -> None:
    with inside(app, leader):
        for name, tier in (("店の体験", Tier.WORK), ("散歩の会", Tier.SOCIAL), ("朝食の会", Tier.DAILY_LIFE)):
            rules.publish(a_menu(name, tier))
        assert names() == ["朝の会", "朝食の会", "散歩の会", "店の体験"]


def test_menus_change_places_within_their_tier(app: Flask, leader: Member) -> None:
    with inside(app, leader):
        first, second, third = (a_menu(name) for name in ("一", "二", "三"))
        for menu in (first, second, third):
            rules.publish(menu)
        rules.move(third, rules.Way.UP)
        assert names() == ["朝の会", "一", "三", "二"]
        rules.move(first, rules.Way.UP)
        rules.move(second, rules.Way.DOWN)
        assert names() == ["朝の会", "一", "三", "二"]
        rules.move(first, rules.Way.DOWN)
        assert names() == ["朝の会", "三", "一", "二"]


def test_a_retired_menu_is_offered_no_longer_and_may_come_back(app: Flask, leader: Member) -> None:
    with inside(app, leader):
        menu = one(Menu, leader.town.menu_id)
        rules.retire(menu)
        assert names() == []
        assert names(offered=False) == ["朝の会"]
        rules.publish(menu)
        assert names() == ["朝の会"]
        assert [entry.action for entry in journal.history(menu.id)] == ["published", "retired"]


def test_a_draft_is_not_retired(app: Flask, leader: Member) -> None:
    with inside(app, leader), pytest.raises(IllegalMove):
        rules.retire(a_menu("散歩の会"))


def test_what_changed_in_a_menu_is_written_down_and_a_new_tier_puts_it_last(app: Flask, leader: Member) -> None:
    with inside(app, leader):
        work = a_menu("店の体験", Tier.WORK)
        menu = a_menu("散歩の会")
        words = {name: getattr(menu, name) for name in rules.WORDS}
        rules.edit(menu, edition=menu.edition, **words)
        assert [entry.action for entry in journal.history(menu.id)] == ["drawn_up"]
        rules.edit(menu, edition=menu.edition, **words | {"tier": Tier.WORK, "usual_place": "公園"})
        assert menu.position == work.position + 1
        assert journal.history(menu.id)[0].changes["usual_place"] == [None, "公園"]


def test_menus_of_another_municipality_are_not_there(app: Flask, leader: Member) -> None:
    other = a_town(app)
    with inside(app, leader):
        assert names(offered=False) == ["朝の会"]
        with pytest.raises(NotFound):
            one(Menu, other.menu_id)


def test_a_firm_reads_menus_and_changes_none(app: Flask, leader: Member) -> None:
    firm_id = a_firm(app)
    a_contract(app, leader.town, firm_id)
    supporter = a_member(app, leader.town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id)
    with inside(app, supporter):
        assert names() == ["朝の会"]
        with pytest.raises(Refused):
            rules.retire(one(Menu, leader.town.menu_id))
