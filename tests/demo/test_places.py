"""The fifteen municipalities say what the reference says."""

from datetime import date

from ayumi.demo.places import municipalities, municipality
from ayumi.demo.tables import table
from ayumi.japan.codes import is_local_government_code
from ayumi.japan.kana import is_kana

# slug: code, people, protection rate, cases per caseworker, runs the programme, delivery, kind of contractor
EXPECTED = {
    "yokohama": ("141003", 3733084, "1.9", 92, True, "contracted", "npo"),
    "okayama": ("331007", 709188, "1.9", 99, True, "contracted", "npo"),
    "morioka": ("032018", 291951, "1.7", 88, True, "direct", None),
    "maebashi": ("102016", 338226, "1.2", 88, True, "contracted", "company"),
    "koshigaya": ("112224", 340645, "1.2", 83, False, "contracted", "social_welfare_corporation"),
    "takatsuki": ("272078", 353563, "1.7", 106, True, "direct", None),
    "nagasaki": ("422011", 426631, "3.1", 114, True, "partly_contracted", "company"),
    "kushiro": ("012068", 172391, "5.1", 91, True, "direct", None),
    "aizuwakamatsu": ("072028", 121941, "1.6", 79, False, "direct", None),
    "ageo": ("112194", 228504, "0.9", 92, False, "direct", None),
    "chofu": ("132080", 232473, "1.3", 105, True, "contracted", "company"),
    "minami-alps": ("192082", 72086, "0.5", 75, False, "direct", None),
    "uji": ("262048", 188029, "1.7", 80, False, "direct", None),
    "tokyo-a": (None, 387622, "1.5", 109, True, "contracted", "company"),
    "setagaya": ("131121", 900319, "1.1", 120, True, "contracted", "company"),
}
RELATIONS = {
    "integrated": {"yokohama", "okayama", "maebashi", "takatsuki", "nagasaki", "tokyo-a", "setagaya"},
    "separate": {"morioka", "kushiro"},
    "partly_trial": {"chofu"},
    None: {"koshigaya", "aizuwakamatsu", "ageo", "minami-alps", "uji"},
}
ROUTES = {
    "yokohama": "three_party_roster",
    "okayama": "counsellor_interview",
    "morioka": "caseworker_led",
    "maebashi": "support_coordination_meeting",
    "koshigaya": "manual_guided_caseworker",
    "takatsuki": "team_leader_coordinates",
    "nagasaki": "specialist_led",
    "kushiro": "person_chooses",
    "aizuwakamatsu": "selection_meeting_at_application",
    "ageo": "analysis_meeting",
    "chofu": "double_assessment",
    "minami-alps": "personal_sheet_three_party",
    "uji": "ability_judgement_then_review",
    "tokyo-a": "study_sheet_approval",
    "setagaya": "typed_review_meeting",
}


def test_the_fifteen_stand_in_the_order_of_the_reference():
    assert [each.slug for each in municipalities()] == list(EXPECTED)


def test_figures_and_delivery_are_those_of_the_reference():
    told = {
        each.slug: (
            each.code,
            each.figures.population,
            str(each.figures.protection_rate_pct),
            each.figures.cases_per_caseworker,
            each.runs_programme,
            each.delivery,
            each.contractor_kind,
        )
        for each in municipalities()
    }
    assert told == EXPECTED


def test_figures_say_of_when_they_are():
    for each in municipalities():
        figures = each.figures
        assert (figures.population_month, figures.protection_rate_on) == (date(2017, 12, 1), date(2017, 3, 31))
        assert figures.cases_fiscal_year == 2016


def test_the_relation_to_the_poverty_programme_is_that_of_the_reference():
    told = {each.slug: each.poverty_programme_relation for each in municipalities()}
    assert told == {slug: relation for relation, slugs in RELATIONS.items() for slug in slugs}


def test_codes_pass_the_check_digit_and_only_the_unnamed_ward_has_none():
    without = [each.slug for each in municipalities() if each.code is None]
    assert without == ["tokyo-a"]
    assert all(is_local_government_code(each.code) for each in municipalities() if each.code)


