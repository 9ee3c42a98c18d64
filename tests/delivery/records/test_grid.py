"""Everyone's week is written on one page, cell by cell, and as one form where no script runs."""

import re
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from ayumi.delivery.records import marks
from ayumi.delivery.records.grid_stencils import Stencils
from ayumi.records import drafts, queries
from ayumi.records.content import DayEntry, fingerprint
from ayumi.records.model import Attendance, RecordStatus
from tests.delivery.records.grid import a_cell, address, form_of, stored, two_rows, words_of
from tests.records.scene import LAST_MONDAY, WEEK, attended, said, submitted
from tests.world import inside, logged_in, posted


def test_a_cell_saves_itself_and_says_how_its_row_stands(app: Flask) -> None:
    scene, record_id, _other = two_rows(app)
    client = logged_in(app, scene.supporter)
    before = form_of(client, address(scene))[f"{record_id}.{LAST_MONDAY}.edition"]
    cell = a_cell(scene, record_id, edition=before)
    answer = posted(client, address(scene, f"{record_id}/{LAST_MONDAY}"), **cell)
    assert answer.status_code == 200
    assert answer.get_json()["show"][f"hours-{record_id}.{LAST_MONDAY}"] == "2時間"
    assert "この週のまとめ" in answer.get_json()["show"][f"state-{record_id}"]
    assert form_of(client, address(scene))[f"{record_id}.{LAST_MONDAY}.edition"] == answer.get_json()["edition"]
    assert stored(app, scene, record_id).days[0].minutes == 120


def test_words_of_a_row_save_themselves(app: Flask) -> None:
    scene, record_id, _other = two_rows(app)
    client = logged_in(app, scene.supporter)
    fields = words_of(client, scene, record_id, summary="よく来られた週でした。")
    answer = posted(client, address(scene, f"{record_id}/words"), **fields)
    assert answer.get_json()["show"][f"state-{record_id}"] == "そろっています"
    assert stored(app, scene, record_id).words.summary == "よく来られた週でした。"


def test_the_same_cell_in_two_browsers_is_a_conflict_told_in_words(app: Flask) -> None:
    scene, record_id, _other = two_rows(app)
    client = logged_in(app, scene.supporter)
    before = form_of(client, address(scene))[f"{record_id}.{LAST_MONDAY}.edition"]
    path = address(scene, f"{record_id}/{LAST_MONDAY}")
    assert posted(client, path, **a_cell(scene, record_id, edition=before)).status_code == 200
    second = posted(client, path, **a_cell(scene, record_id, edition=before, starts_at="9:00"))
    assert second.status_code == 409
    assert str(record_id) in second.get_json()["url"]


def test_a_cell_that_cannot_be_read_is_told_to_the_script(app: Flask) -> None:
    scene, record_id, _other = two_rows(app)
    client = logged_in(app, scene.supporter)
    wrong = a_cell(scene, record_id, edition="", ends_at="9:00")
    assert posted(client, address(scene, f"{record_id}/{LAST_MONDAY}"), **wrong).status_code == 422


def test_a_day_outside_the_week_is_not_there(app: Flask) -> None:
    scene, record_id, _other = two_rows(app)
    path = address(scene, f"{record_id}/{LAST_MONDAY + WEEK}")
    assert posted(logged_in(app, scene.supporter), path, **a_cell(scene, record_id)).status_code == 404


def test_without_scripts_the_whole_page_is_one_form(app: Flask) -> None:
    scene, record_id, other = two_rows(app)
    client = logged_in(app, scene.supporter)
    fields = form_of(client, address(scene)) | a_cell(scene, record_id) | a_cell(scene, other, attendance="absent")
    assert posted(client, address(scene), **fields).status_code == 303
    assert stored(app, scene, record_id).days[0].attendance is Attendance.ATTENDED
    assert stored(app, scene, other).days[0].attendance is Attendance.ABSENT


def test_what_nobody_touched_is_left_as_others_have_saved_it(app: Flask) -> None:
    scene, record_id, other = two_rows(app)
    client = logged_in(app, scene.supporter)
    fields = form_of(client, address(scene))
    with inside(app, scene.supporter):
        drafts.save_week(other, edition=1, content=said(scene.town, summary="同僚のまとめ"))
    assert posted(client, address(scene), **(fields | a_cell(scene, record_id))).status_code == 303
    assert stored(app, scene, other).words.summary == "同僚のまとめ"
    assert len(stored(app, scene, other).days) == 1


