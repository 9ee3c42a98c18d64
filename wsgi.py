"""The only place where the parts meet: the web application and the command line start here."""

from flask import Flask
from flask.cli import FlaskGroup

from ayumi.app import create_app
from portal.face import employer, portal
from tenants.face import console


def make_app() -> Flask:
    """Return the whole product: all faces on one core."""
    return create_app(console, portal, employer)


cli = FlaskGroup(create_app=make_app, add_version_option=False, help="Ayumi's command line for operators.")


def __getattr__(name: str) -> Flask:
    if name == "app":
        globals()["app"] = made = make_app()
        return made
    raise AttributeError(name)
