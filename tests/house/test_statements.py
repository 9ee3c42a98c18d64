"""A list asks the database at most six times, however long it is."""

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Membership, Party
from ayumi.demo.load import everything
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality
from tests.isolation.populated import Populated
from tests.isolation.urls import LISTS, path
from tests.overheard import overheard
from tests.world import Member, Town, logged_in

MOST = 6
SLUG = "yokohama"  # contracted, with many people: both faces have long lists


@pytest.fixture(scope="module")
def members(app: Flask) -> dict[str, Member]:
    """Somebody of each role in a municipality with many people."""
    with app.app_context():
        everything.load(clock.today(), only=(SLUG,))
        with visiting(Place(Door.OWNER)) as session:
            town = session.scalars(select(Municipality).where(Municipality.slug == SLUG)).one()
            place = Town(town.id, town.slug, town.name, *[town.id] * 2)  # type: ignore[arg-type]
        with visiting(Place(Door.OWNER, tenant_id=place.tenant_id)) as session:
            rows = session.scalars(select(Membership).where(Membership.party != Party.EMPLOYER)).all()
            return {
                role: Member(place, row.account_id, row.id, "", row.party, row.firm_id)
                for row in rows
                for role in row.roles
            }


def most(rule: object, page: str) -> int:
    """A home page is several short lists: one question each, beside who is here."""
    is_home = rule.endpoint.endswith("home.index")  # type: ignore[attr-defined]
    return 2 + 2 * page.count('<section class="card') if is_home else MOST


@pytest.mark.parametrize("rule", LISTS, ids=lambda rule: rule.endpoint)
def test_a_list_asks_at_most_six_times(app: Flask, members: dict[str, Member], rule: object) -> None:
    opened = 0
    for member in members.values():
        town = Populated(member.town, "", member.account_id)
        browser = logged_in(app, member)
        with overheard(app) as asked:
            answer = browser.get(path(rule, town, town))  # type: ignore[arg-type]
        if answer.status_code == 200:
            opened += 1
            assert len(asked) <= most(rule, answer.text), "\n".join(asked)
    assert opened or rule.endpoint.startswith("employer.")  # type: ignore[attr-defined]
