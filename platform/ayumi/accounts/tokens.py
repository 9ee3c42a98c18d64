"""Secrets handed out: the receiver holds the secret, the database only its hash."""

import hashlib
import secrets


def fresh() -> str:
    """Return a new secret of 256 bits, fit for a URL or a cookie."""
    return secrets.token_urlsafe(32)


def fresh_code() -> str:
    """Return a new six-digit code to be typed by hand."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(secret: str) -> str:
    """Return the hash under which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(kept: str | None, secret: str) -> bool:
    """Compare a kept hash with a secret without telling by time how much of it fits."""
    return kept is not None and secrets.compare_digest(kept, digest(secret))
