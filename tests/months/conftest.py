"""A running product for the months that are played in a browser."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.live import Product, chromium, running


@pytest.fixture(scope="session")
def product(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(app, tmp_path_factory.mktemp("logs")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened
