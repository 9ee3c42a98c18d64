"""The only place where the parts meet: the web application and the command line start here."""

from flask import Flask
from flask.cli import FlaskGroup

import ayumi.commands
import jobs.commands
from ayumi.app import create_app
from portal.face import employer, portal
from tenants.face import console


def make_app() -> Flask:
    """Return the whole product: all faces on one core."""
    made = create_app(console, portal, employer)
    ayumi.commands.init_commands(made)
    jobs.commands.init_commands(made)
    return made


cli = FlaskGroup(
    name="ayumi",
    create_app=make_app,
    add_default_commands=False,
    add_version_option=False,
    help="Ayumi's command line for operators. Settings come from the environment (see the README).",
)


def __getattr__(name: str) -> Flask:
    if name == "app":
        made = make_app()
        globals()["app"] = made
        return made
    raise AttributeError(name)
