"""Not too many files for one account: who takes one after the other by a script is stopped, who works is not.

Files are what is taken away: exports, papers, lists, scans. Counted by clock hour and account, over all its sessions
and places, in the queue's store.
"""

from uuid import UUID

from flask import Response
from flask_babel import gettext

from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.words import _
from ayumi.web import reading, watch
from ayumi.web.pauses import pauses
from ayumi.web.visit import present

TOO_MANY = _(
    "You have taken %(count)s files within this hour, which is as many as one account may take. Please go on after "
    "the full hour. If your work needs more, tell your administrator."
)


def is_too_much(response: Response) -> bool:
    """Count a file that is about to be given; tell whether it is one too many."""
    visit = present()
    if visit is None or response.status_code != 200 or not reading.is_file(response):
        return False
    account_id = visit.visitor.account_id
    if _taken(account_id) <= most():
        return False
    watch.turned_away("files", account_id=account_id)
    return True


def most() -> int:
    """How many files one account may take in an hour."""
    return int(settings().files_of_account)


def sentence() -> str:
    """What is said instead of the file."""
    said: str = gettext(TOO_MANY, count=most())
    return said


def _taken(account_id: UUID) -> int:
    return pauses().count(f"files:{account_id}:{clock.now():%Y%m%d%H}")
