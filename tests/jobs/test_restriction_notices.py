"""Those who lead are told of hidden people by a mail that names nobody."""

from pathlib import Path
from uuid import uuid4

from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.participants import rules
from ayumi.web import mailbox
from jobs import restriction_notices
from tests.participants.people import a_person
from tests.world import a_member, a_town, inside, working


def mails_to(address: str) -> list[str]:
    found = [mailbox.read(each) for each in sorted(Path(settings().mail_dir).glob("*.eml"))]
    return [f"{mail['Subject']}\n{mailbox.text_of(mail)}" for mail in found if mail["To"] == address]


def test_everybody_who_leads_gets_one_mail_without_any_name_of_the_person(app: Flask) -> None:
    town = a_town(app)
    supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
    head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD)
    caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    with inside(app, supervisor):
        person = a_person(family_name="秘密野", given_name="某", family_kana="ヒミツノ")
        rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
        person_id = person.id
    notice = str(uuid4())
    for _time in range(2):
        with working(app, town):
            restriction_notices.run(participant_id=str(person_id), notice_id=notice)
    for leader in (supervisor, head):
        (mail,) = mails_to(leader.email)
        assert f"/t/{town.slug}/people/{person_id}" in mail
        assert "秘密野" not in mail
        assert "ヒミツノ" not in mail
    assert mails_to(caseworker.email) == []
