"""A month's fees put together on pages, by own staff in the console and by a firm in its portal."""

import re
from io import BytesIO
from urllib.parse import unquote
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.fees import rules
from ayumi.fees.model import Statement, StatementStatus
from ayumi.kernel.db import db
from ayumi.placements.model import DayStatus
from tests.fees.scene import BEFORE_LAST, LAST_MONTH, Scene, a_scene, dates
from tests.overheard import overheard
from tests.world import Member, a_contract, a_member, logged_in, posted


def address(scene: Scene, rest: str) -> str:
    face = "portal" if scene.firm_id else "t"
    return f"/{face}/{scene.town.slug}/fees/{rest}"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture(params=[False, True], ids=["own staff", "a firm"])
def scene(app: Flask, request: pytest.FixtureRequest) -> Scene:
    scene = a_scene(app, with_firm=request.param, people=2)
    scene.confirmed(*dates(LAST_MONTH, 3, 5))
    return scene


def the_only(scene: Scene) -> UUID:
    with scene.compiling():
        return db.session.scalars(select(Statement.id)).one()


class TestTheMonth:
    def test_it_shows_what_is_in_no_statement_yet(self, scene: Scene) -> None:
        page = text_of(logged_in(scene.app, scene.compiler), address(scene, f"?month={LAST_MONTH}"))
        assert "北上川ベーカリー" in page
        assert "確認済み：2日" in page
        assert "4,320円" in page

    def test_compiling_makes_a_draft_and_leads_to_it(self, scene: Scene) -> None:
        client = logged_in(scene.app, scene.compiler)
        answer = posted(client, address(scene, "compile"), month=LAST_MONTH, employer_id=scene.employer_id)
        assert answer.status_code == 302
        assert str(the_only(scene)) in answer.headers["Location"]

    def test_a_double_click_makes_one_statement(self, scene: Scene) -> None:
        client, token = logged_in(scene.app, scene.compiler), uuid4()
        for _click in range(2):
            fields = {"month": LAST_MONTH, "employer_id": scene.employer_id, "_token": token}
            answer = posted(client, address(scene, "compile"), **fields)
            assert answer.headers["Location"].endswith(str(token))
        assert the_only(scene) == token

    def test_a_colleague_who_was_quicker_is_a_clear_conflict(self, scene: Scene) -> None:
        scene.compiled()
        client = logged_in(scene.app, scene.compiler)
        answer = posted(client, address(scene, "compile"), month=LAST_MONTH, employer_id=scene.employer_id)
        assert answer.status_code == 409
        assert "すでに作業中" in answer.get_data(as_text=True)

    def test_all_at_once(self, scene: Scene) -> None:
        client = logged_in(scene.app, scene.compiler)
        posted(client, address(scene, "compile-all"), month=LAST_MONTH, _token=uuid4())
        assert scene.statement(the_only(scene)).total == 4320

    def test_with_nothing_to_pay_it_says_so(self, scene: Scene) -> None:
        client = logged_in(scene.app, scene.compiler)
        answer = posted(client, address(scene, "compile"), month=BEFORE_LAST, employer_id=scene.employer_id)
        assert answer.status_code == 422
        assert "明細は作りません" in answer.get_data(as_text=True)

    def test_an_employer_of_elsewhere_is_not_there(self, scene: Scene) -> None:
        client = logged_in(scene.app, scene.compiler)
        for employer_id in (uuid4(), ""):
            answer = posted(client, address(scene, "compile"), month=LAST_MONTH, employer_id=employer_id)
            assert answer.status_code == 404

    @pytest.mark.parametrize("month", ["", "2026-13", "last", "令和8年10月"])
    def test_a_month_that_is_none_shows_last_month(self, scene: Scene, month: str) -> None:
        assert "北上川ベーカリー" in text_of(logged_in(scene.app, scene.compiler), address(scene, f"?month={month}"))

    def test_it_takes_few_questions_however_many_employers_there_are(self, scene: Scene) -> None:
        scene.compiled()
        client = logged_in(scene.app, scene.compiler)
        with overheard(scene.app) as asked:
            text_of(client, address(scene, f"?month={LAST_MONTH}"))
        assert len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 6


