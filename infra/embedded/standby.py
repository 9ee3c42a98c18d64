"""A second embedded PostgreSQL that follows another by streaming: it can be read, and never be written to.

    with Server(home) as primary, Standby(other_home, primary) as standby:
        standby.url("ayumi_worker")      # the roles and passwords of the primary
        with standby.held():             # it goes on receiving and shows nothing of it: a standby that lags
            ...

It is made of a base backup when it is started for the first time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.embedded import postgres_files, process
from infra.embedded.postgres import ADMINISTRATOR, Server


class Standby(Server):
    def __init__(self, home: Path, primary: Server) -> None:
        super().__init__(home, durable=False)
        self._primary = primary

    def password(self, role: str) -> str:
        return self._primary.password(role)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing more be seen of what the primary sends."""
        with self._administrating("postgres") as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            try:
                yield
            finally:
                connection.execute("SELECT pg_wal_replay_resume()")

    def end_connections(self, role: str) -> None:
        """Break off whatever a role is reading."""
        with self._administrating("postgres") as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s ", [role])

    def _initialise(self, files: postgres_files.Files) -> None:
        process.run(
            [
                str(files.binary("pg_basebackup")),
                f"--pgdata={files.data}",
                "--host=127.0.0.1",
                f"--port={self._primary.port}",
                f"--username={ADMINISTRATOR}",
                "--no-password",
                "--checkpoint=fast",
                "--write-recovery-conf",
                "--no-sync",
            ],
            identity=files.identity,
            env=os.environ | {"PGPASSWORD": self.password(ADMINISTRATOR)},
        )

    def _make_roles(self) -> None:
        """They came with the backup."""
