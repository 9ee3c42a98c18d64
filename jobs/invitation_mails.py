"""Mails somebody the link of their invitation. The link is made here, so that it lies in one mail and nowhere else."""

from uuid import UUID

from ayumi.accounts.rules import LinkSpent
from ayumi.config import settings
from ayumi.invitations import rules
from ayumi.kernel.db import here, tenant, visiting
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post


def run(*, invitation_id: str, number: int) -> None:
    """Send one invitation; ``number`` counts how often it has been sent. One that waits no longer is not sent."""
    id = UUID(invitation_id)
    try:
        with visiting(here()) as session:
            token, invitation = rules.make_link(session, id, tenant_id=tenant())
            to, name = invitation.email, invitation.name
    except LinkSpent:
        return
    post.send(
        mail.compose(
            "invitation",
            to=to,
            name=name,
            municipality=municipalities.present().name,
            link=f"{settings().base_url}/invitation/{token}",
        ),
        key=f"invitation:{tenant()}:{id}:{number}",
    )


def expire() -> None:
    """Each night: mark the invitations whose time is over."""
    rules.expire_all()
