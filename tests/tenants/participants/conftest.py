"""Counts what a page asks the database."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from ayumi.kernel.db import db


@pytest.fixture
def counted(app: Flask) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET LOCAL"):
            said.append(statement)

    with app.app_context():
        engines: list[Engine] = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    yield said
    for engine in engines:
        event.remove(engine, "before_cursor_execute", listen)
