"""What is changed on the page of a draft in the moment in which it is handed in is handed in."""

from datetime import timedelta

import pytest
from flask import Flask

from ayumi.records import versions
from ayumi.records.model import RecordStatus
from tests.delivery.records import grid
from tests.delivery.records.grid import a_cell, fields_in, form_of, panel_of, two_rows, words_of
from tests.delivery.records.test_week import address, edition_on, filled, status_of
from tests.records.scene import LAST_MONDAY, a_scene, a_week, current_of
from tests.world import inside, logged_in, posted

FIRST, SECOND = f"{LAST_MONDAY}.0.", f"{LAST_MONDAY + timedelta(days=1)}.0."
CHANGES: dict[str, dict[str, str]] = {
    "reworded": {f"{FIRST}observation": "最後まで残っていた。"},
    "one more": {f"{SECOND}attendance": "absent", f"{SECOND}absence_reason": "通院"},
    "another": {f"{FIRST}{name}": "" for name in ("attendance", "menu_id", "starts_at", "ends_at", "observation")}
    | {f"{SECOND}attendance": "absent", f"{SECOND}absence_reason": "通院"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_is_handed_in_as_it_was_changed_last(app: Flask, change: str) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    client = logged_in(app, scene.supporter)
    posted(client, address(scene, record_id), **filled(scene))
    edition = edition_on(client, address(scene, record_id))
    changed = filled(scene, edition=edition, action="submit") | CHANGES[change]
    assert posted(client, address(scene, record_id), **changed).status_code == 303
    assert status_of(app, scene, record_id) is RecordStatus.SUBMITTED
    with inside(app, scene.caseworker):
        days = versions.content_of(current_of(record_id)).days
    said_then = [((day.held_on - LAST_MONDAY).days, day.observation or day.absence_reason) for day in days]
    assert (
        said_then
        == {
            "reworded": [(0, "最後まで残っていた。")],
            "one more": [(0, "自分から声をかけていた。"), (1, "通院")],
            "another": [(1, "通院")],
        }[change]
    )


@pytest.mark.parametrize("asked", ["one row", "all rows"])
def test_a_row_of_everyones_week_is_handed_in_as_it_was_changed_last(app: Flask, asked: str) -> None:
    scene, record_id, _other = two_rows(app)
    client, path = logged_in(app, scene.supporter), grid.address(scene)
    words = words_of(client, scene, record_id, summary="よく来られた週でした。")
    posted(client, path, **(form_of(client, path) | a_cell(scene, record_id) | words))
    panel = fields_in(panel_of(client, scene, record_id)["html"])
    changed = a_cell(scene, record_id, observation="最後まで残っていた。", ends_at="11:30")
    button = {"submit": str(record_id) if asked == "one row" else "all"}
    assert posted(client, path, **(form_of(client, path) | panel | changed | button)).status_code == 303
    assert status_of(app, scene, record_id) is RecordStatus.SUBMITTED
    with inside(app, scene.caseworker):
        (day,) = versions.content_of(current_of(record_id)).days
    assert (day.observation, day.minutes) == ("最後まで残っていた。", 90)
