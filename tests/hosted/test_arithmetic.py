"""What infra/scaling.md reckons is what the installation has: change the one, and the other is wrong."""

import re

from tests.hosted.test_settings import SECRETS
from tests.live import ROOT

PAGE = (ROOT / "infra" / "scaling.md").read_text()
GUNICORN = (ROOT / "infra" / "gunicorn.conf.py").read_text()
POOLER = (ROOT / "infra" / "pgbouncer" / "pgbouncer.ini").read_text()
TARGET = (ROOT / "infra" / "systemd" / "ayumi.target").read_text()
HOSTS = 6


def number(pattern: str, text: str) -> int:
    (found,) = re.findall(pattern, text, re.M)
    return int(found)


def test_connections_of_a_host_and_of_six() -> None:
    processes, threads = (number(rf"^{name} = (\d+)", GUNICORN) for name in ("workers", "threads"))
    doors = sum("DATABASE_URL" in name for name in SECRETS["web"])
    workers = TARGET.count("ayumi-worker@")
    others = 3  # dispatcher, timetable, metrics
    made = processes * doors * threads + workers * 3 + others
    busy = processes * threads * 2 + workers * 2 + others
    words = " ".join(PAGE.split())
    assert f"One host: {made} open, of PostgreSQL's usual 100, {busy} at work." in words
    assert f"Six hosts: {HOSTS * made} open, {HOSTS * busy} at work" in words
    assert number(r"^max_db_connections = (\d+)", POOLER) >= busy
    assert f"; For all roles together: {busy} are at work" in POOLER
    assert number(r"^default_pool_size = (\d+)", POOLER) >= max(2 * workers, processes * threads)


def test_the_log_and_the_end_of_the_month() -> None:
    words = " ".join(PAGE.split())
    rows, year = 1.05e6, 14.5
    assert f"6.5 kB x 1.05 million x 3 = {6.5e3 * rows * 3 / 1e9:.0f} GB a year" in words
    assert f"14.5 GB x 49/24 x 3 = **{year * 49 / 24 * 3:.0f} GB a year**, 240 MB a day" in words
    assert round(year * 49 / 24 * 3 * 1e3 / 365, -1) == 240
    each = float(re.findall(r"A thousand took ([\d.]+) s on two cores", words)[0]) * 2 / 1000
    assert f"{each:.2f} s of a core each" in words
    assert round(1741 * each / 60, 1) == 4.5
    assert "1,741 are four and a half minutes on one core" in words
