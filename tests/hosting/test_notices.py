"""What a municipality reads in its mails of a look inside: who, why, until when, and where to end it; and operators."""

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise
from jobs.kinds import KINDS
from tests.hosting.glass_scene import a_scene
from tests.hosting.operators import an_operator, asked, opened
from tests.notices.inbox import mails_to, words
from tests.world import a_member, a_town, working

SUBJECTS = {
    "asked": "緊急閲覧を申請しました",
    "approved": "同意の確認",
    "opened": "緊急閲覧が始まりました",
    "refused": "申請は却下されました",
    "ended": "緊急閲覧が終わりました",
}


@pytest.mark.parametrize("moment", SUBJECTS)
def test_administrators_and_section_heads_are_told_once_and_nobody_else(app: Flask, moment: str) -> None:
    town = a_town(app)
    administrator = a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)
    head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD)
    caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    asking = an_operator(app)
    id = opened(app, town, asking=asking, second=an_operator(app), administrator=administrator)
    for _time in range(2):
        with working(app, town):
            KINDS["glass_notice"](glass_break_id=str(id), moment=moment)
    for told in (administrator, head):
        (mail,) = mails_to(told.email)
        assert SUBJECTS[moment] in mail["Subject"]
        said = words(mail)
        for part in (asking.name, "帳票の不具合", "T-100", f"/t/{town.slug}/glass/{id}"):
            assert part in said
    assert mails_to(caseworker.email) == []


def test_the_other_operators_are_mailed_that_a_request_waits_for_one_of_them(app: Flask) -> None:
    town, asking, second, third = a_town(app), an_operator(app), an_operator(app), an_operator(app)
    caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    id = asked(app, asking, town)
    with working(app, town):
        promised = db.session.scalars(select(Promise.arguments).where(Promise.kind == "glass_waiting")).one()
        KINDS["glass_waiting"](**promised)
    for told in (second, third):
        (mail,) = mails_to(told.email)
        assert "承認を待っています" in mail["Subject"]
        for part in (town.name, asking.name, "T-100", f"/operator/m/{town.slug}/glass/{id}"):
            assert part in words(mail) or part in mail["Subject"]
        assert "帳票の不具合" not in words(mail)  # why stands on the page
    assert mails_to(asking.email) == mails_to(caseworker.email) == []


def test_nobody_is_mailed_of_a_request_that_is_decided_by_now(app: Flask) -> None:
    scene = a_scene(app)
    id = scene.open()
    with working(app, scene.town):
        KINDS["glass_waiting"](glass_break_id=str(id))
    assert mails_to(scene.second.email) == []
