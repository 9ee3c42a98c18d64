"""Staff, firms and employers who work for the demonstration municipalities."""

from collections import Counter
from datetime import date

from ayumi.demo.crew import operator, staff_of
from ayumi.demo.employers import employers_of
from ayumi.demo.firms import firms, firms_of, supporters_of
from ayumi.demo.places import municipalities, municipality
from ayumi.demo.tables import slugs
from ayumi.japan.kana import is_kana

TODAY = date(2026, 11, 23)
MEMBERS = [
    *(each for slug in slugs() for each in staff_of(slug)),
    *(each for firm in firms(TODAY) for each in firm.staff),
    operator(),
]
EMPLOYERS = [(slug, each) for slug in slugs() for each in employers_of(slug, TODAY)]


def test_e_mail_addresses_are_unique_small_and_reach_nobody():
    emails = [each.email for each in MEMBERS] + [each.contact.email for _, each in EMPLOYERS]
    assert len(set(emails)) == len(emails)
    assert all(email.endswith(".example") and email == email.lower() for email in emails)


def test_staff_write_from_their_own_municipality():
    assert all(each.email.endswith(f"@{slug}.example") for slug in slugs() for each in staff_of(slug))


def test_names_have_readings():
    people = [(each.family_kana, each.given_kana) for each in MEMBERS]
    assert all(is_kana(kana) for pair in people for kana in pair)
    assert all(is_kana(part) for _, each in EMPLOYERS for part in each.contact.kana.split(" "))


def test_every_place_has_every_role_of_staff():
    for slug in slugs():
        roles = Counter(role for each in staff_of(slug) for role in each.roles)
        assert set(roles) == {
            "caseworker",
            "supervising_caseworker",
            "employment_support_worker",
            "section_head",
            "finance_officer",
            "administrator",
        }
        assert roles["caseworker"] >= 2


def test_contracted_places_have_a_firm_of_the_kind_the_reference_names():
    for place in municipalities():
        kinds = {firm.kind for firm in firms_of(place.slug, TODAY)}
        assert (place.contractor_kind in kinds) == (place.delivery != "direct"), place.slug
        assert bool(kinds) == (place.delivery != "direct"), place.slug


def test_one_firm_works_for_two_places_and_one_of_its_supporters_for_both():
    several = [each for each in firms(TODAY) if len(each.contracts) > 1]
    assert [each.key for each in several] == ["hibiki"]
    assert {each.municipality for each in several[0].contracts} == {"koshigaya", "yokohama"}
    both = set(supporters_of(several[0], "koshigaya")) & set(supporters_of(several[0], "yokohama"))
    assert both == {"hibiki/supporter-1"}


def test_contracts_run_for_the_whole_of_the_half_year():
    for day in (TODAY, date(2027, 4, 2), date(2027, 3, 31)):
        for contract in (each for firm in firms(day) for each in firm.contracts):
            assert contract.starts_on <= date(day.year - 1, day.month, 1) or contract.starts_on.month == 4
            assert (day - contract.starts_on).days > 280
            assert contract.ends_on >= day


def test_fees_are_those_the_places_pay():
    prices = {
        (slug, price.yen) for slug, each in EMPLOYERS for agreement in each.agreements for price in agreement.prices
    }
    assert {yen for slug, yen in prices if slug == "morioka"} == {2160}
    assert {yen for slug, yen in prices if slug == "takatsuki"} == {3000}
    kinds = {(slug, each.agreements[0].fee_kind) for slug, each in EMPLOYERS}
    assert {kind for slug, kind in kinds if slug == "morioka"} == {"commission"}
    assert {kind for slug, kind in kinds if slug == "takatsuki"} == {"honorarium", "none"}


def test_one_firm_in_takatsuki_declines_the_honorarium():
    declining = [(slug, each) for slug, each in EMPLOYERS if each.fee_declined]
    assert [slug for slug, _ in declining] == ["takatsuki"]
    assert all(agreement.fee_kind == "none" and not agreement.prices for agreement in declining[0][1].agreements)


def test_agreements_fill_fiscal_years_and_prices_fill_agreements():
    for _, employer in EMPLOYERS:
        assert [each.fiscal_year for each in employer.agreements] == [2025, 2026]
        for each in employer.agreements:
            assert (each.starts_on, each.ends_on) == (
                date(each.fiscal_year, 4, 1),
                date(each.fiscal_year + 1, 3, 31),
            )
            if each.prices:
                assert (each.prices[0].valid_from, each.prices[-1].valid_to) == (each.starts_on, each.ends_on)
                gaps = zip(each.prices, each.prices[1:], strict=False)
                assert all((later.valid_from - earlier.valid_to).days == 1 for earlier, later in gaps)


def test_some_prices_change_within_the_year_and_only_once_that_is_decided():
    raised = [each for _, each in EMPLOYERS if len(each.agreements[-1].prices) == 2]
    assert raised
    before = employers_of("yokohama", date(2026, 8, 31))
    assert all(len(each.agreements[-1].prices) <= 1 for each in before)


def test_prices_are_entered_and_approved_by_different_people():
    prices = [price for _, each in EMPLOYERS for agreement in each.agreements for price in agreement.prices]
    assert prices
    assert all(price.entered_by != price.decided_by for price in prices)
    assert all(price.entered_on < price.decided_on < price.valid_from for price in prices)


def test_partners_bring_in_partners_and_are_found_by_firms_of_the_place():
    for slug in slugs():
        keys = {each.key for each in employers_of(slug, TODAY)}
        own_firms = {firm.key for firm in firms_of(slug, TODAY)}
        for each in employers_of(slug, TODAY):
            assert each.introduced_by is None or each.introduced_by in keys
            assert each.firm_key is None or each.firm_key in own_firms
    introduced = [each for slug, each in EMPLOYERS if slug == "okayama" and each.introduced_by]
    assert len(introduced) >= 4


def test_everybody_who_supports_has_somewhere_to_send_people():
    for place in municipalities():
        sides = {each.firm_key for each in employers_of(place.slug, TODAY)}
        assert {firm.key for firm in firms_of(place.slug, TODAY)} <= sides
        assert None in sides or place.delivery == "contracted"


def test_a_floor_that_has_not_agreed_is_no_site_yet():
    waiting = [site.name_ja for _, each in EMPLOYERS for site in each.sites if site.accepted_on is None]
    assert waiting == ["南調理場"]


def test_tax_is_treated_by_kind_of_fee():
    kinds = {(a.fee_kind, a.tax_treatment) for _, each in EMPLOYERS for a in each.agreements}
    assert kinds == {
        ("commission", "included"),
        ("honorarium", "outside_scope"),
        ("none", "outside_scope"),
    }
    assert municipality("kushiro").delivery == "direct"
    assert all(each.consignment for slug, each in EMPLOYERS if slug == "kushiro")
