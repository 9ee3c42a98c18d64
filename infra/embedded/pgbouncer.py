"""A pgbouncer in front of an embedded PostgreSQL, in transaction mode: what a large installation has between the
processes of Ayumi and the server, for the tests.

    with Pooler(home, server, size=1) as pooler:
        pooler.url("ayumi_staff")    # the same role, password and database, through the pooler

The configuration is the one that is shipped, with other addresses. ``size``: connections to the server for each role
and database. The program is Debian's package `pgbouncer` (`make pooler` installs it). It refuses to run as root, so it
is started under the identity of the server.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from infra.embedded import postgres, postgres_files, process
from infra.embedded.child import NOBODY
from infra.embedded.process import ServiceError

SHIPPED = Path(__file__).parents[1] / "pgbouncer" / "pgbouncer.ini"
ROLES = (postgres.OWNER, *postgres.DOORS)


class Pooler:
    def __init__(self, home: Path, server: postgres.Server, *, size: int, database: str = "ayumi") -> None:
        self.home = home.absolute()
        self.log = self.home / "pgbouncer.log"
        self.port = postgres.free_port()
        self._server, self._size, self._database = server, size, database
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Pooler":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, role: str) -> str:
        given = self._server.url(role, self._database)
        return given.replace(f"@127.0.0.1:{self._server.port}/", f"@127.0.0.1:{self.port}/")

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        identity = process.unprivileged()
        folder = self.home
        if identity == "nobody":
            folder = postgres_files.folder_elsewhere(
                f"ayumi-pgbouncer-{postgres_files.fingerprint(self.home)}", owner=NOBODY, mode=0o700
            )
        written = [
            self._write(folder / "users.txt", self._users()),
            self._write(folder / "pgbouncer.ini", self._configuration(folder)),
        ]
        if identity == "nobody":
            for path in written:
                os.chown(path, NOBODY, NOBODY)
        self._process = process.spawn([find_binary(), str(folder / "pgbouncer.ini")], log=self.log, identity=identity)
        self._wait_until_ready()

    def stop(self) -> None:
        if self._process is not None:
            process.stop(self._process, by=signal.SIGINT)
        self._process = None

    def _configuration(self, folder: Path) -> str:
        text = SHIPPED.read_text(encoding="utf-8")
        replaced = {
            "ayumi = host=database.inside.example port=5432 dbname=ayumi":
                f"{self._database} = host=127.0.0.1 port={self._server.port} dbname={self._database}",
            "listen_port = 6432": f"listen_port = {self.port}",
            "auth_file = /etc/pgbouncer/userlist.txt": f"auth_file = {folder / 'users.txt'}",
            "server_tls_sslmode = verify-full": "server_tls_sslmode = disable",  # nothing leaves the machine
            "server_tls_ca_file = /etc/pgbouncer/authority.pem\n": "",
            "default_pool_size = 8": f"default_pool_size = {self._size}",
        }  # fmt: skip
        for before, after in replaced.items():
            if text.count(before) != 1:
                raise ServiceError(f"{SHIPPED} does not say once: {before}")
            text = text.replace(before, after)
        return text

    def _users(self) -> str:
        return "".join(f'"{role}" "{self._server.password(role)}"\n' for role in ROLES)

    @staticmethod
    def _write(path: Path, text: str) -> Path:
        path.unlink(missing_ok=True)
        postgres.write_secret(path, text)
        return path

    def _wait_until_ready(self, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while self._process and self._process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url(postgres.OWNER), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return
        self.stop()
        raise ServiceError(f"pgbouncer did not start. The end of {self.log}:\n{process.last_lines(self.log)}")


def find_binary() -> str:
    found = shutil.which("pgbouncer", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    if found is None:
        raise ServiceError("no pgbouncer: run `make pooler`, or install the package of this system")
    return found
