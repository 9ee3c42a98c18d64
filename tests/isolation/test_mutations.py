"""The guards taken away one at a time: each time a part of this suite must turn red, or it would prove nothing.

The part is small so that all of it fits into a minute; with nothing taken away it is green.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text, true
from werkzeug.routing import Rule

import ayumi.schema
from ayumi.kernel import db as kernel
from ayumi.kernel import kept
from ayumi.kernel.db import PlacedSession, db
from ayumi.kernel.doors import TENANT, policies
from ayumi.kernel.tenancy import Place
from ayumi.participants import queries as people
from ayumi.web import guard, login, permissions
from ayumi.web.visit import Belonging, Visitor
from tests.attacks import test_csrf
from tests.isolation import test_attack, test_catalogue, test_locks
from tests.isolation.battle import Battlefield, battlefield
from tests.isolation.urls import RULES

Test = Callable[[Battlefield], None]
TABLE = "participant"


def rule_of(endpoint: str) -> Rule:
    """Return the rule of a view."""
    return next(rule for rule in RULES if rule.endpoint == endpoint)


DETAIL, APPROVE = rule_of("console.participants.detail"), rule_of("console.prices.approve")


def by_catalogue(name: str) -> Test:
    """Return a test of the database's own lists, for one table."""

    def test(field: Battlefield) -> None:
        with field.app.app_context(), db.engines["owner"].connect() as catalogue:
            getattr(test_catalogue.TestATableOfMunicipalities(), name)(catalogue, TABLE)

    return test


SUITE: dict[str, Test] = {
    "own people": test_locks.test_the_municipality_is_there_for_its_own_people,
    "where": test_locks.test_the_where_holds_when_the_database_believes_itself_elsewhere,
    "kept": test_locks.test_the_where_of_what_is_kept_holds_as_well,
    "policy": test_locks.test_the_database_holds_when_the_where_is_forgotten,
    "owner": test_locks.test_the_owner_of_the_tables_sees_nothing_without_saying_where,
    "firm": test_locks.test_one_firm_sees_nothing_of_another_firms_people_in_the_same_municipality,
    "restricted": test_locks.test_a_restricted_person_is_there_only_for_those_named,
    "address": lambda field: test_attack.test_another_municipalitys_address_is_not_there_for_anybody(field, DETAIL),
    "things": lambda field: test_attack.test_another_municipalitys_things_are_not_there_under_ones_own_address(
        field, APPROVE
    ),
    "login": lambda field: test_attack.test_nobody_gets_in_without_logging_in(field, DETAIL),
    "csrf": lambda field: test_csrf.test_a_form_without_its_mark_is_not_taken(field.app),
    "declared": by_catalogue("test_its_policies_are_those_it_declares"),
    "words": by_catalogue("test_its_policies_read_exactly_as_decided"),
    "forced": by_catalogue("test_row_security_is_on_even_for_the_owner"),
    "granted": by_catalogue("test_its_doors_hold_what_they_declare_and_no_more"),
}


def red(field: Battlefield) -> set[str]:
    """Run the chosen part and return which of it fails."""
    failed = set()
    for name, test in SUITE.items():
        try:
            test(field)
        except Exception:  # whatever turns it red
            failed.add(name)
    return failed


@contextmanager
def unheard(name: str, listener: Any) -> Iterator[None]:
    """Take a listener away from every session."""
    event.remove(PlacedSession, name, listener)
    try:
        yield
    finally:
        event.listen(PlacedSession, name, listener)


@contextmanager
def said(field: Battlefield, there: str, back: str) -> Iterator[None]:
    """Change the database as its owner, and put it back."""
    say(field, there)
    try:
        yield
    finally:
        say(field, back)


def say(field: Battlefield, sentence: str) -> None:
    """Say a sentence to the database as the owner of its tables."""
    with field.app.app_context(), db.engines["owner"].begin() as connection:
        connection.execute(text(sentence))


def without_policy(name: str) -> Callable[[Battlefield], AbstractContextManager[None]]:
    """Take a policy off the people's table."""
    back = policies(ayumi.schema.metadata.tables[TABLE])[name].sql(TABLE, name)
    return lambda field: said(field, f"DROP POLICY {name} ON {TABLE}", back)


@contextmanager
def patched(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Put something else in a place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, value)
        kept.forget()
        yield
    kept.forget()


@contextmanager
def opened(permission: str) -> Iterator[None]:
    """Let everybody hold a permission."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(permissions.PERMISSIONS, permission, [[lambda _visit: True]])
        yield


@contextmanager
def careless(app: Flask) -> Iterator[None]:
    """Take forms from anywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "WTF_CSRF_ENABLED", False)
        yield


@contextmanager
def silent(place: Place) -> Iterator[Connection]:
    """Come in by a door and say nothing."""
    with db.engines[place.door.value].begin() as connection:
        yield connection


def anybody(visitor: Visitor, _party: object) -> Belonging:
    """Find a place for everybody, wherever they knock."""
    return visitor.belongings[0]


MUTATIONS: dict[str, tuple[Callable[[Battlefield], AbstractContextManager[None]], set[str]]] = {
    "nobody tells the database where it is": (
        lambda field: unheard("after_begin", kernel._say_where_we_are),
        {"own people", "restricted"},
    ),
    "nobody tells the database whose session it looks for": (
        lambda field: patched(login, "speaking", silent),
        {"things", "restricted"},
    ),
    "no WHERE is added": (lambda field: unheard("do_orm_execute", kernel._narrow_to_the_municipality), {"where"}),
    "no WHERE is added to what is kept": (
        lambda field: patched(kernel, "_narrowed", lambda statement: statement),
        {"where", "kept"},
    ),
    "a policy is gone": (without_policy("tenant"), {"own people", "declared"}),
    "a policy lets everything through": (
        lambda field: said(
            field,
            f"ALTER POLICY tenant ON {TABLE} USING (true)",
            f"ALTER POLICY tenant ON {TABLE} USING ({TENANT})",
        ),
        {"policy", "words"},
    ),
    "a firm's policy is gone": (without_policy("firm"), {"firm", "declared"}),
    "the owner is not held": (
        lambda field: said(
            field, f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY"
        ),
        {"owner", "forced"},
    ),
    "a door may delete": (
        lambda field: said(
            field, f"GRANT DELETE ON {TABLE} TO ayumi_staff", f"REVOKE DELETE ON {TABLE} FROM ayumi_staff"
        ),
        {"granted"},
    ),
    "a permission is open": (lambda field: opened("prices.approve"), {"things"}),
    "membership is not asked for": (lambda field: patched(guard, "find", anybody), {"address"}),
    "nobody has to log in": (lambda field: patched(guard, "admit", lambda *_: None), {"login"}),
    "forms are taken from anywhere": (lambda field: careless(field.app), {"csrf"}),
    "restricted people are everybody's": (
        lambda field: patched(people, "visible", lambda *_args, **_more: true()),
        {"restricted"},
    ),
}


@pytest.fixture(scope="module")
def field(app: Flask) -> Iterator[Battlefield]:
    yield battlefield(app)


def test_with_nothing_taken_away_all_is_green(field: Battlefield) -> None:
    assert red(field) == set()


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_suite_turns_red_when(field: Battlefield, name: str) -> None:
    mutate, caught_by = MUTATIONS[name]
    with mutate(field):
        assert caught_by <= red(field)


def test_everything_was_put_back(field: Battlefield) -> None:
    assert red(field) == set()
