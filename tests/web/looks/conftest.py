"""The gallery, a server for it, and a real Chromium to look at it."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.web.looks.gallery import create_gallery

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_gallery(tmp_path_factory.mktemp("catalogues"))


@pytest.fixture
def client(gallery: Flask) -> FlaskClient:
    return gallery.test_client()


@pytest.fixture(scope="session")
def address(gallery: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, gallery, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of 1280 px whose console must stay silent: a refused script or style would speak there."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=address)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [said for said in complaints if "Failed to load resource" not in said] == []


@pytest.fixture
def screens() -> Path:
    folder = Path(__file__).parents[3] / "var" / "screens" / "looks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
