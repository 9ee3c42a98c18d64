"""Where the code is: a door, a municipality and, for guests, a firm or an employer.

A session is in exactly one place for its whole life. Without a place nothing can be asked of the database.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Door(StrEnum):
    """By which database role one comes in. Each role holds only what its door needs.

    OPERATOR hosts municipalities and sees no people. GLASS is an operator let in for a while to read what the staff
    reads (break-glass). KEEPER disposes of what has been kept long enough and packs up a municipality that leaves.
    OWNER owns the tables and is used by the command line only, never by a page or a job; policies hold it too.
    """

    STAFF = "staff"
    FIRM = "firm"
    EMPLOYER = "employer"
    ACCOUNTS = "accounts"
    WORKER = "worker"
    DISPATCHER = "dispatcher"
    OPERATOR = "operator"
    GLASS = "glass"
    KEEPER = "keeper"
    OWNER = "owner"

    @property
    def role(self) -> str:
        """Name of the database role behind this door."""
        return f"ayumi_{self.value}"


OF_A_MUNICIPALITY = frozenset({Door.STAFF, Door.FIRM, Door.EMPLOYER, Door.WORKER, Door.GLASS, Door.KEEPER})
OF_ANY_OR_NONE = frozenset({Door.OWNER, Door.OPERATOR})


class NoPlace(RuntimeError):
    """The database was asked something before anyone said where we are."""


class PlaceTaken(RuntimeError):
    """A session never moves to another place: open a new one."""


class WrongPlace(RuntimeError):
    """A row of another municipality, or a place that does not add up."""


@dataclass(frozen=True, slots=True)
class Place:
    """One door, and whose data lies behind it.

    ``sees``: the groups of fields that whoever comes in may read; nothing of what is grouped unless it is said.
    """

    door: Door
    tenant_id: int | None = None
    firm_id: UUID | None = None
    employer_id: UUID | None = None
    account_id: UUID | None = None
    membership_id: UUID | None = None
    sees: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.tenant_id is not None and type(self.tenant_id) is not int:
            raise WrongPlace(f"tenant_id must be an int, not {self.tenant_id!r}")
        if self.door not in OF_ANY_OR_NONE and (self.door in OF_A_MUNICIPALITY) != (self.tenant_id is not None):
            raise WrongPlace(f"door {self.door} with tenant_id {self.tenant_id!r}")
        if (self.door is Door.FIRM) != (self.firm_id is not None):
            raise WrongPlace("a firm's place, and only that, names its firm")
        if (self.door is Door.EMPLOYER) != (self.employer_id is not None):
            raise WrongPlace("an employer's place, and only that, names its employer")
        for value in (self.firm_id, self.employer_id, self.account_id, self.membership_id):
            if value is not None and not isinstance(value, UUID):
                raise WrongPlace(f"{value!r} is no identifier")

    def declaration(self) -> str:
        """SQL that tells the database for the length of one transaction where we are.

        Literals are safe: ``__post_init__`` has made sure of int and UUID. SET LOCAL, not set_config,
        because it also travels through a pooler and to the shards of a cluster.
        """
        said = {
            "tenant_id": self.tenant_id,
            "firm_id": self.firm_id,
            "employer_id": self.employer_id,
            "account_id": self.account_id,
        }
        return ";".join(f"SET LOCAL ayumi.{name} = '{value}'" for name, value in said.items() if value is not None)
