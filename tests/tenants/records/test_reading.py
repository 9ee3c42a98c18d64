"""The caseworker reads a week, accepts it or sends it back, and sees to concerns."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.records import drafts, queries, rules
from ayumi.records.holding import hold
from ayumi.records.model import RecordStatus
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_person, a_scene, a_week, attended, said, submitted
from tests.world import a_member, inside, logged_in, posted


def address(scene: Scene, rest: object = "") -> str:
    return f"/t/{scene.town.slug}/reading/{rest}"


def handed_in(app: Flask, scene: Scene, **words: Any) -> tuple[UUID, UUID]:
    record_id = a_week(app, scene)
    return record_id, submitted(app, scene, record_id, said(scene.town, **words))


def concern_of(app: Flask, scene: Scene) -> UUID:
    with inside(app, scene.caseworker):
        concern_id: UUID = queries.open_concerns(None, 1)[1][0].concern_id
        return concern_id


class TestList:
    def test_weeks_with_a_concern_come_first(self, app: Flask) -> None:
        scene = a_scene(app)
        other = Scene(
            scene.town,
            scene.caseworker,
            scene.supporter,
            a_person(app, scene.town, caseworker=scene.caseworker, family_name="及川", given_name="誠"),
        )
        handed_in(app, scene)
        handed_in(app, other, has_concern=True, concern_what="眠れない")
        page = logged_in(app, scene.caseworker).get(address(scene)).text
        assert page.index("及川 誠") < page.index("高橋 陽子")

    def test_requests_can_be_asked_for_alone(self, app: Flask) -> None:
        scene = a_scene(app)
        handed_in(app, scene)
        client = logged_in(app, scene.caseworker)
        assert "高橋 陽子" in client.get(address(scene)).text
        assert "高橋 陽子" not in client.get(address(scene, "?only=requests")).text

    def test_a_caseworker_sees_their_own_people_unless_they_ask_for_all(self, app: Flask) -> None:
        scene = a_scene(app)
        handed_in(app, scene)
        colleague = logged_in(app, a_member(app, scene.town, Party.STAFF, Role.CASEWORKER))
        assert "高橋 陽子" not in colleague.get(address(scene)).text
        assert "高橋 陽子" in colleague.get(address(scene, "?who=all")).text

    def test_who_leads_sees_it_by_caseworker(self, app: Flask) -> None:
        scene = a_scene(app)
        handed_in(app, scene)
        leader = a_member(app, scene.town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
        page = logged_in(app, leader).get(address(scene)).text
        assert "ケースワーカー別" in page
        assert "佐々木 美咲" in page

    def test_when_all_is_read_the_list_says_so(self, app: Flask) -> None:
        scene = a_scene(app)
        assert "すべて読み終わっています。" in logged_in(app, scene.caseworker).get(address(scene)).text

    def test_odd_addresses_do_no_harm(self, app: Flask) -> None:
        scene = a_scene(app)
        client = logged_in(app, scene.caseworker)
        assert client.get(address(scene, "?page=x&of=nobody&only=nothing&who=who")).status_code == 200
        assert client.get(address(scene, "?page=99")).status_code == 200


class TestWeek:
    def test_it_shows_summary_request_and_seven_days(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id, _version = handed_in(
            app, scene, summary="よく来られた週でした。", request_to_caseworker="電話をください"
        )
        page = logged_in(app, scene.caseworker).get(address(scene, record_id)).text
        assert page.index("電話をください") < page.index("よく来られた週でした。") < page.index("朝の会")
        assert page.count('class="week__day') == 7

    def test_accepting_goes_on_to_the_next_week(self, app: Flask) -> None:
        scene = a_scene(app)
        first, second = a_week(app, scene, LAST_MONDAY - WEEK), a_week(app, scene)
        version = submitted(app, scene, first, said(scene.town, attended(scene.town, LAST_MONDAY - WEEK)))
        submitted(app, scene, second)
        client = logged_in(app, scene.caseworker)
        answer = posted(client, address(scene, f"{first}/accept"), version_id=version)
        assert str(second) in answer.location
        with inside(app, scene.caseworker):
            assert queries.week(first).status is RecordStatus.ACCEPTED

    def test_accepting_twice_does_no_harm(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, version = handed_in(app, scene)
        client = logged_in(app, scene.caseworker)
        for _again in range(2):
            answer = posted(client, address(scene, f"{record_id}/accept"), version_id=version)
            assert answer.status_code == 303

    def test_a_version_nobody_has_read_is_not_accepted(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, old = handed_in(app, scene)
        with inside(app, scene.caseworker):
            rules.send_back(record_id, version_id=old, comment="もう少し")
        submitted(app, scene, record_id, said(scene.town, summary="新しい版"))
        client = logged_in(app, scene.caseworker)
        assert posted(client, address(scene, f"{record_id}/accept"), version_id=old).status_code == 409
        assert posted(client, address(scene, f"{record_id}/accept"), version_id="x").status_code == 404

    def test_sending_back_needs_a_word(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, version = handed_in(app, scene)
        client = logged_in(app, scene.caseworker)
        assert posted(client, address(scene, f"{record_id}/return"), version_id=version, comment="").status_code == 422
        answer = posted(client, address(scene, f"{record_id}/return"), version_id=version, comment="金曜の様子を")
        assert answer.status_code == 303
        with inside(app, scene.caseworker):
            assert queries.week(record_id).status is RecordStatus.RETURNED

    def test_what_changed_since_the_last_version_is_marked(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, version = handed_in(app, scene, summary="よく来られた週でした。")
        with inside(app, scene.caseworker):
            rules.send_back(record_id, version_id=version, comment="様子を詳しく")
        submitted(app, scene, record_id, said(scene.town, summary="よく来られた週でした。表情も明るい。"))
        page = logged_in(app, scene.caseworker).get(address(scene, record_id)).text
        assert "変更あり" in page
        assert "表情も明るい。</ins>" in page
        assert "様子を詳しく" in page

    def test_a_week_that_was_not_handed_in_is_not_there_to_read(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id = a_week(app, scene)
        with inside(app, scene.supporter):
            drafts.save_week(record_id, edition=1, content=said(scene.town, summary="下書きのまとめ"))
        client = logged_in(app, scene.caseworker)
        assert client.get(address(scene, record_id)).status_code == 404
        assert "下書きのまとめ" not in client.get(f"/t/{scene.town.slug}/records/{record_id}").text

    def test_the_section_head_reads_and_does_not_decide(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, version = handed_in(app, scene)
        client = logged_in(app, a_member(app, scene.town, Party.STAFF, Role.SECTION_HEAD))
        page = client.get(address(scene, record_id))
        assert page.status_code == 200
        assert "受理する" not in page.text
        assert posted(client, address(scene, f"{record_id}/accept"), version_id=version).status_code == 403

    def test_a_week_of_another_town_is_not_there(self, app: Flask) -> None:
        scene, other = a_scene(app), a_scene(app)
        record_id, version = handed_in(app, other)
        client = logged_in(app, scene.caseworker)
        assert client.get(address(scene, record_id)).status_code == 404
        assert posted(client, address(scene, f"{record_id}/accept"), version_id=version).status_code == 404

    def test_the_week_of_a_restricted_person_is_not_there(self, app: Flask) -> None:
        scene = a_scene(app)
        hidden = a_person(app, scene.town, caseworker=scene.caseworker, supporter=scene.supporter, restricted=True)
        record_id, _version = handed_in(app, Scene(scene.town, scene.caseworker, scene.supporter, hidden))
        colleague = logged_in(app, a_member(app, scene.town, Party.STAFF, Role.CASEWORKER))
        assert colleague.get(address(scene, record_id)).status_code == 404
        assert logged_in(app, scene.caseworker).get(address(scene, record_id)).status_code == 200


class TestConcerns:
    def test_a_concern_is_acknowledged_from_the_list(self, app: Flask) -> None:
        scene = a_scene(app)
        handed_in(app, scene, has_concern=True, concern_what="眠れない日が続く")
        client = logged_in(app, scene.caseworker)
        assert "眠れない日が続く" in client.get(address(scene, "concerns")).text
        path = address(scene, f"concerns/{concern_of(app, scene)}")
        assert posted(client, path, acknowledgement="").status_code == 422
        answer = posted(client, path, acknowledgement="明日訪問します", back="concerns")
        assert answer.location.endswith("/concerns")
        assert "明日訪問します" in client.get(address(scene, "concerns?seen=1")).text
        assert "眠れない日が続く" not in client.get(address(scene, "concerns")).text

    def test_the_supporter_reads_what_is_done(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id, _version = handed_in(app, scene, has_concern=True, concern_what="眠れない日が続く")
        path = address(scene, f"concerns/{concern_of(app, scene)}")
        posted(logged_in(app, scene.caseworker), path, acknowledgement="明日訪問します")
        page = logged_in(app, scene.supporter).get(f"/portal/{scene.town.slug}/records/{record_id}").text
        assert "明日訪問します" in page

    def test_a_concern_of_another_town_is_not_there(self, app: Flask) -> None:
        scene, other = a_scene(app), a_scene(app)
        handed_in(app, other, has_concern=True, concern_what="眠れない日が続く")
        path = address(scene, f"concerns/{concern_of(app, other)}")
        assert posted(logged_in(app, scene.caseworker), path, acknowledgement="x").status_code == 404


def test_missing_weeks_are_listed_with_how_late_they_are(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        hold(record_id).record.due_on = clock.today() - timedelta(days=2)
    page = logged_in(app, scene.caseworker).get(address(scene, "missing")).text
    assert "高橋 陽子" in page
    assert "遅れ 2日" in page