def test_a_conflict_in_one_cell_saves_nothing_and_keeps_both(app: Flask) -> None:
    scene, record_id, other = two_rows(app)
    client = logged_in(app, scene.supporter)
    fields = form_of(client, address(scene))
    with inside(app, scene.supporter):
        theirs = attended(scene.town, observation="同僚の見たこと")
        drafts.save_week(other, edition=1, content=said(scene.town, theirs))
    typed = a_cell(scene, record_id) | a_cell(scene, other, observation="わたしの見たこと")
    page = posted(client, address(scene), **(fields | typed))
    assert page.status_code == 409
    assert "同僚の見たこと" in page.text
    assert "わたしの見たこと" in page.text
    assert stored(app, scene, record_id).days == ()


def test_one_row_is_handed_in_with_what_stands_on_the_page(app: Flask) -> None:
    scene, record_id, other = two_rows(app)
    client = logged_in(app, scene.supporter)
    words = words_of(client, scene, record_id, summary="よく来られた週でした。") | {"submit": str(record_id)}
    fields = form_of(client, address(scene)) | a_cell(scene, record_id) | words
    assert posted(client, address(scene), **fields).status_code == 303
    with inside(app, scene.caseworker):
        assert queries.week(record_id).status is RecordStatus.SUBMITTED
        assert queries.week(other).status is RecordStatus.EXPECTED


def test_all_complete_rows_are_handed_in_and_the_others_say_what_is_missing(app: Flask) -> None:
    scene, record_id, other = two_rows(app)
    client = logged_in(app, scene.supporter)
    words = words_of(client, scene, record_id, summary="よく来られた週でした。") | {"submit": "all"}
    fields = form_of(client, address(scene)) | a_cell(scene, record_id) | a_cell(scene, other) | words
    answer = posted(client, address(scene), **fields)
    page = client.get(answer.location).text
    assert "1件の週を提出しました。" in page
    assert "提出していません：及川 誠さん" in page
    with inside(app, scene.caseworker):
        assert queries.week(record_id).status is RecordStatus.SUBMITTED
        assert queries.week(other).status is RecordStatus.DRAFT


def test_a_row_that_was_handed_in_is_only_read(app: Flask) -> None:
    scene, record_id, _other = two_rows(app)
    submitted(app, scene, record_id)
    page = logged_in(app, scene.supporter).get(address(scene)).text
    assert f'name="{record_id}.{LAST_MONDAY}.edition"' not in page
    assert "提出済" in page


def test_a_week_that_begins_on_no_monday_is_not_there(app: Flask) -> None:
    scene, _one, _other = two_rows(app)
    client = logged_in(app, scene.supporter)
    assert client.get(address(scene, "2026-11-24")).status_code == 404
    assert client.get(address(scene, "someday")).status_code == 404


def test_an_empty_week_says_why(app: Flask) -> None:
    scene, _one, _other = two_rows(app)
    page = logged_in(app, scene.supporter).get(address(scene, str(LAST_MONDAY - 40 * WEEK))).text
    assert "この週に書く記録はありません。" in page


def test_the_page_of_everyone_asks_few_questions_of_the_database(app: Flask, statements) -> None:
    scene, _one, _other = two_rows(app)
    client = logged_in(app, scene.supporter)
    client.get(address(scene))
    with statements("firm") as said_:
        client.get(address(scene))
    assert len([each for each in said_ if "contract" not in each]) <= 6


def test_a_cell_copied_from_a_stencil_reads_as_its_components_write_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, first, _second = two_rows(app, family_name="<b>% {{ }}</b> & 「」")
    client = logged_in(app, scene.supporter)
    with inside(app, scene.supporter):
        entry = attended(scene.town, observation="道具の用意を自分から始めた。")
        drafts.save_day(first, before=fingerprint(DayEntry(held_on=LAST_MONDAY)), entry=entry)
    copied = without_marks(client.get(address(scene)).text)
    monkeypatch.setattr(Stencils, "row", written_row)
    assert copied == without_marks(client.get(address(scene)).text)
    assert "•メモ" in copied
    assert "&lt;b&gt;% {{ }}&lt;/b&gt; &amp; 「」" in copied


def written_row(self: Stencils, macro: Any, of_cell: Any, _options: Any, row: Any) -> str:
    """A row as the components write it."""
    cells = Markup("").join(written_cell(of_cell, self.note, row, cell) for cell in row.cells)
    written: str = macro(row.id, row.name, row.again, row.missing(), cells)
    return written


def written_cell(macro: Any, note: str, row: Any, cell: Any) -> Markup:
    """A cell as the components write it, one by one."""
    stored = cell.stored
    head, rest = f"{row.name} {marks.day_head(cell.on)}", marks.is_rest_day(cell.on)
    note = f"•{note}" if stored.observation or stored.absence_reason else note
    written: Markup = macro(row.id, cell.on, cell.form, rest, head, cell.edition, marks.hours(stored.minutes), note)
    return written


def without_marks(page: str) -> str:
    """A page without what is different each time it is asked for."""
    return re.sub(r'nonce="[^"]*"|name="(csrf_token|_token)" value="[^"]*"', "", page)
