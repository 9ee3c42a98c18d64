"""Employers: whose they are, who may change them, and what an agreement needs."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from ayumi.employers import queries, rules
from ayumi.employers.model import EmployerStatus, Offer, Site
from ayumi.employers.queries import Wanted
from ayumi.employers.schemas import EmployerInput
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import ids
from ayumi.kernel.db import db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound, Refused
from tests.employers.scene import FIRST, LAST, TERMS, a_price, a_scene
from tests.world import inside


def names(**wanted: object) -> list[str]:
    return [row.name for row in queries.every(Wanted(**wanted))]  # type: ignore[arg-type]


class TestRegister:
    def test_an_employer_sent_twice_is_entered_once(self, app: Flask) -> None:
        scene, id = a_scene(app), ids.new()
        with inside(app, scene.worker):
            made = [rules.register(id=id, name="いわて農園", offers=[Offer.EXPERIENCE]) for _twice in range(2)]
            assert made[0] is made[1]
            assert (made[0].status, made[0].offers) == (EmployerStatus.PROSPECT, ["experience"])

    def test_two_employers_cannot_have_one_name(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            with pytest.raises(IntegrityError, match="uq_employer_tenant_id_name"):
                rules.register(id=ids.new(), name="北上川ベーカリー")
            db.session.rollback()

    def test_what_a_firm_finds_is_its_own(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        with inside(app, scene.who):
            employer = rules.register(id=ids.new(), name="みちのく食堂")
            assert employer.firm_id == scene.firm_id

    @pytest.mark.parametrize("number", ["7000012050002", "７０００-０１２０-５０００２"])
    def test_a_corporate_number_is_taken_in_any_width(self, number: str) -> None:
        assert EmployerInput().load({"name": "店", "corporate_number": number})["corporate_number"] == "7000012050002"

    def test_a_corporate_number_with_a_wrong_check_digit_is_refused(self) -> None:
        assert "corporate_number" in EmployerInput().validate({"name": "店", "corporate_number": "1000012050002"})


class TestEdit:
    def test_two_people_editing_are_told(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            edition = queries.one(scene.employer_id).edition
            rules.edit(scene.employer_id, edition=edition, name="北上川ベーカリー", business="製パン")
            with pytest.raises(ChangedMeanwhile):
                rules.edit(scene.employer_id, edition=edition, name="別の名前")

    def test_a_firm_cannot_change_what_the_municipality_looks_after(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        with inside(app, scene.who), pytest.raises(Refused):
            rules.edit(scene.employer_id, edition=2, name="うちの店")

    def test_what_belongs_to_an_employer_follows_it_to_its_firm(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        a_price(app, scene)
        with inside(app, scene.worker):
            employer = queries.one(scene.employer_id)
            rules.edit(employer.id, edition=employer.edition, firm_id=scene.firm_id, name=employer.name)
        with inside(app, scene.who):
            assert one(Site, scene.site_id).firm_id == scene.firm_id
            assert queries.price_on(scene.employer_id, FIRST) is not None


class TestWhoSees:
    def test_a_firm_sees_its_own_and_everybodys_but_no_other_firms(self, app: Flask) -> None:
        mine = a_scene(app, with_firm=True)
        with inside(app, mine.worker):
            rules.register(id=ids.new(), name="よその店", firm_id=a_scene(app, with_firm=True).firm_id)
        with inside(app, mine.who):
            rules.register(id=ids.new(), name="みちのく食堂")
            assert set(names()) == {"北上川ベーカリー", "みちのく食堂"}

    def test_employers_of_another_municipality_are_not_there(self, app: Flask) -> None:
        here, there = a_scene(app), a_scene(app)
        with inside(app, here.worker), pytest.raises(NotFound):
            queries.one(there.employer_id)


class TestLists:
    def test_a_list_is_narrowed_by_reading_status_offer_and_agreement(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            rules.register(id=ids.new(), name="いわて農園", kana="イワテノウエン", offers=[Offer.VOLUNTEER])
            assert names() == ["いわて農園", "北上川ベーカリー"]
            assert names(down=True) == ["北上川ベーカリー", "いわて農園"]
            assert names(text="のうえん") == names(offer=Offer.VOLUNTEER) == names(agreed=False) == ["いわて農園"]
            assert names(status=EmployerStatus.PARTNER) == names(agreed=True) == ["北上川ベーカリー"]
            assert names(text="100%") == []


class TestAgree:
    def test_an_agreement_makes_a_partner_of_whoever_was_being_talked_to(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            assert queries.one(scene.employer_id).status is EmployerStatus.PARTNER

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"starts_on": FIRST - timedelta(days=1)}, "starts_on"),
            ({"ends_on": LAST + timedelta(days=1)}, "ends_on"),
            ({"starts_on": LAST, "ends_on": FIRST}, "ends_on"),
            ({"insured_until": None}, "insured_until"),
        ],
    )
    def test_terms_that_do_not_fit_are_refused_beside_their_field(
        self, app: Flask, said: dict[str, object], field: str
    ) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            other = rules.register(id=ids.new(), name="いわて農園")
            with pytest.raises(Invalid) as refusal:
                rules.agree(other.id, id=ids.new(), fiscal_year=fiscal_year(FIRST), **TERMS | said)
            assert field in refusal.value.fields

    def test_a_second_agreement_for_the_same_year_is_refused_by_the_database(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            with pytest.raises(IntegrityError, match="fiscal_year"):
                rules.agree(scene.employer_id, id=ids.new(), fiscal_year=fiscal_year(FIRST), **TERMS)
            db.session.rollback()


class TestRest:
    def test_a_resting_partner_comes_back(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            assert rules.rest(scene.employer_id, why="改装中").status is EmployerStatus.RESTING
            assert rules.welcome(scene.employer_id).status is EmployerStatus.PARTNER
