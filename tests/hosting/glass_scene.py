"""A municipality, two operators, and each step of a look inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from ayumi.accounts.model import Party, Role
from ayumi.hosting import glass
from ayumi.hosting.model import GlassBreak, GlassStatus
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import AccessPolicy
from tests.hosting.operators import Operator, an_operator, asked, hosting, opened
from tests.world import Member, Town, a_member, a_town, at, inside


@dataclass
class Scene:
    """A municipality, two operators, and who answers for the municipality."""

    app: Flask
    town: Town
    asking: Operator
    second: Operator
    administrator: Member
    head: Member

    def ask(self) -> UUID:
        """Let the first operator ask."""
        return asked(self.app, self.asking, self.town)

    def approve(self, id: UUID, by: Operator | None = None) -> None:
        """Let an operator approve."""
        by = by or self.second
        with at(self.app, by.place(self.town)):
            glass.approve(id, name=by.name)

    def agree(self, id: UUID) -> None:
        """Let the administrator agree."""
        with inside(self.app, self.administrator):
            glass.agree(id)

    def open(self) -> UUID:
        """Do all three."""
        return opened(self.app, self.town, asking=self.asking, second=self.second, administrator=self.administrator)

    def status(self, id: UUID) -> GlassStatus:
        """Return how far it is."""
        with self.app.app_context(), visiting(Place(Door.OWNER, tenant_id=self.town.tenant_id)) as session:
            return session.scalars(select(GlassBreak.status).where(GlassBreak.id == id)).one()

    def looks(self, operator: Operator | None = None) -> int:
        """Return what an operator is answered at the municipality's first page."""
        return hosting(self.app, operator or self.asking).get(f"/t/{self.town.slug}/").status_code

    @contextmanager
    def without_consent(self) -> Iterator[None]:
        """Let the municipality not insist on being asked."""
        with self.app.app_context(), visiting(Place(Door.OWNER, tenant_id=self.town.tenant_id)) as session:
            session.execute(update(AccessPolicy).values(glass_needs_consent=False))
        yield


def a_scene(app: Flask) -> Scene:
    """Make all of them."""
    town = a_town(app)
    return Scene(
        app,
        town,
        an_operator(app),
        an_operator(app),
        a_member(app, town, Party.STAFF, Role.ADMINISTRATOR),
        a_member(app, town, Party.STAFF, Role.SECTION_HEAD),
    )
