"""Acts that tests of enrolment, consent and goals begin with."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from ayumi.consents.model import Form, Scope
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.plans.enrolling import enrol
from ayumi.plans.model import GoalKind
from ayumi.selection.model import Enrolment, SelectionRoute
from tests.participants import people
from tests.world import Town

TODAY = clock.today()


def a_person(**more: Any) -> UUID:
    """Take a new candidate in; call it inside a member's place."""
    return people.a_person(**more).id


def a_decision(**more: Any) -> dict[str, Any]:
    """Everything that a decision needs."""
    given = {
        "id": ids.new(),
        "decided_on": TODAY - timedelta(days=10),
        "decided_by": "三者協議",
        "reason": "朝の通所から始めるのがよいと話し合った。",
        "wish": "朝が苦手だけれど、働いて本を買いたい。",
        "starts_on": TODAY - timedelta(days=7),
        "goal_kind": GoalKind.OTHER,
        "goal_text": "週2日、午前中に通えるようになる",
        "goal_review_on": TODAY + timedelta(days=80),
    }
    return given | more


def enrolled(person_id: UUID, **more: Any) -> Enrolment:
    """Take somebody in."""
    return enrol(person_id, **a_decision(**more))


def a_consent(**more: Any) -> dict[str, Any]:
    """Everything that a consent needs."""
    given = {
        "id": ids.new(),
        "scopes": [Scope.FIRM],
        "form": Form.PAPER,
        "given_on": TODAY - timedelta(days=12),
        "expires_on": TODAY + timedelta(days=300),
    }
    return given | more


def with_consent(**more: Any) -> dict[str, Any]:
    """A consent as it is given in the same form as the decision."""
    return {f"consent_{name}": value for name, value in a_consent(**more).items() if name != "id"}


def demand_consent(app: Flask, town: Town) -> None:
    """Let a town take people in only after they have consented."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.get_one(SelectionRoute, (town.tenant_id, town.route_id)).consent_before_enrolment = True
