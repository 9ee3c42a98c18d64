"""Columns of a result are described to whoever asks."""

from flask import Flask

from ayumi.kernel.columns import Brief
from ayumi.kernel.db import db


def test_names_and_types_are_told_when_they_are_looked_at(app: Flask) -> None:
    with app.app_context(), db.engines["staff"].connect() as connection:
        cursor = connection.exec_driver_sql("SELECT 1 AS one, 'two' AS two").cursor
        assert isinstance(cursor, Brief)
        assert [(each[0], each[1]) for each in cursor.description] == [("one", 23), ("two", 25)]


def test_a_result_without_columns_and_one_that_is_none_are_told_apart(app: Flask) -> None:
    with app.app_context(), db.engines["staff"].connect() as connection:
        nothing = connection.exec_driver_sql("SELECT").cursor
        assert nothing is not None and nothing.description == []
        cursor = connection.connection.cursor()
        cursor.execute("SET LOCAL statement_timeout = 0")
        assert cursor.description is None
