"""The authenticator app: six digits from a shared secret and the time (TOTP, RFC 6238). A code works once.

The secret of an app that is being set up travels sealed in the form, bound to its account; it is kept in the
database once a first code has proved that the app has it. So somebody with an app can set up its successor.
"""

import json
import re
import secrets
import unicodedata
from datetime import timedelta
from uuid import UUID

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ayumi.factors.model import AuthenticatorApp
from ayumi.kernel import clock
from ayumi.kernel.errors import Invalid
from ayumi.kernel.sealed import BrokenSeal, seal, unseal
from ayumi.kernel.words import _

ISSUER = "Ayumi"
STEP = 30
WINDOW = (-1, 0, 1)
SETTING_UP = timedelta(minutes=30)

WRONG_CODE = _("This code is not right. Please enter the six digits that your app shows now.")
TOO_OLD = _("Setting this up took too long. Please begin again with the new picture.")


def begin(account_id: UUID) -> str:
    """Return a fresh secret for an account's app, sealed for the form it travels in."""
    said = {"account": str(account_id), "secret": pyotp.random_base32(), "at": clock.now().timestamp()}
    return seal(json.dumps(said))


def secret_of(sealed: str, account_id: UUID) -> str | None:
    """Return the secret that was begun for this account; None when it is another's, altered or too old."""
    try:
        said = json.loads(unseal(sealed))
    except BrokenSeal:
        return None
    fresh = clock.now().timestamp() - float(said.get("at", 0)) < SETTING_UP.total_seconds()
    return str(said["secret"]) if fresh and said.get("account") == str(account_id) else None


def uri(secret: str, email: str) -> str:
    """Return what the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def code_at(secret: str, step: int) -> str:
    """Return the code of a time step."""
    return pyotp.TOTP(secret).generate_otp(step)


def step_now() -> int:
    """Return the present time step."""
    return int(clock.now().timestamp()) // STEP


def add(session: Session, account_id: UUID, *, sealed: str, code: str) -> None:
    """Keep the app whose first code this is, in place of an earlier one; raise Invalid."""
    secret = secret_of(sealed, account_id)
    if secret is None:
        raise Invalid(TOO_OLD)
    step = _step_of(secret, code, after=0)
    if step is None:
        raise Invalid(WRONG_CODE, fields={"code": WRONG_CODE})
    put(session, account_id, secret=secret, last_step=step)


def put(session: Session, account_id: UUID, *, secret: str, last_step: int = 0) -> None:
    """Keep an app's secret; an account has one app."""
    now = clock.now()
    row = {"sealed_secret": seal(secret), "made_at": now, "confirmed_at": now, "last_step": last_step}
    session.execute(
        insert(AuthenticatorApp)
        .values(account_id=account_id, **row)
        .on_conflict_do_update(index_elements=["account_id"], set_=row)
    )


def spend(session: Session, account_id: UUID, code: str) -> bool:
    """Take a code of an account's app; False when it is wrong, or has been taken before."""
    app = session.scalar(
        select(AuthenticatorApp)
        .where(AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_not(None))
        .with_for_update()
    )
    if app is None:
        return False
    step = _step_of(unseal(app.sealed_secret), code, after=app.last_step)
    if step is None:
        return False
    app.last_step = step
    return True


def remove(session: Session, account_id: UUID) -> None:
    """Forget an account's app."""
    session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.account_id == account_id))


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """Return the step a code belongs to. Every step of the window is compared, however early one fits."""
    digits, now = plain(code), step_now()
    fitting = [step for step in (now + each for each in WINDOW) if _same(code_at(secret, step), digits)]
    return next((step for step in fitting if step > after), None)


def plain(code: str) -> str:
    """Return a typed code without blanks and full-width digits."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", code))


def _same(expected: str, typed: str) -> bool:
    return secrets.compare_digest(expected.encode(), typed.encode())
