"""What stands beside a person about work experience: every day at every employer."""

from uuid import UUID

from sqlalchemy import select

from ayumi.employers.model import Employer
from ayumi.kernel.db import Rows, db
from ayumi.placements.model import DayStatus, ExperienceDay


def days_of_participant(participant_id: UUID) -> Rows:
    """Return a person's days that count, newest first, with the employer's name.

    Say ``participants.queries.one`` before: this looks at nobody's restriction.
    """
    return db.session.execute(
        select(
            ExperienceDay.id,
            ExperienceDay.placement_id,
            ExperienceDay.held_on,
            ExperienceDay.starts_at,
            ExperienceDay.ends_at,
            ExperienceDay.status,
            Employer.name.label("employer_name"),
        )
        .join(Employer, Employer.id == ExperienceDay.employer_id)
        .where(ExperienceDay.participant_id == participant_id, ExperienceDay.status != DayStatus.WITHDRAWN)
        .order_by(ExperienceDay.held_on.desc(), ExperienceDay.starts_at)
    ).all()
