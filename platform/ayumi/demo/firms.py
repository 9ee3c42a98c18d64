"""The contracted firms, their contracts and their people."""

from datetime import date
from functools import cache
from random import Random
from typing import Any

from ayumi.demo.crew import BORN, member
from ayumi.demo.names import NameBook
from ayumi.demo.partner_seeds import ContractSeed, FirmSeed, MemberSeed
from ayumi.demo.tables import table
from ayumi.japan.calendar import fiscal_year, fiscal_year_span


@cache
def firms(as_of: date) -> tuple[FirmSeed, ...]:
    """All firms. The years of their contracts move with the date, so that every contract runs on it."""
    return tuple(_firm(row, fiscal_year(as_of)) for row in table("firms")["firms"])


def firms_of(slug: str, as_of: date) -> tuple[FirmSeed, ...]:
    """The firms contracted by a municipality."""
    return tuple(each for each in firms(as_of) if each.contract_with(slug))


def supporters_of(firm: FirmSeed, slug: str) -> tuple[str, ...]:
    """Keys of a firm's supporters who are admitted to a municipality."""
    return tuple(each.key for each in firm.staff if "supporter" in each.roles and slug in each.municipalities)


def _firm(row: dict[str, Any], year: int) -> FirmSeed:
    contracts = tuple(_contract(each, year) for each in row["contracts"])
    return FirmSeed(
        key=row["key"],
        name_ja=row["name_ja"],
        kana=row["kana"],
        name_en=row["name_en"],
        kind=row["kind"],
        contracts=contracts,
        staff=_firm_staff(row, tuple(each.municipality for each in contracts)),
    )


def _contract(row: dict[str, Any], year: int) -> ContractSeed:
    begun = year - row["years_before"]
    return ContractSeed(
        municipality=row["municipality"],
        number=row["number"],
        programme=row["programme"],
        title_ja=row["purpose_ja"],
        starts_on=fiscal_year_span(begun)[0],
        ends_on=fiscal_year_span(begun + row["years"] - 1)[1],
        share=row["share"],
    )


def _firm_staff(row: dict[str, Any], slugs: tuple[str, ...]) -> tuple[MemberSeed, ...]:
    """The manager, the accountant and the first supporter work in every place, the others in one each."""
    key, rng, book = row["key"], Random(f"firm/{row['key']}"), NameBook()
    places = {"manager": slugs, "accounting": slugs, "supporter.1": slugs}
    for number in range(2, row["supporters"] + 1):
        places[f"supporter.{number}"] = (slugs[(number - 1) % len(slugs)],)
    return tuple(
        member(
            f"{key}/{name.replace('.', '-')}",
            book.draw(rng, born=rng.randint(*BORN), feminine=rng.random() < 0.5),
            email=f"{name}@{key}.example",
            roles=(name.split(".")[0],),
            municipalities=admitted,
        )
        for name, admitted in places.items()
    )
