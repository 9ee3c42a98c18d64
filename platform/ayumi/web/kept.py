"""What was typed survives a login: kept in the page itself, encrypted, for the same account only."""

import base64
import hashlib
import json
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, request

HOURS = 4
LARGEST = 400_000
LEFT_OUT = {"csrf_token", "kept"}


def _cipher() -> Fernet:
    secret = hashlib.sha256(b"kept form:" + current_app.secret_key.encode()).digest()  # type: ignore[union-attr]
    return Fernet(base64.urlsafe_b64encode(secret))


def keep_form(account_id: UUID, *, even_empty: bool = False) -> str | None:
    """Return the present form, encrypted for this account; None when there is nothing (or too much) to keep.

    ``even_empty``: a button alone is worth keeping, too.
    """
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in LEFT_OUT]
    if not fields and not even_empty:
        return None
    body = json.dumps({"account": str(account_id), "path": request.full_path.rstrip("?"), "fields": fields})
    return _cipher().encrypt(body.encode()).decode() if len(body) <= LARGEST else None


def kept_form(blob: str | None, account_id: UUID) -> tuple[str, list[tuple[str, str]]] | None:
    """Return the path and fields of a kept form if it belongs to this account and is not too old."""
    if not blob:
        return None
    try:
        body = json.loads(_cipher().decrypt(blob.encode(), ttl=HOURS * 3600))
    except InvalidToken:
        return None
    if body["account"] != str(account_id):
        return None
    return body["path"], [(name, value) for name, value in body["fields"]]
