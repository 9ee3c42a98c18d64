"""What a municipality reads in its mails of a look inside: who, why, until when, and where to end it."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from jobs.kinds import KINDS
from tests.hosting.operators import an_operator, opened
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
