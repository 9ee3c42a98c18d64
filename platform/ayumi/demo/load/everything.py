"""Loads the demonstration: fifteen municipalities, each whole or not at all, harmless when asked again."""

import json
import os
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from ayumi.accounts import passwords
from ayumi.accounts.model import Account
from ayumi.config import settings
from ayumi.demo.crew import operator, operators, staff_of
from ayumi.demo.employers import employers_of
from ayumi.demo.firms import firms, firms_of
from ayumi.demo.generate import nobody_yet, people_of
from ayumi.demo.load import people_who_log_in as people
from ayumi.demo.load.factors import fresh_secrets, put_apps
from ayumi.demo.load.logins import logins
from ayumi.demo.load.participants import put_participants
from ayumi.demo.load.partners import put_partners
from ayumi.demo.load.places import municipality_row, put_place
from ayumi.demo.load.promises import put_promises
from ayumi.demo.load.statements import play_statements
from ayumi.demo.load.town import Town
from ayumi.demo.load.weeks import put_weeks
from ayumi.demo.load.work import put_work
from ayumi.demo.place_seeds import MunicipalitySeed
from ayumi.demo.places import municipalities
from ayumi.fees.model import Statement
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality

CONFIGURATION = (put_place, people.put_memberships, put_partners, people.put_contacts)
STEPS = (*CONFIGURATION, put_participants, put_work, put_weeks, put_promises)


def load(
    as_of: date,
    *,
    only: tuple[str, ...] = (),
    with_people: bool = True,
    tell: Callable[[str], None] = lambda _line: None,
) -> None:
    """Load what is not there yet; ``only`` names municipalities (all when empty); ``tell`` hears of each.

    Without people: a municipality as on its first day, with its staff, menus, firms and partner employers.
    """
    wanted = [each for each in municipalities() if not only or each.slug in only]
    keys = _prepare_accounts(as_of)
    for seed in wanted:
        if load_municipality(seed, as_of, with_people=with_people):
            tell(seed.name_ja)
        if with_people:
            play_what_is_left(seed, as_of)
    if keys is not None:
        write_logins(Path(settings().demo_logins), logins(*keys, as_of))


def _prepare_accounts(as_of: date) -> tuple[str, dict[str, str]] | None:
    """Make the accounts and firms once; return a new password and the secrets of the apps, or None when those that
    were written still hold.
    """
    with visiting(Place(Door.OWNER)) as session:
        there = session.scalar(select(Account.id).where(Account.email == operator().email)) is not None
        if there and Path(settings().demo_logins).exists():
            return None
        password, app_secrets = secrets.token_urlsafe(12), fresh_secrets(as_of)
        kept = passwords.hashed(password)
        rows = _accounts(as_of, kept)
        if there:
            emails = [row["email"] for row in rows if row["password_hash"]]
            session.execute(update(Account).where(Account.email.in_(emails)).values(password_hash=kept))
        else:
            people.put_firms(session, firms(as_of), as_of)
            people.put_accounts(session, rows)
        put_apps(session, app_secrets)
    return password, app_secrets


def _accounts(as_of: date, password_hash: str) -> list[dict[str, Any]]:
    members = [each for place in municipalities() for each in staff_of(place.slug)]
    members += [each for firm in firms(as_of) for each in firm.staff]
    contacts = [each.contact for place in municipalities() for each in employers_of(place.slug, as_of)]
    return [
        *(people.account_row(each.email, each.name, password_hash) for each in members),
        *(people.account_row(each.email, each.name, None) for each in contacts),
        *(people.account_row(each.email, each.name, password_hash, is_operator=True) for each in operators()),
    ]


def load_municipality(seed: MunicipalitySeed, as_of: date, *, with_people: bool = True) -> bool:
    """Load one municipality in one transaction; False when it is there already."""
    with visiting(Place(Door.OWNER)) as session:
        if session.scalar(select(Municipality.id).where(Municipality.slug == seed.slug)) is not None:
            return False
        tenant_id = _number_of(session, seed)
        session.connection().exec_driver_sql(Place(Door.OWNER, tenant_id=tenant_id).declaration())
        cast = people_of(seed.slug, as_of) if with_people else nobody_yet(seed.slug, as_of)
        firms_here, employers = firms_of(seed.slug, as_of), employers_of(seed.slug, as_of)
        town = Town(session, tenant_id, seed, cast, firms_here, employers, as_of)
        for step in STEPS if with_people else CONFIGURATION:
            step(town)
    return True


def play_what_is_left(seed: MunicipalitySeed, as_of: date) -> None:
    """Play the fee statements unless that has been done."""
    with visiting(Place(Door.OWNER)) as session:
        tenant_id = session.scalars(select(Municipality.id).where(Municipality.slug == seed.slug)).one()
    with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
        played = session.scalar(select(Statement.id).limit(1)) is not None
    if not played:
        play_statements(seed.slug, tenant_id, people_of(seed.slug, as_of))


def _number_of(session: Session, seed: MunicipalitySeed) -> int:
    row = municipality_row(seed, clock.now())
    return int(session.execute(insert(Municipality).values(row).returning(Municipality.id)).scalar_one())


def write_logins(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the ready-made logins, readable by their owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
