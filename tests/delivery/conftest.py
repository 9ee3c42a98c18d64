"""What tests of pages ask for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest
from flask import Flask

from tests.overheard import overheard


@pytest.fixture
def statements(app: Flask) -> Callable[[str], AbstractContextManager[list[str]]]:
    """Listen to what is asked of the database through a door."""
    return partial(overheard, app)
