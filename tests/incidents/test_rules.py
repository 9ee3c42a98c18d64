"""The life of an incident."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.incidents import queries, rules
from ayumi.incidents.model import Ground, Incident, IncidentStatus
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.kernel.outbox import Promise
from ayumi.kernel.states import IllegalMove
from jobs import incident_deadlines, incident_notices
from tests.notices.inbox import mails_to, words
from tests.world import Member, Town, a_member, a_town, inside, working


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def head(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.SECTION_HEAD)


def today() -> date:
    return clock.today()


def enter(**said: Any) -> Incident:
    known: dict[str, Any] = {
        "id": ids.new(),
        "title": "通知書の誤送付",
        "known_on": today(),
        "what": "別の人に送った。",
        "people": 1,
    }
    return rules.report(**(known | {"grounds": [Ground.SENSITIVE]} | said))


def amend(incident: Incident, **said: Any) -> Incident:
    names = ("title", "known_on", "occurred_on", "what", "data", "cause", "further_harm", "people_told_on")
    known = {name: getattr(incident, name) for name in (*names, "published", "remedy", "people")}
    known |= {"grounds": [Ground(word) for word in incident.grounds], "edition": incident.edition}
    amended = rules.amend(incident, **(known | said))
    db.session.flush()  # as between two requests
    return amended


class TestEntering:
    def test_it_is_entered_once_and_those_responsible_are_to_be_told(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter()
            assert rules.report(id=made.id, title="x", known_on=today(), what="y").title == "通知書の誤送付"
            assert made.status is IncidentStatus.OPEN
            assert [entry.action for entry in journal.history(made.id)] == ["reported"]
            keys = db.session.scalars(select(Promise.dedupe_key).where(Promise.kind == "incident_notice")).all()
            assert keys == [f"incident_notice:{made.id}:reported"]

    def test_more_than_a_hundred_people_are_a_ground_by_themselves(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            assert enter(people=101, grounds=[]).grounds == ["many"]
            assert enter(people=100, grounds=[]).grounds == []
            with pytest.raises(Invalid):
                enter(people=100, grounds=[Ground.MANY])

    @pytest.mark.parametrize(
        "days",
        [
            {"known_on": timedelta(days=1)},
            {"known_on": timedelta(days=-3), "occurred_on": timedelta(days=-2)},
        ],
    )
    def test_days_that_cannot_be_are_refused(self, app: Flask, head: Member, days: dict[str, timedelta]) -> None:
        with inside(app, head), pytest.raises(Invalid):
            enter(**{name: today() + span for name, span in days.items()})


class TestReports:
    def test_first_and_final_report_lead_to_the_end(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter(known_on=today() - timedelta(days=4))
            rules.report_first(made, edition=made.edition, on=today() - timedelta(days=2))
            rules.report_all(made, edition=made.edition, on=today())
            rules.close(made, edition=made.edition, why="すべて報告した。")
            assert made.status is IncidentStatus.CLOSED
            actions = [entry.action for entry in journal.history(made.id)]
            assert actions == ["closed", "finally_reported", "preliminary_reported", "reported"]

    def test_one_report_may_be_both(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter()
            rules.report_all(made, edition=made.edition, on=today())
            assert (made.preliminary_reported_on, made.finally_reported_on) == (today(), today())
            assert made.status is IncidentStatus.FINALLY_REPORTED

    def test_what_must_be_reported_is_not_closed_before(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter()
            with pytest.raises(rules.StillToReport):
                rules.close(made, edition=made.edition, why="忘れたい。")
            rules.report_first(made, edition=made.edition, on=today())
            with pytest.raises(rules.StillToReport):
                rules.close(made, edition=made.edition, why="忘れたい。")

    def test_what_turns_out_not_to_need_a_report_is_closed_without_the_final_one(
        self, app: Flask, head: Member
    ) -> None:
        with inside(app, head):
            made = enter()
            rules.report_first(made, edition=made.edition, on=today())
            amend(made, grounds=[], people=0)
            rules.close(made, edition=made.edition, why="漏えいはなかった。")
            assert made.status is IncidentStatus.CLOSED

    def test_without_a_ground_there_is_nothing_to_report(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter(grounds=[])
            with pytest.raises(Invalid):
                rules.report_first(made, edition=made.edition, on=today())
            rules.close(made, edition=made.edition, why="個人情報ではない。")

    @pytest.mark.parametrize("days", [-5, 1])
    def test_a_report_lies_between_knowing_and_today(self, app: Flask, head: Member, days: int) -> None:
        with inside(app, head):
            made = enter(known_on=today() - timedelta(days=4))
            with pytest.raises(Invalid):
                rules.report_first(made, edition=made.edition, on=today() + timedelta(days=days))

    def test_the_final_report_does_not_come_before_the_first(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter(known_on=today() - timedelta(days=4))
            rules.report_first(made, edition=made.edition, on=today())
            with pytest.raises(Invalid):
                rules.report_all(made, edition=made.edition, on=today() - timedelta(days=1))

    def test_a_report_is_not_made_twice(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter()
            rules.report_first(made, edition=made.edition, on=today())
            with pytest.raises(IllegalMove):
                rules.report_first(made, edition=made.edition, on=today())


class TestChanging:
    def test_changes_are_written_down_field_by_field(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter()
            amend(made, cause="宛名の確認もれ", grounds=[Ground.SENSITIVE, Ground.MALICIOUS])
            newest = journal.history(made.id)[0]
            assert newest.changes == {
                "cause": [None, "宛名の確認もれ"],
                "grounds": [["sensitive"], ["sensitive", "malicious"]],
            }

    def test_the_second_of_two_people_is_refused(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter()
            seen = made.edition
            amend(made, cause="一人目")
            db.session.flush()
            with pytest.raises(ChangedMeanwhile):
                amend(made, cause="二人目", edition=seen)

    def test_a_closed_one_stays_as_it_is_until_it_is_opened_again(self, app: Flask, head: Member) -> None:
        with inside(app, head):
            made = enter(grounds=[])
            rules.close(made, edition=made.edition, why="個人情報ではない。")
            with pytest.raises(IllegalMove):
                amend(made, cause="遅い")
            rules.reopen(made, edition=made.edition, why="新しい事実がわかった。")
            amend(made, cause="間に合う", grounds=[Ground.PROPERTY])
            assert (made.cause, made.status) == ("間に合う", IncidentStatus.OPEN)

    @pytest.mark.parametrize("days", [1, -1])
    def test_nobody_was_told_before_it_was_known_or_tomorrow(self, app: Flask, head: Member, days: int) -> None:
        with inside(app, head):
            made = enter()
            with pytest.raises(Invalid):
                amend(made, people_told_on=today() + timedelta(days=days))


def test_everybody_but_those_responsible_sees_only_their_own(app: Flask, town: Town, head: Member) -> None:
    worker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    with inside(app, worker):
        mine = enter().id
    with inside(app, head):
        theirs = enter().id
    with inside(app, worker):
        assert [row.id for row in queries.every(of=worker.membership_id)] == [mine]
        with pytest.raises(NotFound):
            queries.one(theirs, of=worker.membership_id)
    with inside(app, head):
        assert {row.id for row in queries.every()} == {mine, theirs}


class TestReminding:
    """Mails to those who look after incidents: each deadline once when it comes near and once when it is over."""

    def promised(self) -> list[str]:
        query = select(Promise.dedupe_key).where(Promise.kind == "incident_notice").order_by(Promise.dedupe_key)
        return [key.split(":", 2)[2] for key in db.session.scalars(query) if not key.endswith(":reported")]

    def test_each_deadline_is_told_once_however_often_the_morning_comes(
        self, app: Flask, town: Town, head: Member
    ) -> None:
        with inside(app, head):
            known_on = enter().known_on
        first, last = known_on + timedelta(days=4), known_on + timedelta(days=29)
        seen = []
        for later in (0, 1, 5, 6, 40, 41):
            with clock.at(clock.now() + timedelta(days=later)), working(app, town):
                incident_deadlines.run()
                incident_deadlines.run()
                seen.append(len(self.promised()))
        assert seen == [1, 1, 2, 2, 3, 3]
        with working(app, town):
            kinds = [key.rsplit(":", 1)[0] for key in self.promised()]
        assert kinds == ["final:late", "preliminary:late", "preliminary:near"]
        assert first < last

    def test_the_mail_goes_to_those_responsible_and_names_nothing(self, app: Flask, town: Town, head: Member) -> None:
        administrator = a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)
        worker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        with inside(app, worker):
            incident_id = str(enter(title="甲野さんの通知書").id)
        for what, which in (("reported", ""), ("near", "preliminary"), ("near", "preliminary")):
            with working(app, town):
                incident_notices.run(incident_id=incident_id, what=what, which=which)
        for member in (head, administrator):
            found = mails_to(member.email)
            assert [mail["Subject"] for mail in found] == [
                "個人情報の漏えい等が登録されました",
                "期限間近：漏えい等の速報",
            ]
            for mail in found:
                assert "甲野" not in words(mail)
                assert f"/t/{town.slug}/incidents/{incident_id}" in words(mail)
        assert mails_to(worker.email) == []

    def test_a_report_made_meanwhile_is_not_asked_for(self, app: Flask, town: Town, head: Member) -> None:
        with inside(app, head):
            made = enter()
            rules.report_first(made, edition=made.edition, on=today())
            incident_id = str(made.id)
        with working(app, town):
            incident_notices.run(incident_id=incident_id, what="near", which="preliminary")
        assert mails_to(head.email) == []
