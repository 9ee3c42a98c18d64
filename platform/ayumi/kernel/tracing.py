"""Which request and which municipality the present work belongs to: for every line of the log, and for later work.

Carried beside the work, one for each thread. Identifiers only: nothing of anybody.
"""

from structlog import contextvars

REQUEST, MUNICIPALITY = "request_id", "municipality"


def begin(**known: str | int | None) -> None:
    """Start a piece of work; nothing of the one before is left."""
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(**{name: value for name, value in known.items() if value is not None})


def end() -> None:
    """Forget it."""
    contextvars.clear_contextvars()


def arrive(tenant_id: int | None) -> None:
    """Say in which municipality the work is; None: in none any more."""
    if tenant_id is None:
        contextvars.unbind_contextvars(MUNICIPALITY)
    else:
        contextvars.bind_contextvars(**{MUNICIPALITY: tenant_id})


def request_id() -> str | None:
    """Return the request this work belongs to, also when it is done later."""
    found: str | None = contextvars.get_contextvars().get(REQUEST)
    return found


def municipality() -> int | None:
    """Return the number of the municipality this work is in."""
    found: int | None = contextvars.get_contextvars().get(MUNICIPALITY)
    return found
