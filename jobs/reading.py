"""Writes into the journal who looked at whom, in the reader's name."""

from ayumi.audit import reading


def run(**what: str) -> None:
    """Write one promised reading down."""
    reading.write_down(**what)
