"""Forms that change something known: whoever was slower keeps what they typed and is told."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm.exc import StaleDataError

from ayumi.kernel.db import db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.web.forms import Form


def send_edit(form: Form, rule: Callable[..., Any], fresh_edition: Callable[[], int], **more: Any) -> Any:
    """Send a form that carries an edition. When somebody else was quicker, the form stays as typed and says so;
    sent once more it is a decision made in knowledge, so it then carries the new edition.
    """
    try:
        return form.send(rule, **more)
    except (ChangedMeanwhile, StaleDataError):
        db.session.rollback()
        assert form.typed is not None
        form.typed["edition"] = fresh_edition()
        form.is_late = True
        form.general.append(
            gettext("Somebody else has changed this meanwhile. What you typed is still here; save again to take yours.")
        )
        return None
