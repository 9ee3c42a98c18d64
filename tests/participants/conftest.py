"""People of one town, for tests of people."""

from uuid import UUID

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def head(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.SECTION_HEAD, Role.ADMINISTRATOR)


@pytest.fixture
def admin(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)


@pytest.fixture
def leaver(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def heir(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER, Role.SUPERVISING_CASEWORKER)


@pytest.fixture
def firm(app: Flask, town: Town) -> UUID:
    made = a_firm(app)
    a_contract(app, town, made)
    return made
