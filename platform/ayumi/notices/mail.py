"""The words of mails: one text file each, its first line the subject, in the receiver's language.

mail.compose("confirmation_link", to="shop@example.jp", link=..., month=..., ...)

Mails hold no name of a supported person: nicknames, days and links only.
"""

from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from flask import current_app
from flask_babel import force_locale

from ayumi.config import settings


def compose(text: str, *, to: str, language: str = "ja", **facts: Any) -> EmailMessage:
    """Return a mail made from ``ayumi/notices/texts/<text>.txt``."""
    template = current_app.jinja_env.get_template(f"ayumi/notices/texts/{text}.txt")
    with force_locale(language):
        subject, _newline, body = template.render(**facts).strip().partition("\n")
    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = settings().mail_from
    mail["To"] = to
    mail["Date"] = formatdate()
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body.strip() + "\n")
    return mail
