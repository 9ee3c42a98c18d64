"""Whoever is shown a person, or takes a file away, is written down: asked of every answer, so no page can forget it."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, request

from ayumi.audit import reading
from ayumi.kernel import ids, seen
from ayumi.web.visit import present

PAGES = ("text/html", "application/json")


def tell(response: Response) -> None:
    """Promise to write down whom this answer has shown, and which file was taken."""
    if present() is None or response.status_code != 200:
        return
    page = page_name()
    if is_file(response):
        for subject, id in taken():
            reading.exported(subject, id, page)
    elif request.method == "GET":
        for subject, id in seen.whom():
            reading.looked(subject, id, page)


def page_name() -> str:
    """Name of the present page, whichever face it stands in: ``records.week``."""
    return str(request.endpoint).partition(".")[2]


def is_file(response: Response) -> bool:
    """Tell whether this is something to keep, not a page."""
    named = response.headers.get("Content-Disposition", "").startswith("attachment")
    return named or response.mimetype not in PAGES


def taken() -> Iterator[tuple[str, UUID]]:
    """What a file is about: the people it was asked for, or the thing in its address, or just this file."""
    people = seen.whom()
    if people:
        yield from people
        return
    named = [(name.removesuffix("_id"), id) for name, id in (request.view_args or {}).items() if isinstance(id, UUID)]
    yield named[0] if named else ("file", ids.new())
