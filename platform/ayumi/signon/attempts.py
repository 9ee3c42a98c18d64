"""Logins under way: what must come back from the provider, kept for a few minutes and given out once.

They lie sealed in the queue's store, which may be lost at any time: whoever was on the way then logs in again.
"""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from redis import Redis, RedisError

from ayumi.accounts.tokens import digest
from ayumi.config import settings
from ayumi.kernel.sealed import BrokenSeal, seal, unseal
from ayumi.signon.trouble import NotLetIn, Reason

LENGTH = 600  # seconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back. ``tried_by``: an administrator tries the configuration, logging nobody in.
    ``again``: somebody proves once more who they are.
    """

    tenant_id: int
    issuer: str
    client_id: str
    nonce: str
    code_verifier: str
    next_path: str | None = None
    tried_by: str | None = None
    again: bool = False

    @property
    def trier(self) -> UUID | None:
        """Membership of the administrator who tries it."""
        return UUID(self.tried_by) if self.tried_by else None


def keep(state: str, attempt: Attempt) -> None:
    """Keep an attempt under its state."""
    try:
        with _store() as store:
            store.set(_name(state), seal(json.dumps(asdict(attempt))), ex=LENGTH)
    except RedisError as error:
        raise NotLetIn(Reason.UNREACHABLE) from error


def take(state: str) -> Attempt:
    """Return the attempt of a state and forget it in the same moment, or raise NotLetIn."""
    try:
        with _store() as store:
            kept = store.getdel(_name(state))
        if kept is None:
            raise NotLetIn(Reason.SPENT)
        return Attempt(**json.loads(unseal(bytes(kept).decode())))
    except (RedisError, BrokenSeal) as error:
        raise NotLetIn(Reason.SPENT) from error


def _name(state: str) -> str:
    return f"ayumi:signon:{digest(state)}"


def _store() -> "Redis":
    return Redis.from_url(settings().redis_url)
