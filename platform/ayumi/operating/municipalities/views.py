"""All municipalities at a glance, and one of them: counts, sizes, moments; never a person."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.accounts.labels import ROLES
from ayumi.hosting import breaks, queries
from ayumi.hosting.health import states_of
from ayumi.hosting.labels import GLASS, GLASS_KINDS, JOBS, PLANS, STATE_KINDS, STATES
from ayumi.invitations.labels import INVITATION_KINDS, INVITATIONS
from ayumi.kernel.db import db
from ayumi.operating.guard import town
from ayumi.operating.municipalities.listing import listing
from ayumi.web.permissions import needs

pages = Blueprint("municipalities", __name__)


@pages.get("/")
@needs("operator")
def index() -> ResponseReturnValue:
    """Show all municipalities with their states."""
    return render_template(
        "ayumi/operating/municipalities/list.html",
        listing=listing(),
        counts=queries.counts(db.session()),
        version=queries.schema_version(db.session()),
        waiting=queries.breaks_waiting(db.session()),
        states_of=states_of,
        states=STATES,
        state_kinds=STATE_KINDS,
        plans=PLANS,
    )


@pages.get("/m/<municipality>/")
@needs("operator")
def show() -> ResponseReturnValue:
    """Show one municipality."""
    session, id = db.session(), town().id
    return render_template(
        "ayumi/operating/municipalities/show.html",
        town=town(),
        row=queries.of_one(session, id),
        jobs=queries.open_jobs(session, id),
        job_names=JOBS,
        seats=queries.seats_by_role(session, id),
        invitations=queries.invitations(id),
        invitation_words=INVITATIONS,
        invitation_kinds=INVITATION_KINDS,
        breaks=breaks.ours(most=10),
        version=queries.schema_version(session),
        states_of=states_of,
        states=STATES,
        state_kinds=STATE_KINDS,
        plans=PLANS,
        roles={role.value: word for role, word in ROLES.items()},
        glass_words=GLASS,
        glass_kinds=GLASS_KINDS,
    )
