"""A municipality that leaves, and an empty platform for it to arrive at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from ayumi.kernel import journal
from tests.isolation.populated import Populated, populate
from tests.moving.packings import LEAVES
from tests.moving.platforms import Platform, a_platform
from tests.world import inside


@pytest.fixture(scope="module")
def other(services: Path, app: Flask) -> Iterator[Platform]:
    with a_platform(services) as made:
        yield made


@pytest.fixture
def leaver(app: Flask) -> Populated:
    made = populate(app, LEAVES)
    with inside(app, made.members["caseworker"]):
        journal.note_of(
            "participant", made.ids["participant_id"], "updated", why=f"{LEAVES}の件", changes={"a": [1, 2]}
        )
    return made
