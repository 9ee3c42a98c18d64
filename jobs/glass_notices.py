"""Administrators and section heads are told when an operator asks to look inside, may, or no longer can."""

from uuid import UUID

from ayumi.config import settings
from ayumi.hosting import breaks
from ayumi.kernel.db import tenant
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post


def run(*, glass_break_id: str, moment: str) -> None:
    """Mail everybody who has to know."""
    broken, town = breaks.one_here(UUID(glass_break_id)), municipalities.present()
    for row in breaks.to_be_told():
        post.send(
            mail.compose(
                "glass_notice",
                to=row.email,
                language=row.language,
                name=row.name,
                municipality=town.name,
                moment=moment,
                broken=broken,
                link=f"{settings().base_url}/t/{town.slug}/glass/{broken.id}",
            ),
            key=f"glass_notice:{tenant()}:{broken.id}:{moment}:{row.id}",
        )
