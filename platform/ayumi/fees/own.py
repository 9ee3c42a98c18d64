"""What whoever is here has handed in themselves: that they never approve."""

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy.orm import aliased

from ayumi.accounts.model import Membership
from ayumi.fees.model import Statement
from ayumi.kernel.db import here
from ayumi.kernel.kept import ME, MY_ACCOUNT
from ayumi.kernel.tenancy import Door


def handed_in_here() -> ColumnElement[bool]:
    """Holds for statements handed in by this member, or by another membership of the same account."""
    mine = func.coalesce(Statement.submitted_by == ME, False)
    if here().door is not Door.STAFF:
        return mine
    twin = aliased(Membership)
    return or_(mine, exists().where(twin.id == Statement.submitted_by, twin.account_id == MY_ACCOUNT))
