"""The glass closes when its time is over, and a request that nobody has answered in a day is refused."""

from uuid import UUID

from ayumi.hosting import glass


def run(*, glass_break_id: str) -> None:
    """Close or refuse what is over; done again, it does nothing."""
    glass.run_out(UUID(glass_break_id))
