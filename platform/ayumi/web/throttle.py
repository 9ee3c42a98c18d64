"""Not too many tries: counted by address and by account, in the queue's store, forgotten after a while.

An account is slowed down, never locked: whoever guesses at somebody's password cannot shut them out for good.
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from ayumi.accounts.tokens import digest
from ayumi.config import settings

limiter = Limiter(key_func=get_remote_address, headers_enabled=False, default_limits=[])


def init_throttle(app: Flask) -> None:
    """Count in the queue's store; in this process alone while that cannot be reached."""
    url = settings().redis_url
    app.config["RATELIMIT_STORAGE_URI"] = url.replace("unix://", "redis+unix://", 1)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_KEY_PREFIX"] = "ayumi:throttle"
    limiter.init_app(app)


def tries_of_address() -> str:
    """How often one address may try."""
    return settings().tries_of_address


def tries_of_account() -> str:
    """How often one account may be tried, from wherever."""
    return settings().tries_of_account


def account_tried() -> str:
    """Name of the account that is being tried, as a hash: addresses of people do not lie in the queue's store."""
    return digest(request.form.get("email", "").strip().lower())[:32]
