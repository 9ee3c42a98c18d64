"""Signatures of what browsers carry, the session and the marks of forms: HMAC-SHA-256.

The libraries take SHA-1 unless they are told otherwise. Flask asks for its digest by itself; whoever else signs here
with itsdangerous (the marks of forms) takes that library's own choice.
"""

import hashlib

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer


class Cookies(SecureCookieSessionInterface):
    """Flask's cookie, with SHA-256."""

    digest_method = staticmethod(hashlib.sha256)


def init_signing() -> None:
    """Sign with SHA-256 from here on. The cookie is the clusters' (clusters.py), which are told apart by its salt."""
    Signer.default_digest_method = staticmethod(hashlib.sha256)
