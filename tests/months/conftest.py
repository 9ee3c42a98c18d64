"""A running product for the months that are played in a browser.

It stops with the last of them: its worker would keep what other tests promise.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.live import Product, running
from tests.months.clean_start import FirstDay, first_day


@pytest.fixture(scope="package")
def product(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(app, tmp_path_factory.mktemp("logs")) as started:
        yield started


@pytest.fixture(scope="package")
def first(straight: Flask, services: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    with first_day(services, tmp_path_factory.mktemp("months")) as begun:
        yield begun
