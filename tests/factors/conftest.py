"""Somebody without any factor, and the accounts door."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import Member, a_member, a_town

Doors = Callable[[Member], AbstractContextManager[Session]]


@pytest.fixture
def somebody(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def door(app: Flask) -> Doors:
    @contextmanager
    def opened(member: Member) -> Iterator[Session]:
        with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=member.account_id)) as session:
            yield session

    return opened
