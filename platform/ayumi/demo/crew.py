"""Own staff of the demonstration municipalities, and the operators."""

from functools import cache
from random import Random

from ayumi.demo.names import Name, NameBook
from ayumi.demo.partner_seeds import MemberSeed
from ayumi.demo.places import municipality

BORN = (1966, 1999)


@cache
def staff_of(slug: str) -> tuple[MemberSeed, ...]:
    """A municipality's own staff: every role, and e-mail addresses that say which."""
    rng, book = Random(f"staff/{slug}"), NameBook()
    rows = [(role, number) for role, count in municipality(slug).staff for number in range(1, count + 1)]
    return tuple(
        member(
            f"{slug}/{role}-{number}",
            book.draw(rng, born=rng.randint(*BORN), feminine=rng.random() < 0.5),
            email=f"{role.replace('_', '-')}.{number}@{slug}.example",
            roles=(role,),
            municipalities=(slug,),
        )
        for role, number in rows
    )


def holders(slug: str, role: str) -> tuple[str, ...]:
    """Keys of the staff with a role."""
    return tuple(each.key for each in staff_of(slug) if role in each.roles)


def operator() -> MemberSeed:
    """Who runs the platform; belongs to no municipality."""
    name = NameBook().draw(Random("operator"), born=1985, feminine=True)
    return member("operator", name, email="operator@ayumi.example", roles=("operator",), municipalities=())


def second_operator() -> MemberSeed:
    """Who approves what the first asks for: nobody opens a municipality's data alone."""
    name = NameBook().draw(Random("second operator"), born=1978, feminine=False)
    return member("operator-2", name, email="operator.2@ayumi.example", roles=("operator",), municipalities=())


def operators() -> tuple[MemberSeed, ...]:
    """Everybody who runs the platform."""
    return operator(), second_operator()


def member(key: str, name: Name, *, email: str, roles: tuple[str, ...], municipalities: tuple[str, ...]) -> MemberSeed:
    return MemberSeed(
        key=key,
        family_name=name.family,
        given_name=name.given,
        family_kana=name.family_kana,
        given_kana=name.given_kana,
        email=email,
        roles=roles,
        municipalities=municipalities,
    )
