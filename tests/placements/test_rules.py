"""Placements: prepared by named checks, seen by the right people, ended with what was learnt."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.consents.model import Consent, ConsentStatus, Scope
from ayumi.employers import rules as employers
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.placements import queries, rules
from ayumi.placements.model import PlacementStatus
from tests.employers.scene import (
    FIRST,
    LAST_MONTH,
    TERMS,
    a_consent,
    a_person,
    a_placement,
    a_plan,
    a_scene,
    some_days,
)
from tests.world import a_member, inside, working


def open_checks(placement_id: object) -> set[str]:
    placement = queries.one(placement_id)  # type: ignore[arg-type]
    return {check.name for check in rules.checks(placement) if not check.holds}


class TestPlan:
    def test_it(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            placement = rules.plan(scene.person_id, **a_plan(scene))
            assert (placement.status, placement.employer_id) == (PlacementStatus.PLANNED, scene.employer_id)

    def test_sent_twice_it_is_planned_once(self, app: Flask) -> None:
        scene = a_scene(app)
        said = a_plan(scene)
        with inside(app, scene.worker):
            assert rules.plan(scene.person_id, **said) is rules.plan(scene.person_id, **said)

    def test_a_firm_plans_for_its_own_people_and_only_for_them(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        stranger = a_person(app, scene.town)
        with inside(app, scene.who):
            assert rules.plan(scene.person_id, **a_plan(scene)).firm_id == scene.firm_id
            with pytest.raises(NotFound):
                rules.plan(stranger, **a_plan(scene))

    @pytest.mark.parametrize("nickname", ["高橋さん", "たかはし", "ﾀｶﾊｼ", "タカバシちゃん", "髙橋"])
    def test_a_nickname_never_tells_the_family_name(self, app: Flask, nickname: str) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker), pytest.raises(Invalid) as refusal:
            rules.plan(scene.person_id, **a_plan(scene, nickname=nickname))
        assert "nickname" in refusal.value.fields

    def test_a_family_name_of_one_letter_forbids_itself_and_no_other_word(self, app: Flask) -> None:
        scene = a_scene(app)
        short = a_person(app, scene.town, family="井", family_kana="イ")
        with inside(app, scene.worker):
            assert rules.plan(short, **a_plan(scene, nickname="いちご")).nickname == "いちご"
            for told in ("い", "井さん"):
                with pytest.raises(Invalid):
                    rules.plan(short, **a_plan(scene, nickname=told))

    def test_nobody_is_placed_at_a_resting_employer(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            employers.rest(scene.employer_id)
            with pytest.raises(Invalid):
                rules.plan(scene.person_id, **a_plan(scene))


class TestStart:
    def test_everything_in_place_it_starts(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            assert queries.one(placement_id).status is PlacementStatus.ACTIVE

    def test_without_a_meeting_it_does_not_start(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            placement = rules.plan(scene.person_id, **a_plan(scene))
            assert open_checks(placement.id) == {"meeting"}
            with pytest.raises(rules.NotReady):
                rules.start(placement.id)

    def test_management_said_yes_and_the_floor_has_not(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            floor = employers.add_site(scene.employer_id, id=ids.new(), name="駅前店")
            placement = rules.plan(scene.person_id, **a_plan(scene, site_id=floor.id))
            assert open_checks(placement.id) == {"meeting", "site"}

    def test_without_an_agreement_of_the_year_it_does_not_start(self, app: Flask) -> None:
        scene = a_scene(app)
        early = {"starts_on": FIRST - timedelta(days=30), "ends_on": FIRST + timedelta(days=30)}
        with inside(app, scene.worker):
            placement = rules.plan(scene.person_id, **a_plan(scene, **early))
            assert "agreement" in open_checks(placement.id)

    def test_insurance_is_asked_for_where_the_agreement_says_so(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            lapsed, bare = (employers.register(id=ids.new(), name=name) for name in ("保険切れの店", "保険なしの店"))
            lapsed_on = LAST_MONTH.first - timedelta(days=1)
            terms: list[dict[str, Any]] = [{"insured_until": lapsed_on}, {"insurance": None, "insured_until": None}]
            found = []
            for employer, said in zip((lapsed, bare), terms, strict=True):
                site = employers.add_site(employer.id, id=ids.new(), name="店", accepted_on=FIRST)
                employers.agree(employer.id, id=ids.new(), fiscal_year=fiscal_year(FIRST), **TERMS | said)
                placement = rules.plan(scene.person_id, **a_plan(scene, site_id=site.id))
                found.append(next(check for check in rules.checks(placement) if check.name == "insurance"))
            assert [(check.holds, check.needed) for check in found] == [(False, True), (True, False)]


class TestEdit:
    def test_two_people_editing_are_told(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            placement = rules.plan(scene.person_id, **a_plan(scene))
            said = a_plan(scene, planned_days_per_week=3) | {"edition": placement.edition}
            del said["id"]
            rules.edit(placement.id, **said)
            with pytest.raises(ChangedMeanwhile):
                rules.edit(placement.id, **said)

    def test_a_period_cannot_leave_recorded_days_outside(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        some_days(app, scene, placement_id, 5, 20)
        with inside(app, scene.worker), pytest.raises(Invalid) as refusal:
            rules.end(placement_id, ends_on=LAST_MONTH.first.replace(day=10), end_note="終了")
        assert "ends_on" in refusal.value.fields

    def test_once_started_the_site_stays(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            other = employers.add_site(scene.employer_id, id=ids.new(), name="駅前店", accepted_on=FIRST)
            said = a_plan(scene, site_id=other.id) | {"edition": queries.one(placement_id).edition}
            del said["id"]
            with pytest.raises(Invalid):
                rules.edit(placement_id, **said)


class TestProfile:
    def test_nothing_is_written_without_a_consent_for_it(self, app: Flask) -> None:
        scene = a_scene(app)
        a_consent(app, scene, Scope.FIRM)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker), pytest.raises(rules.NoConsent):
            rules.write_profile(placement_id, profile_strengths="手先が器用", profile_considerations=None)

    def test_it_stands_under_the_consent_that_allows_it(self, app: Flask) -> None:
        scene = a_scene(app)
        consent_id = a_consent(app, scene, Scope.EMPLOYER_PROFILE)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            said = rules.write_profile(placement_id, profile_strengths="手先が器用", profile_considerations=None)
            assert said.profile_consent_id == consent_id
            assert rules.profile(said) == ("手先が器用", None)

    def test_a_withdrawn_consent_closes_the_sheet(self, app: Flask) -> None:
        scene = a_scene(app)
        consent_id = a_consent(app, scene, Scope.EMPLOYER_PROFILE)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            rules.write_profile(placement_id, profile_strengths="手先が器用", profile_considerations=None)
        with working(app, scene.town):
            consent = one(Consent, consent_id)
            consent.status, consent.withdrawn_on = ConsentStatus.WITHDRAWN, clock.today()
            db.session.flush()
            assert rules.profile(queries.one(placement_id)) is None


class TestWhoSees:
    def test_the_placement_of_a_restricted_person_is_seen_by_named_staff_only(self, app: Flask) -> None:
        scene = a_scene(app)
        hidden = a_person(app, scene.town, scene.worker, restricted=True)
        placement_id = a_placement(app, scene, person_id=hidden)
        some_days(app, scene, placement_id, 5)
        colleague = a_member(app, scene.town, Party.STAFF, Role.CASEWORKER)
        with inside(app, colleague):
            with pytest.raises(NotFound):
                queries.one(placement_id)
            assert queries.of_employer(scene.employer_id) == []
            assert queries.every() == []
            assert queries.days_by_employer([scene.employer_id], LAST_MONTH.first, LAST_MONTH.last) == {}
        with inside(app, scene.worker):
            assert len(queries.of_participant(hidden)) == 1

    def test_a_history_of_sites_tells_days_and_confirmed_days(self, app: Flask) -> None:
        scene = a_scene(app)
        some_days(app, scene, a_placement(app, scene), 5, 6)
        with inside(app, scene.worker):
            row = queries.of_participant(scene.person_id)[0]
            assert (row.employer_name, row.site_name, row.days, row.confirmed) == ("北上川ベーカリー", "本店", 2, 0)
