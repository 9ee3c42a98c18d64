"""Spreading the database over several machines (Citus)."""

import click
from flask_migrate.cli import db as database  # type: ignore[import-not-found]
from sqlalchemy import text

from ayumi.hosting import distribution
from ayumi.kernel import clusters
from ayumi.kernel.db import db
from ayumi.kernel.tenancy import Door, Place

INTO_A_SCRIPT = "-- {}\nBEGIN;\n{}\nCOMMIT;\n"


@database.command("distribute")  # type: ignore[untyped-decorator]
@click.option("--plan", "only_show", is_flag=True, help="print the statements and run none")
def distribute(only_show: bool) -> None:
    """Spread the tables by municipality over a Citus cluster, as infra/scaling.md says; nobody may be at work in it."""
    with db.engines[clusters.bind(Place(Door.OWNER))].connect() as connection:
        steps = distribution.plan(connection.scalars(text("SELECT current_database()")).one())
        if only_show:
            for step in steps:
                click.echo(INTO_A_SCRIPT.format(step.title, ";\n".join(step.statements) + ";"))
            return
        if not distribution.is_cluster(connection):
            raise click.ClickException("this database is no Citus cluster: see infra/scaling.md")
        for step in steps:
            done = distribution.carry_out(connection, step)
            click.echo(step.title if done else f"{step.title}: done before")
