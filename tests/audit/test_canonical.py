"""The hash worked out in Python is the hash the database works out, whatever an entry says."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ayumi.audit.canonical import canonical, digest_of, hash_of, loads
from ayumi.audit.checking import plain
from ayumi.kernel.db import db, visiting
from tests.audit.scene import a_journal, owner

# The database takes every character but NUL; lone surrogates are no text.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(-(10**12), 10**12, places=6).map(lambda number: float(number))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
LONG = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def printed(app: Flask, sentence: str, **values: Any) -> str:
    with app.app_context(), db.engines["owner"].connect() as connection:
        return str(connection.execute(text(sentence), values).scalar_one())


@LONG
@given(value=VALUES)
def test_json_is_printed_as_the_database_prints_it(app: Flask, value: Any) -> None:
    theirs = printed(app, "SELECT cast(:v AS jsonb)::text", v=json.dumps(value))
    assert canonical(loads(theirs)) == theirs


@LONG
@given(why=st.none() | WORDS, changes=st.none() | st.dictionaries(WORDS, VALUES, max_size=4))
def test_digests_agree(app: Flask, why: str | None, changes: Any) -> None:
    sent = json.dumps(changes) if changes is not None else None
    stored = printed(app, "SELECT coalesce(cast(cast(:c AS jsonb) AS text), 'null')", c=sent)
    theirs = printed(app, "SELECT journal_digest('salt', :w, cast(:c AS jsonb))", w=why, c=sent)
    assert digest_of("salt", why, loads(stored)) == theirs


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"bb": 1, "a": 2, "é": 3, "b": 4}, '{"a": 2, "b": 4, "bb": 1, "é": 3}'),
        ('\u0007\t"\\/\x7f', '"\\u0007\\t\\"\\\\/\x7f"'),
        (loads("[1e3, 1.50, -0.0, 0.00, 1E-7]"), "[1000, 1.50, 0.0, 0.00, 0.0000001]"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_by_hand(value: Any, text: str) -> None:
    assert canonical(value) == text


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical(0.1)


def test_hashes_of_real_entries_agree(app: Flask) -> None:
    town, previous = a_journal(app, 4), ""
    with app.app_context(), visiting(owner(town)) as session:
        rows = session.execute(
            text("SELECT * FROM journal_entry WHERE tenant_id = :t ORDER BY seq"), {"t": town.tenant_id}
        )
        for row in rows:
            assert hash_of(plain(row), previous) == row.hash
            previous = row.hash
