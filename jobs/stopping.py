"""Stops a loop when the process is asked to end, between two pieces of work and not in the middle of one."""

import signal
from types import FrameType


class Stopping:
    """False until SIGTERM or SIGINT has come."""

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def __bool__(self) -> bool:
        return self._asked
