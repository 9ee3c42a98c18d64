"""Whether the database cannot be reached: the server, or one of the machines over which it is spread.

Nothing was done then, and nothing is wrong with what was asked: whoever asked is told to try again, and work waits.
"""

from typing import Final

import psycopg

GONE: Final = ("08", "57P01", "57P02", "57P03", "53300")
"""Connection lost or refused; server stopping, crashed or starting; no connection to spare."""
OF_A_CLUSTER: Final = "failure on connection marked as essential"
"""What a spread database says, as an error of its own, when it should write on a machine that is away."""


def is_away(error: BaseException) -> bool:
    """Tell whether an error says so."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, psycopg.OperationalError):
        return original.sqlstate is None or original.sqlstate.startswith(GONE)
    return isinstance(original, psycopg.InternalError) and OF_A_CLUSTER in str(original)
