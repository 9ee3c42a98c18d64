"""Growing pauses between tries: a few are free, then each wrong one makes the next wait longer, up to a quarter hour.

Nobody is locked out for good. Tries from a device that has been let in before are counted apart from all others, so
that a stranger who keeps guessing at somebody's password slows down strangers only. Tries are counted before they
are judged: many at the same moment gain nothing. While the queue's store is lost, each process counts for itself.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Protocol, TypeVar

from redis import Redis
from redis.exceptions import RedisError

from ayumi.config import settings

FREE = 5
FIRST, LONGEST = 15, 15 * 60  # seconds
FORGOTTEN = 24 * 3600
PREFIX = "ayumi:pauses"
PATIENCE = 1.0

Told = TypeVar("Told")


class Store(Protocol):
    """Where tries are counted and pauses are held."""

    def count(self, key: str, by: int) -> int:
        """Add to a number that is forgotten after a day; return the sum."""

    def hold(self, key: str, seconds: int) -> bool:
        """Begin a pause; False while one lasts."""

    def forget(self, key: str) -> None:
        """Forget number and pause."""


class Shared:
    """Counts in the queue's store, for all processes."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)

    def count(self, key: str, by: int) -> int:
        """Add to a number that is forgotten after a day; return the sum."""
        with self.redis.pipeline() as steps:
            steps.incrby(f"{PREFIX}:{key}", by)
            steps.expire(f"{PREFIX}:{key}", FORGOTTEN)
            return int(steps.execute()[0])

    def hold(self, key: str, seconds: int) -> bool:
        """Begin a pause; False while one lasts."""
        return bool(self.redis.set(f"{PREFIX}:{key}:pause", "", nx=True, ex=seconds))

    def forget(self, key: str) -> None:
        """Forget number and pause."""
        self.redis.delete(f"{PREFIX}:{key}", f"{PREFIX}:{key}:pause")


class Alone:
    """Counts in this process only."""

    MOST = 10_000

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self.now, self.lock = now, Lock()
        self.numbers: dict[str, tuple[int, float]] = {}
        self.pauses: dict[str, float] = {}

    def count(self, key: str, by: int) -> int:
        """Add to a number that is forgotten after a day; return the sum."""
        with self.lock:
            if len(self.numbers) > self.MOST:
                self.numbers.clear()
            number, until = self.numbers.get(key, (0, 0.0))
            number = (number if until > self.now() else 0) + by
            self.numbers[key] = (number, self.now() + FORGOTTEN)
            return number

    def hold(self, key: str, seconds: int) -> bool:
        """Begin a pause; False while one lasts."""
        with self.lock:
            if self.pauses.get(key, 0.0) > self.now():
                return False
            if len(self.pauses) > self.MOST:
                self.pauses.clear()
            self.pauses[key] = self.now() + seconds
            return True

    def forget(self, key: str) -> None:
        """Forget number and pause."""
        with self.lock:
            self.numbers.pop(key, None)
            self.pauses.pop(key, None)


class Pauses:
    """Asks the shared store, or this process while that is lost."""

    def __init__(self, shared: Store, alone: Store) -> None:
        self.shared, self.alone = shared, alone

    def lets(self, key: str) -> bool:
        """Count a try; tell whether it may be made now."""
        number = self._ask(lambda store: store.count(key, 1))
        if number <= FREE or self._ask(lambda store: store.hold(key, pause_after(number - 1))):
            return True
        self._ask(lambda store: store.count(key, -1))
        return False

    def count(self, key: str) -> int:
        """Count a try without judging it; return how many there have been."""
        return self._ask(lambda store: store.count(key, 1))

    def forget(self, key: str) -> None:
        """Somebody has proved who they are: the next tries are free again."""
        self._ask(lambda store: store.forget(key))

    def _ask(self, question: Callable[[Store], Told]) -> Told:
        try:
            return question(self.shared)
        except RedisError:
            return question(self.alone)


def pause_after(tries: int) -> int:
    """Return for how many seconds the try after so many wrong ones makes others wait."""
    return int(min(FIRST * 2 ** min(tries - FREE, 20), LONGEST))


_pauses: dict[str, Pauses] = {}


def pauses() -> Pauses:
    """Return the pauses of this process."""
    url = settings().redis_url
    if url not in _pauses:
        _pauses[url] = Pauses(Shared(url), Alone())
    return _pauses[url]
