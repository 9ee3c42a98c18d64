"""Who is asking: the signed cookie names an account and a key, the database says whether the key still counts."""

from uuid import UUID

from flask import Flask, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user

from ayumi.accounts import queries, rules
from ayumi.accounts.model import Account, Party, Role
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import AccessPolicy
from ayumi.web.visit import Belonging, Visitor

manager = LoginManager()


def init_login(app: Flask) -> None:
    """Make Flask-Login ask us who a cookie belongs to."""
    manager.init_app(app)
    manager.session_protection = None


def visitor() -> Visitor | None:
    """Return whoever is logged in, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def remembered_account() -> UUID | None:
    """Return the account the cookie last belonged to, even if its session has ended meanwhile."""
    return _parts(cookie.get("_user_id"))[0]


def let_in(account: Account, key: str, *, language: str | None = None) -> None:
    """Log this browser in with a fresh cookie, so that nothing planted before login survives it."""
    chosen = language or cookie.get("language")
    cookie.clear()
    if chosen:
        cookie["language"] = chosen
    login_user(Visitor(account.id, account.email, account.name, account.language, account.is_operator, key))


def user_agent() -> str:
    """Return how the browser names itself."""
    return request.user_agent.string


def _parts(remembered: str | None) -> tuple[UUID | None, str]:
    account, _colon, key = (remembered or "").partition(":")
    try:
        return UUID(account), key
    except ValueError:
        return None, ""


@manager.user_loader  # type: ignore[untyped-decorator]
def load(remembered: str) -> Visitor | None:
    """Return the visitor behind a cookie, with all places they belong to, or None when the session is over."""
    account_id, key = _parts(remembered)
    if account_id is None:
        return None
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        rows = queries.of_session(session, account_id=account_id, key=key)
        if not rows:
            return None
        login, account = rows[0].LoginSession, rows[0].Account
        rules.keep_alive(login)
        return Visitor(
            account_id=account.id,
            email=account.email,
            name=account.name,
            language=account.language,
            is_operator=account.is_operator,
            key=key,
            belongings=tuple(_belonging(row) for row in rows if row.Membership is not None),
            method=login.method,
            second_factor_at=login.second_factor_at,
            confirmed_at=login.confirmed_at,
            only_tenant_id=login.only_tenant_id,
            only_employer_id=login.only_employer_id,
        )


def _belonging(row: object) -> Belonging:
    membership, municipality = row.Membership, row.Municipality  # type: ignore[attr-defined]
    policy = row.AccessPolicy or AccessPolicy(second_factor_required=True, single_sign_on_only=False)  # type: ignore[attr-defined]
    return Belonging(
        membership_id=membership.id,
        tenant_id=municipality.id,
        slug=municipality.slug,
        municipality=municipality.name,
        band=municipality.band,
        is_demonstration=municipality.is_demonstration,
        party=membership.party,
        roles=frozenset(Role(word) for word in membership.roles),
        name=membership.name,
        firm_id=membership.firm_id,
        firm_name=row.firm_name,  # type: ignore[attr-defined]
        employer_id=membership.employer_id,
        pledged_on=membership.confidentiality_pledge_on,
        needs_second_factor=membership.party is Party.FIRM
        or (membership.party is Party.STAFF and policy.second_factor_required),
        single_sign_on_only=membership.party is Party.STAFF and policy.single_sign_on_only,
    )
