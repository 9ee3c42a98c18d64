"""The operators' command line: its groups of commands, each in a file of its own."""

from flask import Flask

from ayumi.commands.accounts import account
from ayumi.commands.demonstration import demo
from ayumi.commands.distributing import distribute
from ayumi.commands.journals import journal
from ayumi.commands.keys import key
from ayumi.commands.metrics import metrics
from ayumi.commands.moving import municipality
from ayumi.commands.operators import operator
from ayumi.commands.reports import report

GROUPS = (municipality, account, demo, report, journal, operator, key, metrics)
OF_THE_DATABASE = (distribute,)  # stands in the group `db`, beside the migrations


def init_commands(app: Flask) -> None:
    """Add the commands to the application."""
    for group in GROUPS:
        app.cli.add_command(group)
