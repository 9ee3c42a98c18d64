"""One person's week is written on a page that both faces share; nothing typed is ever lost or overwritten."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.records import queries, rules, versions
from ayumi.records.model import RecordStatus
from tests.records.scene import (
    LAST_MONDAY,
    Scene,
    a_person,
    a_scene,
    a_week,
    accepted,
    current_of,
    expect,
    said,
    standing,
    submitted,
    the_week,
)
from tests.world import a_contract, a_firm, a_member, a_town, inside, logged_in, posted

AJAX = {"X-Requested-With": "autosave", "Accept": "application/json"}


def address(scene: Scene, record_id: UUID, rest: str = "") -> str:
    face = "portal" if scene.firm_id else "t"
    return f"/{face}/{scene.town.slug}/records/{record_id}{rest}"


def filled(scene: Scene, *, edition: int = 1, summary: str = "2日参加しました。", **more: object) -> dict[str, object]:
    """What a browser sends of a week with one morning attended."""
    day = f"{LAST_MONDAY}.0."
    return {
        "edition": edition,
        f"{day}attendance": "attended",
        f"{day}menu_id": str(scene.town.menu_id),
        f"{day}starts_at": "10:00",
        f"{day}ends_at": "12:00",
        f"{day}observation": "自分から声をかけていた。",
        "summary": summary,
    } | more


def edition_on(client: FlaskClient, path: str) -> int:
    found = re.search(r'name="edition" value="(\d+)"', client.get(path).text)
    assert found
    return int(found[1])


def status_of(app: Flask, scene: Scene, record_id: UUID) -> RecordStatus:
    with inside(app, scene.caseworker):
        status: RecordStatus = queries.week(record_id).status
        return status


@pytest.mark.parametrize("with_firm", [True, False])
def test_a_week_is_written_and_handed_in_in_both_faces(app: Flask, with_firm: bool) -> None:
    scene = a_scene(app, with_firm=with_firm)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    assert client.get(address(scene, record_id)).status_code == 200
    answer = posted(client, address(scene, record_id), **filled(scene, action="submit"))
    assert answer.status_code == 303
    assert status_of(app, scene, record_id) is RecordStatus.SUBMITTED
    with inside(app, scene.caseworker):
        content = versions.content_of(current_of(record_id))
        assert (content.words.summary, content.days[0].minutes) == ("2日参加しました。", 120)
    assert "自分から声をかけていた。" in client.get(address(scene, record_id)).text


def test_an_incomplete_week_is_saved_and_says_what_is_missing(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    answer = posted(client, address(scene, record_id), **filled(scene, summary="", action="submit"))
    assert answer.location.endswith("?check=1")
    page = client.get(answer.location).text
    assert "この週の様子を一、二文で書いてください。" in page
    assert "自分から声をかけていた。" in page
    assert status_of(app, scene, record_id) is RecordStatus.DRAFT


def test_what_cannot_be_read_keeps_everything_that_was_typed(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    wrong = filled(scene) | {f"{LAST_MONDAY}.0.ends_at": "9:00"}
    answer = posted(client, address(scene, record_id), **wrong)
    assert answer.status_code == 422
    assert "終了は開始より後の時刻にしてください。" in answer.text
    assert "2日参加しました。" in answer.text
    assert status_of(app, scene, record_id) is RecordStatus.EXPECTED


def test_a_number_the_law_forbids_is_refused(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    answer = posted(
        logged_in(app, scene.supporter), address(scene, record_id), **filled(scene, summary="番号は123456789018です")
    )
    assert answer.status_code == 422


def test_a_draft_saves_itself_and_answers_with_its_new_edition(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    path = address(scene, record_id, "/draft")
    first = posted(
        client,
        path,
        **filled(scene),
    )
    assert first.status_code == 200
    again = posted(client, path, **filled(scene, edition=first.get_json()["edition"], summary="書き足しました。"))
    assert again.get_json()["edition"] > first.get_json()["edition"]
    assert re.fullmatch(r"\d{1,2}:\d\d", again.get_json()["time"])
    assert edition_on(client, address(scene, record_id)) == again.get_json()["edition"]


def test_a_draft_that_cannot_be_read_is_told_to_the_script(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    wrong = filled(scene) | {f"{LAST_MONDAY}.0.ends_at": "9:00"}
    answer = posted(logged_in(app, scene.supporter), address(scene, record_id, "/draft"), **wrong)
    assert answer.status_code == 422
    assert f"{LAST_MONDAY}.0.ends_at" in answer.get_json()["errors"]


def test_the_second_of_two_browsers_sees_theirs_and_keeps_its_own(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    colleague = a_member(app, scene.town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER)
    posted(logged_in(app, colleague), address(scene, record_id), **filled(scene, summary="先に書いた人のまとめ"))
    client = logged_in(app, scene.supporter)
    script = posted(client, address(scene, record_id, "/draft"), **filled(scene, summary="後の人のまとめ"))
    assert (script.status_code, script.get_json()["url"]) == (409, address(scene, record_id))
    page = posted(client, address(scene, record_id), **filled(scene, summary="後の人のまとめ"))
    assert page.status_code == 409
    assert "先に書いた人のまとめ" in page.text
    assert "後の人のまとめ" in page.text
    with inside(app, scene.supporter):
        assert standing(record_id).words.summary == "先に書いた人のまとめ"


def test_after_seeing_theirs_one_may_decide_for_ones_own(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    posted(client, address(scene, record_id), **filled(scene, summary="先"))
    page = posted(client, address(scene, record_id), **filled(scene, summary="後"))
    found = re.search(r'name="edition" value="(\d+)"', page.text)
    assert found
    answer = posted(client, address(scene, record_id), **filled(scene, edition=int(found[1]), summary="後"))
    assert answer.status_code == 303
    with inside(app, scene.supporter):
        assert standing(record_id).words.summary == "後"


def test_sent_twice_or_from_the_page_before_it_is_handed_in_once(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    for _again in range(2):
        assert posted(client, address(scene, record_id), **filled(scene, action="submit")).status_code == 303
    with inside(app, scene.supporter):
        assert len(versions.every(record_id)) == 1


def test_an_old_page_with_other_words_is_told_that_the_week_is_closed_and_shows_them(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    posted(client, address(scene, record_id), **filled(scene, action="submit"))
    page = posted(client, address(scene, record_id), **filled(scene, summary="別の窓で書いたまとめ"))
    assert page.status_code == 409
    assert "別の窓で書いたまとめ" in page.text
    assert "この週はもう変えられません" in page.text


def test_the_plan_of_last_week_is_taken_over_into_an_empty_day(app: Flask) -> None:
    scene = a_scene(app)
    record_id, before = a_week(app, scene), a_week(app, scene, LAST_MONDAY - timedelta(days=7))
    day = LAST_MONDAY - timedelta(days=7)
    posted(
        logged_in(app, scene.supporter),
        address(scene, before),
        **{
            "edition": 1,
            f"{day}.0.attendance": "attended",
            f"{day}.0.menu_id": str(scene.town.menu_id),
            f"{day}.0.starts_at": "9:30",
            f"{day}.0.ends_at": "11:00",
        },
    )
    client = logged_in(app, scene.supporter)
    answer = posted(client, address(scene, record_id), edition=1, copy=str(LAST_MONDAY))
    assert answer.location.endswith(f"#day-{LAST_MONDAY}")
    with inside(app, scene.supporter):
        (entry,) = standing(record_id).days
        assert (entry.menu_id, entry.minutes, entry.attendance) == (scene.town.menu_id, 90, None)


def test_an_entry_is_emptied_by_its_button(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    posted(client, address(scene, record_id), **filled(scene))
    edition = edition_on(client, address(scene, record_id))
    posted(client, address(scene, record_id), **filled(scene, edition=edition, clear=f"{LAST_MONDAY}.0"))
    with inside(app, scene.supporter):
        assert standing(record_id).days == ()


def test_a_placement_of_somebody_else_is_not_taken(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    fields = filled(scene) | {f"{LAST_MONDAY}.0.placement_id": "00000000-0000-4000-8000-000000000000"}
    assert posted(logged_in(app, scene.supporter), address(scene, record_id), **fields).status_code == 422
    assert status_of(app, scene, record_id) is RecordStatus.EXPECTED


def test_a_returned_week_shows_the_comment_and_opens_with_its_content(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    version_id = submitted(app, scene, record_id, said(scene.town, summary="前のまとめ"))
    with inside(app, scene.caseworker):
        rules.send_back(record_id, version_id=version_id, comment="金曜の様子を書いてください")
    client = logged_in(app, scene.supporter)
    page = client.get(address(scene, record_id)).text
    assert "金曜の様子を書いてください" in page
    assert "前のまとめ" in page
    fields = filled(
        scene, edition=edition_on(client, address(scene, record_id)), summary="直したまとめ", action="submit"
    )
    assert posted(client, address(scene, record_id), **fields).status_code == 303
    history = client.get(address(scene, record_id, "/history")).text
    assert "第2版" in history
    assert "<ins>" in history


def test_a_correction_asks_for_its_reason(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    accepted(app, scene, record_id)
    client = logged_in(app, scene.supporter)
    assert posted(client, address(scene, record_id, "/correct"), reason="").status_code == 422
    assert posted(client, address(scene, record_id, "/correct"), reason="時間の誤り").status_code == 303
    assert "提出済みの週を訂正しています" in client.get(address(scene, record_id)).text
    assert posted(client, address(scene, record_id, "/correct/give-up")).status_code == 303
    assert "提出済みの週を訂正しています" not in client.get(address(scene, record_id)).text
    assert status_of(app, scene, record_id) is RecordStatus.ACCEPTED


def test_a_week_left_out_says_why_and_comes_back(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    assert posted(client, address(scene, record_id, "/skip"), reason="").status_code == 422
    posted(client, address(scene, record_id, "/skip"), reason="入院中のため")
    assert "入院中のため" in client.get(address(scene, record_id)).text
    posted(client, address(scene, record_id, "/expect"))
    assert status_of(app, scene, record_id) is RecordStatus.EXPECTED


def test_a_firm_whose_contract_has_ended_reads_without_buttons(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    submitted(app, scene, record_id)
    other = a_town(app)
    firm = a_firm(app)
    yesterday = clock.today() - timedelta(days=1)
    a_contract(app, other, firm, ends_on=yesterday)
    past = a_member(app, other, Party.FIRM, Role.SUPPORTER, firm_id=firm)
    late = Scene(other, a_member(app, other, Party.STAFF, Role.CASEWORKER), past, scene.person_id, firm)
    person = a_person(app, other, supporter=past, firm_id=firm)
    expect(app, other)
    with inside(app, late.caseworker):
        theirs = the_week(person).id
    client = logged_in(app, past)
    page = client.get(address(late, theirs))
    assert page.status_code == 200
    assert "提出する" not in page.text
    assert posted(client, address(late, theirs), **filled(late)).status_code == 403


def test_the_week_of_another_town_is_not_there(app: Flask) -> None:
    scene, other = a_scene(app), a_scene(app)
    record_id = a_week(app, other)
    client = logged_in(app, scene.supporter)
    assert client.get(address(scene, record_id)).status_code == 404
    assert posted(client, address(scene, record_id), **filled(scene)).status_code == 404


def test_the_week_of_a_restricted_person_is_not_there(app: Flask) -> None:
    scene = a_scene(app)
    person = a_person(app, scene.town, caseworker=scene.caseworker, restricted=True)
    expect(app, scene.town)
    with inside(app, scene.caseworker):
        record_id = the_week(person).id
    assert logged_in(app, scene.supporter).get(address(scene, record_id)).status_code == 404


def test_own_staff_read_a_firms_week_without_writing_it(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    page = logged_in(app, scene.caseworker).get(f"/t/{scene.town.slug}/records/{record_id}")
    assert page.status_code == 200
    assert 'name="summary"' not in page.text


def test_who_is_logged_out_while_typing_is_told_so(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    page = client.get(address(scene, record_id)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{scene.supporter.account_id}:no-such-key"
    fields = filled(scene) | {"csrf_token": token[1]}
    assert client.post(address(scene, record_id, "/draft"), data=fields, headers=AJAX).status_code == 401
    kept = client.post(address(scene, record_id), data=fields)
    assert kept.status_code == 401
    assert 'name="kept"' in kept.text
