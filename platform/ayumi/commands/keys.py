"""Keys: bring what is sealed under the newest one."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ayumi.commands.towns import towns
from ayumi.factors.model import AuthenticatorApp
from ayumi.kernel.db import visiting
from ayumi.kernel.sealed import BrokenSeal, renewed
from ayumi.kernel.tenancy import Door, Place
from ayumi.signon.model import IdentityProvider

key = AppGroup("key", help="Keys: bring what is sealed under the newest one.")


@key.command("renew")
def renew() -> None:
    """Seal anew, with today's AYUMI_SECRET_KEY, what the database keeps sealed; old keys may be dropped afterwards."""
    with visiting(Place(Door.OWNER)) as session:
        done = [_renew(each, "sealed_secret") for each in session.scalars(select(AuthenticatorApp).with_for_update())]
    for town in towns(None):
        with visiting(Place(Door.OWNER, tenant_id=town.id)) as session:
            providers = session.scalars(select(IdentityProvider).with_for_update())
            done += [_renew(each, "sealed_client_secret") for each in providers]
    click.echo(f"{done.count(True)} sealed anew")
    if done.count(False):
        click.echo(f"{done.count(False)} left as they are: no key that is known opens them", err=True)


def _renew(row: Any, column: str) -> bool | None:
    """Seal one value anew; None where there is none, as after a municipality was taken in; False where none can."""
    sealed = getattr(row, column)
    if not sealed:
        return None
    try:
        setattr(row, column, renewed(sealed))
    except BrokenSeal:
        return False
    return True
