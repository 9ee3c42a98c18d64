"""The mails that tests have sent, read from the folder."""

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path

from ayumi.config import settings


def mails_to(address: str) -> list[EmailMessage]:
    """The mails kept for an address, oldest first."""
    found = []
    for path in sorted(Path(settings().mail_dir).glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        if mail["To"] == address:
            assert isinstance(mail, EmailMessage)
            found.append(mail)
    return found


def words(mail: EmailMessage) -> str:
    """What a mail says."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links(address: str) -> list[str]:
    """The paths of the employers' links mailed to an address, oldest first."""
    return [path for mail in mails_to(address) for path in re.findall(r"(/portal/employer/l/\S+)", words(mail))]


def codes(address: str) -> list[str]:
    """The codes mailed to an address, oldest first."""
    return [code for mail in mails_to(address) for code in re.findall(r"^ {4}(\d{6})$", words(mail), re.MULTILINE)]
