"""A firm sees its own people within contract, assignment, consent and dates: every portal page, and the door itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from ayumi.consents import queries as consents
from ayumi.consents import rules as consenting
from ayumi.consents.model import Consent, Form, Scope
from ayumi.contracts.model import Contract
from ayumi.kernel import clock
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import queries, rules
from ayumi.participants.model import Participant, Supporter
from ayumi.selection import queries as selection
from ayumi.selection import rules as enrolling
from ayumi.selection.model import EndReason
from tests.isolation.canaries import CANARIES
from tests.isolation.fieldcrawl import nesting, seen_by
from tests.isolation.populated import Populated, populate
from tests.world import a_contract, a_firm, inside, logged_in, posted, working

TODAY = clock.today()
DAY = timedelta(days=1)
# What a firm keeps of its own books, when it no longer sees the people in them.
BOOKS = {"fee_line.nickname", "fee_line.return_word", "fee_statement.note", "confirmation.note"}
LIVES = set(CANARIES) - BOOKS


def nothing_changes(app: Flask, place: Populated) -> None:
    """As it was."""


def consent_until(app: Flask, place: Populated, last: date) -> None:
    """A consent with an end, and time that passes: nobody and no job has looked since."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=place.town.tenant_id)) as session:
        session.execute(update(Consent).values(expires_on=last).where(Consent.tenant_id == place.town.tenant_id))
        mine = Participant.id == place.ids["participant_id"]
        session.execute(update(Participant).values(firm_until=last, health_until=last).where(mine))


def consent_ends_today(app: Flask, place: Populated) -> None:
    """The last day counts."""
    consent_until(app, place, TODAY)


def consent_ended_yesterday(app: Flask, place: Populated) -> None:
    """Before the night's job has come."""
    consent_until(app, place, TODAY - DAY)


def consent_has_been_written_off(app: Flask, place: Populated) -> None:
    """After the night's job."""
    consent_until(app, place, TODAY - DAY)
    with working(app, place.town):
        assert consenting.expire_all() == 1


def consent_is_withdrawn(app: Flask, place: Populated) -> None:
    """At once."""
    with inside(app, place.members["caseworker"]):
        consent = consents.one(place.ids["consent_id"])
        consenting.withdraw(consent, withdrawn_on=TODAY, reason="なし")


def contract(app: Flask, place: Populated, starts_on: date, ends_on: date) -> None:
    """Give the firm's contract other days."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=place.town.tenant_id)) as session:
        row = session.get_one(Contract, (place.town.tenant_id, place.ids["contract_id"]))
        row.starts_on, row.ends_on = starts_on, ends_on


def contract_ended_yesterday(app: Flask, place: Populated) -> None:
    """The time of reading begins."""
    contract(app, place, TODAY - 99 * DAY, TODAY - DAY)


def contract_ended_long_ago(app: Flask, place: Populated) -> None:
    """The time of reading is over."""
    contract(app, place, TODAY - 300 * DAY, TODAY - 91 * DAY)


def contract_begins_tomorrow(app: Flask, place: Populated) -> None:
    """Not yet."""
    contract(app, place, TODAY + DAY, TODAY + 99 * DAY)


def another_firm_supports(app: Flask, place: Populated) -> None:
    """Assigned anew, with a consent that covers any firm."""
    firm = a_firm(app)
    a_contract(app, place.town, firm)
    with inside(app, place.members["caseworker"]):
        person = queries.one(place.ids["participant_id"])
        rules.assign(
            person, edition=person.edition, caseworker_id=person.caseworker_id, delivery_firm_id=firm, supporter_ids=[]
        )
        assert person.firm_id == firm


def support_ended(app: Flask, place: Populated, ends_on: date) -> None:
    """The person's support is over."""
    with inside(app, place.members["caseworker"]):
        enrolment = selection.one(place.ids["enrolment_id"])
        enrolling.end(enrolment, edition=enrolment.edition, ends_on=ends_on, reason=EndReason.JOB)


def support_ended_yesterday(app: Flask, place: Populated) -> None:
    """A firm may still read for a while, to finish its papers."""
    support_ended(app, place, TODAY - DAY)


def support_ended_long_ago(app: Flask, place: Populated) -> None:
    """After that while."""
    support_ended(app, place, TODAY - 91 * DAY)


def hidden_from_all_but_their_supporter(app: Flask, place: Populated) -> None:
    """A restricted person whose supporter at the firm is gone."""
    supervisor = place.members["supervising_caseworker"]
    with inside(app, supervisor):
        person = queries.one(place.ids["participant_id"])
        rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
        db.session.execute(delete(Supporter).where(Supporter.participant_id == person.id))


@dataclass(frozen=True)
class Case:
    """What happens, and whether the firm's supporter still reads and writes."""

    happens: Callable[[Flask, Populated], None]
    reads: bool
    writes: bool = False
    at_the_door: bool = False
    """Whether the database still hands the person out; it knows neither contracts nor who supports whom."""


CASES = [
    Case(nothing_changes, True, True, True),
    Case(consent_ends_today, True, True, True),
    Case(consent_ended_yesterday, False),
    Case(consent_has_been_written_off, False),
    Case(consent_is_withdrawn, False),
    Case(contract_ended_yesterday, True, False, True),
    Case(contract_ended_long_ago, False, False, True),
    Case(contract_begins_tomorrow, False, False, True),
    Case(another_firm_supports, False),
    Case(support_ended_yesterday, True, True, True),
    Case(support_ended_long_ago, False),
    Case(hidden_from_all_but_their_supporter, False, False, True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.happens.__name__)
def test_a_firm_sees_within_contract_assignment_consent_and_dates(app: Flask, case: Case) -> None:
    with nesting():
        place = populate(app, "境界野")
    case.happens(app, place)
    supporter = place.members["supporter"]
    seen = seen_by(app, place, "supporter") & LIVES
    assert ("participant.family_name" in seen, "record_version.summary" in seen) == (case.reads, case.reads)
    assert case.reads or seen == set()
    with inside(app, supporter):
        assert bool(db.session.scalars(select(Participant.id)).all()) == case.at_the_door
    answer = posted(logged_in(app, supporter), _skip(place), reason="試験")
    assert (answer.status_code not in (403, 404)) == case.writes


def _skip(place: Populated) -> str:
    return f"/portal/{place.town.slug}/records/{place.ids['record_draft']}/skip"


def test_a_consent_that_names_the_firm_does_not_open_the_next_one(app: Flask) -> None:
    place, firm = populate(app, "名指野"), a_firm(app)
    a_contract(app, place.town, firm)
    said: dict[str, Any] = {"scopes": [Scope.FIRM], "form": Form.PAPER, "given_on": TODAY}
    with inside(app, place.members["caseworker"]):
        person = queries.one(place.ids["participant_id"])
        db.session.execute(update(Consent).values(for_firm_id=place.firm_id))
        rules.assign(person, edition=person.edition, caseworker_id=None, delivery_firm_id=firm)
        assert person.firm_id is None
        from_now_on = consenting.give(person, id=uuid4(), **said)
        assert {person.firm_id, from_now_on.for_firm_id} == {firm}
