"""The pages of keeping and disposing: who sees whom, who decides, and what is said when something does not go."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.retention.model import Artefact, DisposalStatus
from tests.retention.papers import a_scene
from tests.retention.scene import GONE, STAYS, Scene
from tests.tenants.pages import made, path, send, text_of, token
from tests.world import a_member, logged_in


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app)


class TestLists:
    def test_from_the_draft_to_the_certificate(self, app: Flask, scene: Scene) -> None:
        drafter, head = logged_in(app, scene.drafter), logged_in(app, scene.head)
        new = path(scene.drafter, "/retention/new")
        disposal_id = made(send(drafter, new, _token=token(), due_on="2026-04-01"))
        address = path(scene.drafter, f"/retention/lists/{disposal_id}")
        assert f"{GONE} 名" in text_of(drafter, address)
        assert send(drafter, f"{address}/hand-in", edition=1).status_code == 302
        assert "決裁して消去する" not in text_of(drafter, address)
        assert "決裁して消去する" in text_of(head, address)
        assert "決裁待ちの廃棄一覧" in text_of(head, path(scene.drafter, "/"))
        assert send(head, f"{address}/approve", edition=2).status_code == 302
        assert "<progress" in text_of(head, address)
        assert "決裁待ちの廃棄一覧" not in text_of(head, path(scene.drafter, "/"))
        scene.carried_out(disposal_id)
        page = text_of(head, address)
        assert GONE not in page
        assert "証明書をダウンロードする" in page
        paper = head.get(f"{address}/certificate")
        assert paper.status_code == 200
        assert paper.data.startswith(b"%PDF")

    def test_an_administrator_sees_what_is_on_it_and_no_names(self, app: Flask, scene: Scene) -> None:
        disposal_id = scene.drafted()
        page = text_of(logged_in(app, scene.administrator), path(scene.drafter, f"/retention/lists/{disposal_id}"))
        assert GONE not in page
        assert "対象者" in page

    def test_whoever_drafted_it_is_refused(self, app: Flask, scene: Scene) -> None:
        second = a_member(app, scene.town, Party.STAFF, Role.SECTION_HEAD)
        client = logged_in(app, second)
        disposal_id = made(send(client, path(second, "/retention/new"), _token=token(), due_on="令和8年4月1日"))
        address = path(second, f"/retention/lists/{disposal_id}")
        send(client, f"{address}/hand-in", edition=1)
        assert send(client, f"{address}/approve", edition=2).status_code == 403

    def test_one_thing_is_kept_back_and_put_back(self, app: Flask, scene: Scene) -> None:
        disposal_id, client = scene.drafted(), logged_in(app, scene.drafter)
        [item] = scene.rows("disposal_item", artefact=Artefact.CONSENT)
        address = path(scene.drafter, f"/retention/items/{item.id}")
        assert send(client, f"{address}/keep", why="").status_code == 422
        assert send(client, f"{address}/keep", why="照会中").status_code == 302
        assert "照会中" in text_of(client, path(scene.drafter, f"/retention/lists/{disposal_id}"))
        assert send(client, f"{address}/put-back").status_code == 302
        [item] = scene.rows("disposal_item", artefact=Artefact.CONSENT)
        assert not item.is_kept_back

    def test_two_at_once_are_told(self, app: Flask, scene: Scene) -> None:
        disposal_id, client = scene.drafted(), logged_in(app, scene.drafter)
        address = path(scene.drafter, f"/retention/lists/{disposal_id}")
        assert send(client, f"{address}/hand-in", edition=9).status_code == 409
        [row] = scene.rows("disposal")
        assert row.status is DisposalStatus.DRAFTED

    def test_given_up_nothing_is_erased(self, app: Flask, scene: Scene) -> None:
        disposal_id, client = scene.drafted(), logged_in(app, scene.drafter)
        address = path(scene.drafter, f"/retention/lists/{disposal_id}")
        assert send(client, f"{address}/give-up", edition=1).status_code == 302
        assert len(scene.rows("participant")) == 2
        assert scene.drafted() != disposal_id

    def test_nothing_due_is_said_beside_the_day(self, app: Flask, scene: Scene) -> None:
        client = logged_in(app, scene.drafter)
        answer = send(client, path(scene.drafter, "/retention/new"), _token=token(), due_on="2999-04-01")
        assert answer.status_code == 422
        assert "先の日付です" in answer.get_data(as_text=True)

    def test_caseworkers_have_no_part_in_it(self, app: Flask, scene: Scene) -> None:
        client = logged_in(app, a_member(app, scene.town, Party.STAFF, Role.CASEWORKER))
        for tail in ("/retention/", "/retention/classes", "/retention/holds/", "/retention/new"):
            assert client.get(path(scene.drafter, tail)).status_code == 403


class TestClasses:
    YEARS = {each.value: "5" for each in Artefact} | {"contract": "10", "statistics": "", "edition": "0"}

    def test_the_defaults_hold_until_something_else_is_decided(self, app: Flask, scene: Scene) -> None:
        page = text_of(logged_in(app, scene.administrator), path(scene.administrator, "/retention/classes"))
        assert "永久" in page
        assert "10年" in page

    def test_they_are_changed_and_then_counted_with(self, app: Flask, scene: Scene) -> None:
        client, edit = logged_in(app, scene.administrator), path(scene.administrator, "/retention/classes/edit")
        words = self.YEARS | {"case": "15"}
        assert send(client, edit, **words).status_code == 302
        assert {row.artefact: row.years for row in scene.rows("retention_class")}[Artefact.CASE] == 15
        disposal_id = scene.drafted()
        listed = {row.artefact for row in scene.rows("disposal_item", disposal_id=disposal_id, subject_id=scene.gone)}
        assert listed == {Artefact.SUPPORT_RECORD, Artefact.PLAN, Artefact.CONSENT}

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"case": "4"}, "5年以上にしてください"),
            ({"statistics": "9"}, "10年以上にしてください"),
            ({"plan": "10"}, "ケースには記録・計画・同意書が含まれます"),
            ({"payment_voucher": "12"}, "単価は支払いの根拠です"),
            ({"plan": ""}, "ケースには記録・計画・同意書が含まれます"),
        ],
    )
    def test_too_short_is_refused_beside_the_field(
        self, app: Flask, scene: Scene, words: dict[str, str], sentence: str
    ) -> None:
        client, edit = logged_in(app, scene.administrator), path(scene.administrator, "/retention/classes/edit")
        answer = send(client, edit, **(self.YEARS | words))
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert scene.rows("retention_class") == []

    def test_the_slower_of_two_is_told(self, app: Flask, scene: Scene) -> None:
        client, edit = logged_in(app, scene.administrator), path(scene.administrator, "/retention/classes/edit")
        assert send(client, edit, **self.YEARS).status_code == 302
        assert send(client, edit, **self.YEARS).status_code == 409

    def test_section_heads_read_them_and_do_not_change_them(self, app: Flask, scene: Scene) -> None:
        client = logged_in(app, scene.head)
        assert client.get(path(scene.head, "/retention/classes")).status_code == 200
        assert client.get(path(scene.head, "/retention/classes/edit")).status_code == 403


class TestHolds:
    def test_from_the_persons_page_and_back(self, app: Flask, scene: Scene) -> None:
        client = logged_in(app, scene.head)
        address = path(scene.head, f"/retention/holds/people/{scene.stays}")
        assert address in text_of(client, path(scene.head, f"/people/{scene.stays}"))
        assert send(client, address, _token=token(), why="審査請求中").status_code == 302
        page = text_of(client, path(scene.head, "/retention/holds/"))
        assert "審査請求中" in page
        assert f"{STAYS} 名" in page
        [hold] = scene.rows("legal_hold")
        lift = path(scene.head, f"/retention/holds/{hold.id}/lift")
        assert send(client, lift, why="裁決が確定").status_code == 302
        assert "裁決が確定" in text_of(client, path(scene.head, "/retention/holds/"))

    def test_an_administrator_holds_by_case_number_and_sees_no_name(self, app: Flask, scene: Scene) -> None:
        client, new = logged_in(app, scene.administrator), path(scene.administrator, "/retention/holds/new")
        answer = send(client, new, _token=token(), why="監査", case_number="ない番号")
        assert answer.status_code == 422
        assert "見つかりません" in answer.get_data(as_text=True)
        assert send(client, new, _token=token(), why="監査", case_number=f"{STAYS}-1").status_code == 302
        page = text_of(client, path(scene.administrator, "/retention/holds/"))
        assert f"{STAYS}-1" in page
        assert f"{STAYS} 名" not in page

    def test_a_second_hold_is_refused(self, app: Flask, scene: Scene) -> None:
        client, new = logged_in(app, scene.administrator), path(scene.administrator, "/retention/holds/new")
        send(client, new, _token=token(), why="監査", case_number=f"{STAYS}-1")
        assert send(client, new, _token=token(), why="監査", case_number=f"{STAYS}-1").status_code == 409
