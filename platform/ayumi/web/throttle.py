"""Not too many tries from one address, and not too many requests about one account; forgotten after a while.

Counted in the queue's store. Guesses at passwords and codes are held back by growing pauses besides (pauses.py).
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
    # Views that have a limit look for themselves, and there is no other limit: no need to look at every request.
    app.before_request_funcs[None].remove(limiter._check_request_limit)


def tries_of_address() -> str:
    """How often one address may try."""
    return settings().tries_of_address


def tries_of_account() -> str:
    """How often one may ask about one account, from wherever."""
    return settings().tries_of_account


def account_tried() -> str:
    """Name of the account that is asked about, as a hash: addresses of people do not lie in the queue's store."""
    return digest(request.form.get("email", "").strip().lower())[:32]
