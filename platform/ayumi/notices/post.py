"""Sends mail: to the mail server, or into a folder while there is none (readable at /dev/mail).

Nothing of a mail is ever logged: it may hold a link or a code.
"""

import hashlib
import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.errors import AyumiError
from ayumi.kernel.words import _

PATIENCE = 15  # seconds
HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # nothing leaves the machine, so it may do without TLS


class NotSent(AyumiError):
    """The mail server did not take a mail."""

    status = 503
    message = _("The mail could not be sent just now. Please try again in a moment.")


def send(mail: EmailMessage, *, key: str) -> None:
    """Send a mail. ``key`` names it: sent again under the same key it is the same mail, which the folder keeps once
    and a mail server or reader can recognise by its Message-ID.
    """
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    del mail["Message-ID"]
    mail["Message-ID"] = f"<{name}@{settings().mail_from.rpartition('@')[2]}>"
    url = settings().smtp_url
    if url is None:
        keep(mail, name)
    else:
        hand_over(mail, url)


def keep(mail: EmailMessage, name: str) -> None:
    """Put a mail into the folder, under a name that sorts by time; a mail of the same name is replaced."""
    folder = Path(settings().mail_dir)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = sorted(folder.glob(f"*-{name}.eml"))
    target = known[0] if known else folder / f"{clock.now():%Y%m%dT%H%M%S%f}-{name}.eml"
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as half:
        half.write(mail.as_bytes())
        half.flush()
        os.fsync(half.fileno())
    Path(half.name).replace(target)


def hand_over(mail: EmailMessage, url: str) -> None:
    """Give a mail to the server: smtps:// speaks TLS from the start, smtp:// before all else (but to this machine)."""
    try:
        with connected(url) as server:
            server.send_message(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent from error


def connected(url: str) -> smtplib.SMTP:
    """Return a connection to the server of a URL, logged in where the URL names a user; never without TLS elsewhere."""
    parts = urlsplit(url)
    host, trusted = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=trusted)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
        server.ehlo()
        if server.has_extn("starttls") or host not in HERE:
            server.starttls(context=trusted)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
