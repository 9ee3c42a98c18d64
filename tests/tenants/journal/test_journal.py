"""The administrator searches the journal, takes it away and sees its chain; lives stay with those at their side."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.audit import checks, exported, heads, reading
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import db, one
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Place
from ayumi.participants import rules
from ayumi.participants.fields import Group
from ayumi.participants.model import Participant
from jobs import journal_check
from tests.participants.people import a_person
from tests.tenants.pages import path, text_of
from tests.world import Member, a_member, a_town, at, inside, logged_in, posted, working


class Scene:
    """A town in which an administrator looks at what a caseworker has done."""

    def __init__(self, app: Flask) -> None:
        self.app, self.town = app, a_town(app)
        self.administrator = a_member(app, self.town, Party.STAFF, Role.ADMINISTRATOR, name="管理 一郎")
        self.caseworker = a_member(app, self.town, Party.STAFF, Role.CASEWORKER, name="担当 二郎")
        self.both = a_member(app, self.town, Party.STAFF, Role.ADMINISTRATOR, Role.CASEWORKER, name="兼任 三郎")
        self.browser = logged_in(app, self.administrator)

    def person(self, **given: object) -> tuple[UUID, str]:
        with at(self.app, self.with_sight(self.caseworker)):
            made = a_person(**given)
            rules.edit(made, edition=made.edition, nickname="はなさん", given_name="花枝")
            return made.id, made.case_number

    def with_sight(self, member: Member) -> Place:
        return replace(member.place, sees=frozenset(Group))

    def hide(self, person_id: UUID) -> None:
        supervisor = a_member(self.app, self.town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
        with inside(self.app, supervisor):
            rules.restrict(one(Participant, person_id), staff_ids=[supervisor.membership_id], why="避難のため")

    def page(self, query: str = "", member: Member | None = None) -> str:
        browser = logged_in(self.app, member) if member else self.browser
        return text_of(browser, path(self.administrator, f"/journal/{query}"))

    def file(self, form: str, query: str = "", member: Member | None = None) -> bytes:
        browser = logged_in(self.app, member) if member else self.browser
        answer = browser.get(path(self.administrator, f"/journal/file.{form}{query}"))
        assert answer.status_code == 200
        content = answer.get_data()
        answer.close()
        return content


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene(app)


class TestWhatIsShown:
    def test_a_sentence_says_who_did_what(self, scene: Scene) -> None:
        scene.person()
        page = scene.page()
        assert "担当 二郎" in page
        assert "参加者を登録しました" in page
        assert "参加者を編集しました" in page

    def test_an_administrator_sees_which_fields_of_a_person_changed_and_not_what_they_hold(self, scene: Scene) -> None:
        _id, number = scene.person(family_name="秘野")
        page = scene.page()
        assert number in page
        assert "ニックネーム" in page or "呼び名" in page
        for word in ("はなさん", "秘野", "花枝"):
            assert word not in page

    def test_who_also_works_with_people_sees_from_what_to_what(self, scene: Scene) -> None:
        scene.person(family_name="秘野")
        page = scene.page(member=scene.both)
        assert "→ はなさん" in page
        assert "秘野 花枝" in page

    def test_a_restricted_person_is_not_named_to_those_who_may_not_see_them(self, scene: Scene) -> None:
        id, number = scene.person()
        scene.hide(id)
        for member in (scene.administrator, scene.both):
            page = scene.page(member=member)
            assert number not in page
            assert "避難のため" not in page
            assert "参加者を一部の人だけに見えるようにしました" in page
        assert logged_in(scene.app, scene.both).get(path(scene.both, f"/journal/?person={id}")).status_code == 404

    def test_of_things_that_are_nobodys_life_everything_is_said(self, scene: Scene) -> None:
        with working(scene.app, scene.town):
            journal.note_of("menu", ids.new(), "edited", changes={"name": ["朝の会", "朝の集い"]}, why="春から")
        page = scene.page()
        assert "朝の会 → 朝の集い" in page
        assert "春から" in page


class TestSearch:
    def test_by_person_who_action_kind_and_period(self, scene: Scene) -> None:
        id, _number = scene.person()
        with working(scene.app, scene.town):
            journal.note_of("menu", ids.new(), "published")
        today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
        menu, person = "支援メニューを公開しました", "参加者を登録しました"
        for query, there, absent in (
            (f"?person={id}", person, menu),
            (f"?who={scene.caseworker.membership_id}", person, menu),
            ("?action=published", menu, person),
            ("?kind=changes", person, "閲覧しました"),
            (f"?first={today}&last={today}", person, "条件に合う記録はありません"),
            (f"?first={tomorrow}", "条件に合う記録はありません", person),
        ):
            page = scene.page(query)
            assert there in page, query
            assert absent not in page.partition("<tbody")[2], query

    def test_looks_and_files_are_kinds_of_their_own(self, scene: Scene) -> None:
        id, _number = scene.person()
        for action in (reading.LOOKED, reading.EXPORTED):
            with working(scene.app, scene.town):
                reading.write_down(
                    subject="participant",
                    subject_id=str(id),
                    action=action,
                    page="records.week",
                    at="2026-01-02T03:04:05.000000Z",
                    door="staff",
                    membership_id=str(scene.caseworker.membership_id),
                )
        reads, files = scene.page("?kind=reads"), scene.page("?kind=exports")
        assert "参加者を閲覧しました" in reads
        assert "（週の記録）" in reads
        assert "参加者のファイルを取り出しました" in files
        assert "登録しました" not in reads.partition("<tbody")[2] + files.partition("<tbody")[2]

    def test_by_number_with_the_words_sealed_in_the_address(self, scene: Scene) -> None:
        id, number = scene.person()
        answer = posted(scene.browser, path(scene.administrator, "/journal/find"), q=number)
        assert answer.headers["Location"].endswith(f"?person={id}")
        nobody = posted(scene.browser, path(scene.administrator, "/journal/find"), q="K-000")
        assert "K-000" not in nobody.headers["Location"]
        assert "該当する方はいません" in text_of(scene.browser, nobody.headers["Location"])

    @pytest.mark.parametrize("query", ["?person=x&who=y", "?first=2026-99-99", "?page=-3", "?page=99999", "?kind=x"])
    def test_nonsense_in_the_address_harms_nothing(self, scene: Scene, query: str) -> None:
        assert "操作履歴" in scene.page(query)

    def test_asking_for_a_person_is_looking_at_them(self, scene: Scene) -> None:
        id, _number = scene.person()
        scene.page(f"?person={id}")
        with working(scene.app, scene.town):
            assert [row.arguments["page"] for row in promises()] == ["journal.index"]


def promises() -> Sequence[Promise]:
    return db.session.scalars(select(Promise).where(Promise.kind == "reading")).all()


class TestTakingAway:
    def test_the_chain_can_be_checked_without_the_platform(self, scene: Scene) -> None:
        scene.person()
        with working(scene.app, scene.town):
            journal.note_of("menu", ids.new(), "edited", changes={"name": ['\u0007"é\\', None]}, why="理由")
        found = exported.read(scene.file("jsonl").splitlines())
        assert (found.findings, found.first, found.gaps) == ([], 1, 0)
        assert found.entries == found.last == 3
        assert found.withheld == 1  # what was changed of the person

    def test_one_changed_letter_is_found(self, scene: Scene) -> None:
        scene.person()
        lines = scene.file("jsonl").decode().splitlines()
        broken = [lines[0].replace("registered", "registerde"), *lines[1:]]
        assert [each.seq for each in exported.read(broken).findings] == [1]
        assert [each.seq for each in exported.read([lines[1], lines[0]]).findings] == [1]

    def test_what_is_not_for_the_reader_is_not_in_the_file(self, scene: Scene) -> None:
        _id, number = scene.person(family_name="秘野")
        for form in ("jsonl", "csv"):
            text = scene.file(form).decode("utf-8-sig")
            assert "はなさん" not in text
            assert "秘野" not in text
        assert "はなさん" in scene.file("jsonl", member=scene.both).decode()
        assert number in scene.file("csv").decode("utf-8-sig")

    def test_a_restricted_person_is_not_in_the_file(self, scene: Scene) -> None:
        id, number = scene.person()
        scene.hide(id)
        files = [scene.file(form, member=scene.both) for form in ("jsonl", "csv")]
        text = "".join(file.decode("utf-8-sig") for file in files)
        assert number not in text
        assert "はなさん" not in text
        assert "避難のため" not in text

    def test_a_workbook_holds_the_same_lines(self, scene: Scene) -> None:
        scene.person()
        sheet = load_workbook(io.BytesIO(scene.file("xlsx"))).worksheets[0]
        said = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert any("参加者を登録しました" in row for row in said)

    def test_a_period_is_a_part_of_the_chain_that_holds_by_itself(self, scene: Scene) -> None:
        scene.person()
        with working(scene.app, scene.town):
            journal.note_of("menu", ids.new(), "published")
        found = exported.read(scene.file("jsonl", "?action=published").splitlines())
        assert (found.entries, found.first, found.findings) == (1, 3, [])

    def test_that_it_was_taken_is_written_down(self, scene: Scene) -> None:
        scene.file("csv")
        with working(scene.app, scene.town):
            (told,) = promises()
            assert (told.arguments["action"], told.arguments["page"]) == ("exported", "journal.file")

    def test_only_the_administrator(self, scene: Scene) -> None:
        browser = logged_in(scene.app, scene.caseworker)
        for tail in ("/journal/", "/journal/file.csv", "/journal/chain"):
            assert browser.get(path(scene.caseworker, tail)).status_code == 403


class TestChain:
    def test_the_page_shows_where_it_stands(self, scene: Scene) -> None:
        scene.person()
        with working(scene.app, scene.town):
            signed = heads.sign()
            assert signed is not None
            mark = signed.hash
        page = text_of(scene.browser, path(scene.administrator, "/journal/chain"))
        assert mark in page
        assert "2番" in page

    def test_a_check_is_asked_for_once_and_tells_what_it_found(self, scene: Scene) -> None:
        scene.person()
        token = str(ids.new())
        addresses = {
            posted(scene.browser, path(scene.administrator, "/journal/chain/check"), _token=token).headers["Location"]
            for _time in range(2)
        }
        (address,) = addresses
        assert "順番を待っています" in text_of(scene.browser, address)
        with working(scene.app, scene.town):
            journal_check.run(check_id=token)
        assert "操作履歴に異常はありません" in text_of(scene.browser, address)
        with working(scene.app, scene.town):
            assert [each.status.value for each in checks.newest(5)] == ["sound"]


class TestHistoryOfAPerson:
    def test_those_who_may_see_the_person_see_who_changed_and_who_looked(self, scene: Scene) -> None:
        id, _number = scene.person()
        with working(scene.app, scene.town):
            reading.write_down(
                subject="participant",
                subject_id=str(id),
                action="looked",
                page="participants.detail",
                at="2026-01-02T03:04:05.000000Z",
                door="staff",
                membership_id=str(scene.both.membership_id),
            )
        browser = logged_in(scene.app, scene.caseworker)
        everything = text_of(browser, path(scene.caseworker, f"/people/{id}/history"))
        assert "→ はなさん" in everything
        assert "兼任 三郎" in everything
        looks = text_of(browser, path(scene.caseworker, f"/people/{id}/history?kind=reads"))
        assert "兼任 三郎" in looks
        assert "登録しました" not in looks.partition("<tbody")[2]

    def test_nobody_else(self, scene: Scene) -> None:
        id, _number = scene.person()
        assert scene.browser.get(path(scene.administrator, f"/people/{id}/history")).status_code == 403
        scene.hide(id)
        browser = logged_in(scene.app, scene.both)
        assert browser.get(path(scene.both, f"/people/{id}/history")).status_code == 404


def test_the_command_checks_a_file(scene: Scene, app: Flask, tmp_path) -> None:
    scene.person()
    file = tmp_path / "journal.jsonl"
    file.write_bytes(scene.file("jsonl"))
    sound = app.test_cli_runner().invoke(args=["journal", "check", str(file), "--complete"])
    assert (sound.exit_code, "2 entries, 1 to 2, 0 gaps" in sound.output) == (0, True)
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    lines[1]["door"] = "worker"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    broken = app.test_cli_runner().invoke(args=["journal", "check", str(file)])
    assert broken.exit_code == 1
    assert "Entry 2 was changed" in broken.output
