"""Keys: bring what is sealed under the newest one."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ayumi.commands.towns import towns
from ayumi.factors.model import AuthenticatorApp
from ayumi.kernel.db import visiting
from ayumi.kernel.sealed import renewed
from ayumi.kernel.tenancy import Door, Place
from ayumi.signon.model import IdentityProvider

key = AppGroup("key", help="Keys: bring what is sealed under the newest one.")


@key.command("renew")
def renew() -> None:
    """Seal anew, with today's AYUMI_SECRET_KEY, what the database keeps sealed; old keys may be dropped afterwards."""
    number = 0
    with visiting(Place(Door.OWNER)) as session:
        for app in session.scalars(select(AuthenticatorApp).with_for_update()):
            app.sealed_secret = renewed(app.sealed_secret)
            number += 1
    for town in towns(None):
        with visiting(Place(Door.OWNER, tenant_id=town.id)) as session:
            for provider in session.scalars(select(IdentityProvider).with_for_update()):
                provider.sealed_client_secret = renewed(provider.sealed_client_secret)
                number += 1
    click.echo(f"{number} sealed anew")
