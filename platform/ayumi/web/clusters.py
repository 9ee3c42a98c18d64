"""In which cluster a request is served: the one whose address was called, for all that happens in it."""

from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, abort, g, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer

from ayumi.kernel import clusters
from ayumi.web.signing import Cookies

BOOKS = ("operator",)  # the hosting console keeps the books of its own cluster, also of who has moved out of it


class CookiesOfACluster(Cookies):
    """What one cluster has signed for a browser is nothing to another."""

    def __init__(self) -> None:
        self.signers: dict[tuple[Any, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of the cluster whose address was called; it is made once for the secrets in force."""
        name = clusters.of_host(request.host) if has_request_context() else clusters.present()
        which = (name, app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if which not in self.signers:
            self.signers[which] = self._made(app, name)
        return self.signers[which]

    def _made(self, app: Flask, cluster: str) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made is not None and cluster != clusters.HOME:
            made.salt = f"{self.salt}:{cluster}".encode()
        return made


def init_clusters(app: Flask) -> None:
    """Serve each request in its cluster. Comes before everything else that looks at a request."""
    app.session_interface = CookiesOfACluster()
    app.before_request(go_there)
    app.teardown_request(come_back)


def go_there() -> ResponseReturnValue | None:
    """Be in the cluster whose address was called; send on whoever looks for a municipality that lives elsewhere."""
    if not clusters.further():
        return None
    name = clusters.of_host(request.host)
    there: AbstractContextManager[None] = clusters.at(name)
    there.__enter__()
    g.there = there
    lives = clusters.of_slug(g.slug) if g.get("slug") and g.get("face") not in BOOKS else name
    return None if lives == name else send_on(lives)


def send_on(lives: str) -> ResponseReturnValue:
    """Answer with the same page at the other address; what was being sent is not carried across."""
    if request.method not in ("GET", "HEAD"):
        abort(404)
    return redirect(clusters.base_url(lives).rstrip("/") + request.full_path.rstrip("?"))


def come_back(_error: Any) -> None:
    """Be where one was before."""
    there = g.pop("there", None)
    if there is not None:
        there.__exit__(None, None, None)
