"""The same work in every cluster, one after the other; a cluster that is away holds up none of the others."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError

from ayumi.kernel import clusters
from ayumi.kernel.away import is_away

PAUSE = 1  # second, when none could be reached

log = structlog.get_logger(__name__)


def everywhere(work: Callable[[], int]) -> int:
    """Do the work in each cluster and return the sum of what it says was done."""
    done = [there(name, work) for name in clusters.names()]
    if set(done) == {None}:
        time.sleep(PAUSE)
    return sum(count or 0 for count in done)


def there(name: str, work: Callable[[], int]) -> int | None:
    """Do the work in one cluster; None when its database is away."""
    try:
        with clusters.at(name):
            return work()
    except DBAPIError as error:
        if not (isinstance(error, OperationalError) or is_away(error)):
            raise
        log.warning("waiting", cluster=name, kind=type(error).__name__)
        return None
