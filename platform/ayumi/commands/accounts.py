"""People who log in: invite, let in again."""

from datetime import date
from uuid import UUID

import click
from flask.cli import AppGroup

from ayumi.accounts import tokens
from ayumi.accounts.model import Party, Role
from ayumi.commands.towns import town as named
from ayumi.config import settings
from ayumi.firms import queries as firms
from ayumi.invitations import letting_in, queries, rules
from ayumi.invitations.model import Lost
from ayumi.kernel.db import db, enter, leave
from ayumi.kernel.errors import AyumiError
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality
from ayumi.notices import post
from ayumi.notices.mail import compose

account = AppGroup("account", help="People who log in: invite, let in again.")


@account.command("invite")
@click.option("--municipality", "slug", required=True, help="name in addresses")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]))
@click.option("--firm", "firm_name", help="name of the firm, for people of a firm")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="last day of the place, YYYY-MM-DD")
def invite(slug: str, email: str, name: str, roles: tuple[str, ...], firm_name: str | None, until: date | None) -> None:
    """Invite somebody: prints a link that works once, for seven days, and mails it. Invited again: a fresh link."""
    town, email = named(slug), email.strip().lower()
    leave()
    enter(Place(Door.OWNER, tenant_id=town.id))
    try:
        firm_id = firms.named(db.session(), firm_name) if firm_name else None
        party = Party.FIRM if firm_name else Party.STAFF
        known = queries.waiting(email, party=party, firm_id=firm_id)
        invitation_id = (
            known.id
            if known
            else rules.invite(
                email=email,
                name=name,
                party=party,
                roles=[Role(each) for each in roles],
                firm_id=firm_id,
                ends_on=until,
                by_mail=False,
            )
        )
        send(town, invitation_id)
    except AyumiError as error:
        raise click.ClickException(str(error)) from error


@account.command("let-in")
@click.option("--municipality", "slug", required=True, help="name in addresses")
@click.option("--email", required=True, help="address of its only administrator")
@click.option("--lost", required=True, type=click.Choice([each.value for each in Lost]), help="what was lost")
@click.option("--by", required=True, help="your name, as the municipality will read it")
@click.option("--reason", required=True, help="why, and how you made sure who asks; stands in the journal")
def let_in(slug: str, email: str, lost: str, by: str, reason: str) -> None:
    """Let a municipality's only administrator in again: mails them a link that works once, for an hour."""
    town = named(slug)
    leave()
    enter(Place(Door.OWNER, tenant_id=town.id))
    try:
        letting_in.let_in(email, Lost(lost), by=by, reason=reason)
        db.session.commit()
    except AyumiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{town.slug}: the link is on its way to {email.strip().lower()}; the journal says why")


def send(town: Municipality, invitation_id: UUID) -> None:
    """Make the link, keep it, mail it and print it."""
    token, invitation = rules.make_link(db.session(), invitation_id, tenant_id=town.id)
    email, name = invitation.email, invitation.name
    db.session.commit()
    link = f"{settings().base_url}/invitation/{token}"
    mail = compose("invitation", to=email, name=name, municipality=town.name, link=link)
    post.send(mail, key=f"invitation:{tokens.digest(token)}")
    click.echo(link)
