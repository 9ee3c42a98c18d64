"""Mails for somebody who could not come in: the link once a second person has agreed, and word of what was done."""

from uuid import UUID

from ayumi.config import settings
from ayumi.invitations import queries, resets
from ayumi.kernel.db import db, here, tenant, visiting
from ayumi.kernel.errors import NotFound
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post


def run(*, request_id: str) -> None:
    """Send the link that opens for an hour."""
    try:
        with visiting(here()) as session:
            token, link, owner = resets.make_link(session, UUID(request_id), tenant_id=tenant())
            lost, by_host = link.purpose.value, queries.is_by_those_who_host(session, UUID(request_id))
    except NotFound:
        return
    post.send(
        mail.compose(
            "reset_link",
            to=owner.email,
            language=owner.language,
            lost=lost,
            by_host=by_host,
            contact=settings().contact,
            municipality=municipalities.present().name,
            link=f"{settings().base_url}/reset/{token}",
        ),
        key=f"reset_link:{tenant()}:{request_id}",
    )


def tell(*, account_id: str, lost: str, number: str) -> None:
    """Tell the owner of an account that it was opened anew."""
    owner = queries.owner(db.session(), UUID(account_id))
    if owner is not None:
        post.send(
            mail.compose("reset_notice", to=owner.email, language=owner.language, name=owner.name, lost=lost),
            key=f"reset_notice:{tenant()}:{number}",
        )


def expire() -> None:
    """Each night: end the requests that nobody has decided."""
    resets.expire_all()
