"""Monthly reports: compile."""

import click
from flask.cli import AppGroup

from ayumi.commands.towns import towns
from ayumi.japan.calendar import Month
from ayumi.kernel.db import db, enter, leave
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door, Place

report = AppGroup("report", help="Monthly reports: compile.")


@report.command("compile")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--municipality", "slug", help="only this one; all when left out")
def compile_report(month: str, slug: str | None) -> None:
    """Ask for the month's report of one municipality, or of all; the worker compiles it."""
    try:
        Month.parse(month)
    except ValueError as error:
        raise click.ClickException(f"{month!r} is no month: write YYYY-MM, e.g. 2026-10") from error
    for town in towns(slug):
        leave()
        enter(Place(Door.OWNER, tenant_id=town.id))
        promise("monthly_report", month=month)
        db.session.commit()
        click.echo(f"{town.slug}: asked for {month}")
