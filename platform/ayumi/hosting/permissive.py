"""The same row-level policies without restrictive ones.

Citus (13.2) copies a restrictive policy to its shards as a permissive one: what should hold a firm to its own people
would open all others to it. So before a table is spread, what holds a guest is said in one permissive policy of the
guest's own, and the one for everybody names everybody but the guests.
"""

from collections.abc import Iterator

from sqlalchemy import Table

from ayumi.kernel.doors import Policy, policies
from ayumi.kernel.tenancy import Door

EVERYBODY = "public"
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def without_restrictive(table: Table) -> Iterator[str]:
    """Yield the statements that put permissive policies in the place of a table's restrictive ones."""
    held = policies(table)
    guests = sorted({policy.role for policy in held.values() if not policy.permissive})
    if not guests:
        return
    for name, policy in held.items():
        if policy.role in guests or policy.role == EVERYBODY:
            yield f"DROP POLICY {name} ON {table.name}"
    others = ", ".join(door.role for door in Door if door.role not in guests)
    for name, policy in held.items():
        if policy.role == EVERYBODY:
            yield Policy(policy.condition, others, command=policy.command).sql(table.name, name)
    for guest in guests:
        yield from _of_guest(table, guest, [each for each in held.values() if each.role in (guest, EVERYBODY)])


def _of_guest(table: Table, guest: str, held: list[Policy]) -> Iterator[str]:
    """What holds for each verb: one of the permissive policies, and all of the restrictive ones."""
    said = {verb: _said(verb, held) for verb in VERBS}
    if len(set(said.values())) == 1:
        yield Policy(said["SELECT"], guest).sql(table.name, guest)
        return
    for verb, condition in said.items():
        yield Policy(condition, guest, command=verb).sql(table.name, f"{guest}_{verb.lower()}")


def _said(verb: str, held: list[Policy]) -> str:
    of_verb = [each for each in held if each.command in ("ALL", verb)]
    one_of = " OR ".join(f"({each.condition})" for each in of_verb if each.permissive)
    return " AND ".join([f"({one_of})", *(f"({each.condition})" for each in of_verb if not each.permissive)])
