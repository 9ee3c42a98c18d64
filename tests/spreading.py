"""A database that the product takes to be spread over several machines; it lies on one."""

import pytest

from ayumi.kernel import spread


class _Every(dict[object, bool]):
    """What is known of every database: it is spread."""

    def __missing__(self, _engine: object) -> bool:
        return True

    def __contains__(self, _engine: object) -> bool:
        return True


def taken_as_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the product go the ways it goes on several machines, for one test."""
    monkeypatch.setattr(spread, "_known", _Every())
