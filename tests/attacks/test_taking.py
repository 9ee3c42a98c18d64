"""Somebody who is let in takes file after file: stopped after so many an hour, over all sessions of the account."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.kernel import clock
from tests.web import people
from tests.world import Member, a_member, a_town, logged_in

MOST = 3


@pytest.fixture
def member(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Member]:
    monkeypatch.setenv("AYUMI_FILES_OF_ACCOUNT", str(MOST))
    settings.cache_clear()
    yield a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)
    monkeypatch.undo()
    settings.cache_clear()


def test_file_after_file_is_stopped_with_a_clear_page_and_goes_on_after_the_hour(
    app: Flask, member: Member, capfd: pytest.CaptureFixture[str]
) -> None:
    file, hour = f"/t/{member.town.slug}/journal/file.csv", clock.now().replace(minute=5)
    with clock.at(hour):
        taken = [logged_in(app, member).get(file).status_code for _session in range(MOST)]
        assert taken == [200] * MOST
        refused = logged_in(app, member).get(file)
        assert refused.status_code == 429
        assert refused.mimetype == "text/html"
        assert f"{MOST}件" in refused.text
        assert logged_in(app, member).get(f"/t/{member.town.slug}/journal/").status_code == 200
        other = a_member(app, member.town, Party.STAFF, Role.ADMINISTRATOR)
        assert logged_in(app, other).get(file).status_code == 200
    assert '"why": "files"' in "".join(capfd.readouterr())
    with clock.at(hour + timedelta(hours=1)):
        assert logged_in(app, member).get(file).status_code == 200


def test_what_was_refused_is_not_written_down_as_taken(app: Flask, member: Member) -> None:
    for _time in range(MOST + 2):
        logged_in(app, member).get(f"/t/{member.town.slug}/journal/file.csv")
    people.keep_promises(app, member.town)
    assert len(people.journal_of(app, member.town, "exported")) == MOST
