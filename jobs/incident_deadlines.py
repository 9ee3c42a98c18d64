"""Each morning: whose report comes due or is overdue is found, and those who look after incidents are told, once."""

from ayumi.incidents import rules


def run() -> None:
    """Do it for the municipality whose turn it is."""
    rules.remind()
