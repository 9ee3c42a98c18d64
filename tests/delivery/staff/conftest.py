"""People of one town and of a firm that works for it."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def admin(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.ADMINISTRATOR, name="青木 管理")


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐藤 去子")


@pytest.fixture
def heir(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER, Role.SUPERVISING_CASEWORKER, name="鈴木 継男")


@pytest.fixture
def firm(app: Flask, town: Town) -> UUID:
    made = a_firm(app, name="はまかぜ")
    a_contract(app, town, made, ends_on=clock.today() + timedelta(days=90))
    return made


@pytest.fixture
def manager(app: Flask, town: Town, firm: UUID) -> Member:
    return a_member(app, town, Party.FIRM, Role.MANAGER, name="浜田 剛", firm_id=firm)


@pytest.fixture
def supporter(app: Flask, town: Town, firm: UUID) -> Member:
    return a_member(app, town, Party.FIRM, Role.SUPPORTER, name="中村 翔", firm_id=firm)
