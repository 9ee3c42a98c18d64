"""Connections that are gone are noticed before they are used."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from ayumi.kernel import connections


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    url = os.environ["AYUMI_DATABASE_URL_STAFF"].replace("postgresql:", "postgresql+psycopg:")
    made = create_engine(url, pool_size=2)
    yield made
    made.dispose()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each answer of a server that was asked whether it is there."""
    said: list[bool] = []
    ask = connections._answers

    def listening(connection: psycopg.Connection[object]) -> bool:
        said.append(ask(connection))
        return said[-1]

    monkeypatch.setattr(connections, "_answers", listening)
    return said


def backend(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def end(*pids: int) -> None:
    """A role may end its own connections."""
    with psycopg.connect(os.environ["AYUMI_DATABASE_URL_STAFF"], autocommit=True) as same:
        for pid in pids:
            same.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def test_a_connection_the_server_has_ended_is_replaced_before_anybody_asks_through_it(
    engine: Engine, asked: list[bool]
) -> None:
    before = backend(engine)
    end(before)
    assert backend(engine) != before
    assert asked == [False]


def test_all_connections_are_made_anew_when_one_is_gone(engine: Engine, asked: list[bool]) -> None:
    with engine.connect() as one, engine.connect() as other:
        pids = [int(each.scalar(text("SELECT pg_backend_pid()")) or 0) for each in (one, other)]
    end(*pids)
    with engine.connect() as one, engine.connect() as other:
        assert one.scalar(text("SELECT 1")) == other.scalar(text("SELECT 1")) == 1
    assert asked == [False]


def test_a_connection_that_was_used_a_moment_ago_is_not_asked(engine: Engine, asked: list[bool]) -> None:
    assert backend(engine) == backend(engine)
    assert asked == []


def test_a_connection_that_rested_is_asked_and_kept(
    engine: Engine, asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backend(engine)
    monkeypatch.setattr(connections, "QUIET", -1.0)
    assert backend(engine) == before
    assert asked == [True]


def test_something_the_server_said_in_between_does_no_harm(engine: Engine, asked: list[bool]) -> None:
    with engine.connect() as connection:
        connection.execute(text("LISTEN tried"))
        connection.commit()
        before = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(os.environ["AYUMI_DATABASE_URL_OWNER"], autocommit=True) as owner:
        owner.execute("NOTIFY tried")
    assert backend(engine) == before


WHERE = "SET LOCAL ayumi.tenant_id = '7'"
SAID = text("SELECT current_setting('ayumi.tenant_id', true)")


def test_a_transaction_begins_with_a_word_that_holds_as_long_as_it_lasts(engine: Engine) -> None:
    with engine.connect() as connection:
        connections.begin(connection, WHERE)
        assert connection.scalar(SAID) == "7"
        connection.commit()
        assert not connection.scalar(SAID)


def test_a_transaction_that_is_to_be_of_another_kind_is_of_that_kind(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connections.begin(connection, WHERE)
        assert connection.scalar(SAID) == "7"
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"


def test_a_word_that_the_database_refuses_is_told(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connections.begin(connection, "SET LOCAL nothing")


def test_a_connection_that_ends_before_its_first_word_is_told_like_any_other(engine: Engine) -> None:
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.commit()
        end(int(pid or 0))
        with pytest.raises(OperationalError) as told:
            connections.begin(connection, WHERE)
        assert told.value.connection_invalidated
