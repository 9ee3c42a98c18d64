"""A list is taken over whole or not at all, told where it is wrong, harmless when it comes again."""

import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from ayumi.accounts.model import Party, Role
from ayumi.kernel import journal, pace
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store
from ayumi.kernel.outbox import Promise
from ayumi.municipalities.model import Delivery
from ayumi.participants import imports, merging, queries, rules
from ayumi.participants.model import Barrier, ImportStatus, Participant, ParticipantImport, Status
from jobs import participant_import
from tests.participants.lists import a_file, a_row, done, taken, uploaded
from tests.participants.people import a_person
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, working


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")


def people(app: Flask, member: Member) -> dict[str, Any]:
    with inside(app, member):
        columns = [Participant.__table__.c[name] for name in Participant.__table__.c.keys()]  # noqa: SIM118
        return {row.case_number: row for row in db.session.execute(select(*columns))}


def problems(found: ParticipantImport) -> set[tuple[int, str, str]]:
    return {(each["row"], each["column"], each["message"] % each["params"]) for each in found.errors}


class TestTakingOver:
    def test_people_are_registered_as_written_with_their_keys(self, app: Flask, caseworker: Member) -> None:
        row = a_row(
            1,
            姓="神\U000e0100谷",
            名="﨑子",
            姓カナ="かみや",
            世帯番号="S-1",
            阻害要因="生活リズム、債務",
            担当="佐々木美咲",
            備考="午後がよい",
        )
        found = taken(app, caseworker, a_file([row]))
        assert (found.status, found.created, found.rows_done) == (ImportStatus.APPLIED, 1, 1)
        person = people(app, caseworker)["L-00001"]
        assert (person.family_name, person.family_kana, person.given_kana) == ("神\U000e0100谷", "カミヤ", "ハナコ")
        assert (person.kana_key, person.name_key, str(person.birth_date)) == ("カミヤハナコ", "神谷崎子", "1980-04-01")
        assert (person.household_number, person.note, person.status) == ("S-1", "午後がよい", Status.CANDIDATE)
        assert person.barriers == [Barrier.DAILY_RHYTHM.value, Barrier.DEBT.value]
        assert person.caseworker_id == caseworker.membership_id

    def test_other_headings_and_one_column_for_the_name_are_understood(self, app: Flask, caseworker: Member) -> None:
        row = {"No": "1", "氏名": "山田　花子", "フリガナ": "ﾔﾏﾀﾞ ﾊﾅｺ", "生年月日": "1980/4/1", "ケースＮｏ．": "Ｘ－９"}
        found = taken(app, caseworker, a_file([row]))
        assert found.columns_left_out == ["No"]
        person = people(app, caseworker)["X-9"]
        assert (person.family_name, person.given_name, person.kana_key) == ("山田", "花子", "ヤマダハナコ")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
    def test_files_of_every_usual_encoding_are_read(self, app: Flask, caseworker: Member, encoding: str) -> None:
        data = a_file([a_row(1, 姓="髙橋")]).decode("utf-8-sig").encode(encoding)
        taken(app, caseworker, data)
        assert people(app, caseworker)["L-00001"].family_name == "髙橋"

    def test_each_new_person_stands_in_the_journal_with_who_uploaded_them(self, app: Flask, caseworker: Member) -> None:
        taken(app, caseworker, a_file([a_row(1), a_row(2)]))
        ids = [row.id for row in people(app, caseworker).values()]
        with inside(app, caseworker):
            entries = journal.history(*ids)
        assert [entry.action for entry in entries] == ["imported", "imported"]
        assert {entry.membership_id for entry in entries} == {caseworker.membership_id}


