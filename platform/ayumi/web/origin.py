"""Changes come from our own pages only: a browser says where a form was sent from, and elsewhere is refused.

Stands beside the mark of the session that every form carries; neither needs the other.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from ayumi.config import settings
from ayumi.web import watch

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN = frozenset({"same-origin", "none"})  # none: typed or reloaded by the person themselves


def init_origin(app: Flask) -> None:
    """Ask of every change where it comes from."""
    app.before_request(refuse_strangers)


def refuse_strangers() -> None:
    """Refuse a change that another site has sent, whatever it carries."""
    if request.method in HARMLESS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own_hosts = {request.host, urlsplit(settings().base_url).netloc}
    if (site is not None and site not in OWN) or (origin is not None and urlsplit(origin).netloc not in own_hosts):
        watch.turned_away("another site")
        abort(400)
