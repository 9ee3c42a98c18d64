"""What tests of leaving begin with."""

from uuid import UUID

from flask import Flask

from ayumi.invitations import members
from ayumi.participants import duties, leaving, rules
from ayumi.participants.duties import DUTIES, Duty
from ayumi.participants.leaving import Plan
from ayumi.participants.model import NamedStaff, Participant, Supporter
from tests.invitations.acts import of_town
from tests.participants.people import a_person
from tests.world import Member, inside


def all_duties(app: Flask, leaver: Member, heir: Member) -> dict[str, UUID]:
    """Let the leaver be everything that one can be for somebody."""
    with inside(app, heir):
        mine = a_person(caseworker_id=leaver.membership_id)
        supported = a_person()
        rules.assign(
            supported,
            edition=supported.edition,
            caseworker_id=None,
            delivery_firm_id=None,
            supporter_ids=[leaver.membership_id],
        )
        hidden = a_person(caseworker_id=leaver.membership_id)
        rules.restrict(hidden, staff_ids=[leaver.membership_id, heir.membership_id], why="避難")
        return {"mine": mine.id, "supported": supported.id, "hidden": hidden.id}


def everything_to(heir: Member) -> Plan:
    return Plan(dict.fromkeys(Duty, heir.membership_id), {}, heir.membership_id)


def hand_over(by: Member, leaver: Member, plan: Plan, app: Flask) -> int:
    with inside(app, by):
        found = members.one(leaver.membership_id, lock=True)
        return leaving.hand_over(found, plan, edition=duties.edition_of(duties.of(leaver.membership_id)))


def left_with(app: Flask, member: Member) -> set[str]:
    """Return the columns in which a member still stands as responsible."""
    found = set()
    for model in (Participant, Supporter, NamedStaff):
        for row in of_town(app, member.town, model):
            for name in DUTIES:
                table, _dot, column = name.partition(".")
                if table == model.__tablename__ and getattr(row, column) == member.membership_id:
                    found.add(name)
    return found
