"""Clusters: complete installations of the schema, each with its database, its files and its address.

One is home. Further ones are named in AYUMI_CLUSTERS, with the municipalities that live there alone. Accounts, firms
and sessions belong to their cluster like everything else: nothing is shared between two, so nothing can leak from one
into the other. One is in one cluster at a time; the settings in force are then that cluster's, and no door of a
municipality opens in a cluster in which it does not live.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ayumi.config import STANDBY, Settings, of_process, settings
from ayumi.kernel.tenancy import OF_A_MUNICIPALITY, Place, WrongPlace

HOME: Final = "home"
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
KEYS: Final = {"base_url", "files_url", "databases", "municipalities"}
PATIENCE: Final = 5  # seconds to reach the database of a cluster: one that is away must not hold up the others

_present: ContextVar[str] = ContextVar("cluster", default=HOME)


class BadClusters(RuntimeError):
    """AYUMI_CLUSTERS does not add up."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster, and who lives there: name in addresses -> number."""

    name: str
    settings: Settings
    municipalities: Mapping[str, int]

    @property
    def host(self) -> str:
        """Under which host (and port) it is reached."""
        return host_of(self.settings)


def further() -> Mapping[str, Cluster]:
    """Return the clusters beside home."""
    said = of_process().clusters
    return _read(said, of_process()) if said else {}


def names() -> tuple[str, ...]:
    """Return the names of all clusters, home first."""
    return HOME, *further()


def present() -> str:
    """Return the name of the cluster one is in."""
    return _present.get()


@contextmanager
def at(name: str) -> Iterator[None]:
    """Be in a cluster for a while."""
    here, works_by = _present.get(), settings.of_cluster.get()
    stay_at(name)
    try:
        yield
    finally:
        _present.set(here)
        settings.of_cluster.set(works_by)


def stay_at(name: str) -> None:
    """Be in a cluster from now on: a command of the command line."""
    settle = None if name == HOME else _named(name).settings
    _present.set(name)
    settings.of_cluster.set(settle)


def of(tenant_id: int) -> str:
    """Return the cluster in which a municipality lives."""
    return _where(each.name for each in further().values() if tenant_id in each.municipalities.values())


def of_slug(slug: str) -> str:
    """Return the cluster in which the municipality of this name in addresses lives."""
    return _where(each.name for each in further().values() if slug in each.municipalities)


def of_host(host: str) -> str:
    """Return the cluster that is reached under a host; home under any other."""
    return _where(each.name for each in further().values() if each.host == host)


def base_url(name: str) -> str:
    """Return the address of a cluster."""
    return (of_process() if name == HOME else _named(name).settings).base_url


def bind(place: Place) -> str:
    """Return the name of the engine behind a place; raise WrongPlace where its municipality does not live.

    Who hosts (owner, operator) keeps the books of a cluster, also about a municipality that has moved out of it.
    """
    if place.tenant_id is not None and place.door in OF_A_MUNICIPALITY and of(place.tenant_id) != present():
        raise WrongPlace(f"municipality {place.tenant_id} lives in {of(place.tenant_id)}, this is {present()}")
    return _engine(present(), place.door.value)


def standby() -> str:
    """Return the name of the engine of the standby in the cluster one is in; there need be none of this name."""
    return _engine(present(), STANDBY)


def binds() -> dict[str, Any]:
    """Return engine name -> address for every door of every cluster."""
    found: dict[str, Any] = dict(of_process().engines())
    for each in further().values():
        for door, made in each.settings.engines().items():
            patient = made["connect_args"] | {"connect_timeout": PATIENCE}
            found[_engine(each.name, door)] = made | {"connect_args": patient}
    return found


def host_of(given: Settings) -> str:
    """Return host and port of an installation's address."""
    return urlsplit(given.base_url).netloc


def _engine(cluster: str, door: str) -> str:
    return door if cluster == HOME else f"{cluster}:{door}"


def _named(name: str) -> Cluster:
    found = further().get(name)
    if found is None:
        raise BadClusters(f"AYUMI_CLUSTERS names no cluster {name!r}; there are {', '.join(names())}")
    return found


def _where(found: Iterator[str]) -> str:
    return next(found, HOME)


# Read and judged once ---


@lru_cache
def _read(said: str, home: Settings) -> Mapping[str, Cluster]:
    try:
        written = json.loads(said if said.lstrip().startswith("{") else Path(said).read_text(encoding="utf-8"))
        made = {name: _cluster(name, each, home) for name, each in written.items()}
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise BadClusters(f"AYUMI_CLUSTERS cannot be read: {error}") from error
    _check_apart([home, *(each.settings for each in made.values())])
    _check_once([number for each in made.values() for number in each.municipalities.values()])
    _check_once([slug for each in made.values() for slug in each.municipalities])
    return made


def _cluster(name: str, said: dict[str, Any], home: Settings) -> Cluster:
    if name == HOME or not NAME.fullmatch(name) or said.keys() != KEYS:
        raise BadClusters(f"cluster {name!r}: a small name, and exactly {', '.join(sorted(KEYS))}")
    here = home.database_urls().keys() - {STANDBY}
    if not said["databases"].keys() >= here:
        raise BadClusters(f"cluster {name!r} needs the same doors as home: {', '.join(sorted(here))}")
    if not all(type(number) is int for number in said["municipalities"].values()):
        raise BadClusters(f"cluster {name!r}: a municipality is named by its name in addresses and its number")
    doors = {f"database_url_{STANDBY}": None} | {f"database_url_{door}": url for door, url in said["databases"].items()}
    own = replace(home, **doors, files_url=said["files_url"], base_url=said["base_url"], cluster=name)
    return Cluster(name, own, said["municipalities"])


def _check_apart(each: list[Settings]) -> None:
    """Two clusters that share an address, a database or their files are not two."""
    for kind in ("base_url", "files_url"):
        _check_once([getattr(one, kind).rstrip("/") for one in each])
    _check_once([place for one in each for place in {_database(url) for url in one.database_urls().values()}])


def _check_once(values: list[Any]) -> None:
    twice = [value for value, count in Counter(values).items() if count > 1]
    if twice:
        raise BadClusters(f"AYUMI_CLUSTERS names something twice: {', '.join(map(str, twice))}")


def _database(url: str) -> str:
    """Return where a database is, whoever asks it: no name, no password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}{parts.path}"
