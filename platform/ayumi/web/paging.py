"""Which page of a long list an address asks for."""

from flask import request

LAST_PAGE = 10_000  # addresses may ask for more than the database can count to


def page_number() -> int:
    """Return the number of the page, from 1; what is no number is the first one."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
