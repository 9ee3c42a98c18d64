"""The processes behind the pages, each started by its own word."""

import click
from flask import Flask, current_app

from jobs import dispatcher as dispatching
from jobs import timetable as scheduling
from jobs import worker as working


def init_commands(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (dispatcher, worker, timetable):
        app.cli.add_command(command)


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


@click.command()
def dispatcher() -> None:
    """Send what was promised to the queue, until stopped."""
    dispatching.run(_app())


@click.command()
@click.option("--burst", is_flag=True, help="stop when the queue is empty")
def worker(burst: bool) -> None:
    """Keep promises from the queue, until stopped."""
    working.run(_app(), burst=burst)


@click.command()
def timetable() -> None:
    """Promise what is due by the clock, until stopped."""
    scheduling.run(_app())
