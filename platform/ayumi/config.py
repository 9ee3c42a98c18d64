"""Every setting of Ayumi: its variable, its default, what it is for. Read from the environment once."""

import os
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, Final

STANDBY: Final = "reports"  # the one engine that is no door: each cluster has its own, or none


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable."""

    env: str
    help: str
    default: str | None = None


def _said(env: str, help: str, default: str | None = None) -> Any:
    return field(default=default, metadata={"setting": Setting(env, help, default)})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force in this process."""

    database_url_owner: str | None = _said(
        "AYUMI_DATABASE_URL_OWNER", "database as the owner of the tables (migrations)"
    )
    database_url_staff: str | None = _said("AYUMI_DATABASE_URL_STAFF", "database behind the municipality's console")
    database_url_firm: str | None = _said("AYUMI_DATABASE_URL_FIRM", "database behind the firms' portal")
    database_url_employer: str | None = _said("AYUMI_DATABASE_URL_EMPLOYER", "database behind the employers' page")
    database_url_accounts: str | None = _said("AYUMI_DATABASE_URL_ACCOUNTS", "database behind login and memberships")
    database_url_worker: str | None = _said("AYUMI_DATABASE_URL_WORKER", "database behind background jobs")
    database_url_dispatcher: str | None = _said(
        "AYUMI_DATABASE_URL_DISPATCHER", "database behind the dispatcher and timetable"
    )
    database_url_operator: str | None = _said("AYUMI_DATABASE_URL_OPERATOR", "database behind the hosting console")
    database_url_glass: str | None = _said(
        "AYUMI_DATABASE_URL_GLASS", "database behind break-glass: reads what a municipality's staff reads"
    )
    database_url_keeper: str | None = _said("AYUMI_DATABASE_URL_KEEPER", "database behind disposal and moving out")
    database_url_reports: str | None = _said(
        "AYUMI_DATABASE_URL_REPORTS",
        "a standby that follows the database, as the role of the worker: reports are counted there; unset, or while "
        "it lags or is away, in the database itself",
    )
    database_pooler: str | None = _said(
        "AYUMI_DATABASE_POOLER",
        "'transaction' when a pooler in transaction mode (pgbouncer) stands before the database",
    )
    reports_wait: str = _said(
        "AYUMI_REPORTS_WAIT", "seconds for which a report waits until the standby has caught up with it", "10"
    )
    redis_url: str = _said(
        "AYUMI_REDIS_URL", "queue and login throttling (Valkey or Redis)", "redis://127.0.0.1:6379/0"
    )
    files_url: str = _said("AYUMI_FILES_URL", "where files are kept: file:///folder or s3://bucket", "file://var/files")
    backup_url: str = _said(
        "AYUMI_BACKUP_URL", "where backups are kept: file:///folder or s3://bucket", "file://var/backups"
    )
    backup_database_url: str | None = _said(
        "AYUMI_BACKUP_DATABASE_URL", "database as a role that may take base backups and do nothing else"
    )
    backup_recipients: str = _said(
        "AYUMI_BACKUP_RECIPIENTS", "age public keys that backups are encrypted for, with commas between them", ""
    )
    backup_identity: str | None = _said(
        "AYUMI_BACKUP_IDENTITY", "file with the age key that opens backups: where they are checked or restored alone"
    )
    backup_days: str = _said(
        "AYUMI_BACKUP_DAYS", "days for which a backup is kept, and so how long it may hold what was erased", "35"
    )
    secret_key: str = _said(
        "AYUMI_SECRET_KEY", "signs and encrypts what is handed to browsers; at least 32 characters", ""
    )
    old_secret_keys: str = _said(
        "AYUMI_OLD_SECRET_KEYS",
        "secret keys from before, with commas between them: what they sealed and signed is still read, nothing new is",
        "",
    )
    journal_key: str | None = _said(
        "AYUMI_JOURNAL_KEY",
        "seed (32 bytes, base64url) of the key that signs journals; unset takes one made of the secret key",
    )
    journal_old_keys: str | None = _said(
        "AYUMI_JOURNAL_OLD_KEYS", "public keys that signed journals before, with commas between them"
    )
    journal_lock_years: str = _said(
        "AYUMI_JOURNAL_LOCK_YEARS", "years for which a bucket with object lock holds signed heads of journals", "5"
    )
    base_url: str = _said("AYUMI_BASE_URL", "address of the product as written in mails", "http://127.0.0.1:8000")
    smtp_url: str | None = _said(
        "AYUMI_SMTP_URL",
        "mail server: smtp://user:password@host:port or smtps://...; unset keeps mail in a folder",
    )
    mail_dir: str = _said(
        "AYUMI_MAIL_DIR", "folder for mail while there is no mail server (readable at /dev/mail)", "var/mail"
    )
    contact: str = _said(
        "AYUMI_CONTACT", "whom people are told to turn to when their municipality is suspended", "support@ayumi.example"
    )
    mail_from: str = _said("AYUMI_MAIL_FROM", "sender of mails", "ayumi@ayumi.example")
    demo_logins: str = _said("AYUMI_DEMO_LOGINS", "where the demonstration logins are written", "var/demo-logins.json")
    page_packages: str = _said(
        "AYUMI_NODE_MODULES", "folder of the npm packages (page assets, PDF fonts)", "node_modules"
    )
    password_cost: str = _said("AYUMI_PASSWORD_COST", "argon2id cost: 'normal', or 'low' for tests", "normal")
    tries_of_address: str = _said(
        "AYUMI_TRIES_OF_ADDRESS", "login attempts allowed to one network address", "60 per 15 minutes"
    )
    tries_of_account: str = _said(
        "AYUMI_TRIES_OF_ACCOUNT",
        "requests to be let in again (password or device lost) allowed for one account",
        "10 per 15 minutes",
    )
    files_of_account: str = _said(
        "AYUMI_FILES_OF_ACCOUNT", "files (exports, papers, scans) that one account may take within an hour", "300"
    )
    signon_hosts: str = _said(
        "AYUMI_SIGNON_HOSTS",
        "the only identity providers that may be asked: host names, with commas between them; unset allows any on the "
        "open internet",
        "",
    )
    signon_private_hosts: str = _said(
        "AYUMI_SIGNON_PRIVATE_HOSTS",
        "identity providers that may be inside the data centre: host names, with commas between them; all others "
        "must be on the open internet",
        "",
    )
    signon_authorities: str | None = _said(
        "AYUMI_SIGNON_AUTHORITIES", "file of the certificate authorities identity providers are checked by"
    )
    proxies: str = _said(
        "AYUMI_PROXIES",
        "how many proxies stand in front: whose word on the address of visitors is believed",
        "0",
    )
    secure_cookies: str = _said("AYUMI_SECURE_COOKIES", "'yes' sends cookies over HTTPS only (behind TLS)", "no")
    drain_seconds: str = _said(
        "AYUMI_DRAIN_SECONDS",
        "how long the web goes on serving after SIGTERM while /readyz already says 503, so that balancers turn away",
        "0",
    )
    metrics_dir: str | None = _said(
        "AYUMI_METRICS_DIR",
        "folder in which the processes of a host count for `ayumi metrics`; unset: each for itself, shown nowhere",
    )
    metrics_bind: str = _said(
        "AYUMI_METRICS_BIND", "where `ayumi metrics` listens; other than loopback only with a token", "127.0.0.1:9464"
    )
    metrics_token: str | None = _said(
        "AYUMI_METRICS_TOKEN", "bearer token that `ayumi metrics` asks for; at least 32 characters"
    )
    clusters: str | None = _said(
        "AYUMI_CLUSTERS", "file (or text) in JSON that names further clusters and the municipalities that live there"
    )
    cluster: str = _said("AYUMI_CLUSTER", "cluster that a command of the command line is for", "home")

    def secrets(self) -> tuple[str, ...]:
        """Return the secret key and those before it, the newest first."""
        return (self.secret_key, *_listed(self.old_secret_keys))

    def database_urls(self) -> dict[str, str]:
        """Return door -> URL for every door that is configured."""
        named = [each.name for each in fields(self) if each.name.startswith("database_url_")]
        urls = {name.removeprefix("database_url_"): getattr(self, name) for name in named}
        return {door: _with_driver(url) for door, url in urls.items() if url}

    def engines(self) -> dict[str, dict[str, Any]]:
        """Return door -> how its connections are made and kept, for every door that is configured."""
        kept: dict[str, Any] = {"pool_size": 8, "max_overflow": 8}
        return {
            door: {"url": url, **kept, "connect_args": self.driver(door)} for door, url in self.database_urls().items()
        }

    def driver(self, door: str) -> dict[str, Any]:
        """Return what the driver is told when it connects.

        What it prepares stays with one connection to the server, and behind a pooler in transaction mode the next
        transaction may have another: there nothing is prepared. A standby that is away is not waited for.
        """
        if self.database_pooler not in (None, "transaction"):
            raise RuntimeError(f"AYUMI_DATABASE_POOLER can be 'transaction' or unset, not {self.database_pooler!r}")
        unprepared = {"prepare_threshold": None} if self.database_pooler else {}
        return unprepared | ({"connect_timeout": 5} if door == STANDBY else {})


def _listed(said: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in said.split(",") if each.strip())


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


SETTINGS: tuple[Setting, ...] = tuple(each.metadata["setting"] for each in fields(Settings))


@lru_cache
def of_process() -> Settings:
    """Return what the environment says."""
    given = {each.name: os.environ.get(each.metadata["setting"].env) or each.default for each in fields(Settings)}
    return Settings(**given)  # type: ignore[arg-type]


class InForce:
    """The settings one works by: those of the process, or of the cluster one is in (kernel/clusters.py)."""

    def __init__(self) -> None:
        self.of_cluster: ContextVar[Settings | None] = ContextVar("of_cluster", default=None)

    def __call__(self) -> Settings:
        """Return the settings in force here."""
        return self.of_cluster.get() or of_process()

    def cache_clear(self) -> None:
        """Read the environment again."""
        of_process.cache_clear()


settings = InForce()
