"""The authenticator apps of the demonstration: of firms, operators, and the staff of places that ask for one."""

from datetime import date
from uuid import UUID

import pyotp
from sqlalchemy.orm import Session

from ayumi.demo.crew import operators, staff_of
from ayumi.demo.firms import firms
from ayumi.demo.load.keys import key_id
from ayumi.demo.place_seeds import MunicipalitySeed
from ayumi.demo.places import municipalities
from ayumi.factors import apps
from ayumi.municipalities.model import Delivery


def asks_for_factor(place: MunicipalitySeed) -> bool:
    """Tell whether a municipality asks its own staff for a second factor: where a firm works for it, it does."""
    return place.delivery != Delivery.DIRECT


def fresh_secrets(as_of: date) -> dict[str, str]:
    """Return address -> secret of a new app, for everybody who has one."""
    people = [each for place in municipalities() if asks_for_factor(place) for each in staff_of(place.slug)]
    people += [each for firm in firms(as_of) for each in firm.staff]
    return {each.email: pyotp.random_base32() for each in (*people, *operators())}


def put_apps(session: Session, secrets: dict[str, str]) -> None:
    """Keep everybody's app."""
    for email, secret in secrets.items():
        account_id: UUID = key_id("account", email)
        apps.put(session, account_id, secret=secret)
