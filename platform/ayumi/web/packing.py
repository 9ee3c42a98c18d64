"""Pages go to the browser packed. Assets are packed when they are read (see assets.py)."""

import gzip
import secrets
from io import BytesIO
from typing import Final

from flask import Flask, Response, request

KINDS: Final = ("text/html", "application/json")
LEAST: Final = 1_000  # bytes; below that packing gains nothing
EFFORT: Final = 5
LONGEST: Final = 64


def init_packing(app: Flask) -> None:
    """Pack every page for browsers that can read it. Made before everything else, so that it comes last."""
    app.after_request(pack)


def pack(response: Response) -> Response:
    """Pack a page."""
    if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    wanted = request.accept_encodings["gzip"] > 0 and "Content-Encoding" not in response.headers
    if wanted and len(body) >= LEAST:
        response.set_data(packed(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def packed(body: bytes) -> bytes:
    """Pack bytes under a name of random length.

    A page may hold both a secret and what a visitor has typed; how well the two pack together could be read off the
    length, if the length were not blurred.
    """
    written = BytesIO()
    blur = secrets.choice("abcdefgh") * (1 + secrets.randbelow(LONGEST))
    with gzip.GzipFile(blur, "wb", EFFORT, written, mtime=0) as opened:
        opened.write(body)
    return written.getvalue()
