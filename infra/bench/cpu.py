"""Processor time: of this process, and of the database's backends that work for it."""

import time
from pathlib import Path
from typing import Any

import psycopg

OTHERS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
NANOSECOND = 1e-9


class Clock:
    """Reads processor time. ``connection``: an administrator's, to the database that is measured."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def read(self) -> tuple[float, float]:
        """Return seconds spent so far: by this process, by the backends."""
        pids = [row[0] for row in self.connection.execute(OTHERS)]
        return time.process_time(), sum(map(_spent, pids))


def _spent(pid: int) -> float:
    """Seconds a process has run: the kernel counts them to the nanosecond here, in hundredths in ``stat``."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) * NANOSECOND
    except FileNotFoundError:
        return 0.0
