"""Counts what a page asks the database."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.overheard import overheard


@pytest.fixture
def counted(app: Flask) -> Iterator[list[str]]:
    with overheard(app) as asked:
        yield asked
