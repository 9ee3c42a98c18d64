"""Each lock holds alone: the WHERE without the policy, the policy without the WHERE, the firm's without either."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import straight, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants.model import Participant
from tests.isolation.battle import Battlefield, battlefield
from tests.world import a_contract, a_firm, a_member

KEPT = straight(select(Participant.id))
EVERY_PERSON = text("SELECT count(*) FROM participant")


@pytest.fixture(scope="module")
def field(app: Flask) -> Iterator[Battlefield]:
    yield battlefield(app)


@contextmanager
def asking(field: Battlefield, place: Place) -> Iterator[Session]:
    """Ask the database from a place."""
    with field.app.app_context(), visiting(place) as session:
        yield session


def of_staff(field: Battlefield) -> Place:
    """Return the place of somebody of my staff."""
    return field.mine.members["caseworker"].place


def test_the_municipality_is_there_for_its_own_people(field: Battlefield) -> None:
    with asking(field, of_staff(field)) as session:
        assert session.scalar(EVERY_PERSON) == 1
        assert session.scalar(select(func.count()).select_from(Participant)) == 1


def test_the_where_holds_when_the_database_believes_itself_elsewhere(field: Battlefield) -> None:
    with asking(field, of_staff(field)) as session:
        session.execute(text(f"SET LOCAL ayumi.tenant_id = '{field.theirs.town.tenant_id}'"))
        assert session.scalar(EVERY_PERSON) == 1
        assert session.scalars(select(Participant)).all() == []


def test_the_where_of_what_is_kept_holds_as_well(field: Battlefield) -> None:
    for member, seen in ((field.mine.members["caseworker"], 1), (field.theirs.members["caseworker"], 0)):
        with asking(field, member.place) as session:
            session.execute(text(f"SET LOCAL ayumi.tenant_id = '{field.mine.town.tenant_id}'"))
            assert len(session.execute(KEPT).all()) == seen


def test_the_database_holds_when_the_where_is_forgotten(field: Battlefield) -> None:
    theirs = text("SELECT count(*) FROM participant WHERE tenant_id <> :mine")
    for kind in ("caseworker", "supporter"):
        with asking(field, field.mine.members[kind].place) as session:
            assert session.scalar(theirs, {"mine": field.mine.town.tenant_id}) == 0


def test_the_owner_of_the_tables_sees_nothing_without_saying_where(field: Battlefield) -> None:
    with asking(field, Place(Door.OWNER)) as session:
        assert session.scalar(EVERY_PERSON) == 0


def test_one_firm_sees_nothing_of_another_firms_people_in_the_same_municipality(field: Battlefield) -> None:
    firm = a_firm(field.app)
    a_contract(field.app, field.mine.town, firm)
    other = a_member(field.app, field.mine.town, Party.FIRM, Role.MANAGER, firm_id=firm)
    with asking(field, other.place) as session:
        assert session.scalar(EVERY_PERSON) == 0


def test_a_restricted_person_is_there_only_for_those_named(field: Battlefield) -> None:
    person = field.mine.ids["participant_id"]
    with asking(field, Place(Door.OWNER, tenant_id=field.mine.town.tenant_id)) as session:
        session.execute(update(Participant).where(Participant.id == person).values(is_restricted=True))
    try:
        for kind, status in (("caseworker", 200), ("employment_support_worker", 404)):
            address = f"/t/{field.mine.town.slug}/people/{person}"
            assert field.browser(kind).get(address).status_code == status, kind
    finally:
        with asking(field, Place(Door.OWNER, tenant_id=field.mine.town.tenant_id)) as session:
            session.execute(update(Participant).where(Participant.id == person).values(is_restricted=False))
