"""A town with somebody whose time is over, somebody who stays, and one paid month that both share."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

import ayumi.schema
from ayumi.config import settings
from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.retention import carrying_out, rules
from tests.world import Member, Town, inside, working

GONE, STAYS = "去野消夫カナリア", "残山留子"
ENDED = date(2015, 9, 30)
MONTH = date(2015, 8, 1)
DUE = date(2026, 4, 1)


@dataclass
class Scene:
    """The town, who acts in it, and the identifiers of what is in it."""

    app: Flask
    town: Town
    drafter: Member
    head: Member
    administrator: Member
    gone: UUID = field(default_factory=ids.new)
    stays: UUID = field(default_factory=ids.new)
    ids: dict[str, UUID] = field(default_factory=dict)

    def drafted(self, on: date = DUE) -> UUID:
        """Draft a list."""
        with inside(self.app, self.drafter):
            return rules.draft(on, id=ids.new()).id

    def approved(self, on: date = DUE) -> UUID:
        """Draft a list, hand it in and have it approved."""
        disposal_id = self.drafted(on)
        with inside(self.app, self.drafter):
            rules.hand_in(disposal_id, edition=1)
        with inside(self.app, self.head):
            rules.approve(disposal_id, edition=2)
        return disposal_id

    def carried_out(self, disposal_id: UUID) -> None:
        """Do what the job does."""
        with working(self.app, self.town):
            carrying_out.carry_out(disposal_id)

    def rows(self, name: str, **values: object) -> list[Any]:
        """Return rows of a table, as the owner sees them."""
        table = ayumi.schema.metadata.tables[name]
        place = Place(Door.OWNER, tenant_id=self.town.tenant_id)
        with self.app.app_context(), visiting(place) as session:
            query = select(table).where(*(table.c[column] == value for column, value in values.items()))
            return list(session.execute(query.where(table.c.tenant_id == self.town.tenant_id)).all())

    def everything(self) -> str:
        """Return every row of the municipality and the bytes of every file, as one text to search."""
        said = [str(tuple(row)) for name in of_municipalities() for row in self.rows(name)]
        folder = Path(settings().files_url.removeprefix("file://")) / "t" / str(self.town.tenant_id)
        said += [each.read_bytes().decode(errors="ignore") for each in folder.rglob("*") if each.is_file()]
        return "\n".join(said)


def of_municipalities() -> list[str]:
    """Return the names of all tables of municipalities."""
    return [name for name, table in ayumi.schema.metadata.tables.items() if "tenant_id" in table.c]