class TestAStatement:
    def test_it_is_handed_in_with_a_note(self, scene: Scene) -> None:
        statement_id, client = scene.compiled(), logged_in(scene.app, scene.compiler)
        page = text_of(client, address(scene, str(statement_id)))
        fields = {"note": "3日は確認が遅れました。", "seen": seen_on(page), "do": "submit"}
        assert posted(client, address(scene, f"{statement_id}/hand-in"), **fields).status_code == 302
        made = scene.statement(statement_id)
        assert (made.status, made.note, made.edition) == (StatementStatus.SUBMITTED, fields["note"], 1)
        assert "承認待ち" in text_of(client, address(scene, str(statement_id)))

    def test_the_note_can_be_saved_alone(self, scene: Scene) -> None:
        statement_id, client = scene.compiled(), logged_in(scene.app, scene.compiler)
        page = text_of(client, address(scene, str(statement_id)))
        posted(client, address(scene, f"{statement_id}/hand-in"), note="途中", seen=seen_on(page), do="save")
        made = scene.statement(statement_id)
        assert (made.status, made.note) == (StatementStatus.DRAFT, "途中")

    def test_who_saw_something_else_keeps_what_they_typed(self, scene: Scene) -> None:
        statement_id, client = scene.compiled(), logged_in(scene.app, scene.compiler)
        seen = seen_on(text_of(client, address(scene, str(statement_id))))
        scene.confirmed(*dates(LAST_MONTH, 9))
        with scene.compiling():
            rules.recompile(statement_id)
        answer = posted(client, address(scene, f"{statement_id}/hand-in"), note="大切なメモ", seen=seen, do="submit")
        assert answer.status_code == 409
        assert "大切なメモ" in answer.get_data(as_text=True)
        assert scene.statement(statement_id).status is StatementStatus.DRAFT

    def test_days_that_changed_are_named_and_compiled_again(self, scene: Scene) -> None:
        statement_id, client = scene.compiled(), logged_in(scene.app, scene.compiler)
        day = scene.said(statement_id).lines[0].days[0]
        scene.becomes(day.experience_day_id, DayStatus.DISPUTED)
        page = text_of(client, address(scene, str(statement_id)))
        assert "集計したあとに" in page
        posted(client, address(scene, f"{statement_id}/compile"), seen=seen_on(page))
        assert scene.statement(statement_id).total == 2160

    def test_it_is_given_up_with_a_reason(self, scene: Scene) -> None:
        statement_id, client = scene.compiled(), logged_in(scene.app, scene.compiler)
        seen = seen_on(text_of(client, address(scene, str(statement_id))))
        refused = posted(client, address(scene, f"{statement_id}/give-up"), seen=seen)
        assert refused.status_code == 422
        posted(client, address(scene, f"{statement_id}/give-up"), seen=seen, why="月が違いました")
        assert scene.statement(statement_id).status is StatementStatus.DROPPED

    def test_a_frozen_one_looks_frozen_and_has_no_buttons(self, scene: Scene) -> None:
        page = text_of(logged_in(scene.app, scene.compiler), address(scene, str(scene.approved())))
        assert "確定 第1版" in page
        assert 'class="sealed"' in page
        assert "hand-in" not in page


class TestFiles:
    def test_the_paper_holds_the_frozen_figures(self, scene: Scene) -> None:
        answer = logged_in(scene.app, scene.compiler).get(address(scene, f"{scene.approved()}/file/pdf"))
        assert answer.content_type == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        named = re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])
        assert named is not None
        assert re.fullmatch(r"支払明細書_令和\d+年\d+月_北上川ベーカリー\.pdf", unquote(named[1]))
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
        assert "4,320円" in text
        assert "北上川ベーカリー" in text

    def test_what_is_not_approved_is_marked_as_a_draft(self, scene: Scene) -> None:
        client, statement_id = logged_in(scene.app, scene.compiler), scene.submitted()
        answer = client.get(address(scene, f"{statement_id}/file/pdf"))
        assert "案.pdf" in unquote(answer.headers["Content-Disposition"])
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
        assert "未承認" in text

    def test_the_workbook_adds_up(self, scene: Scene) -> None:
        answer = logged_in(scene.app, scene.compiler).get(address(scene, f"{scene.approved()}/file/xlsx"))
        book = openpyxl.load_workbook(BytesIO(answer.data))
        lines, days = book.worksheets
        assert [row[6].value for row in lines.iter_rows() if isinstance(row[0].value, int)] == [4320]
        assert [row[6].value for row in days.iter_rows() if isinstance(row[0].value, int)] == [2160, 2160]


def test_a_firm_whose_contract_is_over_can_read_but_not_compile(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    scene.confirmed(*dates(LAST_MONTH, 3))
    assert scene.firm_id is not None
    other = a_scene(app)
    a_contract(app, other.town, scene.firm_id, starts_on=dates(LAST_MONTH, 1)[0], ends_on=dates(LAST_MONTH, 2)[0])
    member = a_member(app, other.town, Party.FIRM, Role.MANAGER, firm_id=scene.firm_id)
    client = logged_in(app, member)
    path = f"/portal/{other.town.slug}/fees/"
    assert client.get(path).status_code == 200
    assert posted(client, f"{path}compile-all", month=LAST_MONTH).status_code == 403


@pytest.mark.parametrize(
    ("role", "party", "status"),
    [
        (Role.SUPPORTER, Party.FIRM, 403),
        (Role.ACCOUNTING, Party.FIRM, 200),
        (Role.MANAGER, Party.FIRM, 200),
    ],
)
def test_in_a_firm_only_those_who_keep_the_books_see_fees(app: Flask, role: Role, party: Party, status: int) -> None:
    scene = a_scene(app, with_firm=True)
    member: Member = a_member(app, scene.town, party, role, firm_id=scene.firm_id)
    assert logged_in(app, member).get(address(scene, "")).status_code == status


def test_the_firm_sees_names_only_with_those_who_see_people(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    scene.confirmed(*dates(LAST_MONTH, 3))
    statement_id = scene.compiled()
    manager = a_member(app, scene.town, Party.FIRM, Role.MANAGER, firm_id=scene.firm_id)
    assert "高橋 陽子" in text_of(logged_in(app, manager), address(scene, str(statement_id)))
    assert "高橋" not in text_of(logged_in(app, scene.compiler), address(scene, str(statement_id)))
