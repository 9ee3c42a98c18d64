"""The other operators are told that a request to look inside waits for a second approval."""

from uuid import UUID

from ayumi.config import settings
from ayumi.hosting import breaks, operators
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post


def run(*, glass_break_id: str) -> None:
    """Mail every operator but the one who asked, unless it is decided by now."""
    broken, town = breaks.one_here(UUID(glass_break_id)), municipalities.present()
    if not breaks.waits_for_an_operator(broken):
        return
    with visiting(Place(Door.OPERATOR)) as session:
        others = operators.others(session, but=broken.asked_by)
    for row in operators.addresses(db.session(), others):
        post.send(
            mail.compose(
                "glass_waiting",
                to=row.email,
                language=row.language,
                name=row.name,
                municipality=town.name,
                broken=broken,
                link=f"{settings().base_url}/operator/m/{town.slug}/glass/{broken.id}",
            ),
            key=f"glass_waiting:{broken.id}:{row.id}",
        )
