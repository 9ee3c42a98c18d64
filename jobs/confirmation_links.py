"""Each month: every employer with days to confirm is sent a link. Again for one employer when the office asks."""

from datetime import timedelta
from uuid import UUID

from ayumi.accounts import contacts
from ayumi.config import settings
from ayumi.employers import queries as employers
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db, tenant
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post
from ayumi.placements import confirmations, months
from jobs.apart import apart


def run(*, month: str | None = None) -> None:
    """Promise one link for each employer whose days of a month (else: of the last one) wait for its word."""
    asked = Month.parse(month) if month else Month.of(clock.today()).previous
    for employer_id in months.to_ask(asked):
        confirmations.ask(employer_id, asked)


def send_one(*, employer_id: str, month: str, number: int) -> None:
    """Send one employer its link for a month; ``number`` counts how often it has been asked.

    The link is kept before its mail goes out, so that a mail never holds a link that does not open: should the
    work be done again after that, the same mail goes out with another link, and both open.
    """
    asked = Month.parse(month)
    with apart():
        kept = keep_link(UUID(employer_id), asked)
    if kept is None:
        return
    address, token = kept
    employer, length = employers.one(UUID(employer_id)), timedelta(days=municipalities.programme().link_days)
    confirmations.asked(employer.id, asked)
    post.send(
        mail.compose(
            "confirmation_link",
            to=address,
            name=employer.contact_name,
            municipality=municipalities.present().name,
            month=asked,
            link=f"{settings().base_url}/portal/employer/l/{token}",
            until=clock.day_of(clock.now() + length),
        ),
        key=f"confirmation_link:{tenant()}:{employer.id}:{asked}:{number}",
    )


def keep_link(employer_id: UUID, month: Month) -> tuple[str, str] | None:
    """Make a link, and the contact person's account where it is missing; return to whom it goes, and its token.

    None where there is nothing to confirm.
    """
    employer, length = employers.one(employer_id), timedelta(days=municipalities.programme().link_days)
    email, name = employer.contact_email, employer.contact_name or employer.name
    if email is None or not months.asked_days(employer.id, month):
        return None
    session, town = db.session(), tenant()
    account_id = contacts.ensure(session, tenant_id=town, employer_id=employer.id, email=email, name=name)
    return email, contacts.make_link(
        session,
        tenant_id=town,
        employer_id=employer.id,
        account_id=account_id,
        email=email,
        name=name,
        month=month.first,
        length=length,
    )
