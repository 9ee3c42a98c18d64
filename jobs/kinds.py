"""Which job does what was promised: kind -> what runs."""

from collections.abc import Callable
from typing import Any

from jobs import (
    account_notices,
    confirmation_copies,
    confirmation_links,
    consent_expiry,
    disposal,
    expected_weeks,
    glass_ends,
    glass_notices,
    glass_views,
    handovers_rest,
    incident_deadlines,
    incident_notices,
    invitation_mails,
    journal_check,
    monthly_report,
    participant_import,
    reading,
    reset_mails,
    restriction_notices,
    signed_heads,
)

KINDS: dict[str, Callable[..., Any]] = {
    "account_notice": account_notices.run,
    "confirmation_copy": confirmation_copies.run,
    "confirmation_link": confirmation_links.send_one,
    "confirmation_links": confirmation_links.run,
    "consent_expiry": consent_expiry.run,
    "disposal": disposal.run,
    "expected_weeks": expected_weeks.run,
    "glass_end": glass_ends.run,
    "glass_notice": glass_notices.run,
    "glass_view": glass_views.run,
    "handover_rest": handovers_rest.run,
    "incident_deadlines": incident_deadlines.run,
    "incident_notice": incident_notices.run,
    "invitation_expiry": invitation_mails.expire,
    "invitation_mail": invitation_mails.run,
    "journal_check": journal_check.run,
    "monthly_report": monthly_report.run,
    "participant_import": participant_import.run,
    "reading": reading.run,
    "reset_expiry": reset_mails.expire,
    "reset_mail": reset_mails.run,
    "reset_notice": reset_mails.tell,
    "restriction_notice": restriction_notices.run,
    "signed_heads": signed_heads.run,
}
