"""Administrators and section heads are told when a check finds that their journal is broken."""

from uuid import UUID

from flask_babel import force_locale, gettext

from ayumi.audit import checks
from ayumi.audit.faults import FAULTS, Fault
from ayumi.config import settings
from ayumi.hosting import breaks
from ayumi.kernel.db import tenant
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post


def run(*, check_id: str) -> None:
    """Mail everybody who has to know what was found, and where to look."""
    check, town = checks.one_of(UUID(check_id)), municipalities.present()
    for row in breaks.to_be_told():
        with force_locale(row.language):
            findings = [gettext(FAULTS[Fault(each["fault"])], seq=each["seq"]) for each in check.findings]
        post.send(
            mail.compose(
                "journal_warning",
                to=row.email,
                language=row.language,
                name=row.name,
                municipality=town.name,
                findings=findings,
                link=f"{settings().base_url}/t/{town.slug}/journal/chain/checks/{check.id}",
            ),
            key=f"journal_warning:{tenant()}:{check.id}:{row.id}",
        )
