"""Words for compiling: how far it is, and why it could not be done."""

from enum import StrEnum

from ayumi.kernel.words import _
from ayumi.reports.model import RunStatus


class Step(StrEnum):
    """What compiling does, in this order."""

    PEOPLE = "people"
    RECORDS = "records"
    EXPERIENCE = "experience"
    FEES = "fees"
    SPREADSHEET = "spreadsheet"
    PDF = "pdf"


class Trouble(StrEnum):
    """Why a compilation could not be finished."""

    DATABASE = "database"
    FILES = "files"
    PAPERS = "papers"
    NOT_BEGUN = "not_begun"
    UNKNOWN = "unknown"


STEPS: dict[str, str] = {
    Step.PEOPLE: _("Counting people and goals"),
    Step.RECORDS: _("Counting attendance and weekly records"),
    Step.EXPERIENCE: _("Counting days of work experience"),
    Step.FEES: _("Adding up partner fees"),
    Step.SPREADSHEET: _("Writing the spreadsheet"),
    Step.PDF: _("Printing the PDF"),
}
RUN_STATUSES: dict[RunStatus, str] = {
    RunStatus.WAITING: _("Waiting to be compiled"),
    RunStatus.RUNNING: _("Being compiled"),
    RunStatus.DONE: _("Compiled"),
    RunStatus.FAILED: _("Could not be compiled"),
}
RUN_KINDS: dict[RunStatus, str] = {
    RunStatus.WAITING: "neutral",
    RunStatus.RUNNING: "info",
    RunStatus.DONE: "good",
    RunStatus.FAILED: "bad",
}

TROUBLES: dict[str, str] = {
    Trouble.DATABASE: _("The database could not be reached, or was too busy."),
    Trouble.FILES: _("The spreadsheet or the PDF could not be stored."),
    Trouble.PAPERS: _("The spreadsheet or the PDF could not be made."),
    Trouble.NOT_BEGUN: _("This month has not begun yet."),
    Trouble.UNKNOWN: _("Something went wrong on our side."),
}
REMEDIES: dict[str, str] = {
    Trouble.DATABASE: _("It is tried again by itself. If it still fails in an hour, please tell the operator."),
    Trouble.FILES: _("It is tried again by itself. If it still fails in an hour, please tell the operator."),
    Trouble.PAPERS: _("It is tried again by itself. If it still fails in an hour, please tell the operator."),
    Trouble.NOT_BEGUN: _("Please choose a month that has begun."),
    Trouble.UNKNOWN: _("It is tried again by itself. If it still fails in an hour, please tell the operator."),
}
"""What to do about each trouble."""
