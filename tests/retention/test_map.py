"""No table is forgotten: each is disposed of, or says why not; and what is disposed of can be reached and let go."""

import re
from pathlib import Path

import pytest

import ayumi.schema
from ayumi.retention import map as ways
from ayumi.retention.due import ENDED
from ayumi.retention.model import Artefact

TABLES = ayumi.schema.metadata.tables
OF_MUNICIPALITIES = {name for name, table in TABLES.items() if "tenant_id" in table.c}
OUTLIVES = {"one_time_link", "login_session", "erasure_certificate"}  # of no single municipality
PURPOSES = {"import": "participant_import", "consent": "consent", "confirmation": "confirmation",
            "report": "monthly_report"}  # fmt: skip


def test_every_table_of_municipalities_is_disposed_of_or_says_why_not() -> None:
    assert (ways.KEPT.keys() | ways.NEVER.keys()) == OF_MUNICIPALITIES - OUTLIVES
    assert not ways.KEPT.keys() & ways.NEVER.keys()


def test_every_table_with_a_person_is_disposed_of_with_the_person() -> None:
    about_people = {name for name in OF_MUNICIPALITIES if "participant_id" in TABLES[name].c}
    assert {name for name in about_people if ways.root(name) != "participant"} == set()


@pytest.mark.parametrize("name", sorted(ways.KEPT))
def test_its_rows_lead_to_a_subject_that_can_be_due(name: str) -> None:
    assert ways.root(name) in ENDED
    step = ways.above(name)
    if step is not None and step[1] != ways.root(name):
        assert ways.KEPT[step[1]].artefact is ways.KEPT[name].artefact


@pytest.mark.parametrize("name", sorted(ways.KEPT))
def test_whatever_refers_to_it_goes_with_it_goes_before_it_or_is_loosened(name: str) -> None:
    kept, subject = ways.KEPT[name], ways.root(name)
    for other, column in ways.references(name):
        together = other in ways.KEPT and ways.root(other) == subject
        parts_first = kept.artefact is Artefact.CASE or (
            other in ways.KEPT and ways.KEPT[other].artefact is kept.artefact
        )
        prices = (name, other) == ("unit_price", "fee_line")  # an agreement is not due while a line rests on its price
        assert {(other, column)} & (ways.LOOSENED.keys() | ways.TAKEN_ALONG) or (together and parts_first) or prices, (
            other,
            column,
        )


def test_what_is_loosened_may_be_empty() -> None:
    for (name, column), extra in ways.LOOSENED.items():
        assert TABLES[name].c[column].nullable
        assert all(value is not None or TABLES[name].c[word].nullable for word, value in extra.items())


def test_those_that_refer_go_before_those_they_refer_to() -> None:
    order = ways.in_order()
    for name in order:
        for key in TABLES[name].foreign_key_constraints:
            other = key.referred_table.name
            assert other == name or other not in order or order.index(name) < order.index(other)


def test_every_kind_of_file_goes_with_something() -> None:
    root = Path(__file__).parents[2]
    said: set[str] = set()
    for folder in ("platform/ayumi", "jobs", "tenants", "portal"):
        for file in (root / folder).rglob("*.py"):
            said |= set(re.findall(r'[( ]purpose="([a-z_]+)"', file.read_text()))
    assert said <= PURPOSES.keys() | set(ways.EXPORTS) | {"certificate"}
