"""Made-up people: plausible, deterministic, and supported as their municipality supports."""

from collections import Counter
from datetime import timedelta

from ayumi.demo.firms import firms_of, supporters_of
from ayumi.demo.generate import people_of
from ayumi.demo.places import municipality
from ayumi.demo.tables import slugs, table
from ayumi.japan.calendar import legal_age
from ayumi.japan.codes import looks_like_my_number, looks_like_recipient_number
from ayumi.japan.kana import is_kana
from ayumi.participants.model import Barrier, Status

from .casts import FEW, OTHER_DAYS, TODAY, every_cast, everybody


def test_the_same_day_gives_the_same_cast():
    first = people_of("morioka", TODAY)
    people_of.cache_clear()
    assert people_of("morioka", TODAY) == first


def test_tomorrow_the_people_are_the_same():
    today = [(each.key, each.name, each.case_number) for each in people_of("uji", TODAY).people]
    later = people_of("uji", TODAY + timedelta(days=9)).people
    assert [(each.key, each.name, each.case_number) for each in later] == today


def test_different_places_have_different_people():
    names = Counter(person.name for slug in slugs() for person in people_of(slug, TODAY).people)
    assert max(names.values()) <= 3


def test_every_place_has_as_many_people_as_it_says():
    for cast in every_cast():
        assert 12 <= len(cast.people) == municipality(cast.slug).participants <= 60


def test_everybody_is_of_working_age_in_law():
    ages = {legal_age(person.birth_date, cast.as_of) for cast, person in everybody()}
    assert 18 <= min(ages) < 22 and 62 < max(ages) <= 64


def test_names_have_readings_and_no_two_people_of_a_place_share_one():
    for cast in every_cast():
        assert len({person.name for person in cast.people}) == len(cast.people)
        assert len({person.nickname for person in cast.people}) == len(cast.people)
    assert all(is_kana(person.family_kana) and is_kana(person.given_kana) for _, person in everybody())


def test_names_are_many_and_some_are_written_with_rare_characters():
    names = table("names")
    assert len(set(names["family"])) >= 200
    given = [each for group in names["given"].values() for side in ("feminine", "masculine") for each in group[side]]
    assert len(set(given)) >= 200
    written = "".join(person.family_name for slug in slugs() for person in people_of(slug, TODAY).people)
    assert set("髙﨑𠮷") <= set(written)


def test_case_numbers_are_unique_and_never_look_like_numbers_we_must_not_keep():
    for cast in every_cast():
        assert len({person.case_number for person in cast.people}) == len(cast.people)
    for _, person in everybody():
        for text in (person.case_number, person.household_number):
            assert not looks_like_recipient_number(text) and not looks_like_my_number(text)


def test_barriers_and_statuses_are_those_the_product_knows():
    barriers = {barrier for _, person in everybody() for barrier in person.barriers}
    assert barriers == set(Barrier)
    assert all(len(set(person.barriers)) == len(person.barriers) for _, person in everybody())
    for cast in every_cast():
        assert {person.status for person in cast.people} == set(Status)


def test_who_supports_follows_the_way_of_delivery():
    for cast in every_cast():
        sides = {person.firm_key for person in cast.people}
        firms = {firm.key for firm in firms_of(cast.slug, cast.as_of)}
        delivery = municipality(cast.slug).delivery
        assert sides == {"direct": {None}, "contracted": firms, "partly_contracted": {None} | firms}[delivery]


def test_in_nagasaki_the_hardest_cases_stay_with_own_staff():
    people = people_of("nagasaki", TODAY).people
    hard = [person for person in people if "withdrawal" in person.barriers or len(person.barriers) >= 4]
    assert hard and all(person.firm_key is None for person in hard)
    assert sum(person.firm_key is not None for person in people) > len(people) / 2


def test_supporters_are_admitted_to_the_place_and_belong_to_the_side_that_delivers():
    for cast in every_cast():
        own = {each.key for each in cast.staff}
        admitted = {firm.key: set(supporters_of(firm, cast.slug)) for firm in firms_of(cast.slug, cast.as_of)}
        for person in cast.people:
            allowed = admitted[person.firm_key] if person.firm_key else own
            assert person.supporters and set(person.supporters) <= allowed
            assert person.caseworker in own


def test_one_or_two_people_of_every_place_are_restricted_to_named_staff():
    for cast in every_cast():
        restricted = [person for person in cast.people if person.is_restricted]
        assert 1 <= len(restricted) <= 2
        own = {each.key for each in cast.staff}
        assert all(person.named_staff and set(person.named_staff) <= own for person in restricted)
        assert not any(person.named_staff for person in cast.people if not person.is_restricted)


def test_candidates_have_no_enrolment_and_everybody_else_has_one():
    for _, person in everybody():
        assert (person.enrolment is None) == (person.status == "candidate")
        assert bool(person.consents) == (person.enrolment is not None)
        assert person.history[-1].status == person.status
        if person.enrolment:
            assert person.enrolment.status == person.status
            assert (person.enrolment.ends_on is None) == (person.status != "ended")


def test_the_decision_comes_before_the_start_and_consent_before_both_where_that_is_the_rule():
    for cast, person in everybody():
        if person.enrolment is None:
            continue
        route, decision = municipality(cast.slug).selection, person.enrolment
        assert decision.decided_on < decision.starts_on < cast.as_of
        assert decision.route_key == route.key and decision.route_label_ja == route.label_ja
        given_on = person.consents[0].given_on
        assert given_on < decision.decided_on if route.consent_before_enrolment else given_on < decision.starts_on


def test_wishes_and_goals_are_many():
    enrolled = [person.enrolment for slug in slugs() for person in people_of(slug, TODAY).people if person.enrolment]
    wishes = Counter(each.wish_ja for each in enrolled)
    assert len(wishes) > 0.9 * len(enrolled)
    goals = [goal for each in enrolled for goal in each.goals]
    assert {goal.kind for goal in goals} == {"job", "other"}
    changed = [each.goals for each in enrolled if len(each.goals) == 2]
    assert changed and all(first.reason_ja is None and second.reason_ja for first, second in changed)


def test_each_place_has_a_consent_that_was_withdrawn_and_one_that_ends_soon():
    for cast in every_cast():
        consents = [consent for person in cast.people for consent in person.consents]
        assert [each.status for each in consents].count("withdrawn") == 1
        soon = cast.as_of + timedelta(days=30)
        assert any(each.status == "in_force" and each.expires_on <= soon for each in consents)
        assert any(each.status == "expired" for each in consents)
        for each in consents:
            assert each.given_on < each.expires_on
            assert (each.status == "withdrawn") == (each.withdrawn_on is not None)
            assert (each.form == "spoken") == (each.witness is not None)


def test_a_firm_sees_nobody_who_did_not_agree_to_it():
    for _, person in everybody():
        if person.firm_key and person.consents:
            assert "firm" in person.consents[0].scopes


def test_other_days_are_told_as_well():
    assert {cast.as_of for cast in every_cast() if cast.slug in FEW} == {TODAY, *OTHER_DAYS}


def test_nothing_has_happened_after_the_day_began():
    for cast, person in everybody():
        assert all(each.at.date() < cast.as_of for each in person.history)
        for consent in person.consents:
            assert consent.given_on < cast.as_of
            assert consent.withdrawn_on is None or consent.withdrawn_on < cast.as_of
        if person.enrolment:
            assert all(goal.agreed_on < cast.as_of for goal in person.enrolment.goals)
