"""Who is here in this request, and in which place."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from flask import g

from ayumi.accounts.model import LoginMethod, Party, Role


@dataclass(frozen=True, slots=True)
class Belonging:
    """One membership in force of whoever is logged in."""

    membership_id: UUID
    tenant_id: int
    slug: str
    municipality: str
    band: int
    is_demonstration: bool
    party: Party
    roles: frozenset[Role]
    name: str
    firm_id: UUID | None
    firm_name: str | None
    employer_id: UUID | None
    pledged_on: date | None = None
    needs_second_factor: bool = False
    single_sign_on_only: bool = False
    is_suspended: bool = False


@dataclass(slots=True)
class Visitor:
    """Somebody who is logged in. Speaks Flask-Login's language."""

    account_id: UUID
    email: str
    name: str
    language: str
    is_operator: bool
    key: str
    belongings: tuple[Belonging, ...] = ()
    method: LoginMethod = LoginMethod.PASSWORD
    second_factor_at: datetime | None = None
    confirmed_at: datetime | None = None
    only_tenant_id: int | None = None
    only_employer_id: UUID | None = None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the signed cookie remembers: the account, and the key that only the browser has."""
        return f"{self.account_id}:{self.key}"


@dataclass(frozen=True, slots=True)
class Glass:
    """The broken glass through which an operator looks, for hours, to read only."""

    break_id: UUID
    reason: str
    ticket: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor in one place."""

    visitor: Visitor
    belonging: Belonging
    may_write: bool = True
    readable_until: date | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    glass: Glass | None = None

    @property
    def party(self) -> Party:
        """On whose side they are here."""
        return self.belonging.party

    @property
    def membership_id(self) -> UUID:
        """Who they are here."""
        return self.belonging.membership_id


def visit() -> Visit:
    """Return the present visit; only within a face."""
    return g.visit  # type: ignore[no-any-return]


def present() -> Visit | None:
    """Return the present visit, or None outside a face."""
    found: Visit | None = g.get("visit")
    return found
