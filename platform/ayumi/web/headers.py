"""What every answer says to the browser about safety."""

import secrets
from typing import Final

from flask import Flask, Response, abort, g, request

from ayumi.config import settings

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
ENCRYPTED: Final = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def init_headers(app: Flask) -> None:
    """Give every request a nonce and every answer its headers."""
    app.before_request(refuse_nul)
    app.after_request(protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """Return this request's nonce for scripts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def refuse_nul() -> None:
    """Refuse characters that no text holds and no database keeps."""
    if "\x00" in request.path or any("\x00" in value for _name, value in request.args.items(multi=True)):
        abort(400)
    if any("\x00" in name + value for name, value in request.form.items(multi=True)):
        abort(400)


def forget_pages(response: Response) -> Response:
    """Tell the browser to throw away what it has kept of our pages: somebody has left."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def protect(response: Response) -> Response:
    """Add the headers. Pages are never stored: the back button after logout shows nothing."""
    said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  they are no mapping
    policy = {"Content-Security-Policy": f"{POLICY}; script-src 'self' 'nonce-{csp_nonce()}'"}
    encrypted = ENCRYPTED if settings().secure_cookies == "yes" else {}
    for name, value in (policy | SAFE | encrypted).items():
        if name.lower() not in said:
            response.headers.add(name, value)
    return response
