"""What a populated town has for its safety: an incident, and a provider to log in with."""

from datetime import timedelta
from uuid import UUID

from ayumi.incidents.model import Ground, Incident, IncidentStatus
from ayumi.kernel import clock
from ayumi.kernel.sealed import seal
from ayumi.signon.model import IdentityProvider


def incident(mark: str, entered_by: UUID) -> Incident:
    """Return an incident that has to be reported, each of its texts marked."""
    return Incident(
        title=f"{mark}の誤送付", known_on=clock.today() - timedelta(days=2),
        occurred_on=clock.today() - timedelta(days=3),
        what=f"{mark}の書類", data=f"{mark}の病歴", people=1, grounds=[Ground.SENSITIVE.value], cause=f"{mark}の原因",
        further_harm=f"{mark}の被害", remedy=f"{mark}の対策", published=f"{mark}の公表", status=IncidentStatus.OPEN,
        entered_by=entered_by, entered_at=clock.now(),
    )  # fmt: skip


def provider(mark: str) -> IdentityProvider:
    """Return a provider that does not answer."""
    return IdentityProvider(
        label=f"{mark}の認証", issuer="https://127.0.0.1:1", client_id=f"{mark}-client",
        sealed_client_secret=seal(f"{mark}-secret"), is_enabled=True, changed_at=clock.now(), tried_at=clock.now(),
    )  # fmt: skip
