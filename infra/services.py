"""The embedded services of one tree: those that nobody named from outside."""

from collections.abc import Mapping
from pathlib import Path

from infra import environment
from infra.embedded import postgres, valkey

DATABASE = "ayumi"


class Services:
    def __init__(self, var: Path, given: Mapping[str, str]) -> None:
        self.postgres = postgres.Server(var / "postgres") if environment.own_database(given) else None
        self.valkey = valkey.Server(var / "valkey") if environment.own_queue(given) else None

    def start(self) -> None:
        if self.postgres:
            self.postgres.start()
            if not self.postgres.has_database(DATABASE):
                self.postgres.create_database(DATABASE)
        if self.valkey:
            self.valkey.start()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def dead(self) -> str | None:
        """The name of a service that ended by itself."""
        if self.postgres and not self.postgres.alive:
            return "postgres"
        if self.valkey and not self.valkey.alive:
            return "valkey"
        return None

    def urls(self) -> dict[str, str]:
        urls: dict[str, str] = {}
        if self.postgres:
            urls |= {name: self.postgres.url(role, DATABASE) for name, role in environment.DATABASE_URLS.items()}
            urls[environment.BACKUP_URL] = self.postgres.url(postgres.ADMINISTRATOR, DATABASE)
        if self.valkey:
            urls[environment.REDIS_URL] = self.valkey.url()
        return urls

    def plan(self) -> str:
        """What starting them means, for the screen."""
        servers = (("PostgreSQL", self.postgres), ("Valkey", self.valkey))
        ours = " and ".join(name for name, server in servers if server)
        return f"starting {ours}" if ours else "database and queue are named from outside"
