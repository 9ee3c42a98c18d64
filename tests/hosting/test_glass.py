"""Break-glass: nobody looks inside without a second operator and, where it wishes so, the municipality itself."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from ayumi.hosting import glass
from ayumi.hosting.model import EndedBy, GlassBreak, GlassStatus
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.kernel.states import IllegalMove
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import AccessPolicy
from jobs import glass_ends
from jobs.kinds import KINDS
from tests.hosting.glass_scene import Scene, a_scene
from tests.hosting.operators import Operator, hosting
from tests.world import a_town, at, inside, logged_in, posted, working


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app)


class TestNobodyGetsIn:
    def test_without_a_request(self, scene: Scene) -> None:
        assert scene.looks() == 404

    def test_by_asking_alone(self, scene: Scene) -> None:
        scene.ask()
        assert scene.looks() == 404

    def test_by_approving_oneself(self, scene: Scene) -> None:
        id = scene.ask()
        with pytest.raises(glass.NotByOneself):
            scene.approve(id, scene.asking)
        assert scene.status(id) is GlassStatus.ASKED
        assert scene.looks() == 404

    def test_before_the_municipality_has_agreed(self, scene: Scene) -> None:
        id = scene.ask()
        scene.approve(id)
        assert scene.status(id) is GlassStatus.APPROVED
        assert scene.looks() == 404

    def test_by_the_municipalitys_consent_without_a_second_operator(self, scene: Scene) -> None:
        id = scene.ask()
        with pytest.raises(Refused):
            scene.agree(id)
        assert scene.looks() == 404

    def test_who_has_only_approved(self, scene: Scene) -> None:
        scene.open()
        assert scene.looks(scene.second) == 404

    def test_without_a_second_factor(self, scene: Scene) -> None:
        scene.open()
        browser = hosting(scene.app, scene.asking, second_factor=False)
        assert browser.get(f"/t/{scene.town.slug}/").status_code == 404
        assert browser.get("/operator/").status_code == 302

    def test_into_another_municipality(self, scene: Scene) -> None:
        scene.open()
        browser, other = hosting(scene.app, scene.asking), a_town(scene.app)
        assert browser.get(f"/t/{other.slug}/").status_code == 404
        assert browser.get(f"/portal/{scene.town.slug}/").status_code == 404

    def test_after_its_time(self, scene: Scene) -> None:
        scene.open()
        browser = hosting(scene.app, scene.asking)
        assert browser.get(f"/t/{scene.town.slug}/").status_code == 200
        with clock.at(clock.now() + timedelta(minutes=61)):
            assert browser.get(f"/t/{scene.town.slug}/").status_code == 404

    def test_whose_account_is_no_operators_any_more(self, scene: Scene) -> None:
        scene.open()
        browser = hosting(scene.app, scene.asking)
        with scene.app.app_context(), visiting(Place(Door.OWNER)) as session:
            session.execute(
                text("UPDATE account SET is_operator = false WHERE id = :id"), {"id": scene.asking.account_id}
            )
        assert browser.get(f"/t/{scene.town.slug}/").status_code == 404


class TestOpening:
    def test_with_both_it_opens_for_the_hours_asked_and_no_longer(self, scene: Scene) -> None:
        id = scene.open()
        assert scene.looks() == 200
        with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
            broken = session.get_one(GlassBreak, (scene.town.tenant_id, id))
            assert broken.opened_at is not None
            assert broken.ends_at == broken.opened_at + timedelta(hours=1)

    def test_a_municipality_that_does_not_insist_is_told_and_not_asked(self, scene: Scene) -> None:
        with scene.without_consent():
            id = scene.ask()
            scene.approve(id)
        assert scene.status(id) is GlassStatus.OPEN
        assert scene.looks() == 200

    def test_a_municipality_that_begins_to_insist_meanwhile_is_asked(self, scene: Scene) -> None:
        with scene.without_consent():
            id = scene.ask()
        with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
            session.execute(update(AccessPolicy).values(glass_needs_consent=True))
        scene.approve(id)
        assert scene.status(id) is GlassStatus.APPROVED

    def test_asked_twice_it_is_asked_once_and_two_at_a_time_are_refused(self, scene: Scene) -> None:
        id = ids.new()
        said = {"reason": "不具合", "ticket": "T", "hours": 1, "pledged": True, "name": "運用"}
        for _click in range(2):
            with at(scene.app, scene.asking.place(scene.town)):
                assert glass.ask(id=id, **said).id == id  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            scene.ask()

    def test_without_the_pledge_nothing_is_asked(self, scene: Scene) -> None:
        with pytest.raises(Invalid), at(scene.app, scene.asking.place(scene.town)):
            glass.ask(id=ids.new(), name="運用", reason="不具合", ticket="T", hours=1, pledged=False)

    def test_a_request_of_yesterday_is_not_approved_any_more_and_lapses(self, scene: Scene) -> None:
        id = scene.ask()
        with clock.at(clock.now() + timedelta(hours=25)):
            with pytest.raises(glass.TooLate):
                scene.approve(id)
            with working(scene.app, scene.town):
                glass_ends.run(glass_break_id=str(id))
        assert scene.status(id) is GlassStatus.REFUSED

    def test_a_refused_request_stays_refused(self, scene: Scene) -> None:
        id = scene.ask()
        with inside(scene.app, scene.administrator):
            glass.refuse(id, refusal="今は困ります")
        with pytest.raises(IllegalMove):
            scene.approve(id)
        assert scene.status(id) is GlassStatus.REFUSED


class TestTheDatabaseItself:
    def change(self, scene: Scene, operator: Operator, sentence: str, **values: object) -> None:
        with at(scene.app, operator.place(scene.town)):
            db.session.execute(text(sentence), values | {"t": scene.town.tenant_id})

    def test_refuses_one_operator_in_both_hands(self, scene: Scene) -> None:
        id = scene.ask()
        sentence = "UPDATE glass_break SET approved_by = :me WHERE tenant_id = :t AND id = :id"
        with pytest.raises(DBAPIError, match="second operator"):
            self.change(scene, scene.asking, sentence, me=scene.asking.account_id, id=id)
        with pytest.raises(DBAPIError, match="second operator"):
            self.change(scene, scene.asking, sentence, me=scene.second.account_id, id=id)

    def test_refuses_to_ask_in_somebody_elses_name(self, scene: Scene) -> None:
        with pytest.raises(DBAPIError, match="in their own name"), at(scene.app, scene.asking.place(scene.town)):
            glass_break = GlassBreak(
                asked_by=scene.second.account_id, asked_by_name="x", asked_at=clock.now(), reason="x", ticket="x",
                hours=1, needs_consent=False, status=GlassStatus.ASKED,
            )  # fmt: skip
            db.session.add(glass_break)
            db.session.flush()

    def test_refuses_to_open_what_was_not_approved_or_agreed_to(self, scene: Scene) -> None:
        id = scene.ask()
        opening = "SET status = 'open', opened_at = now(), ends_at = now()"
        sentence = f"UPDATE glass_break {opening} WHERE tenant_id = :t AND id = :id"
        with pytest.raises(DBAPIError, match="opened_by_all"):
            self.change(scene, scene.asking, sentence, id=id)
        scene.approve(id)
        with pytest.raises(DBAPIError, match="opened_by_all"):
            self.change(scene, scene.second, sentence, id=id)

    def test_refuses_more_hours_than_were_asked_for(self, scene: Scene) -> None:
        id = scene.open()
        later = "UPDATE glass_break SET ends_at = ends_at + interval '1 minute' WHERE tenant_id = :t AND id = :id"
        with pytest.raises(DBAPIError, match="length"):
            self.change(scene, scene.asking, later, id=id)
        with pytest.raises(DBAPIError, match="permission denied"):
            self.change(scene, scene.asking, "UPDATE glass_break SET hours = 4 WHERE tenant_id = :t", id=id)

    def test_shows_an_operator_nothing_of_the_review(self, scene: Scene) -> None:
        with pytest.raises(DBAPIError, match="permission denied"):
            self.change(scene, scene.asking, "SELECT review FROM glass_break WHERE tenant_id = :t")


class TestEnding:
    def test_the_worker_closes_it_when_its_time_is_over_and_not_before(self, scene: Scene) -> None:
        id = scene.open()
        with working(scene.app, scene.town):
            KINDS["glass_end"](glass_break_id=str(id))
        assert scene.status(id) is GlassStatus.OPEN
        with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
            for _time in range(2):
                with working(scene.app, scene.town):
                    KINDS["glass_end"](glass_break_id=str(id))
        assert scene.status(id) is GlassStatus.ENDED

    def test_the_municipality_closes_it_at_any_moment(self, scene: Scene) -> None:
        id = scene.open()
        browser = hosting(scene.app, scene.asking)
        assert browser.get(f"/t/{scene.town.slug}/").status_code == 200
        assert posted(logged_in(scene.app, scene.head), f"/t/{scene.town.slug}/glass/{id}/end").status_code == 302
        assert browser.get(f"/t/{scene.town.slug}/").status_code == 404

    def test_the_operator_closes_it_from_the_banner_of_any_page(self, scene: Scene) -> None:
        id = scene.open()
        browser = hosting(scene.app, scene.asking)
        address = f"/operator/m/{scene.town.slug}/glass/{id}/end"
        assert address in browser.get(f"/t/{scene.town.slug}/people/").get_data(as_text=True)
        assert posted(browser, address).status_code == 302
        assert scene.status(id) is GlassStatus.ENDED
        assert scene.looks() == 404

    def test_what_has_ended_does_not_open_again(self, scene: Scene) -> None:
        id = scene.open()
        with at(scene.app, scene.asking.place(scene.town)):
            glass.end(id, by=EndedBy.OPERATOR)
        with pytest.raises(IllegalMove):
            scene.approve(id)
        with pytest.raises((IllegalMove, DBAPIError)):
            scene.agree(id)
