"""People are found by how they sound, how they are written and their number; only those one may see."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from ayumi.participants import queries, rules
from ayumi.participants.model import Status
from ayumi.participants.queries import PER_PAGE, Sift
from ayumi.plans import beside as plans
from ayumi.records import beside as records
from tests.participants.people import a_person
from tests.records.scene import a_person as a_person_in_support
from tests.records.scene import a_scene
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER)


def found(**asked: Any) -> queries.Page:
    return queries.page(Sift(**asked), last_week=records.last_week, goal=plans.goal, concerns=records.concerns)


def names(**asked: Any) -> list[str]:
    return [f"{row.family_name}{row.given_name}" for row in found(**asked).rows]


FOLK = (
    ("山崎", "順一郎", "ヤマザキ", "ジュンイチロー", "A-100"),
    ("山﨑", "花", "ヤマサキ", "ハナ", "A-200"),
    ("渡邊", "健", "ワタナベ", "ケン", "B-100"),
    ("服部", "潤", "ハットリ", "ジュン", "C-100"),
)


@pytest.fixture
def folk(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        for family, given, family_kana, given_kana, number in FOLK:
            a_person(
                family_name=family,
                given_name=given,
                family_kana=family_kana,
                given_kana=given_kana,
                case_number=number,
            )


@pytest.mark.usefixtures("folk")
class TestSearch:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("やまざき", {"山崎順一郎", "山﨑花"}),
            ("ヤマザキ じゅんいちろう", set()),
            ("ﾔﾏｻﾞｷ ｼﾞｭﾝｲﾁﾛｰ", {"山崎順一郎"}),
            ("はつとり", {"服部潤"}),
            ("渡辺", {"渡邊健"}),
            ("渡邊健", {"渡邊健"}),
            ("山崎", {"山崎順一郎", "山﨑花"}),
            ("A-1", {"山崎順一郎"}),
            ("ａ-２", {"山﨑花"}),
            ("じゅん", {"山崎順一郎", "服部潤"}),
            ("健", {"渡邊健"}),
            ("さき", set()),
            ("%", set()),
        ],
    )
    def test_one_box_takes_reading_name_and_number_by_their_beginning(
        self, app: Flask, caseworker: Member, words: str, expected: set[str]
    ) -> None:
        with inside(app, caseworker):
            assert set(names(words=words)) == expected

    def test_voicing_is_forgiven_because_nobody_knows_how_a_yamasaki_is_read(
        self, app: Flask, caseworker: Member
    ) -> None:
        with inside(app, caseworker):
            assert set(names(words="やまさき")) == set(names(words="ヤマザキ")) == {"山崎順一郎", "山﨑花"}

    def test_the_list_goes_by_the_fifty_sounds_and_back(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            order = ["服部潤", "山崎順一郎", "山﨑花", "渡邊健"]
            assert names() == order
            assert names(down=True) == list(reversed(order))


class TestFilters:
    def test_mine_are_those_i_am_responsible_for_or_support(self, app: Flask, town: Town, caseworker: Member) -> None:
        helper = a_member(app, town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER)
        with inside(app, caseworker):
            a_person(given_name="担当", caseworker_id=caseworker.membership_id)
            other = a_person(given_name="他人")
            supporters = [helper.membership_id]
            rules.assign(other, edition=1, caseworker_id=None, delivery_firm_id=None, supporter_ids=supporters)
            assert names(mine=True) == ["山田担当"]
            assert found().total == 2
        with inside(app, helper):
            assert names(mine=True) == ["山田他人"]

    def test_own_staff_and_a_firm_are_told_apart(self, app: Flask, town: Town, caseworker: Member) -> None:
        firm = a_firm(app)
        a_contract(app, town, firm)
        with inside(app, caseworker):
            a_person(given_name="直営")
            a_person(given_name="委託", delivery_firm_id=firm)
            assert names(delivery="own") == ["山田直営"]
            assert names(delivery=str(firm)) == ["山田委託"]
            assert names(delivery="no such firm") == []
            assert {(row.kind, row.id) for row in queries.choices()} == {("firm", firm)}

    def test_ended_support_is_left_out_unless_asked_for(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            a_person(given_name="候補")
            rules.set_status(a_person(given_name="終了"), Status.ENDED)
            assert names() == ["山田候補"]
            assert names(status="ended") == ["山田終了"]
            assert found(status="any").total == 2

    def test_those_in_support_without_a_record_for_weeks_are_found(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.caseworker):
            assert [row.id for row in found(silent_weeks=2).rows] == [scene.person_id]
            assert found(silent_weeks=2, status="ended").total == 0

    def test_older_people_come_first_when_turned_around(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            for year in (1990, 1960, 1975):
                a_person(given_name=str(year), birth_date=date(year, 1, 1))
            assert names(sort="age") == ["山田1990", "山田1975", "山田1960"]
            assert names(sort="age", down=True) == ["山田1960", "山田1975", "山田1990"]

    def test_people_go_by_where_they_stand(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            for name, way in (("休", [Status.ACTIVE, Status.PAUSED]), ("候", []), ("中", [Status.ACTIVE])):
                person = a_person(given_name=name)
                for status in way:
                    rules.set_status(person, status)
            assert names(sort="status") == ["山田候", "山田中", "山田休"]


class TestPaging:
    def test_fifty_a_page_with_the_total(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            for _ in range(PER_PAGE + 3):
                a_person()
            first, second, beyond = found(), found(page=2), found(page=9)
            assert (len(first.rows), first.total) == (PER_PAGE, PER_PAGE + 3)
            assert (len(second.rows), second.total) == (3, PER_PAGE + 3)
            assert not {row.id for row in first.rows} & {row.id for row in second.rows}
            assert (beyond.rows, beyond.total) == ([], 0)

    def test_a_page_is_one_statement_that_names_the_municipality_everywhere(
        self, app: Flask, caseworker: Member
    ) -> None:
        said: list[str] = []
        with inside(app, caseworker):
            event.listen(db.engines["staff"], "before_cursor_execute", lambda *args: said.append(args[2]))
            db.session.connection()
            said.clear()
            found(mine=True, words="や", silent_weeks=4, sort="last")
        asked = [each for each in said if "participant" in each]
        assert len(asked) == 1
        tables = asked[0].count("FROM ") + asked[0].count("JOIN ")
        assert asked[0].count("tenant_id = ") >= tables - 1  # the firms are shared


class TestWhoIsSeen:
    def test_restricted_people_are_in_no_list_and_no_count_of_others(
        self, app: Flask, town: Town, caseworker: Member
    ) -> None:
        supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
        with inside(app, supervisor):
            hidden = a_person(family_kana="カクレ")
            rules.restrict(hidden, staff_ids=[supervisor.membership_id], why="避難")
            assert found(words="かくれ").total == 1
        with inside(app, caseworker):
            assert (found(words="かくれ").total, found().total) == (0, 0)

    def test_a_firm_sees_only_people_opened_to_it(self, app: Flask) -> None:
        mine, other = a_scene(app, with_firm=True), a_scene(app, with_firm=True)
        a_person_in_support(app, mine.town, caseworker=mine.caseworker)
        with inside(app, mine.supporter):
            assert [row.id for row in found().rows] == [mine.person_id]
            assert found(mine=True).total == 1
        assert other.person_id != mine.person_id

    def test_another_municipality_is_empty(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            a_person()
        elsewhere = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        with inside(app, elsewhere):
            assert found(status="any").total == 0
            assert queries.find(UUID(int=0)) is None


def test_a_twin_is_somebody_of_the_same_sound_and_birth(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        a_person(case_number="Z-1", birth_date=date(1980, 4, 1))
        assert queries.twin("ヤマダハナコ", date(1980, 4, 1)).case_number == "Z-1"
        assert queries.twin("ヤマダハナコ", date(1980, 4, 1) + timedelta(days=1)) is None
