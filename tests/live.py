"""The product as users meet it: real processes on the test's services, and a real Chromium in front of them."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ayumi.factors import apps
from infra.embedded.postgres import free_port
from tests.world import TOTP_SECRET

expect.set_options(timeout=20_000)  # what comes at once comes late on a busy machine
ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """A running product."""

    address: str
    mail_dir: Path


@contextmanager
def running(app: Flask, logs: Path) -> Iterator[Product]:
    """Start web, dispatcher and worker on the services the tests already use; stop them afterwards."""
    with serving(dict(os.environ), logs) as product:
        yield product


@contextmanager
def serving(given: dict[str, str], logs: Path) -> Iterator[Product]:
    """Start web, dispatcher and worker with these settings; stop them afterwards."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = environment(given) | {"PORT": str(port), "AYUMI_BASE_URL": address}
    processes = _started([sys.executable, "-m", "tests.run"], env, logs / "product.log")
    try:
        wait_for(f"{address}/healthz")
        yield Product(address, Path(env["AYUMI_MAIL_DIR"]))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(processes.pid, signal.SIGTERM)
        _end(processes)


def environment(given: dict[str, str]) -> dict[str, str]:
    """Return these settings for a process of the product, which finds the code wherever it is started."""
    return given | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}


def _started(command: list[str], env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as file:
        return subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    pytest.fail(f"{address} did not answer")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open Debian's Chromium: the one without windows, which draws pages and nothing around them, where it is there."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert program, "the browser tests need Debian's chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


def new_page(browser: Browser, *, width: int = 1280, height: int = 900) -> Page:
    """Open a window of its own, with its own cookies."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ja-JP")
    context.set_default_timeout(15_000)
    return context.new_page()


def log_in(page: Page, product: Product, email: str, password: str, secret: str = TOTP_SECRET) -> None:
    """Log in as a person does, with the code of their app where one is asked for."""
    page.goto(f"{product.address}/login")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
    if "/login/second-step" in page.url:
        type_code(page, secret)
    page.wait_for_url(lambda url: "/login" not in url)


def type_code(page: Page, secret: str) -> None:
    """Type a code of an app that has not been used yet: one of the three that are taken at any moment."""
    for step in range(apps.step_now() - 1, apps.step_now() + 2):
        page.get_by_label("認証アプリのコード").fill(apps.code_at(secret, step))
        page.get_by_role("button", name="次へ").click()
        page.wait_for_load_state()
        if not page.get_by_label("認証アプリのコード").count():
            return
    pytest.fail("no code was taken")
