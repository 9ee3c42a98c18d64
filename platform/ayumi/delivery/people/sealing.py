"""What somebody looks for is a name, and names do not belong into addresses: they stand there sealed."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

LONGEST = 100


def seal(words: str) -> str:
    """Return words so that an address, a history or a log tells nothing of them."""
    plain = "".join(filter(str.isprintable, words)).strip()[:LONGEST]
    return _cipher().encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """Return the words of a seal of ours; of anything else none."""
    try:
        return _cipher().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def _cipher() -> Fernet:
    secret = hashlib.sha256(b"words looked for:" + str(current_app.secret_key).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
