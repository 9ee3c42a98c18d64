"""Under which identity a program that refuses root is run."""

import os

import pytest

from infra.embedded import process
from infra.embedded.process import ServiceError

NOBODY_HEARD_OF = 4_000_000


def refuse(*_: object, **__: object) -> str:
    raise ServiceError("this machine does not allow user namespaces")


def allow(*_: object, **__: object) -> str:
    return ""


@pytest.mark.parametrize(
    ("uid", "namespaces", "identity"),
    [
        (65534, refuse, "self"),
        (0, allow, "namespace"),
        (0, refuse, "nobody"),
        (NOBODY_HEARD_OF, allow, "namespace"),
        (NOBODY_HEARD_OF, refuse, "self"),
    ],
)
def test_the_identity_follows_from_who_we_are_and_what_the_kernel_allows(
    monkeypatch: pytest.MonkeyPatch, uid: int, namespaces: object, identity: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(process, "run", namespaces)
    process.unprivileged.cache_clear()
    assert process.unprivileged() == identity
    process.unprivileged.cache_clear()


def test_a_program_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(ServiceError, match="no-such-program"):
        process.run(["no-such-program"])


def test_a_process_that_has_ended_has_no_command_line() -> None:
    assert str(os.getpid()) not in process.command_line(2**22 + 1)
    assert process.command_line(os.getpid()) != ""
