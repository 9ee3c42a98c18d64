"""What somebody would want to read after an attack: who came in, who was turned away and from where.

Goes to the log beside everything else, as identifiers and hashes: no name, no address of a person, nothing typed.
"""

from typing import Any

import structlog
from flask import request

log = structlog.get_logger("ayumi.watch")


def came_in(**facts: Any) -> None:
    """Somebody has proved who they are."""
    log.info("came in", **_where(), **_plain(facts))


def turned_away(why: str, **facts: Any) -> None:
    """Somebody was not let in, or not let do something."""
    log.warning("turned away", why=why, **_where(), **_plain(facts))


def refused(what: str, **facts: Any) -> None:
    """Something that was sent did not fit, or a rule did not allow it: by whom it often happens is worth reading."""
    log.info("refused", what=what, **_where(), **_plain(facts))


def _where() -> dict[str, str | None]:
    return {"endpoint": request.endpoint, "method": request.method, "address": request.remote_addr}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool | int) else str(value) for name, value in facts.items()}
