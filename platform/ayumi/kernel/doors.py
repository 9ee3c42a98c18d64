"""Which door may do what with which table, said beside the table and turned into SQL for its migration.

Closed by default: a table that says nothing is granted to nobody, and a row of a municipality is always behind
the canonical policy. A firm or employer is held by a second, restrictive policy on the row's own column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import Table

from ayumi.kernel.tenancy import Door

TENANT = "tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int"
FIRM = "firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid"
EMPLOYER = "employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid"
ACCOUNT = "account_id = nullif(current_setting('ayumi.account_id', true), '')::uuid"
ITSELF_THE_EMPLOYER = "id = nullif(current_setting('ayumi.employer_id', true), '')::uuid"
OWN_OR_NOBODYS = f"firm_id IS NULL OR {FIRM}"

VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
GUESTS = {Door.FIRM: FIRM, Door.EMPLOYER: EMPLOYER}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a door may do; ``select`` and ``update`` narrow it to columns."""

    verbs: str
    select: tuple[str, ...] = ()
    update: tuple[str, ...] = ()

    def sql(self, table: str, door: Door) -> Iterator[str]:
        """Yield the GRANT statements."""
        for letter in self.verbs:
            columns = {"S": self.select, "U": self.update}.get(letter, ())
            narrowed = f" ({', '.join(columns)})" if columns else ""
            yield f"GRANT {VERBS[letter]}{narrowed} ON {table} TO {door.role}"


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything a table says about its doors."""

    grants: dict[Door, Grant]
    open_to: frozenset[Door] = frozenset()
    rules: dict[Door, str] = field(default_factory=dict)
    changes: dict[Door, str] = field(default_factory=dict)
    across: dict[Door, str] = field(default_factory=dict)
    why_shared: str = ""
    everywhere: str = ""


def opened(
    *,
    open_to: tuple[Door, ...] = (),
    rules: dict[Door, str] | None = None,
    changes: dict[Door, str] | None = None,
    across: dict[Door, str] | None = None,
    why_shared: str = "",
    everywhere: str = "",
    **grants: str | Grant,
) -> dict[str, Opening]:
    """Say who may use a table: ``opened(staff="SIU", firm="S")`` with S, I, U, D.

    ``open_to``: guests who see all of the municipality's rows (menus). ``rules``: another restrictive text for a
    guest, or one for a door that has none otherwise; ``changes``: a narrower one for what the guest may change.
    ``across``: a door that may look beyond one municipality, and by which rule. ``why_shared``: the table belongs to
    no municipality, and why. ``everywhere``: its rows belong to municipalities and are held by their policies, but
    where municipalities are spread over several machines every machine has them all, and why.
    """
    said = {Door(door): Grant(each) if isinstance(each, str) else each for door, each in grants.items()}
    held = (frozenset(open_to), rules or {}, changes or {}, across or {})
    return {"opening": Opening(said, *held, why_shared, everywhere)}


def opening_of(table: Table) -> Opening:
    """Return what a table says about its doors (nothing: closed to all), and what follows from that.

    Through the broken glass one reads what the staff reads; the keeper reads and deletes all of a municipality. A
    table that says otherwise of these two is held to its own words.
    """
    said: Opening = table.info.get("opening", Opening({}))
    if "tenant_id" not in table.c or said.why_shared:
        return said
    implied = {Door.KEEPER: Grant("SD")}
    staff = said.grants.get(Door.STAFF)
    if staff is not None and "S" in staff.verbs:
        implied[Door.GLASS] = Grant("S", select=staff.select)
    return replace(said, grants=implied | said.grants)


def remark(table: Table) -> str | None:
    """Return what the database says of a table that is not simply spread with its municipalities."""
    opening = opening_of(table)
    if opening.why_shared:
        return f"@global {opening.why_shared}"
    return f"@everywhere {opening.everywhere}" if opening.everywhere else None


@dataclass(frozen=True, slots=True)
class Policy:
    """One row-level policy: whom it holds, at which command, to which condition."""

    condition: str
    role: str = "public"
    permissive: bool = True
    command: str = "ALL"

    def sql(self, table: str, name: str) -> str:
        """Return the statement that makes it."""
        kind = "PERMISSIVE" if self.permissive else "RESTRICTIVE"
        sees, writes = f"USING ({self.condition})", f"WITH CHECK ({self.condition})"
        held = {"SELECT": sees, "DELETE": sees, "INSERT": writes}.get(self.command, f"{sees} {writes}")
        return f"CREATE POLICY {name} ON {table} AS {kind} FOR {self.command} TO {self.role} {held}"


def policies(table: Table) -> dict[str, Policy]:
    """Return name -> every policy the table must have."""
    if "tenant_id" not in table.c or opening_of(table).why_shared:
        return {}
    opening = opening_of(table)
    held = {"tenant": Policy(TENANT)}
    for door in sorted((GUESTS | opening.rules).keys() & opening.grants.keys() - opening.open_to):
        held[door.value] = Policy(opening.rules.get(door) or GUESTS[door], door.role, permissive=False)
    for door, condition in opening.changes.items():
        held[f"{door.value}_changes"] = Policy(condition, door.role, permissive=False, command="UPDATE")
    for door, condition in opening.across.items():
        held[f"{door.value}_across"] = Policy(condition, door.role)
    return held


def security_sql(table: Table) -> list[str]:
    """Return the statements that close a new table and open its doors."""
    opening, said = opening_of(table), remark(table)
    statements = [f"COMMENT ON TABLE {table.name} IS '{said}'"] if said else []
    if not opening.why_shared:
        statements += [f"ALTER TABLE {table.name} {word} ROW LEVEL SECURITY" for word in ("ENABLE", "FORCE")]
    statements += [policy.sql(table.name, name) for name, policy in policies(table).items()]
    for door, grant in opening.grants.items():
        statements += grant.sql(table.name, door)
    return statements
