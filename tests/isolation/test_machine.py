"""Two municipalities work at once in any order, with each other's identifiers slipped in: neither ever notices.

Every step is one rule called by staff of one town with identifiers of either. A foreign identifier is refused,
and whatever happens the other town's rows stay as they were, to the last byte.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from ayumi.consents import rules as consents
from ayumi.consents.model import Consent
from ayumi.employers import prices
from ayumi.employers import rules as employers
from ayumi.kernel import ids
from ayumi.kernel.db import one
from ayumi.kernel.errors import AyumiError, NotFound
from ayumi.kernel.files.rules import opened_file
from ayumi.menus import rules as menus
from ayumi.menus.model import Menu
from ayumi.participants import queries as people
from ayumi.participants import rules as participants
from ayumi.placements import rules as placements
from ayumi.plans import queries as plans
from ayumi.records import rules as records
from ayumi.selection import queries as selection
from tests.isolation.populated import Populated, populate, snapshot
from tests.world import inside

Ids = dict[str, UUID]


def register(found: Ids) -> None:
    participants.register(
        family_name="新", given_name="人", family_kana="シン", given_kana="ジン", birth_date=date(1990, 1, 1),
        case_number=str(ids.new()), caseworker_id=found["membership_id"], is_other=True,
    )  # fmt: skip


def assign(found: Ids) -> None:
    person = people.one(found["participant_id"])
    participants.assign(
        person, edition=person.edition, caseworker_id=found["membership_id"], delivery_firm_id=None, why="交代"
    )


def place(found: Ids) -> None:
    placements.plan(
        found["participant_id"], id=ids.new(), site_id=found["site_id"], nickname="はな",
        starts_on=date.today(), ends_on=date.today(), planned_days_per_week=1, planned_minutes_per_day=60,
    )  # fmt: skip


def open_file(found: Ids) -> None:
    opened_file(found["file_id"])


ACTIONS: dict[str, tuple[tuple[str, ...], Callable[[Ids], object]]] = {
    "register": (("membership_id",), register),
    "assign": (("participant_id", "membership_id"), assign),
    "note": (("participant_id",), lambda f: participants.edit(people.one(f["participant_id"]), edition=1, note="覚書")),
    "withdraw": (
        ("consent_id",),
        lambda f: consents.withdraw(one(Consent, f["consent_id"]), withdrawn_on=date.today(), reason="本人の申し出"),
    ),
    "retire menu": (("menu_id",), lambda f: menus.retire(one(Menu, f["menu_id"]))),
    "rest employer": (("employer_id",), lambda f: employers.rest(f["employer_id"], why="休業")),
    "add site": (("employer_id",), lambda f: employers.add_site(f["employer_id"], id=ids.new(), name=str(ids.new()))),
    "approve price": (("price_id",), lambda f: prices.approve(f["price_id"])),
    "plan placement": (("participant_id", "site_id"), place),
    "accept week": (("record_id", "version_id"), lambda f: records.accept(f["record_id"], version_id=f["version_id"])),
    "skip week": (("record_id",), lambda f: records.skip(f["record_id"], reason="入院")),
    "open file": (("file_id",), open_file),
}
LOOKS: dict[str, tuple[str, Callable[[UUID], Any]]] = {
    "enrolments": ("participant_id", selection.enrolments_of),
    "goals": ("participant_id", plans.goals_of),
}


class TwoTowns(RuleBasedStateMachine):
    """Either town acts, with its own things or the other's."""

    app: ClassVar[Flask]
    towns: ClassVar[tuple[Populated, Populated]]

    @rule(
        actor=st.sampled_from([0, 1]),
        name=st.sampled_from(sorted(ACTIONS)),
        foreign=st.integers(min_value=0, max_value=3),
        role=st.sampled_from(["caseworker", "section_head"]),
    )
    def act(self, actor: int, name: str, foreign: int, role: str) -> None:
        mine, theirs = self.towns[actor], self.towns[1 - actor]
        needed, action = ACTIONS[name]
        stranger = needed[foreign % len(needed)] if foreign else None
        found = {each: (theirs if each == stranger else mine).ids[each] for each in needed}
        before = snapshot(self.app, theirs.town)
        refused = self._refused(mine, role, action, found)
        assert refused or stranger is None, f"{name} took {stranger} of another municipality"
        assert snapshot(self.app, theirs.town) == before

    def _refused(self, mine: Populated, role: str, action: Callable[[Ids], object], found: Ids) -> bool:
        try:
            with inside(self.app, mine.members[role]):
                action(found)
        except (AyumiError, IntegrityError):
            return True
        return False

    @rule(actor=st.sampled_from([0, 1]), name=st.sampled_from(sorted(LOOKS)))
    def look(self, actor: int, name: str) -> None:
        mine, theirs = self.towns[actor], self.towns[1 - actor]
        argument, query = LOOKS[name]
        with inside(self.app, mine.members["caseworker"]):
            assert not query(theirs.ids[argument])
            with pytest.raises(NotFound):
                people.one(theirs.ids["participant_id"])


def test_two_municipalities_never_notice_each_other(app: Flask) -> None:
    TwoTowns.app = app
    TwoTowns.towns = (populate(app, "甲野台"), populate(app, "乙川原"))
    run_state_machine_as_test(
        TwoTowns,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
