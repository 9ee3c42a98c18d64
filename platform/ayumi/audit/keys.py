"""The key that signs the heads of journals. Who holds the database does not hold it."""

import base64
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ayumi.config import settings


def sign(data: bytes) -> str:
    """Return the signature of the present key, base64url."""
    return encoded(_private(settings().journal_key, settings().secret_key).sign(data))


def public_key() -> str:
    """Return the public key that belongs to the present one, base64url: with it anybody can check a head."""
    return encoded(_raw(_private(settings().journal_key, settings().secret_key).public_key()))


def key_id(public: str) -> str:
    """Return the short name of a public key."""
    return hashlib.sha256(decoded(public)).hexdigest()[:16]


def known() -> dict[str, str]:
    """Return key id -> public key of the present key and of those before it."""
    before = [each.strip() for each in (settings().journal_old_keys or "").split(",")]
    return {key_id(each): each for each in (public_key(), *before) if each}


def holds(public: str, data: bytes, signature: str) -> bool:
    """Tell whether a signature was made of this with the key behind ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(decoded(public)).verify(decoded(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def encoded(data: bytes) -> str:
    """Return bytes as base64url."""
    return base64.urlsafe_b64encode(data).decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url; raise ValueError."""
    return base64.b64decode(text, altchars=b"-_", validate=True)


@lru_cache
def _private(seed: str | None, secret: str) -> Ed25519PrivateKey:
    """From the seed that was set, else (development) from the secret key."""
    if seed:
        return Ed25519PrivateKey.from_private_bytes(decoded(seed))
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"journal key:" + secret.encode()).digest())


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
