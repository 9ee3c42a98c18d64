"""Each night: what has run out is marked so, and the firm's sight that hung on it closes."""

from ayumi.consents import rules


def run() -> None:
    """Do it for the municipality whose turn it is."""
    rules.expire_all()
