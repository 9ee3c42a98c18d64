"""Those who lead are told of hidden people by a mail that names nobody."""

from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.kernel.db import db
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise
from ayumi.participants import rules
from ayumi.web import mailbox
from jobs import restriction_notices
from tests.participants.people import a_person
from tests.world import Town, a_member, a_town, inside, working


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
            restriction_notices.run(participant_id=str(person_id), notice_id=notice, what="hidden")
    for leader in (supervisor, head):
        (mail,) = mails_to(leader.email)
        assert f"/t/{town.slug}/people/{person_id}" in mail
        assert "秘密野" not in mail
        assert "ヒミツノ" not in mail
    assert mails_to(caseworker.email) == []


def told(app: Flask, town: Town) -> list[str]:
    """What those who lead are to be told of, in order."""
    with working(app, town):
        query = select(Promise.arguments).where(Promise.kind == "restriction_notice").order_by(Promise.promised_at)
        return [row["what"] for row in db.session.scalars(query)]


def test_every_way_of_adding_somebody_to_those_who_see_a_hidden_person_is_told_and_written_down(app: Flask) -> None:
    town = a_town(app)
    supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
    others = [a_member(app, town, Party.STAFF, Role.CASEWORKER) for _each in range(3)]
    named, caseworker, supporter = (each.membership_id for each in others)
    with inside(app, supervisor):
        person = a_person()
        rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
        rules.restrict(person, staff_ids=[supervisor.membership_id, named], why="応援")
        rules.restrict(person, staff_ids=[supervisor.membership_id, named], why="同じ")
        rules.assign(person, edition=person.edition, caseworker_id=caseworker, delivery_firm_id=None)
        db.session.flush()
        rules.assign(
            person,
            edition=person.edition,
            caseworker_id=caseworker,
            delivery_firm_id=None,
            supporter_ids=[supporter],
        )
        rules.lift_restriction(person, why="終わり")
        person_id = person.id
    assert told(app, town) == ["hidden", "changed", "changed", "changed", "opened"]
    with working(app, town):
        rows = db.session.scalars(select(Entry).where(Entry.subject_id == person_id).order_by(Entry.seq)).all()
        db.session.expunge_all()
    assert [row.action for row in rows[1:]] == [
        "restricted",
        "restricted",
        "assigned",
        "assigned",
        "restriction_lifted",
    ]
    assert rows[2].changes is not None
    assert str(named) in rows[2].changes["staff_ids"][1]


def test_the_mail_says_that_who_may_see_has_changed(app: Flask) -> None:
    town = a_town(app)
    supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
    with inside(app, supervisor):
        person_id = a_person().id
    with working(app, town):
        restriction_notices.run(participant_id=str(person_id), notice_id=str(uuid4()), what="changed")
    (mail,) = mails_to(supervisor.email)
    assert mail.startswith("非公開の方を閲覧できる人が変わりました")
