"""An employer that has confirmed its days by link gets a copy of what it confirmed."""

from itertools import groupby
from operator import attrgetter
from uuid import UUID

from ayumi.employers import queries as employers
from ayumi.japan.calendar import Month
from ayumi.kernel.db import tenant
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post
from ayumi.placements import amounts, months


def run(*, confirmation_id: str) -> None:
    """Mail the copy to the employer's contact person."""
    word = months.confirmation(UUID(confirmation_id))
    employer, month = employers.one(word.employer_id), Month.of(word.month)
    if employer.contact_email is None:
        return
    confirmed, questioned = months.split(months.asked_days(employer.id, month))
    by_name = groupby(sorted(confirmed, key=attrgetter("nickname", "held_on")), key=attrgetter("nickname"))
    post.send(
        mail.compose(
            "confirmation_copy",
            to=employer.contact_email,
            employer=employer.name,
            municipality=municipalities.present().name,
            month=month,
            people=[{"nickname": nickname, "days": list(days)} for nickname, days in by_name],
            questioned=questioned,
            total=amounts.total(employer.id, month, confirmed),
        ),
        key=f"confirmation_copy:{tenant()}:{confirmation_id}",
    )
