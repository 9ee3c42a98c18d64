"""Accounts, memberships, firms and contracts of the demonstration."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ayumi.accounts.model import Account, Membership, Party
from ayumi.accounts.whereabouts import write_down
from ayumi.contracts.model import Contract
from ayumi.demo.load.keys import key_id, noon
from ayumi.demo.load.town import Town
from ayumi.demo.partner_seeds import EmployerSeed, FirmSeed, MemberSeed
from ayumi.firms.model import Firm
from ayumi.kernel import clock
from ayumi.kernel.spread import is_spread

LONG_BEFORE = timedelta(days=800)


def account_row(email: str, name: str, password_hash: str | None, *, is_operator: bool = False) -> dict[str, Any]:
    """Return the row of an account."""
    return {
        "id": key_id("account", email),
        "email": email,
        "name": name,
        "password_hash": password_hash,
        "is_operator": is_operator,
        "language": "ja",
        "created_at": clock.now(),
    }


def put_firms(session: Session, firms: tuple[FirmSeed, ...], as_of: date) -> None:
    """Insert the firms, which belong to no municipality."""
    rows = [
        {"id": key_id("firm", each.key), "name": each.name_ja, "kana": each.kana, "kind": each.kind}
        | {"created_at": noon(as_of - LONG_BEFORE)}
        for each in firms
    ]
    session.execute(insert(Firm), rows)


def put_accounts(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert accounts; somebody who stands twice in the list is one account."""
    session.execute(insert(Account), list({row["email"]: row for row in rows}.values()))


def put_memberships(town: Town) -> None:
    """Insert the staff, the firms' people admitted here, and the firms' contracts."""
    rows = [_membership(town, each, Party.STAFF, None) for each in town.cast.staff]
    for firm in town.firms:
        admitted = [each for each in firm.staff if town.place.slug in each.municipalities]
        rows += [_membership(town, each, Party.FIRM, firm.key) for each in admitted]
    _put_places(town, rows)
    town.put(Contract, [_contract(town, firm) for firm in town.firms])


def put_contacts(town: Town) -> None:
    """Insert the employers' contact people, who come by link and have no password."""
    _put_places(town, [_contact(town, each) for each in town.employers])


def _put_places(town: Town, rows: list[dict[str, Any]]) -> None:
    if is_spread(town.session):
        write_down(town.session.connection(), town.tenant_id, (row["account_id"] for row in rows))
    town.put(Membership, rows)


def _membership(town: Town, member: MemberSeed, party: Party, firm_key: str | None) -> dict[str, Any]:
    return {
        "id": town.id("member", member.key),
        "account_id": key_id("account", member.email),
        "party": party,
        "roles": list(member.roles),
        "name": member.name,
        "kana": member.kana,
        "firm_id": town.firm(firm_key),
        "employer_id": None,
        "starts_on": town.as_of - LONG_BEFORE,
        "confidentiality_pledge_on": town.as_of - LONG_BEFORE,
    }


def _contact(town: Town, employer: EmployerSeed) -> dict[str, Any]:
    return {
        "id": town.id("contact", employer.key),
        "account_id": key_id("account", employer.contact.email),
        "party": Party.EMPLOYER,
        "roles": ["contact"],
        "name": employer.contact.name,
        "kana": employer.contact.kana,
        "firm_id": None,
        "employer_id": town.id("employer", employer.key),
        "starts_on": town.as_of - LONG_BEFORE,
    }


def _contract(town: Town, firm: FirmSeed) -> dict[str, Any]:
    seed = firm.contract_with(town.place.slug)
    assert seed is not None
    return {
        "id": town.id("contract", firm.key),
        "firm_id": town.firm(firm.key),
        "title": seed.title_ja,
        "purpose": seed.number,
        "starts_on": seed.starts_on,
        "ends_on": seed.ends_on,
    }
