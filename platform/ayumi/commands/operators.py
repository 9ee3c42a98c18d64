"""Those who host: invite."""

import click
from flask.cli import AppGroup

from ayumi.accounts import tokens
from ayumi.config import settings
from ayumi.hosting import operators
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices import post
from ayumi.notices.mail import compose

operator = AppGroup("operator", help="Those who host: invite. Break-glass needs two of them.")


@operator.command("invite")
@click.option("--email", required=True)
@click.option("--name", required=True)
def invite(email: str, name: str) -> None:
    """Invite an operator: prints a link that works once, for three days, and mails it."""
    with visiting(Place(Door.OWNER)) as session:
        token = operators.invite(session, email=email, name=name)
    link = f"{settings().base_url}/operator/join/{token}"
    mail = compose("operator_invitation", to=email, name=name, link=link)
    post.send(mail, key=f"operator_invitation:{tokens.digest(token)}")
    click.echo(link)
