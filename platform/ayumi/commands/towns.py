"""The municipality a command names."""

import click

from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries
from ayumi.municipalities.model import Municipality


def town(slug: str) -> Municipality:
    """Return the municipality of this name, or stop with one sentence."""
    with visiting(Place(Door.OWNER)) as session:
        found = queries.by_slug(session, slug)
        if found is None:
            raise click.ClickException(f"there is no municipality {slug!r}; 'ayumi municipality list' shows all")
        session.expunge(found)
        return found


def towns(slug: str | None) -> list[Municipality]:
    """Return the one municipality that was named, or all."""
    if slug:
        return [town(slug)]
    with visiting(Place(Door.OWNER)) as session:
        found = list(queries.every(session))
        session.expunge_all()
        return found
