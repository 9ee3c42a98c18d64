"""Those who lead are told that somebody was hidden from others, who may see them then, and that they were opened again.

The mail names nobody.
"""

from uuid import UUID

from ayumi.config import settings
from ayumi.kernel.db import tenant
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post
from ayumi.participants import queries, staff


def run(*, participant_id: str, notice_id: str, what: str = "hidden") -> None:
    """Mail everybody who leads a link to the person's page; it opens for those who may see it.

    ``what``: hidden, changed (who may see somebody hidden) or opened.
    """
    person, here = queries.one(UUID(participant_id)), municipalities.present()
    for row in staff.leading_addresses():
        post.send(
            mail.compose(
                "restriction_notice",
                to=row.email,
                name=row.name,
                municipality=here.name,
                what=what,
                link=f"{settings().base_url}/t/{here.slug}/people/{person.id}",
            ),
            key=f"restriction_notice:{tenant()}:{notice_id}:{row.id}",
        )
