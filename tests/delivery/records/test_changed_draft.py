"""What is changed on the page of a draft in the moment in which it is handed in is handed in."""

from datetime import timedelta

import pytest
from flask import Flask

from ayumi.records import versions
from ayumi.records.model import RecordStatus
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
    said_then = [(day.held_on.day - LAST_MONDAY.day, day.observation or day.absence_reason) for day in days]
    assert (
        said_then
        == {
            "reworded": [(0, "最後まで残っていた。")],
            "one more": [(0, "自分から声をかけていた。"), (1, "通院")],
            "another": [(1, "通院")],
        }[change]
    )
