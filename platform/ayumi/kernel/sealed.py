"""What the database keeps but must not be able to read: sealed with a key that only the running product has.

The newest key seals; those before it still open what they have sealed.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ayumi.config import settings


class BrokenSeal(RuntimeError):
    """This was not sealed here, or has been altered since."""


def seal(text: str) -> str:
    """Return ``text`` sealed (AES-128-CBC with HMAC-SHA-256, as Fernet does it)."""
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed; raise BrokenSeal."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def renewed(sealed: str) -> str:
    """Return the same sealed with today's key; raise BrokenSeal."""
    return seal(unseal(sealed))


def _cipher() -> MultiFernet:
    return MultiFernet([_of(secret) for secret in settings().secrets()])


def _of(secret: str) -> Fernet:
    key = hashlib.sha256(b"sealed column:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
