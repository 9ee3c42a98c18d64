"""Gives every request a name of its own, says how it was answered, and counts it.

The address itself is never written down: it can carry a person's link. The pattern of the route says enough.
"""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

from ayumi.config import settings
from ayumi.kernel import tracing
from ayumi.web import meters

HEADER = "X-Request-ID"
# Hexadecimal, as proxies make them: no word and no name fits into it.
WELL_FORMED = re.compile(r"(?=.{16,64}\Z)[0-9a-fA-F]+(-[0-9a-fA-F]+)*", re.ASCII)
QUIET = {"health.healthz", "health.readyz", "assets.serve"}
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

log = structlog.get_logger("ayumi.web")


def init_tracing(app: Flask) -> None:
    """Be the first to see a request and the last to see its answer."""
    app.before_request(begin)
    app.after_request(answered)
    app.teardown_request(forget)


def begin() -> None:
    """Name the request."""
    g.began = time.perf_counter()
    tracing.begin(request_id=given() or secrets.token_hex(16))


def given() -> str | None:
    """Return the name that the proxy has given the request; nobody else is believed."""
    name = request.headers.get(HEADER, "")
    return name if int(settings().proxies) and WELL_FORMED.fullmatch(name) else None


def answered(response: Response) -> Response:
    """Hand the name out with the answer, write down how the request went, count it."""
    name = tracing.request_id()
    if name is None:
        return response
    response.headers[HEADER] = name
    seconds = time.perf_counter() - g.began
    meters.answered(route(), method(), response.status_code, seconds)
    if request.endpoint not in QUIET or response.status_code >= 500:
        log.info(
            "answered", route=route(), method=method(), status=response.status_code, milliseconds=round(seconds * 1000)
        )
    return response


def route() -> str:
    """Return the pattern of the address."""
    return request.url_rule.rule if request.url_rule else "none"


def method() -> str:
    """Return the method, if it is one of ours: a visitor may invent others."""
    return request.method if request.method in METHODS else "other"


def forget(_error: BaseException | None) -> None:
    """Leave nothing for the next request of this thread."""
    tracing.end()
