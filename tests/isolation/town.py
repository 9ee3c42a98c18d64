"""What a populated town is made of, and all of it to be compared before and after an attack."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Table, select

import ayumi.schema
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import Member, Town


@dataclass
class Populated:
    """A town, its people by role, and one identifier of each kind of thing."""

    town: Town
    mark: str
    firm_id: UUID
    members: dict[str, Member] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    month: str = ""
    week: date = date.min


def put(session: Any, made: Populated, name: str, row: Any) -> Any:
    """Put a row into the town and remember its identifier under a name."""
    session.add(row)
    session.flush()
    made.ids[name] = row.id
    return row


def snapshot(app: Flask, town: Town) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a municipality, table by table, to be compared before and after an attack."""
    tables: list[Table] = [t for t in ayumi.schema.metadata.sorted_tables if "tenant_id" in t.c]
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(
                    select(table).where(table.c.tenant_id == town.tenant_id).order_by(*table.primary_key.columns)
                )
            ]
            for table in tables
        }
