"""Takes what somebody shows to prove who they are: a code, a passkey, or a password where there is nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from flask import request
from flask_babel import gettext

from ayumi.accounts import devices as known_devices
from ayumi.accounts import passwords
from ayumi.accounts.model import Account
from ayumi.accounts.tokens import digest
from ayumi.factors import passkeys, queries, rules
from ayumi.factors.queries import Factors
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.web import challenges, devices, watch
from ayumi.web.challenges import Purpose
from ayumi.web.pauses import pauses

WRONG = _("That was not right. A code of the app works once: wait until it shows the next one.")
WRONG_PASSWORD = _("The password is not right.")
WAIT = _("Too many attempts. Please wait a little and try again.")
LONGEST = 200


class Shown(StrEnum):
    """What somebody has shown."""

    PASSWORD = "password"
    APP = "app"
    RECOVERY = "recovery"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Proof:
    """How it ended: what was shown, or the sentence that says why it was not taken."""

    shown: Shown | None = None
    fault: str = ""
    is_throttled: bool = False

    @property
    def status(self) -> int:
        """The status of a page that says so."""
        return 429 if self.is_throttled else 422


def factors_of(account_id: UUID) -> Factors:
    """Return which factors an account has."""
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        return queries.of(session, account_id)


def prove(account_id: UUID, purpose: Purpose, *, factors: Factors) -> Proof:
    """Judge what the present form shows. Passkeys cannot be guessed; everything else waits its turn."""
    if request.form.get("answer"):
        return _by_passkey(account_id, purpose)
    key = f"{purpose.value}:{account_id}:{allowance(account_id)}"
    if not pauses().lets(key):
        watch.turned_away("too many factors", account_id=account_id, purpose=purpose.value)
        return Proof(fault=gettext(WAIT), is_throttled=True)
    proof = _by_code(account_id) if factors.any else _by_password(account_id)
    if proof.shown is not None:
        pauses().forget(key)
    else:
        watch.turned_away("factor", account_id=account_id, purpose=purpose.value)
    return proof


def allowance(account_id: UUID) -> str:
    """Name whose tries are counted together: those of a device that has been let in, or those of all strangers."""
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        return of_device(known_devices.knows(session, session.get_one(Account, account_id).email, device_hash()))


def of_device(is_known: bool) -> str:
    """Name the allowance of this request's device."""
    return f"device:{device_hash()}" if is_known else "strangers"


def device_hash() -> str | None:
    """Return what the database knows this browser by."""
    shown = devices.shown()
    return shown.hash if shown else None


def account_key(email: str) -> str:
    """Name an account as a hash: addresses of people do not lie in the queue's store."""
    return digest(email.strip().lower())[:32]


def _by_passkey(account_id: UUID, purpose: Purpose) -> Proof:
    try:
        with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
            answer = request.form["answer"]
            passkeys.spend(session, answer=answer, challenge=challenges.take(purpose), account_id=account_id)
    except Invalid as error:
        return Proof(fault=gettext(str(error.sentence)))
    return Proof(Shown.PASSKEY)


def _by_code(account_id: UUID) -> Proof:
    typed = request.form.get("code") or request.form.get("recovery") or ""
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        which = rules.spend_code(session, account_id, typed[:LONGEST])
    return Proof(Shown(which)) if which else Proof(fault=gettext(WRONG))


def _by_password(account_id: UUID) -> Proof:
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        kept = session.get_one(Account, account_id).password_hash
    fits = passwords.fits(kept, request.form.get("password", "")[:LONGEST].strip())
    return Proof(Shown.PASSWORD) if fits else Proof(fault=gettext(WRONG_PASSWORD))