def test_staffing_is_that_of_the_reference():
    nagasaki = municipality("nagasaki").staffing
    assert nagasaki.municipal and nagasaki.contracted
    assert (nagasaki.municipal.full_time, nagasaki.municipal.part_time) == (0, 1)
    assert (nagasaki.contracted.full_time, nagasaki.contracted.firms) == (10, 1)
    assert nagasaki.other_staff_ja == "社会的自立支援員"
    takatsuki = municipality("takatsuki").staffing.municipal
    assert takatsuki and takatsuki.full_time_dedicated is None
    setagaya = municipality("setagaya").staffing
    assert setagaya.municipal and setagaya.municipal.part_time == 10
    ageo = municipality("ageo").staffing.municipal
    assert ageo and (ageo.full_time, ageo.full_time_dedicated, ageo.part_time) == (21, 0, 2)


def test_every_place_has_its_own_way_of_choosing():
    assert {each.slug: each.selection.key for each in municipalities()} == ROUTES
    assert municipality("yokohama").selection.consent_before_enrolment
    assert {each.slug for each in municipalities() if each.selection.review_every_months == 6} == {
        "nagasaki",
        "setagaya",
    }
    assert municipality("aizuwakamatsu").selection.triggers == ("new_application", "situation_changed")


def test_ways_of_choosing_are_complete_and_refer_to_what_they_name():
    roles = set(table("roles"))
    for place in municipalities():
        route = place.selection
        assert any(step.decides for step in route.steps), place.slug
        assert {who for step in route.steps for who in step.by} <= roles, place.slug
        sheets = {sheet.key for sheet in route.sheets}
        assert {step.sheet for step in route.steps if step.sheet} <= sheets, place.slug
        assert all(step.text_ja and step.text_en for step in route.steps)
        assert any(step.is_consent for step in route.steps) == route.consent_before_enrolment


def test_parties_keep_their_numbers():
    ageo = {party.role: party.number for party in municipality("ageo").selection.parties}
    assert (ageo["supervisor"], ageo["caseworker"]) == (3, 18)
    maebashi = {party.role: party.every for party in municipality("maebashi").selection.parties}
    assert maebashi["supervisor"] and not maebashi["caseworker"]
    morioka = {party.role: party.optional for party in municipality("morioka").selection.parties}
    assert morioka["supervisor"] and not morioka["employment_counsellor"]
    chofu = {sheet.key: sheet.copies for sheet in municipality("chofu").selection.sheets}
    assert chofu["assessment_sheet"] == 2


def test_every_place_has_menus_of_every_tier_and_one_of_work_experience():
    for place in municipalities():
        assert {menu.tier for menu in place.menus} == {"daily_life", "social", "work"}, place.slug
        assert sum(menu.is_work_experience for menu in place.menus) == 1, place.slug
        assert len({menu.name_ja for menu in place.menus}) == len(place.menus), place.slug
        assert all(menu.starts_at < menu.ends_at for menu in place.menus)


def test_menus_are_those_the_places_are_known_for():
    named = {place.slug: {menu.key: menu for menu in place.menus} for place in municipalities()}
    assert named["koshigaya"]["dialogue_circle"].only_for == "women"
    assert named["koshigaya"]["walking_circle"].only_for == "men"
    assert named["kushiro"]["atelier"].weekdays == (1,)
    assert named["nagasaki"]["archive_cleaning"].run_by == "own"
    assert len(named["okayama"]["field"].weekdays) == 2
    assert named["setagaya"]["job_training"].every_day
    assert named["okayama"]["piecework"].usual_time_ja == "月・木曜 13:00〜15:00（第1・2・3週）"


def test_bands_differ_and_readings_are_kana():
    bands = [each.band for each in municipalities()]
    assert sorted(bands) == list(range(1, 16))
    assert all(is_kana(each.kana) for each in municipalities())


def test_every_place_makes_between_twelve_and_sixty_people():
    counts = [each.participants for each in municipalities()]
    assert min(counts) == 12 and max(counts) == 60
