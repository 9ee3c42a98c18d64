"""The directory of who has a place where: never another than what memberships say, and nobody's but one's own."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from ayumi.accounts import rules, sessions
from ayumi.accounts.model import Account, Party, Role
from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.spreading import taken_as_spread
from tests.world import Member, Town, a_firm, a_member, a_town

HERE = "SELECT tenant_id, account_id FROM whereabouts ORDER BY 1, 2"
DIFFERENCE = """
    (SELECT tenant_id, account_id FROM membership EXCEPT SELECT tenant_id, account_id FROM whereabouts)
    UNION ALL (SELECT tenant_id, account_id FROM whereabouts EXCEPT SELECT tenant_id, account_id FROM membership)"""
NEW = """
    INSERT INTO membership (tenant_id, id, account_id, party, roles, name, starts_on)
    VALUES (:t, :id, :a, 'staff', '{caseworker}', '職員', '2020-01-01')"""


@pytest.fixture(params=["on one machine", "spread"])
def town(app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A municipality on one machine, and one whose database the product takes to be spread over several."""
    if request.param == "spread":
        taken_as_spread(monkeypatch)
    return a_town(app)


@pytest.fixture
def member(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER)


def listed(app: Flask, town: Town) -> set[UUID]:
    """Whom the directory knows in a municipality."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        return {account for _town, account in session.execute(text(HERE))}


def as_owner(app: Flask, town: Town, sentence: str, **values: object) -> None:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.execute(text(sentence), {"t": town.tenant_id, **values})


def places(app: Flask, member: Member) -> list[tuple[object, ...]]:
    """What the database says of a fresh session: whose it is, and their places with all that hangs on them."""
    with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=member.account_id)) as session:
        account = session.get_one(Account, member.account_id)
        key = rules.open_session(session, account, user_agent="tests")
        session.flush()
        rows = sessions.of_session(session.connection(), account_id=account.id, key=key)
        return [
            (row.email, row.account_id, row.tenant_id, row.municipality, row.idle_minutes, row.firm_name, row.roles)
            for row in rows
        ]


class TestWhatItSays:
    def test_whoever_gets_a_place_is_listed(self, app: Flask, town: Town, member: Member) -> None:
        assert listed(app, town) == {member.account_id}

    def test_whose_place_is_over_stays_listed_because_the_membership_stays(
        self, app: Flask, town: Town, member: Member
    ) -> None:
        as_owner(app, town, "UPDATE membership SET ends_on = '2021-01-01' WHERE tenant_id = :t")
        assert listed(app, town) == {member.account_id}

    def test_with_the_last_of_their_memberships_somebody_is_gone(self, app: Flask, town: Town, member: Member) -> None:
        second = a_member(
            app, town, Party.FIRM, Role.SUPPORTER, firm_id=a_firm(app), account_id=member.account_id
        )  # fmt: skip
        gone = "DELETE FROM membership WHERE tenant_id = :t AND id = :id"
        as_owner(app, town, gone, id=member.membership_id)
        assert listed(app, town) == {member.account_id}
        as_owner(app, town, gone, id=second.membership_id)
        assert listed(app, town) == set()

    def test_a_membership_that_it_does_not_know_is_refused(self, app: Flask, town: Town, member: Member) -> None:
        stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        with (
            pytest.raises(IntegrityError, match="fk_membership_tenant_id_account_id"),
            app.app_context(),
            visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session,
        ):
            session.execute(text("ALTER TABLE membership DISABLE TRIGGER USER"))
            session.execute(text(NEW), {"t": town.tenant_id, "id": ids.new(), "a": stranger.account_id})
        assert listed(app, town) == {member.account_id}

    def test_nobody_is_taken_off_it_while_a_membership_is_left(self, app: Flask, town: Town, member: Member) -> None:
        with pytest.raises(IntegrityError, match="fk_membership_tenant_id_account_id"):
            as_owner(app, town, "DELETE FROM whereabouts WHERE tenant_id = :t")
        assert listed(app, town) == {member.account_id}

    def test_in_no_municipality_does_it_disagree_with_the_memberships(self, app: Flask, member: Member) -> None:
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            towns = list(session.scalars(text("SELECT id FROM municipality WHERE left_at IS NULL")))
        assert member.town.tenant_id in towns
        for number in towns:
            with app.app_context(), visiting(Place(Door.OWNER, tenant_id=number)) as session:
                assert session.execute(text(DIFFERENCE)).all() == []


class TestWhoMayRead:
    @pytest.fixture
    def elsewhere(self, app: Flask, member: Member) -> Member:
        return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR, account_id=member.account_id)

    def test_who_logs_in_sees_all_their_own_places_and_nobody_elses(
        self, app: Flask, town: Town, member: Member, elsewhere: Member
    ) -> None:
        a_member(app, town, Party.STAFF, Role.CASEWORKER)
        with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=member.account_id)) as session:
            seen = {tuple(row) for row in session.execute(text(HERE))}
        assert seen == {(each.town.tenant_id, member.account_id) for each in (member, elsewhere)}

    def test_both_ways_of_asking_find_the_same_places(
        self, app: Flask, town: Town, member: Member, elsewhere: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = [places(app, member)]
        with monkeypatch.context() as patched:
            taken_as_spread(patched)
            found.append(places(app, member))
        assert found[0] == found[1]
        assert {row[2] for row in found[0]} == {each.town.tenant_id for each in (member, elsewhere)}

    def test_who_has_not_said_who_they_are_sees_nothing(self, app: Flask, member: Member) -> None:
        with app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
            assert session.execute(text(HERE)).all() == []

    def test_nobody_is_written_down_by_another(self, app: Flask, town: Town, member: Member) -> None:
        colleague = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        said = text("INSERT INTO whereabouts (tenant_id, account_id) VALUES (:t, :a)")
        values = {"t": town.tenant_id, "a": colleague.account_id}
        with (
            pytest.raises(DBAPIError, match="row-level security"),
            app.app_context(),
            visiting(Place(Door.ACCOUNTS, account_id=member.account_id)) as session,
        ):
            session.execute(said, values)
        assert listed(app, town) == {member.account_id}

    def test_staff_and_jobs_write_in_their_own_municipality_only(self, app: Flask, town: Town, member: Member) -> None:
        other = a_town(app)
        said = text("INSERT INTO whereabouts (tenant_id, account_id) VALUES (:t, :a)")
        for door in (Door.STAFF, Door.WORKER):
            with (
                pytest.raises(DBAPIError, match="row-level security"),
                app.app_context(),
                visiting(Place(door, tenant_id=town.tenant_id)) as session,
            ):
                session.execute(said, {"t": other.tenant_id, "a": member.account_id})
        assert listed(app, other) == set()

    @pytest.mark.parametrize("door", [Door.STAFF, Door.FIRM, Door.EMPLOYER, Door.WORKER, Door.OPERATOR, Door.GLASS])
    def test_no_door_but_that_of_logging_in_reads_it(self, app: Flask, town: Town, member: Member, door: Door) -> None:
        firm_id, employer_id = (ids.new() if door is each else None for each in (Door.FIRM, Door.EMPLOYER))
        with (
            pytest.raises(DBAPIError, match="permission denied for table whereabouts"),
            app.app_context(),
            visiting(Place(door, tenant_id=town.tenant_id, firm_id=firm_id, employer_id=employer_id)) as session,
        ):
            session.execute(text(HERE))

    def test_the_keeper_reads_no_more_of_it_than_of_the_memberships_of_its_municipality(
        self, app: Flask, town: Town, member: Member, elsewhere: Member
    ) -> None:
        with app.app_context(), visiting(Place(Door.KEEPER, tenant_id=town.tenant_id)) as session:
            assert [tuple(row) for row in session.execute(text(HERE))] == [(town.tenant_id, member.account_id)]
