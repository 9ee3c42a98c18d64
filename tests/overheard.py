"""What is asked of the database while something is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from ayumi.kernel.db import db


@contextmanager
def overheard(app: Flask, *doors: str) -> Iterator[list[str]]:
    """Collect what is asked through these doors, or any, without the words that only open a transaction."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET LOCAL"):
            asked.append(statement)

    with app.app_context():
        engines = [engine for door, engine in db.engines.items() if not doors or door in doors]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
