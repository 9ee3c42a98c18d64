"""What several tests of single sign-on share."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.signon.scene import Scene, set_up


@pytest.fixture(scope="module")
def scene(app: Flask) -> Iterator[Scene]:
    yield from set_up(app)
