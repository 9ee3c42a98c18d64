"""What all steps of loading one municipality share: its number, its seeds, and where rows are put."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ayumi.demo.load.keys import key_id
from ayumi.demo.partner_seeds import EmployerSeed, FirmSeed
from ayumi.demo.person_seeds import CastSeed, PersonSeed
from ayumi.demo.place_seeds import MunicipalitySeed
from ayumi.kernel.db import Base

BATCH = 2_000


@dataclass(frozen=True)
class Town:
    """One municipality while it is being loaded, in one transaction."""

    session: Session
    tenant_id: int
    place: MunicipalitySeed
    cast: CastSeed
    firms: tuple[FirmSeed, ...]
    employers: tuple[EmployerSeed, ...]
    as_of: date

    def id(self, kind: str, *words: object) -> UUID:
        """Return the identifier of a thing of this municipality."""
        return key_id(self.place.slug, kind, *words)

    def member(self, key: str | None) -> UUID | None:
        """Return the membership of somebody here."""
        return None if key is None else self.id("member", key)

    def firm(self, key: str | None) -> UUID | None:
        """Return a firm's identifier; firms are shared between municipalities."""
        return None if key is None else key_id("firm", key)

    def visible_firm(self, person: PersonSeed) -> UUID | None:
        """Return the firm that may look at this person: the one that supports, while consent is in force."""
        agreed = any("firm" in each.scopes and each.status == "in_force" for each in person.consents)
        return self.firm(person.firm_key) if agreed else None

    def sight(self, person: PersonSeed) -> dict[str, Any]:
        """Return what the firm may see of this person, and until when."""
        held = [each for each in person.consents if each.status == "in_force" and "firm" in each.scopes]
        last = max((each.expires_on for each in held if each.expires_on), default=None)
        health = any("health" in each.scopes for each in held)
        return {
            "firm_id": self.visible_firm(person),
            "firm_until": last,
            "shares_health": health,
            "health_until": last if health else None,
        }

    def put(self, model: type[Base], rows: list[dict[str, Any]]) -> None:
        """Insert rows of one kind; every row says whose it is."""
        table: Any = model.__table__
        names = dict.fromkeys(name for row in rows for name in row)
        full = [{"tenant_id": self.tenant_id} | dict.fromkeys(names) | row for row in rows]
        for start in range(0, len(full), BATCH):
            self.session.execute(insert(table), full[start : start + BATCH])
