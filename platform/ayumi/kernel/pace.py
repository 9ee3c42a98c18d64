"""How often work says how far it is: no oftener than somebody could look, for each word is a transaction of its own."""

import time
from typing import Final

BETWEEN: Final = 0.25  # seconds


class Pace:
    """Tells when it is time for the next word: the first when work has taken a while, and no sooner after each."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def is_time(self) -> bool:
        """Tell whether the last word is old enough; if so, the next one is said now."""
        now = time.monotonic()
        if now - self._last < BETWEEN:
            return False
        self._last = now
        return True
