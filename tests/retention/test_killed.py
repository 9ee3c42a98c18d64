"""Killed in the middle, a disposal goes on where it was: everybody is erased whole and once, or not at all."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.retention.model import DisposalStatus
from tests.retention.papers import a_scene, person
from tests.retention.scene import ENDED, GONE, Scene
from tests.retention.test_disposal import broken_links

ROOT = Path(__file__).parents[2]
MORE = 12
NAME = "killable"


def started(scene: Scene, disposal_id: UUID) -> subprocess.Popen[bytes]:
    """Start carrying it out in another process."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.retention.killable", str(scene.town.tenant_id), str(disposal_id)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": path, "PGAPPNAME": NAME}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(scene: Scene, subjects: int) -> None:
    """Wait until so many people are gone."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done = {row.subject_id for row in scene.rows("disposal_item") if row.erased_at and row.subject == "participant"}
        if len(done) >= subjects:
            return
        time.sleep(0.05)
    pytest.fail("nothing was carried out")


def wait_for_the_database(scene: Scene) -> None:
    """Wait until it noticed the kill: what it was told to commit just before is committed then."""
    deadline = time.monotonic() + 30
    alive = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    while time.monotonic() < deadline:
        with scene.app.app_context(), visiting(Place(Door.OWNER)) as session:
            if not session.scalar(alive, {"name": NAME}):
                return
        time.sleep(0.05)
    pytest.fail("the database still works for somebody dead")


@pytest.mark.slow
def test_killed_twice_it_still_erases_everybody_once(app: Flask) -> None:
    scene = a_scene(app)
    place = Place(Door.OWNER, tenant_id=scene.town.tenant_id)
    people = [ids.new() for _each in range(MORE)]
    with app.app_context(), visiting(place) as session:
        for number, id in enumerate(people):
            person(scene, session, id, f"{GONE}{number}", ENDED)
    disposal_id = scene.approved()
    for so_many in (3, 7):
        process = started(scene, disposal_id)
        wait_for(scene, so_many)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wait_for_the_database(scene)
        assert_whole_or_gone(scene, [scene.gone, *people])
    scene.carried_out(disposal_id)
    assert GONE not in scene.everything()
    [disposal] = scene.rows("disposal", id=disposal_id)
    assert disposal.status is DisposalStatus.CARRIED_OUT
    assert disposal.erased["participant"] == MORE + 1
    entries = Counter(row.subject_id for row in scene.rows("journal_entry", action="disposed", subject="participant"))
    assert entries == dict.fromkeys([scene.gone, *people], 1)
    assert len(scene.rows("journal_entry", action="erased", subject_id=disposal_id)) == 1
    assert broken_links(scene) == 0


def assert_whole_or_gone(scene: Scene, people: list[UUID]) -> None:
    """Some are there with everything, the others with nothing."""
    erased = {row.subject_id for row in scene.rows("disposal_item") if row.erased_at}
    assert 0 < len(erased & set(people)) < len(people)
    for id in people:
        there = [len(scene.rows("participant", id=id))]
        there += [
            len(scene.rows(name, participant_id=id)) for name in ("weekly_record", "goal", "consent", "enrolment")
        ]
        assert there == ([0, 0, 0, 0, 0] if id in erased else [1, 1, 2, 1, 1])
