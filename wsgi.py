"""The only place where the parts meet: the web application and the command line start here."""

from ayumi.kernel.reading import for_good

with for_good():
    from flask import Flask
    from flask.cli import FlaskGroup, NoAppException

    import ayumi.commands.groups
    import infra.backups.commands
    import jobs.commands
    from ayumi.app import create_app
    from ayumi.config import settings
    from ayumi.kernel import clusters
    from ayumi.operating.face import operator
    from portal.face import employer, portal
    from tenants.face import console


def make_app() -> Flask:
    """Return the whole product: all faces on one core."""
    made = create_app(console, portal, employer, operator)
    ayumi.commands.groups.init_commands(made)
    jobs.commands.init_commands(made)
    infra.backups.commands.init_commands(made)
    return made


def app_for_commands() -> Flask:
    """Return the product for the command line, or say in one sentence what is missing."""
    try:
        made = make_app()
        clusters.stay_at(settings().cluster)
        return made
    except RuntimeError as error:
        raise NoAppException(
            f"{error}. The README lists the settings; `make env` prints those of a running Ayumi."
        ) from error


cli = FlaskGroup(
    name="ayumi",
    create_app=app_for_commands,
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
