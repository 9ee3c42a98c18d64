"""What tests of pages ask for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from ayumi.kernel.db import db


@pytest.fixture
def statements(app: Flask) -> Callable[[str], AbstractContextManager[list[str]]]:
    """Listen to what is asked of the database through a door."""

    @contextmanager
    def listening(door: str) -> Iterator[list[str]]:
        said: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("SET LOCAL"):
                said.append(statement)

        with app.app_context():
            engine = db.engines[door]
        event.listen(engine, "before_cursor_execute", hear)
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", hear)

    return listening