class TestAgain:
    def test_the_same_list_again_changes_nothing(self, app: Flask, caseworker: Member) -> None:
        data = a_file([a_row(1, 阻害要因="債務、生活リズム", 担当="佐々木 美咲"), a_row(2)])
        taken(app, caseworker, data)
        before = people(app, caseworker)
        found = taken(app, caseworker, data)
        assert (found.created, found.updated, found.unchanged) == (0, 0, 2)
        assert people(app, caseworker) == before

    def test_a_changed_row_changes_the_person_of_its_number_and_says_what_was_there(
        self, app: Flask, caseworker: Member
    ) -> None:
        taken(app, caseworker, a_file([a_row(1, 電話="1"), a_row(2)]))
        found = taken(app, caseworker, a_file([a_row(1, 電話="2", 姓="鈴木", 姓カナ="スズキ"), a_row(2)]))
        assert (found.created, found.updated, found.unchanged) == (0, 1, 1)
        person = people(app, caseworker)["L-00001"]
        assert (person.family_name, person.kana_key, person.phone, person.edition) == ("鈴木", "スズキハナコ", "2", 2)
        with inside(app, caseworker):
            entry = journal.history(person.id)[0]
        assert (entry.action, entry.changes["phone"]) == ("updated_by_import", ["1", "2"])

    def test_a_list_of_an_administrator_overwrites_nothing_that_they_cannot_see(
        self, app: Flask, town: Town, caseworker: Member
    ) -> None:
        administrator = a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)
        taken(app, caseworker, a_file([a_row(1, 阻害要因="債務、依存症、本人の意欲", 世帯番号="S-1", 備考="秘密")]))
        found = taken(
            app,
            administrator,
            a_file([a_row(1, 阻害要因="交通手段、障害", 世帯番号="S-2", 備考="別"), a_row(2, 備考="新しい人")]),
        )
        assert (found.created, found.updated) == (1, 1)
        first, second = (row for _number, row in sorted(people(app, caseworker).items()))
        assert (first.household_number, first.note, second.note) == ("S-1", "秘密", "新しい人")
        assert first.barriers == ["addiction", "debt", "transport"]

    def test_an_empty_cell_leaves_what_is_there(self, app: Flask, caseworker: Member) -> None:
        taken(app, caseworker, a_file([a_row(1, 備考="大切なこと", 阻害要因="債務")]))
        found = taken(app, caseworker, a_file([a_row(1, 備考="", 阻害要因="")]))
        assert found.unchanged == 1
        assert people(app, caseworker)["L-00001"].note == "大切なこと"

    def test_the_same_form_sent_twice_is_one_import(self, app: Flask, caseworker: Member) -> None:
        token, data = uuid4(), a_file([a_row(1)])
        for _time in range(2):
            with inside(app, caseworker):
                imports.upload(id=token, data=data, filename="a.csv")
        with inside(app, caseworker):
            assert db.session.scalar(select(func.count(ParticipantImport.id))) == 1
            promised = db.session.scalars(select(Promise.arguments)).all()
            assert promised == [{"import_id": str(token)}]


