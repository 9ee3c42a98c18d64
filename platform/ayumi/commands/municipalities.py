"""Municipalities (tenants): create and list."""

import click
from flask.cli import AppGroup

from ayumi.kernel.db import visiting
from ayumi.kernel.errors import AyumiError
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries, rules
from ayumi.municipalities.model import Delivery

municipality = AppGroup("municipality", help="Municipalities (tenants): create and list.")


@municipality.command("create")
@click.option("--slug", required=True, help="name in addresses: small letters and hyphens, e.g. morioka")
@click.option("--name", required=True, help="name in Japanese, e.g. 盛岡市")
@click.option("--kana", required=True, help="reading in kana")
@click.option("--prefecture", required=True, help="prefecture in Japanese")
@click.option("--code", help="local-government code, six digits; its check digit is verified")
@click.option("--delivery", type=click.Choice([each.value for each in Delivery]), default="direct", show_default=True)
def create(slug: str, name: str, kana: str, prefecture: str, code: str | None, delivery: str) -> None:
    """Create a municipality, ready for its first administrator to be invited."""
    try:
        made = rules.create(
            slug=slug, name=name, kana=kana, prefecture=prefecture, code=code, delivery=Delivery(delivery)
        )
    except AyumiError as error:
        raise click.ClickException(f"{error}: {error.params}" if error.params else str(error)) from error
    click.echo(f"{made.slug}  {made.code or '-'}  {made.name}")


@municipality.command("list")
def show() -> None:
    """List all municipalities: name in addresses, code, name, number (which AYUMI_CLUSTERS asks for)."""
    with visiting(Place(Door.OWNER)) as session:
        for each in queries.every(session):
            click.echo(f"{each.slug:<20}{each.code or '-':<8}{each.name}  {each.id}")
