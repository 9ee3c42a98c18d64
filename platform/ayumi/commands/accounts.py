"""People who log in: invite."""

import click
from flask.cli import AppGroup

from ayumi.accounts import rules as accounts
from ayumi.accounts import tokens
from ayumi.accounts.model import Party, Role
from ayumi.commands.towns import town as named
from ayumi.config import settings
from ayumi.firms import queries as firms
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import AyumiError
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices import post
from ayumi.notices.mail import compose

account = AppGroup("account", help="People who log in: invite.")


@account.command("invite")
@click.option("--municipality", "slug", required=True, help="name in addresses")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]))
@click.option("--firm", "firm_name", help="name of the firm, for people of a firm")
def invite(slug: str, email: str, name: str, roles: tuple[str, ...], firm_name: str | None) -> None:
    """Invite somebody: prints a link that works once, for seven days, and mails it."""
    town = named(slug)
    party = Party.FIRM if firm_name else Party.STAFF
    try:
        with visiting(Place(Door.OWNER)) as session:
            firm_id = firms.named(session, firm_name) if firm_name else None
            token = accounts.invite(
                session,
                tenant_id=town.id,
                email=email,
                name=name,
                party=party,
                roles=[Role(each) for each in roles],
                firm_id=firm_id,
            )
    except AyumiError as error:
        raise click.ClickException(str(error)) from error
    link = f"{settings().base_url}/invitation/{token}"
    mail = compose("invitation", to=email, name=name, municipality=town.name, link=link)
    post.send(mail, key=f"invitation:{tokens.digest(token)}")
    click.echo(link)
