"""Passkeys (WebAuthn): a key pair whose private half never leaves somebody's device, useless on any other site.

A challenge is signed once: it counts only while it is younger than the last use of the passkey that signs it, so
that an answer that was overheard cannot be given again. The device must have verified its user (finger, face, PIN):
a passkey is two factors in one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ayumi.accounts.model import Account
from ayumi.config import settings
from ayumi.factors.model import Passkey
from ayumi.kernel import clock
from ayumi.kernel.errors import Conflict, Invalid, NotFound
from ayumi.kernel.words import _

NAME = "Ayumi"
CHALLENGE_LENGTH = timedelta(minutes=5)
MOST = 10
LOOPBACK = ("127.0.0.1", "::1")
VERIFIED = UserVerificationRequirement.REQUIRED
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)

NOT_TAKEN = _("The passkey was not accepted. Please try again.")
KNOWN_ALREADY = _("This device has a passkey for your account already.")
ENOUGH = _("You have ten passkeys. Please remove one that you no longer use.")


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks for a passkey: browsers use each passkey on its own site only."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a passkey is asked to sign."""

    value: bytes
    made_at: datetime

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be answered."""
        return timedelta(0) <= clock.now() - self.made_at < CHALLENGE_LENGTH


def site() -> Site:
    """Return the product's own site, by its settings and never by what a request says.

    Browsers know no passkeys for bare network addresses: on one's own machine the site is localhost.
    """
    parts = urlsplit(settings().base_url)
    host = "localhost" if parts.hostname in LOOPBACK else parts.hostname or ""
    return Site(host, f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else ""))


def options_to_add(session: Session, account: Account, challenge: Challenge) -> str:
    """Return what the browser needs to make a passkey."""
    known = [_descriptor(each) for each in every(session, account.id)]
    options = generate_registration_options(
        rp_id=site().id,
        rp_name=NAME,
        user_id=account.id.bytes,
        user_name=account.email,
        user_display_name=account.name,
        challenge=challenge.value,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
    )
    return options_to_json(options)


def options_to_show(session: Session, account_id: UUID | None, challenge: Challenge) -> str:
    """Return what the browser needs to sign; without an account any passkey of this site will do."""
    known = [_descriptor(each) for each in every(session, account_id)] if account_id else None
    return options_to_json(
        generate_authentication_options(
            rp_id=site().id, challenge=challenge.value, allow_credentials=known, user_verification=VERIFIED
        )
    )


def every(session: Session, account_id: UUID) -> list[Passkey]:
    """Return an account's passkeys, oldest first."""
    query = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.made_at, Passkey.id)
    return list(session.scalars(query))


def add(session: Session, account_id: UUID, *, answer: str, challenge: Challenge | None, name: str) -> Passkey:
    """Keep the passkey a browser has made; raise Invalid."""
    if challenge is None or not challenge.is_fresh:
        raise Invalid(NOT_TAKEN)
    if (session.scalar(select(func.count()).where(Passkey.account_id == account_id)) or 0) >= MOST:
        raise Conflict(ENOUGH)
    try:
        credential = parse_registration_credential_json(answer)
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=site().id,
            expected_origin=site().origin,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise Invalid(NOT_TAKEN) from error
    id = bytes_to_base64url(verified.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == id)) is not None:
        raise Invalid(KNOWN_ALREADY)
    made = Passkey(
        account_id=account_id,
        credential_id=id,
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
        name=name,
        transports=[each.value for each in credential.response.transports or []],
        made_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


def spend(session: Session, *, answer: str, challenge: Challenge | None, account_id: UUID | None = None) -> UUID:
    """Take what a passkey has signed and return whose it is; raise Invalid. ``account_id``: whose it must be."""
    if challenge is None or not challenge.is_fresh:
        raise Invalid(NOT_TAKEN)
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = _locked(session, credential)
        verified = _verified(credential, passkey, challenge)
    except UNREADABLE as error:
        raise Invalid(NOT_TAKEN) from error
    if account_id is not None and passkey.account_id != account_id:
        raise Invalid(NOT_TAKEN)
    passkey.sign_count, passkey.used_at = verified.new_sign_count, clock.now()
    return passkey.account_id


def remove(session: Session, account_id: UUID, passkey_id: UUID) -> Passkey:
    """Forget one passkey of an account."""
    found = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id))
    if found is None:
        raise NotFound
    session.execute(delete(Passkey).where(Passkey.id == found.id))
    return found


def _locked(session: Session, credential: AuthenticationCredential) -> Passkey:
    """Return the passkey that has signed, held until the transaction ends."""
    is_open = Passkey.account_id.in_(select(Account.id).where(Account.closed_at.is_(None)))
    query = select(Passkey).where(Passkey.credential_id == credential.id, is_open).with_for_update()
    found = session.scalar(query)
    if found is None:
        raise ValueError("no such passkey")
    if credential.response.user_handle not in (None, b"", found.account_id.bytes):
        raise ValueError("the passkey of somebody else")
    return found


def _verified(credential: AuthenticationCredential, passkey: Passkey, challenge: Challenge) -> VerifiedAuthentication:
    if passkey.used_at is not None and challenge.made_at <= passkey.used_at:
        raise ValueError("this challenge has been answered")
    return verify_authentication_response(
        credential=credential,
        expected_challenge=challenge.value,
        expected_rp_id=site().id,
        expected_origin=site().origin,
        credential_public_key=base64url_to_bytes(passkey.public_key),
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=True,
    )


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(passkey.credential_id),
        transports=[AuthenticatorTransport(each) for each in passkey.transports],
    )
