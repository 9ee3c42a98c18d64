"""Following an invitation: who is asked to join what, and the answer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ayumi.accounts import queries as accounts
from ayumi.accounts.labels import ROLES
from ayumi.accounts.model import LoginMethod, Party, Role
from ayumi.accounts.rules import LinkSpent
from ayumi.firms.model import Firm
from ayumi.invitations import accepting, queries
from ayumi.invitations.schemas import Joining
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries as municipalities
from ayumi.web import login
from ayumi.web.forms import Form
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import limiter, tries_of_address

pages = Blueprint("joining", __name__)

HOMES = {Party.STAFF: "console.home.index", Party.FIRM: "portal.home.index"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invitation says on its page. ``account_id``: of the account this address has already."""

    email: str
    name: str
    party: Party
    roles: tuple[str, ...]
    municipality: str
    slug: str
    band: int
    firm_name: str | None
    expires_on: date
    account_id: UUID | None
    can_come_in: bool

    @property
    def frame(self) -> dict[str, str]:
        """Whose name and colour stand on top."""
        return {"place_name": self.municipality, "band_class": f"band-{self.band:02d}"}

    @property
    def home(self) -> str:
        """Address of the place one is asked into."""
        return url_for(HOMES[self.party], municipality=self.slug)


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Say yes to an invitation: with one's account, or by making one."""
    asked, visitor = read(token), login.visitor()
    if visitor is not None and visitor.account_id == asked.account_id:
        return accept(asked, token)
    if asked.can_come_in:
        return render_template("ayumi/web/pages/invitation_login.html", asked=asked, visitor=visitor, **asked.frame)
    return join(asked, token)


def read(token: str) -> Asked:
    """Return what the invitation behind a link says; raise LinkSpent."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        found = queries.of_link(session, token)
        if found is None:
            raise LinkSpent
        asked, account = found[1], accounts.by_email(session, found[1].email)
        town = municipalities.by_id(session, asked.tenant_id)
        firm = session.get_one(Firm, asked.firm_id) if asked.firm_id else None
        return Asked(
            email=asked.email,
            name=asked.name,
            party=asked.party,
            roles=tuple(ROLES[Role(word)] for word in asked.roles),
            municipality=town.name,
            slug=town.slug,
            band=town.band,
            firm_name=firm.name if firm else None,
            expires_on=clock.day_of(asked.expires_at),
            account_id=account.id if account else None,
            can_come_in=account is not None and accepting.can_come_in(session, account),
        )


def accept(asked: Asked, token: str) -> ResponseReturnValue:
    """One click of somebody who is logged in with the invited address."""
    assert asked.account_id is not None
    if request.method == "GET":
        return render_template("ayumi/web/pages/invitation_accept.html", asked=asked, **asked.frame)
    with visiting(Place(Door.ACCOUNTS, account_id=asked.account_id)) as session:
        accepting.by_link(session, token, account_id=asked.account_id)
    return redirect(asked.home)


def join(asked: Asked, token: str) -> ResponseReturnValue:
    """The form of somebody who has nothing to come in with yet."""
    form = Form(Joining(), {"name": asked.name})
    account_id = form.send(choose, asked=asked, token=token)
    if account_id is not None:
        return login.finish(account_id, method=LoginMethod.PASSWORD, second_factor=False, next_path=asked.home)
    if form.typed is not None:
        form.typed["password"] = ""
    return render_template("ayumi/web/pages/invitation.html", form=form, asked=asked, **asked.frame), form.status


def choose(*, asked: Asked, token: str, name: str, password: str) -> UUID:
    """Make the account and its place in one go."""
    account_id = asked.account_id or ids.new()
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        return accepting.with_password(
            session, token, account_id=account_id, name=name, password=password, municipality=asked.municipality
        )
