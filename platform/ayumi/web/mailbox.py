"""Mail that was kept instead of sent, for reading on one's own machine: exists only while there is no mail server."""

import email
from email import policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from ayumi.config import settings
from ayumi.web.permissions import open_to_all

pages = Blueprint("mailbox", __name__, url_prefix="/dev/mail")


@pages.get("/")
@open_to_all
def every() -> ResponseReturnValue:
    """List the newest mails."""
    found = sorted(folder().glob("*.eml"), reverse=True)[:200]
    return render_template("ayumi/web/pages/mails.html", mails=[(each.stem, read(each)) for each in found])


@pages.get("/<name>")
@open_to_all
def one(name: str) -> ResponseReturnValue:
    """Show one mail."""
    path = next((each for each in folder().glob("*.eml") if each.stem == name), None)
    if path is None:
        abort(404)
    message = read(path)
    return render_template("ayumi/web/pages/mail.html", mail=message, text=text_of(message))


def folder() -> Path:
    """Return where mail is kept."""
    path = Path(settings().mail_dir)
    path.mkdir(parents=True, exist_ok=True)
    return path


def read(path: Path) -> EmailMessage:
    """Return a kept mail."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    """Return a mail's words."""
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""
