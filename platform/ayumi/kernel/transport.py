"""Whatever leaves this machine goes over TLS, to a server that has proved its name: said before anything starts.

A service on the machine itself (loopback address, or a socket in a folder) may do without, because nothing leaves.
There is no setting that switches this off.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.engine import make_url

from ayumi.config import Settings

UNPROVED = ("none", "optional", "false", "no", "0")


def faults(given: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each address that would leave the machine unprotected."""
    for door, url in given.database_urls().items():
        if not database_is_safe(url, environment):
            yield f"AYUMI_DATABASE_URL_{door.upper()} leaves this machine: add sslmode=verify-full (and sslrootcert)"
    if given.backup_database_url and not database_is_safe(given.backup_database_url, environment):
        yield "AYUMI_BACKUP_DATABASE_URL leaves this machine: add sslmode=verify-full (and sslrootcert)"
    if not queue_is_safe(given.redis_url):
        yield "AYUMI_REDIS_URL leaves this machine: write rediss://, and let the certificate be checked"
    endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or ""
    kept = (given.files_url, given.backup_url)
    if any(url.startswith("s3:") for url in kept) and not store_is_safe(endpoint):
        yield "AWS_ENDPOINT_URL_S3 leaves this machine: write https://"


def check(given: Settings, environment: Mapping[str, str]) -> None:
    """Refuse to start with such an address."""
    found = list(faults(given, environment))
    if found:
        raise RuntimeError("Not started: " + "; ".join(found))


def database_is_safe(url: str, environment: Mapping[str, str]) -> bool:
    """Tell whether PostgreSQL is on this machine, or is asked to prove its name."""
    parts = make_url(url)
    named = [each for name in ("host", "hostaddr") for each in _listed(parts.query.get(name, ()))]
    hosts = named or [parts.host or environment.get("PGHOST", "")]
    mode = _listed(parts.query.get("sslmode", ())) or [environment.get("PGSSLMODE", "")]
    return all(is_here(host) for each in hosts for host in each.split(",")) or mode[-1] == "verify-full"


def queue_is_safe(url: str) -> bool:
    """Tell whether the queue is on this machine, or is asked to prove its name."""
    parts = urlsplit(url)
    if parts.scheme == "unix" or is_here(parts.hostname or ""):
        return True
    said = parse_qs(parts.query)
    loose = (each.lower() for name in ("ssl_cert_reqs", "ssl_check_hostname") for each in said.get(name, ()))
    return parts.scheme == "rediss" and not any(each in UNPROVED for each in loose)


def store_is_safe(endpoint: str) -> bool:
    """Tell whether the file store is on this machine or asked over TLS; without an address of its own it is."""
    parts = urlsplit(endpoint)
    return not endpoint or parts.scheme == "https" or is_here(parts.hostname or "")


def is_here(host: str) -> bool:
    """Tell whether a host is this machine: nothing said, a folder with a socket, or a loopback address."""
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _listed(said: str | tuple[str, ...]) -> list[str]:
    return [said] if isinstance(said, str) else list(said)
