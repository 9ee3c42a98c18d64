"""The product as it stands behind nginx: one web process on the tests' services, and the real proxy in front."""

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from flask import Flask

from infra.embedded.postgres import free_port
from tests.hosted import proxy
from tests.hosted.proxy import NAME, Proxy
from tests.live import BIN, ROOT, environment, wait_for


@dataclass(frozen=True)
class Hosted:
    """nginx, and the web process behind it."""

    proxy: Proxy
    web: int


@pytest.fixture(scope="session")
def hosted(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    home = tmp_path_factory.mktemp("nginx")
    port = free_port()
    env = environment(dict(os.environ)) | {
        "PORT": str(port), "AYUMI_PROXIES": "1", "AYUMI_SECURE_COOKIES": "yes", "AYUMI_BASE_URL": f"https://{NAME}",
    }  # fmt: skip
    with (home / "web.log").open("wb") as log, figures() as shown:
        web = subprocess.Popen(
            [str(BIN / "gunicorn"), "--config", "infra/gunicorn.conf.py", "--workers", "1", "wsgi:app"],
            cwd=ROOT, env=env, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            with proxy.running(proxy.written(home, port, shown)) as made:
                yield Hosted(made, port)
        finally:
            web.send_signal(signal.SIGINT)  # at once
            web.wait(30)


class figures:  # noqa: N801
    """Something that answers where the figures of the application are shown."""

    def __enter__(self) -> int:
        self.server = HTTPServer(("127.0.0.1", 0), Shown)
        Thread(target=self.server.serve_forever, daemon=True).start()
        return int(self.server.server_port)

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Shown(BaseHTTPRequestHandler):
    """One figure."""

    def do_GET(self) -> None:  # noqa: N802
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ayumi_up 1\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""
