"""The demonstration: fifteen municipalities with made-up people."""

import click
from flask.cli import AppGroup

from ayumi.demo.load import everything
from ayumi.kernel import clock

demo = AppGroup("demo", help="The demonstration: fifteen municipalities with made-up people.")


@demo.command("load")
@click.option("--municipality", "slugs", multiple=True, help="only this one (may be given several times)")
@click.option("--without-people", is_flag=True, help="staff, menus, firms and employers only: to try a first month")
def load_demo(slugs: tuple[str, ...], without_people: bool) -> None:
    """Load the demonstration municipalities that are not there yet, up to the present week."""
    everything.load(clock.today(), only=slugs, with_people=not without_people, tell=click.echo)
