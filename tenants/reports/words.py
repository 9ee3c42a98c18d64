"""The form of the office's own words: two people writing are told, and nothing typed is lost."""

from typing import Any

from flask import request
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.japan.calendar import Month
from ayumi.kernel.db import db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.reports import queries, rules
from ayumi.reports.schemas import WordsInput
from ayumi.web.forms import Form


class WordsForm:
    """The words as they are, as they were typed, and as somebody else has saved them meanwhile."""

    def __init__(self, month: Month) -> None:
        self.month = month
        found = queries.words(month)
        self.form = Form(WordsInput(), {"text": found.text if found else ""})
        self.edition: Any = _number(request.form.get("edition")) if request.method == "POST" else _edition(found)
        self.theirs: Any = None
        self.their_name = ""

    @property
    def status(self) -> int:
        """The status of a page that shows this form."""
        return 409 if self.theirs else self.form.status

    def saved(self) -> bool:
        """Save what was typed, if anything was and it still fits what is there."""
        try:
            return self.form.send(rules.write_words, month=self.month, edition=self.edition) is not None
        except ChangedMeanwhile:
            self._show_theirs()
            return False

    def _show_theirs(self) -> None:
        """Both texts are shown; saved once more, what was typed takes the place of theirs."""
        db.session.rollback()
        self.theirs = queries.words(self.month)
        self.edition = _edition(self.theirs)
        names = accounts.names_of({self.theirs.written_by} if self.theirs and self.theirs.written_by else set())
        self.their_name = next(iter(names.values()), gettext("Somebody else"))


def _edition(found: Any) -> int | None:
    return found.edition if found else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None