class TestRefusing:
    def test_every_mistake_is_told_by_row_and_column_and_nothing_is_taken(self, app: Flask, caseworker: Member) -> None:
        rows = [
            a_row(1),
            a_row(2, 生年月日="昭和64年2月1日"),
            a_row(3, 姓カナ="山田", 担当="知らない人"),
            a_row(1),
            a_row(5, 名="", 阻害要因="債務、宇宙人"),
            a_row(3, 支援する所="どこかの会社"),
            a_row(7, 備考="番号は 1234 5678 9018 です"),
        ]
        found = taken(app, caseworker, a_file(rows[:6]))
        assert found.status is ImportStatus.REFUSED
        assert problems(found) == {
            (3, "生年月日", "The calendar has no such day."),
            (4, "姓カナ", "Please write this in kana."),
            (5, "ケース番号", "The same case number stands in row 2."),
            (6, "名", "Please fill this in."),
            (6, "阻害要因", "Not on the list of words: 宇宙人."),
            (7, "ケース番号", "The same case number stands in row 4."),
            (7, "支援する所", "No firm of this name is under contract today: どこかの会社."),
        }
        assert people(app, caseworker) == {}
        with pytest.raises(Invalid):
            uploaded(app, caseworker, a_file(rows))

    def test_names_that_nobody_bears_are_told(self, app: Flask, caseworker: Member) -> None:
        rows = [a_row(1, 担当="知らない人"), a_row(2, 支援する所="どこかの会社"), a_row(3, 担当=caseworker.email)]
        assert problems(taken(app, caseworker, a_file(rows))) == {
            (2, "担当", "Nobody of this name or address is a caseworker here: 知らない人."),
            (3, "支援する所", "No firm of this name is under contract today: どこかの会社."),
        }

    def test_two_caseworkers_of_one_name_are_told_apart_by_address(
        self, app: Flask, town: Town, caseworker: Member
    ) -> None:
        a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")
        found = taken(app, caseworker, a_file([a_row(1, 担当="佐々木 美咲"), a_row(2, 担当=caseworker.email.upper())]))
        assert problems(found) == {
            (2, "担当", "Several caseworkers are called 佐々木 美咲. Please write the e-mail address.")
        }

    def test_a_name_in_one_column_needs_its_space(self, app: Flask, caseworker: Member) -> None:
        row = {"氏名": "山田花子", "フリガナ": "ヤマダ ハナコ", "生年月日": "1980/4/1", "ケース番号": "1"}
        found = taken(app, caseworker, a_file([row]))
        assert problems(found) == {(2, "氏名", "Please put a space between the family name and the given name.")}

    @pytest.mark.parametrize(
        "row",
        [
            a_row(1, 備考="マイナンバーは123456789018"),
            a_row(1, マイナンバー="控え"),
            a_row(1, 受給者番号="1"),
        ],
    )
    def test_a_file_with_forbidden_numbers_is_not_even_kept(
        self, app: Flask, caseworker: Member, row: dict[str, str]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            uploaded(app, caseworker, a_file([row]))
        assert "must not be kept" in str(refused.value.fields["file"][0])
        with inside(app, caseworker):
            assert db.session.scalar(select(func.count(StoredFile.id))) == 0

    def test_missing_columns_are_named(self, app: Flask, caseworker: Member) -> None:
        with pytest.raises(Invalid) as refused:
            uploaded(app, caseworker, a_file([{"姓": "山田", "名": "花子"}]))
        assert refused.value.params == {"columns": "姓カナ、名カナ、生年月日、ケース番号"}

    def test_a_hidden_person_cannot_be_changed_by_a_list_of_others(
        self, app: Flask, town: Town, caseworker: Member
    ) -> None:
        supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
        with inside(app, supervisor):
            hidden = a_person(case_number="L-00001", phone="秘密")
            rules.restrict(hidden, staff_ids=[supervisor.membership_id], why="避難")
        found = taken(app, caseworker, a_file([a_row(1, 電話="1")]))
        assert [each["message"] for each in found.errors] == [merging.NOT_YOURS]
        assert "秘密" not in str(found.errors)
        assert taken(app, supervisor, a_file([a_row(1, 電話="1")])).updated == 1


class TestWhoSupports:
    def test_a_firm_is_named_and_the_only_firm_of_a_contracted_town_is_meant_when_nothing_is_said(
        self, app: Flask
    ) -> None:
        town = a_town(app, delivery=Delivery.CONTRACTED)
        caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        firm = a_firm(app, name="みちのく就労支援")
        a_contract(app, town, firm)
        taken(
            app, caseworker, a_file([a_row(1), a_row(2, 支援する所="直営"), a_row(3, 支援する所="みちのく 就労支援")])
        )
        assert [row.delivery_firm_id for row in people(app, caseworker).values()] == [firm, None, firm]
        assert {row.firm_id for row in people(app, caseworker).values()} == {None}
        a_contract(app, town, a_firm(app))
        assert [each["message"] for each in taken(app, caseworker, a_file([a_row(4)])).errors] == [merging.SAY_WHO]

    def test_a_list_never_moves_somebody_to_another_place(self, app: Flask, town: Town, caseworker: Member) -> None:
        firm = a_firm(app, name="みちのく就労支援")
        a_contract(app, town, firm)
        taken(app, caseworker, a_file([a_row(1, 支援する所="直営")]))
        found = taken(app, caseworker, a_file([a_row(1, 支援する所="みちのく就労支援")]))
        assert [each["message"] for each in found.errors] == [merging.OTHER_PLACE]


class TestProgressAndFailure:
    def test_how_far_it_is_can_be_seen_while_it_runs(
        self, app: Flask, caseworker: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[str, int, int]] = []
        import_id = uploaded(app, caseworker, a_file([a_row(number) for number in range(5)]))

        def look(place: Any, number: int) -> None:
            real(place, number)
            with app.app_context(), db.engines["owner"].connect() as other:
                other.execute(text(f"SET LOCAL ayumi.tenant_id = '{caseworker.town.tenant_id}'"))
                found = other.execute(text("SELECT status, rows_done, rows_total FROM participant_import"))
                seen.extend((row.status, row.rows_done, row.rows_total) for row in found)

        real = imports._show
        monkeypatch.setattr(pace, "BETWEEN", 0)
        monkeypatch.setattr(imports, "CHUNK", 2)
        monkeypatch.setattr(imports, "_show", look)
        done(app, caseworker, import_id)
        assert seen == [("checking", 0, 5), ("checking", 2, 5), ("checking", 4, 5), ("checking", 5, 5)]

    @pytest.mark.parametrize("moment", ["_register", "_change"])
    def test_killed_in_the_middle_it_loses_and_doubles_nothing(
        self, app: Flask, caseworker: Member, monkeypatch: pytest.MonkeyPatch, moment: str
    ) -> None:
        taken(app, caseworker, a_file([a_row(1)]))
        import_id = uploaded(app, caseworker, a_file([a_row(1, 電話="9"), a_row(2)]))
        real = getattr(merging, moment)

        def dies(*args: Any) -> None:
            real(*args)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), working(app, caseworker.town):
            patch.setattr(merging, moment, dies)
            participant_import.run(str(import_id))
        assert {number: row.phone for number, row in people(app, caseworker).items()} == {"L-00001": None}
        for _time in range(2):
            found = done(app, caseworker, import_id)
        assert (found.status, found.created, found.updated) == (ImportStatus.APPLIED, 1, 1)
        assert {number: row.phone for number, row in people(app, caseworker).items()} == {
            "L-00001": "9",
            "L-00002": None,
        }

    def test_a_file_that_is_gone_is_a_failure_and_no_endless_trying(self, app: Flask, caseworker: Member) -> None:
        import_id = uploaded(app, caseworker, a_file([a_row(1)]))
        with inside(app, caseworker):
            row = imports.found(import_id)
            stored = db.session.get_one(StoredFile, (row.tenant_id, row.file_id))
            key = stored.key
        with app.app_context():
            store().delete(key)
        assert done(app, caseworker, import_id).status is ImportStatus.FAILED

    def test_another_municipalitys_import_is_not_there(self, app: Flask, caseworker: Member) -> None:
        import_id = uploaded(app, caseworker, a_file([a_row(1)]))
        stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        with pytest.raises(Exception, match="NotFound"), working(app, stranger.town):
            participant_import.run(str(import_id))


@pytest.mark.slow
def test_ten_thousand_rows_are_a_matter_of_seconds(app: Flask, caseworker: Member) -> None:
    data = a_file([a_row(number, 電話=str(number), 阻害要因="債務", 担当="佐々木 美咲") for number in range(10_000)])
    started = time.process_time()  # ours alone, however busy the machine is
    found = taken(app, caseworker, data)
    first = time.process_time() - started
    assert (found.status, found.created) == (ImportStatus.APPLIED, 10_000)
    again = taken(app, caseworker, data)
    assert (again.unchanged, again.created) == (10_000, 0)
    assert first < 30
    with inside(app, caseworker):
        assert queries.find(UUID(int=0)) is None
        assert db.session.scalar(select(func.count(Participant.id))) == 10_000
