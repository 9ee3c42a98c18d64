"""Two municipalities with the same provider, and the people it knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import func, select

from ayumi.accounts.model import Account, Party, Role
from ayumi.invitations import rules as invitations
from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.signon.providers import give_provider, real_provider
from tests.world import Member, Town, a_member, a_town, inside


def person(name: str, *, verified: bool = True) -> dict[str, object]:
    return {"email": f"{name}-{RUN}@city.example", "email_verified": verified, "name": name}


RUN = ids.new().hex[-8:]
PEOPLE = {name: person(name) for name in ("hanako", "jiro", "saburo", "shiro", "goro", "rokuro", "shichiro", "hachiro")}
PEOPLE["unverified"] = person("unverified", verified=False)


@dataclass
class Scene:
    """Two municipalities that use the same provider."""

    issuer: str
    town: Town
    other: Town
    administrator: Member


def set_up(app: Flask) -> Iterator[Scene]:
    """Start the provider for two towns."""
    town, other = a_town(app), a_town(app)
    with real_provider(PEOPLE, town.slug, other.slug) as issuer:
        give_provider(app, town, issuer)
        give_provider(app, other, issuer)
        yield Scene(issuer, town, other, a_member(app, town, Party.STAFF, Role.ADMINISTRATOR))


def invite(app: Flask, by: Member, name: str) -> None:
    with inside(app, by):
        invitations.invite(email=str(PEOPLE[name]["email"]), name=name, party=Party.STAFF, roles=[Role.CASEWORKER])


def staff_with_address(app: Flask, town: Town, name: str, *roles: Role) -> Member:
    """Somebody on the staff, with the address the provider knows them by."""
    made = a_member(app, town, Party.STAFF, *(roles or (Role.CASEWORKER,)))
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.get_one(Account, made.account_id).email = str(PEOPLE[name]["email"])
    return made


def account_of(app: Flask, name: str) -> Account | None:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        found = session.scalar(select(Account).where(Account.email == PEOPLE[name]["email"]))
        if found:
            session.expunge(found)
        return found


def counted(app: Flask, model: type, *where: object) -> int:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
