"""What a new municipality takes over from a model: how support is run, never anything about a person or a place."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu, MenuStatus
from ayumi.municipalities.model import AccessPolicy, Delivery, Programme
from ayumi.retention.model import RetentionClass
from ayumi.selection.model import SelectionRoute

PROGRAMME = (
    "runs_programme", "delivery", "contractor_kind", "poverty_programme_relation", "record_due_days",
    "contract_tail_days", "link_days",
)  # fmt: skip
# Whoever begins, begins strict: a second factor is asked for, and no provider is there yet to log in with.
POLICY = ("idle_minutes", "session_hours", "glass_needs_consent")
ROUTE = (
    "key", "label", "steps", "parties", "sheets", "decided_by", "consent_before_enrolment", "review_every_months",
)  # fmt: skip
MENU = ("name", "tier", "description", "usual_time", "is_work_experience", "position")


@dataclass(frozen=True, slots=True)
class Configuration:
    """How a municipality runs support, as values of columns."""

    programme: dict[str, Any]
    policy: dict[str, Any]
    routes: tuple[dict[str, Any], ...] = ()
    menus: tuple[dict[str, Any], ...] = ()
    retention: tuple[dict[str, Any], ...] = ()


NO_MODEL = Configuration(programme={"runs_programme": True, "delivery": Delivery.DIRECT}, policy={})


def read(session: Session, tenant_id: int) -> Configuration:
    """Return the configuration of a municipality, read in its own place."""
    stand_in(session, tenant_id)
    programme = _rows(session, Programme, PROGRAMME, Programme.tenant_id == tenant_id)
    policy = _rows(session, AccessPolicy, POLICY, AccessPolicy.tenant_id == tenant_id)
    return Configuration(
        programme=programme[0] if programme else NO_MODEL.programme,
        policy=policy[0] if policy else {},
        routes=_rows(session, SelectionRoute, ROUTE, SelectionRoute.tenant_id == tenant_id, SelectionRoute.is_current),
        menus=_rows(session, Menu, MENU, Menu.tenant_id == tenant_id, Menu.status != MenuStatus.RETIRED),
        retention=_rows(session, RetentionClass, ("artefact", "years"), RetentionClass.tenant_id == tenant_id),
    )


def write(session: Session, tenant_id: int, said: Configuration, *, menus: MenuStatus) -> None:
    """Give a new municipality this configuration; ``menus``: offered at once, or drafts to look through first."""
    session.add_all(
        [
            Programme(tenant_id=tenant_id, **said.programme),
            AccessPolicy(tenant_id=tenant_id, **said.policy),
            *(SelectionRoute(tenant_id=tenant_id, edition=1, is_current=True, **row) for row in said.routes),
            *(Menu(tenant_id=tenant_id, status=menus, **row) for row in said.menus),
            *(RetentionClass(tenant_id=tenant_id, **row) for row in said.retention),
        ]
    )
    session.flush()


def stand_in(session: Session, tenant_id: int) -> None:
    """Say for the rest of this transaction which municipality is meant."""
    session.connection().exec_driver_sql(Place(Door.OPERATOR, tenant_id=tenant_id).declaration())


def _rows(session: Session, table: Any, columns: tuple[str, ...], *whose: Any) -> tuple[dict[str, Any], ...]:
    found = session.execute(select(*(getattr(table, name) for name in columns)).where(*whose))
    return tuple(dict(row._mapping) for row in found)
