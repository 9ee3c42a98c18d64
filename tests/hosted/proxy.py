"""The nginx configuration as it stands in infra/, with ports and folders of a test, and a certificate of its own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.embedded import process
from infra.embedded.postgres import free_port
from tests.live import ROOT

NAME = "ayumi.example.jp"
UNPACKED = ROOT / ".venv" / "debian"


def program() -> Path:
    """Debian's nginx: installed, or unpacked by infra/nginx.sh."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin") or UNPACKED / "usr" / "sbin" / "nginx"
    assert Path(found).exists(), "run infra/nginx.sh (make nginx)"
    return Path(found)


@dataclass(frozen=True)
class Proxy:
    """A running nginx."""

    http: int
    https: int
    metrics: int
    home: Path

    @property
    def log(self) -> str:
        """What it has written down."""
        return (self.home / "access.log").read_text()


def written(home: Path, web: int, metrics_of_app: int) -> Proxy:
    """Write the configuration for this folder; every sentence that is replaced must be there."""
    made = Proxy(free_port(), free_port(), free_port(), home)
    replaced = {
        "user www-data;\n": "daemon off;\n" + ("user root;\n" if os.geteuid() == 0 else ""),
        "pid /run/nginx.pid;": f"pid {home}/nginx.pid;",
        "error_log /var/log/nginx/error.log crit;": f"error_log {home}/error.log crit;",
        "access_log /var/log/nginx/access.log parts;": f"access_log {home}/access.log parts;\n{temporary(home)}",
        "/etc/nginx/mime.types": str(mime_types()),
        "/etc/nginx/ayumi/real-ip.conf": f"{home}/real-ip.conf",
        "/etc/nginx/ayumi/certificate.pem": f"{home}/certificate.pem",
        "/etc/nginx/ayumi/key.pem": f"{home}/key.pem",
        "/var/lib/nginx/ayumi": f"{home}/cache",
        "/usr/share/ayumi/nginx": str(home / "share"),
        "listen 80": f"listen 127.0.0.1:{made.http}",
        "listen 443": f"listen 127.0.0.1:{made.https}",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{made.metrics}",
        "server 127.0.0.1:8000": f"server 127.0.0.1:{web}",
        "http://127.0.0.1:9464": f"http://127.0.0.1:{metrics_of_app}",
    }
    text = (ROOT / "infra" / "nginx" / "nginx.conf").read_text()
    for before, after in replaced.items():
        assert before in text, before
        text = text.replace(before, after)
    (home / "nginx.conf").write_text(text)
    known = (ROOT / "infra" / "nginx" / "real-ip.conf").read_text()
    (home / "real-ip.conf").write_text(f"set_real_ip_from 127.0.0.2;\n{known}")
    shutil.copytree(ROOT / "infra" / "nginx" / "pages", home / "share" / "errors")
    certificate(home)
    return made


def temporary(home: Path) -> str:
    """Folders that nginx would otherwise look for where it was built to."""
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n".join(f"{name}_temp_path {home}/{name};" for name in names)


def mime_types() -> Path:
    installed = Path("/etc/nginx/mime.types")
    return installed if installed.exists() else UNPACKED / "etc" / "nginx" / "mime.types"


def certificate(home: Path) -> None:
    """A certificate for the name of the site that nobody else trusts."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(home / "key.pem"),
         "-out", str(home / "certificate.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def tested(made: Proxy) -> "subprocess.CompletedProcess[str]":
    """Ask nginx itself whether it understands the configuration."""
    words = [str(program()), "-t", "-p", str(made.home), "-c", str(made.home / "nginx.conf")]
    return subprocess.run([*words, "-e", str(made.home / "error.log")], capture_output=True, text=True, check=False)


@contextmanager
def running(made: Proxy) -> Iterator[Proxy]:
    """Run it until the end of the block."""
    words = [str(program()), "-p", str(made.home), "-c", str(made.home / "nginx.conf")]
    started = process.spawn([*words, "-e", str(made.home / "error.log")], log=made.home / "nginx.out")
    try:
        deadline = time.monotonic() + 20
        while not (made.home / "nginx.pid").exists():
            assert started.poll() is None and time.monotonic() < deadline, (made.home / "nginx.out").read_text()
            time.sleep(0.05)
        yield made
    finally:
        started.terminate()
        started.wait(20)
