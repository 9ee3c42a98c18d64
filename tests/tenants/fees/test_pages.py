"""Section head and finance look at a month's fees, sign them, or send lines back."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.fees import approval, rules
from ayumi.fees.approval import Return
from ayumi.fees.model import LineStatus, ReturnReason, StatementStatus
from ayumi.placements.model import DayStatus
from tests.fees.scene import BEFORE_LAST, LAST_MONTH, Scene, a_day, a_scene, dates, on
from tests.world import a_member, logged_in, posted, working


@pytest.fixture
def scene(app: Flask) -> Scene:
    scene = a_scene(app, people=2)
    scene.confirmed(*dates(LAST_MONTH, 3, 5))
    scene.confirmed(*dates(LAST_MONTH, 5), placement_id=scene.placements[1])
    return scene


def address(scene: Scene, rest: object = "") -> str:
    return f"/t/{scene.town.slug}/approval/{rest}"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


class TestTheMonth:
    def test_its_title_holds_the_total(self, scene: Scene) -> None:
        scene.submitted()
        page = text_of(logged_in(scene.app, scene.approver), address(scene, f"?month={LAST_MONTH}"))
        assert "合計6,480円</h1>" in page
        assert "合計6,480円 |" in page

    def test_it_says_how_it_differs_from_last_month(self, scene: Scene) -> None:
        scene.confirmed(*dates(BEFORE_LAST, 7))
        scene.approved(BEFORE_LAST)
        scene.submitted()
        page = text_of(logged_in(scene.app, scene.approver), address(scene, f"?month={LAST_MONTH}"))
        assert "+2日" in page
        assert "+4,320" in page

    def test_those_without_questions_are_approved_at_once(self, scene: Scene) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        assert f"seen-{statement_id}" in text_of(client, address(scene, f"?month={LAST_MONTH}"))
        posted(client, address(scene, "clean"), month=LAST_MONTH, **{f"seen-{statement_id}": 1, "seen-nothing": 1})
        assert scene.statement(statement_id).status is StatementStatus.APPROVED
        assert "確認すること" in text_of(client, address(scene, f"?month={LAST_MONTH}"))

    def test_a_question_keeps_it_out_of_those(self, scene: Scene) -> None:
        statement_id = scene.submitted()
        with working(scene.app, scene.town):
            day = a_day(scene.placement_id, on(LAST_MONTH, 20)).id
        scene.becomes(day, DayStatus.DISPUTED)
        page = text_of(logged_in(scene.app, scene.approver), address(scene, f"?month={LAST_MONTH}"))
        assert f"seen-{statement_id}" not in page
        assert "事業所が「違う」：1日" in page

    def test_nobody_sees_a_button_for_what_they_handed_in(self, scene: Scene) -> None:
        both = a_member(
            scene.app, scene.town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER, Role.SECTION_HEAD, name="兼務 一子"
        )
        scene.compiler = both
        statement_id = scene.submitted()
        client = logged_in(scene.app, both)
        month = text_of(client, address(scene, f"?month={LAST_MONTH}"))
        assert "ご自身が提出" in month
        assert 'value="approve"' not in month
        assert 'name="seen-' not in month
        page = text_of(client, address(scene, statement_id))
        assert 'name="do"' not in page
        answer = posted(client, address(scene, statement_id), edition=1, do="approve")
        assert answer.status_code == 403

    def test_finance_sees_nicknames_and_days_but_no_names(self, scene: Scene) -> None:
        statement_id = scene.submitted()
        finance = a_member(scene.app, scene.town, Party.STAFF, Role.FINANCE_OFFICER)
        client = logged_in(scene.app, finance)
        for path in (address(scene, f"?month={LAST_MONTH}"), address(scene, statement_id)):
            page = text_of(client, path)
            assert "高橋" not in page
            assert scene.said(statement_id).lines[0].nickname in page
        assert "高橋 陽子" in text_of(logged_in(scene.app, scene.approver), address(scene, statement_id))

    def test_an_empty_month_says_why(self, scene: Scene) -> None:
        page = text_of(logged_in(scene.app, scene.approver), address(scene, "?month=2021-05"))
        assert "この月の明細は、まだありません。" in page

    def test_the_accounts_get_it_as_csv(self, scene: Scene) -> None:
        scene.approved()
        client = logged_in(scene.app, scene.approver)
        answer = client.get(address(scene, f"month.csv?month={LAST_MONTH}"))
        rows = answer.data.decode("utf-8-sig").splitlines()
        assert len(rows) == 2
        assert "北上川ベーカリー" in rows[1]
        assert ",6480," in rows[1]
        other = client.get(address(scene, f"month.csv?month={LAST_MONTH}&encoding=cp932"))
        assert "北上川ベーカリー" in other.data.decode("cp932")


class TestDeciding:
    def test_line_by_line(self, scene: Scene) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        first, second = scene.said(statement_id).lines
        posted(client, address(scene, statement_id), edition=1, do=f"approve:{first.id}")
        assert [line.status for line in scene.said(statement_id).lines] == [LineStatus.APPROVED, LineStatus.OPEN]
        posted(client, address(scene, statement_id), edition=1, do=f"approve:{second.id}")
        assert scene.statement(statement_id).status is StatementStatus.APPROVED

    def test_all_lines(self, scene: Scene) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        posted(client, address(scene, statement_id), edition=1, do="approve")
        page = text_of(client, address(scene, statement_id))
        assert "確定 第1版" in page
        assert 'class="sealed"' in page

    def test_chosen_lines_go_back_with_their_reasons(self, scene: Scene) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        line = scene.said(statement_id).lines[0]
        fields = {
            f"reason-{line.id}": "days",
            f"word-{line.id}": "5日は休みのはずです",
            "edition": 1,
            "do": "send_back",
        }
        posted(client, address(scene, statement_id), **fields)
        said = scene.said(statement_id)
        assert said.statement.status is StatementStatus.RETURNED
        assert (said.lines[0].return_reason, said.lines[0].return_word) == (ReturnReason.DAYS, "5日は休みのはずです")
        assert "5日は休みのはずです" in text_of(client, address(scene, statement_id))

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"do": "send_back"}, 422),
            ({"do": ""}, 422),
            ({"do": "approve", "edition": 7}, 409),
            ({"do": f"approve:{uuid4()}"}, 404),
        ],
    )
    def test_what_does_not_fit_is_said(self, scene: Scene, fields: dict[str, object], status: int) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        answer = posted(client, address(scene, statement_id), **({"edition": 1} | fields))
        assert answer.status_code == status
        assert scene.statement(statement_id).status is StatementStatus.SUBMITTED

    def test_what_was_typed_beside_a_line_stays_when_it_does_not_fit(self, scene: Scene) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        line = scene.said(statement_id).lines[0]
        fields = {f"reason-{line.id}": "days", f"word-{line.id}": "あ" * 301, "edition": 1, "do": "send_back"}
        answer = posted(client, address(scene, statement_id), **fields)
        assert answer.status_code == 422
        assert "あ" * 301 in answer.get_data(as_text=True)

    def test_an_approver_of_an_old_edition_is_told(self, scene: Scene) -> None:
        statement_id, client = scene.submitted(), logged_in(scene.app, scene.approver)
        line = scene.said(statement_id).lines[0]
        with scene.approving():
            approval.send_back(statement_id, edition=1, lines={line.id: Return(ReturnReason.OTHER)})
        with scene.compiling():
            rules.submit(statement_id)
        answer = posted(client, address(scene, statement_id), edition=1, do="approve")
        assert answer.status_code == 409
        assert scene.statement(statement_id).edition == 2

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.CASEWORKER, 403),
            (Role.EMPLOYMENT_SUPPORT_WORKER, 403),
            (Role.FINANCE_OFFICER, 302),
            (Role.SECTION_HEAD, 302),
        ],
    )
    def test_only_heads_and_finance_decide(self, scene: Scene, role: Role, status: int) -> None:
        statement_id = scene.submitted()
        member = a_member(scene.app, scene.town, Party.STAFF, role)
        answer = posted(logged_in(scene.app, member), address(scene, statement_id), edition=1, do="approve")
        assert answer.status_code == status
