"""Makes the product out of its parts. Is handed its faces and imports none."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import ayumi.schema
from ayumi.config import Settings, settings
from ayumi.kernel import clusters, meters, transport
from ayumi.kernel.db import db
from ayumi.kernel.logs import log_as_json
from ayumi.web import entrance, forgotten, health, joining, mailbox, practice_codes
from ayumi.web.assets import init_assets
from ayumi.web.clusters import init_clusters
from ayumi.web.commit import init_commit
from ayumi.web.environment import PageEnvironment
from ayumi.web.errors import init_errors
from ayumi.web.formats import init_formats
from ayumi.web.frame import init_frame
from ayumi.web.headers import init_headers
from ayumi.web.language import init_language
from ayumi.web.links import init_links
from ayumi.web.login import init_login
from ayumi.web.origin import init_origin
from ayumi.web.packing import init_packing
from ayumi.web.pledge import init_pledge
from ayumi.web.proofs import init_proofs
from ayumi.web.remembered import init_remembered
from ayumi.web.signing import init_signing
from ayumi.web.signon import init_signon
from ayumi.web.throttle import init_throttle
from ayumi.web.tracing import init_tracing

SOURCES = Path(__file__).parents[1]
REPOSITORY = SOURCES.parent
MIGRATIONS = Path(__file__).parent / "migrations"
LARGEST_REQUEST = 25 * 1024 * 1024

csrf = CSRFProtect()


class Application(Flask):
    """Flask, in which nothing is asynchronous."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return what is to be called: nobody has to look, before each call of each request, what kind it is."""
        return func


def create_app(*faces: Blueprint, **config: Any) -> Flask:
    """Return the application with these faces."""
    log_as_json()
    meters.begin(settings().metrics_dir)
    app = Application("ayumi", static_folder=None, template_folder=None)
    app.jinja_environment = PageEnvironment
    configure(app, settings())
    app.config.update(config)
    start_parts(app)
    kept_here = [mailbox.pages, practice_codes.pages] if settings().smtp_url is None else []
    for pages in (entrance.pages, joining.pages, forgotten.pages, health.pages, *kept_here):
        app.register_blueprint(pages)
    for face in faces:
        app.register_blueprint(face)
    return app


def configure(app: Flask, given: Settings) -> None:
    """Turn the settings into Flask's own words."""
    if len(given.secret_key) < 32:
        raise RuntimeError("AYUMI_SECRET_KEY must be set to at least 32 characters")
    for each in (given, *(one.settings for one in clusters.further().values())):
        transport.check(each, os.environ)
    app.config.update(
        SECRET_KEY=given.secret_key,
        SECRET_KEY_FALLBACKS=list(given.secrets()[1:]),
        SQLALCHEMY_BINDS=clusters.binds(),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        SESSION_COOKIE_NAME="__Host-ayumi" if given.secure_cookies == "yes" else "ayumi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=given.secure_cookies == "yes",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    believe_proxies(app, int(given.proxies))
    app.jinja_loader = FileSystemLoader([SOURCES, REPOSITORY])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def believe_proxies(app: Flask, number: int) -> None:
    """Take the visitor's address and scheme from the proxies in front, counted from the inside; from nobody else."""
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=0)  # type: ignore[method-assign]


def start_parts(app: Flask) -> None:
    """Wire up everything all faces share."""
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    init_signing()
    init_tracing(app)
    init_clusters(app)
    init_packing(app)
    init_headers(app)
    init_origin(app)
    csrf.init_app(app)
    init_login(app)
    init_language(app, [SOURCES / "ayumi", REPOSITORY / "tenants", REPOSITORY / "portal"])
    init_throttle(app)
    init_assets(app)
    init_formats(app)
    init_links(app)
    init_remembered(app)
    init_frame(app)
    init_pledge(app)
    init_proofs(app)
    init_errors(app)
    init_commit(app)
    init_signon(app)


__all__ = ["ayumi", "create_app"]
