"""The operators' command line: municipalities, accounts, demonstration data, reports."""

import click
from flask import Flask
from flask.cli import AppGroup

from ayumi.accounts import rules as accounts
from ayumi.accounts import tokens
from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.demo.load import everything
from ayumi.firms import queries as firms
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import db, enter, leave, visiting
from ayumi.kernel.errors import AyumiError
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries, rules
from ayumi.municipalities.model import Delivery, Municipality
from ayumi.notices import post
from ayumi.notices.mail import compose

municipality = AppGroup("municipality", help="Municipalities (tenants): create and list.")
account = AppGroup("account", help="People who log in: invite.")
demo = AppGroup("demo", help="The demonstration: fifteen municipalities with made-up people.")
report = AppGroup("report", help="Monthly reports: compile.")


def init_commands(app: Flask) -> None:
    """Add the commands to the application."""
    for group in (municipality, account, demo, report):
        app.cli.add_command(group)


@municipality.command("create")
@click.option("--slug", required=True, help="name in addresses: small letters and hyphens, e.g. morioka")
@click.option("--name", required=True, help="name in Japanese, e.g. 盛岡市")
@click.option("--kana", required=True, help="reading in kana")
@click.option("--prefecture", required=True, help="prefecture in Japanese")
@click.option("--code", help="local-government code, six digits; its check digit is verified")
@click.option("--delivery", type=click.Choice([each.value for each in Delivery]), default="direct", show_default=True)
def create_municipality(slug: str, name: str, kana: str, prefecture: str, code: str | None, delivery: str) -> None:
    """Create a municipality, ready for its first administrator to be invited."""
    try:
        made = rules.create(
            slug=slug, name=name, kana=kana, prefecture=prefecture, code=code, delivery=Delivery(delivery)
        )
    except AyumiError as error:
        raise click.ClickException(f"{error}: {error.params}" if error.params else str(error)) from error
    click.echo(f"{made.slug}  {made.code or '-'}  {made.name}")


@municipality.command("list")
def list_municipalities() -> None:
    """List all municipalities: name in addresses, code, name."""
    with visiting(Place(Door.OWNER)) as session:
        for each in queries.every(session):
            click.echo(f"{each.slug:<20}{each.code or '-':<8}{each.name}")


@account.command("invite")
@click.option("--municipality", "slug", required=True, help="name in addresses")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]))
@click.option("--firm", "firm_name", help="name of the firm, for people of a firm")
def invite(slug: str, email: str, name: str, roles: tuple[str, ...], firm_name: str | None) -> None:
    """Invite somebody: prints a link that works once, for seven days, and mails it."""
    town = _town(slug)
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


@demo.command("load")
@click.option("--municipality", "slugs", multiple=True, help="only this one (may be given several times)")
@click.option("--without-people", is_flag=True, help="staff, menus, firms and employers only: to try a first month")
def load_demo(slugs: tuple[str, ...], without_people: bool) -> None:
    """Load the demonstration municipalities that are not there yet, up to the present week."""
    everything.load(clock.today(), only=slugs, with_people=not without_people, tell=click.echo)


@report.command("compile")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--municipality", "slug", help="only this one; all when left out")
def compile_report(month: str, slug: str | None) -> None:
    """Ask for the month's report of one municipality, or of all; the worker compiles it."""
    try:
        Month.parse(month)
    except ValueError as error:
        raise click.ClickException(f"{month!r} is no month: write YYYY-MM, e.g. 2026-10") from error
    with visiting(Place(Door.OWNER)) as session:
        towns = [_town(slug)] if slug else list(queries.every(session))
    for town in towns:
        leave()
        enter(Place(Door.OWNER, tenant_id=town.id))
        promise("monthly_report", month=month)
        db.session.commit()
        click.echo(f"{town.slug}: asked for {month}")


def _town(slug: str) -> Municipality:
    with visiting(Place(Door.OWNER)) as session:
        town = queries.by_slug(session, slug)
        if town is None:
            raise click.ClickException(f"there is no municipality {slug!r}; 'ayumi municipality list' shows all")
        session.expunge(town)
        return town
