"""Which door may do what with which table, said beside the table and turned into SQL for its migration.

Closed by default: a table that says nothing is granted to nobody, and a row of a municipality is always behind
the canonical policy. A firm or employer is held by a second, restrictive policy on the row's own column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

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
    across: dict[Door, str] = field(default_factory=dict)
    why_shared: str = ""


def opened(
    *,
    open_to: tuple[Door, ...] = (),
    rules: dict[Door, str] | None = None,
    across: dict[Door, str] | None = None,
    why_shared: str = "",
    **grants: str | Grant,
) -> dict[str, Opening]:
    """Say who may use a table: ``opened(staff="SIU", firm="S")`` with S, I, U, D.

    ``open_to``: guests who see all of the municipality's rows (menus). ``rules``: another restrictive text for a
    guest. ``across``: a door that may look beyond one municipality, and by which rule. ``why_shared``: the table
    belongs to no municipality, and why.
    """
    said = {Door(door): Grant(each) if isinstance(each, str) else each for door, each in grants.items()}
    return {"opening": Opening(said, frozenset(open_to), rules or {}, across or {}, why_shared)}


def opening_of(table: Table) -> Opening:
    """Return what a table says about its doors (nothing: closed to all)."""
    return table.info.get("opening", Opening({}))  # type: ignore[no-any-return]


def policies(table: Table) -> dict[str, tuple[bool, str, str]]:
    """Return name -> (permissive, role, condition) of every policy the table must have."""
    if "tenant_id" not in table.c or opening_of(table).why_shared:
        return {}
    opening = opening_of(table)
    held = {"tenant": (True, "public", TENANT)}
    for door in sorted(GUESTS.keys() & opening.grants.keys() - opening.open_to):
        held[door.value] = (False, door.role, opening.rules.get(door, GUESTS[door]))
    for door, condition in opening.across.items():
        held[f"{door.value}_across"] = (True, door.role, condition)
    return held


def security_sql(table: Table) -> list[str]:
    """Return the statements that close a new table and open its doors."""
    opening = opening_of(table)
    statements: list[str] = []
    if opening.why_shared:
        statements.append(f"COMMENT ON TABLE {table.name} IS '@global {opening.why_shared}'")
    else:
        statements += [f"ALTER TABLE {table.name} {word} ROW LEVEL SECURITY" for word in ("ENABLE", "FORCE")]
    for name, (permissive, role, condition) in policies(table).items():
        kind = "PERMISSIVE" if permissive else "RESTRICTIVE"
        statements.append(
            f"CREATE POLICY {name} ON {table.name} AS {kind} TO {role} USING ({condition}) WITH CHECK ({condition})"
        )
    for door, grant in opening.grants.items():
        statements += grant.sql(table.name, door)
    return statements
