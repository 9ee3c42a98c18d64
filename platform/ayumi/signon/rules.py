"""Enter a municipality's provider, prove it, let it be used; and link its subjects with accounts, once each."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.kernel import clock, journal
from ayumi.kernel.db import add
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.sealed import seal
from ayumi.kernel.words import _
from ayumi.municipalities.model import AccessPolicy
from ayumi.signon import discovery, queries, reach
from ayumi.signon.client import Identity
from ayumi.signon.model import ExternalIdentity, IdentityProvider
from ayumi.signon.trouble import NotLetIn, Reason

POLICY = ("session_hours", "idle_minutes", "second_factor_required", "single_sign_on_only", "glass_needs_consent")


class NotTried(Conflict):
    """A provider is switched on before it has let anybody through."""

    message = _("Please try the provider first: it is switched on only after it has let you through as it is now.")


class OnlyWay(Conflict):
    """A provider is changed or switched off while nobody could log in without it."""

    message = _("Your staff log in with this provider only. Please allow other ways of logging in first.")


def change_policy(policy: AccessPolicy, *, edition: int, **given: int | bool) -> AccessPolicy:
    """Change what the municipality asks of those who log in. Stricter limits hold at once, for open sessions too."""
    unchanged(policy, edition)
    provider = queries.provider()
    if given["single_sign_on_only"] and not (provider and provider.is_enabled and provider.tried_at):
        sentence = _("This needs an identity provider that has been tried and switched on.")
        raise Invalid(fields={"single_sign_on_only": sentence})
    if changes := rewrite(policy, **{name: given[name] for name in POLICY}):
        journal.note(policy, "edited", changes=changes)
    return policy


def enter(
    *, id: UUID, label: str, issuer: str, client_id: str, client_secret: str | None = None, edition: int | None = None
) -> IdentityProvider:
    """Enter the municipality's provider. It stays off until it has been tried. The same ``id`` again: nothing more."""
    known = queries.provider()
    if known is not None:
        if known.id == id:
            return known
        raise Conflict
    check_issuer(issuer)
    if not client_secret:
        raise Invalid(fields={"client_secret": _("Please fill this in.")})
    made = IdentityProvider(
        id=id,
        label=label,
        issuer=issuer,
        client_id=client_id,
        sealed_client_secret=seal(client_secret),
        is_enabled=False,
        changed_at=clock.now(),
    )
    said = {"label": [None, label], "issuer": [None, issuer], "client_id": [None, client_id]}
    journal.note(add(made), "entered", changes=said)
    return made


def change(
    provider: IdentityProvider,
    *,
    edition: int,
    label: str,
    issuer: str,
    client_id: str,
    client_secret: str | None = None,
) -> IdentityProvider:
    """Change a provider. What decides whether it works must be tried again before it is used again."""
    unchanged(provider, edition)
    check_issuer(issuer)
    changes = rewrite(provider, label=label, issuer=issuer, client_id=client_id)
    if client_secret:
        provider.sealed_client_secret = seal(client_secret)
        changes["client_secret"] = ["***", "***"]
    if set(changes) - {"label"}:
        _refuse_only_way()
        changes |= rewrite(provider, is_enabled=False)
        provider.tried_at = None
        discovery.forget(issuer)
    if changes:
        provider.changed_at = clock.now()
        journal.note(provider, "edited", changes=changes)
    return provider


def check_issuer(issuer: str) -> None:
    """Refuse what cannot be an issuer: no https, a query, a fragment."""
    try:
        reach.check(issuer)
    except NotLetIn:
        issuer = "?"
    if "?" in issuer:
        raise Invalid(
            fields={"issuer": _("Please enter an address that begins with https://, as the provider shows it.")}
        )


def note_tried(session: Session, *, issuer: str, client_id: str) -> None:
    """Write down that the provider has let its administrator through, unless it has been changed meanwhile.

    ``session`` is in the administrator's place.
    """
    provider = session.scalars(select(IdentityProvider)).one()
    if (provider.issuer, provider.client_id) != (issuer, client_id):
        raise NotLetIn(Reason.SPENT)
    provider.tried_at = clock.now()
    session.flush()
    journal.note_of("identity_provider", provider.id, "tried", session=session)


def switch_on(provider: IdentityProvider) -> None:
    """Let people log in with a provider that has been tried."""
    if provider.tried_at is None:
        raise NotTried
    _switch(provider, True, "switched_on")


def switch_off(provider: IdentityProvider) -> None:
    """Let nobody log in with a provider any more; who is logged in stays so for the length of their session."""
    _refuse_only_way()
    _switch(provider, False, "switched_off")


def _switch(provider: IdentityProvider, is_enabled: bool, action: str) -> None:
    if changes := rewrite(provider, is_enabled=is_enabled):
        journal.note(provider, action, changes=changes)


def _refuse_only_way() -> None:
    if queries.policy().single_sign_on_only:
        raise OnlyWay


def link(session: Session, *, tenant_id: int, account_id: UUID, identity: Identity) -> None:
    """Link a subject with an account, for good. An account has one subject at one provider of a municipality:
    an address that was given to somebody new does not open what belonged to its owner before.
    """
    taken = session.scalar(
        select(ExternalIdentity.id).where(
            ExternalIdentity.tenant_id == tenant_id,
            ExternalIdentity.issuer == identity.issuer,
            ExternalIdentity.account_id == account_id,
        )
    )
    if taken is not None:
        raise NotLetIn(Reason.UNKNOWN)
    made = ExternalIdentity(
        tenant_id=tenant_id,
        account_id=account_id,
        issuer=identity.issuer,
        subject=identity.subject,
        linked_at=clock.now(),
    )
    session.add(made)
    session.flush()
    journal.note_of("account", account_id, "linked_with_provider", session=session, tenant_id=tenant_id)
