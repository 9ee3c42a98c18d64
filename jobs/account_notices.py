"""The owner of an account is told by mail what was done with it."""

from datetime import UTC, datetime
from uuid import UUID

from ayumi.accounts import queries
from ayumi.kernel.db import db
from ayumi.notices import security
from ayumi.notices.security import What


def run(*, account_id: str, session_id: str, what: str, at: int) -> None:
    """Send the notice, unless the account has been closed."""
    account, login = queries.to_tell(db.session(), UUID(account_id), UUID(session_id))
    if account.closed_at is None:
        security.send(account, What(what), login=login, at=datetime.fromtimestamp(at, UTC))
