"""The partner employers: sites, agreements per fiscal year, dated prices."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from ayumi.demo.crew import holders
from ayumi.demo.names import NameBook
from ayumi.demo.opening import next_open
from ayumi.demo.partner_seeds import AgreementSeed, ContactSeed, EmployerSeed, PriceSeed, SiteSeed
from ayumi.demo.tables import table
from ayumi.japan.calendar import fiscal_year, fiscal_year_span

TAX_RATE_PCT = 10
INSURANCE_JA = {
    "injury_and_liability": "傷害保険と賠償責任保険（参加者一人ずつ、受け入れ期間中）",
    "injury": "傷害保険（市が一括で加入）",
}
OFFERS_JA = {
    "experience": "職場体験",
    "visit": "見学",
    "volunteer": "ボランティア",
    "piecework": "内職",
    "job": "求人",
}


@cache
def employers_of(slug: str, as_of: date) -> tuple[EmployerSeed, ...]:
    """A municipality's partner employers, with the agreements of this fiscal year and the one before."""
    return tuple(_employer(slug, row, as_of) for row in table(f"municipalities/{slug}")["employers"])


def _employer(slug: str, row: dict[str, Any], as_of: date) -> EmployerSeed:
    year = fiscal_year(as_of)
    first_day = fiscal_year_span(year - 2)[0]
    return EmployerSeed(
        key=row["key"],
        name_ja=row["name_ja"],
        kana=row["kana"],
        kind=row["kind"],
        business_ja=row["business_ja"],
        contact=_contact(slug, row),
        offers=tuple(row["offers"]),
        tasks_ja=tuple(row["tasks_ja"]),
        firm_key=row.get("handled_by"),
        consignment=row.get("consignment", False),
        fee_declined=row.get("fee_declined", False),
        introduced_by=row.get("introduced_by"),
        note_ja=_employer_note(row),
        sites=tuple(_site(each, row, first_day) for each in row["sites"]),
        agreements=tuple(_agreement(slug, row, each, as_of) for each in (year - 1, year)),
    )


def _contact(slug: str, row: dict[str, Any]) -> ContactSeed:
    rng = Random(f"employer/{slug}/{row['key']}")
    name = NameBook().draw(rng, born=rng.randint(1960, 1990), feminine=rng.random() < 0.4)
    return ContactSeed(
        name=f"{name.family} {name.given}",
        kana=f"{name.family_kana} {name.given_kana}",
        role_ja=row["contact_role_ja"],
        email=f"contact@{row['key']}.example",
    )


def _employer_note(row: dict[str, Any]) -> str | None:
    if row.get("fee_declined"):
        return "謝金は受け取らないとの申し出。"
    if row.get("offered_itself"):
        return "事業所から受け入れの申し出があった。"
    if row.get("found_by") == "chamber_of_commerce":
        return "商工会議所の会報に入れたチラシへの返事から。"
    return "参加者の出欠と様子を事業所が報告する。" if row.get("consignment") else None


def _site(site: dict[str, Any], row: dict[str, Any], accepted_on: date) -> SiteSeed:
    return SiteSeed(
        key=site["key"],
        name_ja=site["name_ja"],
        address_ja=site["area_ja"],
        offers_ja="、".join([*(OFFERS_JA[each] for each in row["offers"]), *row["tasks_ja"]]),
        capacity=site["capacity"],
        accepted_on=next_open(accepted_on) if site.get("floor_agrees", True) else None,
        note_ja=site["note_ja"],
    )


def _agreement(slug: str, row: dict[str, Any], year: int, as_of: date) -> AgreementSeed:
    first, last = fiscal_year_span(year)
    return AgreementSeed(
        fiscal_year=year,
        starts_on=first,
        ends_on=last,
        fee_kind=row["fee_kind"],
        payer=row["payer"],
        tax_treatment=row["tax"],
        insurance_ja=INSURANCE_JA[row["insurance"]],
        insured_until=last,
        note_ja=_employer_note(row) if row.get("fee_declined") or row.get("consignment") else None,
        prices=_prices(slug, row, year, as_of),
    )


def _prices(slug: str, row: dict[str, Any], year: int, as_of: date) -> tuple[PriceSeed, ...]:
    """One price for the year; some are raised from October, which is known since September."""
    if row["fee_kind"] == "none":
        return ()
    first, last = fiscal_year_span(year)
    change, decided = date(year, 10, 1), next_open(date(year, 9, 16))
    raised = "later_yen" in row and year == fiscal_year(as_of) and decided < as_of
    before = change - timedelta(days=1) if raised else last
    prices = [_price(slug, 1, row["yen"], first, before, next_open(date(year, 3, 25)))]
    if raised:
        prices.append(_price(slug, 2, row["later_yen"], change, last, decided))
    return tuple(prices)


def _price(slug: str, version: int, yen: int, first: date, last: date, decided_on: date) -> PriceSeed:
    return PriceSeed(
        version=version,
        yen=yen,
        tax_rate_pct=TAX_RATE_PCT,
        valid_from=first,
        valid_to=last,
        entered_by=holders(slug, "finance_officer")[0],
        entered_on=next_open(decided_on - timedelta(days=7)),
        decided_by=holders(slug, "section_head")[0],
        decided_on=decided_on,
    )
