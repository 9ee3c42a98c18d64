"""A contract opens the door to a firm for its days, and a while longer for reading."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.contracts import queries, rules
from ayumi.contracts.queries import Access, standing
from ayumi.contracts.schemas import ContractInput, NewContract
from ayumi.firms.model import FirmKind
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.errors import NotFound
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside

TODAY = clock.today()


@pytest.fixture
def head(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.SECTION_HEAD)


def a_paper(**more: Any) -> dict[str, Any]:
    given = {"id": ids.new(), "title": "業務委託", "starts_on": TODAY, "ends_on": TODAY + timedelta(days=30)}
    return given | more


def a_new_firm(name: str) -> dict[str, Any]:
    return {"firm_name": name, "firm_kana": "テスト", "firm_kind": FirmKind.NPO}


@pytest.mark.parametrize(
    ("ends_on", "access"),
    [
        (None, Access.NONE),
        (TODAY, Access.OPEN),
        (TODAY - timedelta(days=1), Access.READ_ONLY),
        (TODAY - timedelta(days=90), Access.READ_ONLY),
        (TODAY - timedelta(days=91), Access.NONE),
    ],
)
def test_after_its_contract_a_firm_reads_for_ninety_days_and_then_nothing(ends_on: date | None, access: Access) -> None:
    assert standing(ends_on, 90, TODAY)[0] is access


def test_a_firm_is_listed_once_with_the_span_of_its_contracts(app: Flask, head: Member) -> None:
    firm_id = a_firm(app)
    last_year = TODAY - timedelta(days=500)
    a_contract(app, head.town, firm_id, starts_on=last_year, ends_on=last_year + timedelta(days=300))
    a_contract(app, head.town, firm_id, starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    a_contract(app, a_town(app), a_firm(app))
    with inside(app, head):
        (row,) = queries.overview(TODAY)
        assert (row.id, row.contracts, row.first_on, row.ends_on) == (
            firm_id,
            2,
            last_year,
            TODAY + timedelta(days=9),
        )
        assert len(queries.contracts_of(firm_id)) == 2
        assert [each.id for each in queries.known_firms()] == [firm_id]


def test_a_contract_that_has_not_begun_opens_nothing_yet(app: Flask, head: Member) -> None:
    firm_id = a_firm(app)
    a_contract(app, head.town, firm_id, starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=9))
    with inside(app, head):
        assert queries.overview(TODAY)[0].ends_on is None
        assert queries.access(firm_id, TODAY) == (Access.NONE, None)


def test_a_firm_of_another_municipality_is_not_there(app: Flask, head: Member) -> None:
    firm_id = a_firm(app)
    a_contract(app, a_town(app), firm_id)
    with inside(app, head):
        with pytest.raises(NotFound):
            queries.firm(firm_id)
        with pytest.raises(NotFound):
            rules.sign(firm_id=firm_id, **a_paper())


def test_signing_twice_makes_one_contract_and_one_firm(app: Flask, head: Member) -> None:
    with inside(app, head):
        paper = a_paper(**a_new_firm(f"NPO法人 {ids.new().hex}"))
        assert rules.sign(**paper).id == rules.sign(**paper).id
        assert len(queries.overview(TODAY)) == 1


def test_a_firm_that_works_elsewhere_is_the_same_firm_here(app: Flask, head: Member) -> None:
    name = f"社会福祉法人 {ids.new().hex}"
    firm_id = a_firm(app, name=name)
    with inside(app, head):
        assert rules.sign(**a_paper(**a_new_firm(name))).firm_id == firm_id


def test_changed_dates_move_the_firms_access_and_are_written_down(app: Flask, head: Member) -> None:
    firm_id = a_firm(app)
    contract_id = a_contract(app, head.town, firm_id)
    with inside(app, head):
        contract = queries.one(contract_id)
        yesterday = TODAY - timedelta(days=1)
        starts_on, edition = contract.starts_on, contract.edition
        rules.edit(contract, edition=edition, title=contract.title, starts_on=starts_on, ends_on=yesterday)
        assert queries.access(firm_id, TODAY)[0] is Access.READ_ONLY
        assert journal.history(contract_id)[0].changes["ends_on"][1] == str(yesterday)


def test_a_contract_ends_after_it_begins_and_names_its_firm() -> None:
    wrong = ContractInput().validate({"title": "委託", "starts_on": "2026-04-02", "ends_on": "2026-04-01"})
    assert set(wrong) == {"ends_on"}
    unnamed = NewContract().validate({"title": "委託", "starts_on": "2026-04-01", "ends_on": "2027-03-31"})
    assert set(unnamed) == {"firm_name", "firm_kana", "firm_kind"}
