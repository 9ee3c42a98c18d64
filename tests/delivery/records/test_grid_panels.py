"""Everyone's week shows of a day the menu and how it went; the rest comes with its panel, and is never lost."""

from datetime import date, time, timedelta
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from ayumi.delivery.records.grid_cells import DAY, PartialForm
from ayumi.records import drafts
from ayumi.records.content import DayEntry, fingerprint, said_by
from ayumi.records.model import Attendance
from ayumi.web.forms import shown
from tests.delivery.records.grid import a_cell, address, fields_in, form_of, panel_of, stored, two_rows
from tests.records.scene import LAST_MONDAY, WEEK, Scene, attended, said, submitted, the_week
from tests.world import inside, logged_in, posted

SEEN = "道具の用意を自分から始めた。"
THIS_MONDAY = LAST_MONDAY + WEEK


def written(app: Flask) -> tuple[Scene, UUID, UUID]:
    """A scene whose first row has a day with all it can have."""
    scene, record_id, other = two_rows(app)
    with inside(app, scene.supporter):
        entry = attended(scene.town, observation=SEEN, place="作業室")
        drafts.save_day(record_id, before=fingerprint(DayEntry(held_on=LAST_MONDAY)), entry=entry)
    return scene, record_id, other


class TestAPanel:
    def test_it_holds_what_the_page_does_not(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client = logged_in(app, scene.supporter)
        page, panel = form_of(client, address(scene)), panel_of(client, scene, record_id)
        prefix, rest = f"{record_id}.{LAST_MONDAY}.", fields_in(panel["html"])
        assert {name.removeprefix(prefix) for name in page if name.startswith(prefix)} == {
            "edition", "menu_id", "attendance",
        }  # fmt: skip
        assert (rest[f"{prefix}observation"], rest[f"{prefix}starts_at"]) == (SEEN, "10:00")
        assert not page.keys() & rest.keys()

    def test_it_says_how_the_cell_stands_now(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client = logged_in(app, scene.supporter)
        panel, id = panel_of(client, scene, record_id), f"{record_id}.{LAST_MONDAY}"
        assert panel["edition"] == form_of(client, address(scene))[f"{id}.edition"]
        assert panel["values"][f"{id}.attendance"][0] == "attended"
        assert (panel["show"][f"hours-{id}"], panel["show"][f"note-{id}"]) == ("2時間", "•メモ")

    def test_a_week_that_was_handed_in_has_none(self, app: Flask) -> None:
        scene, record_id, _other = two_rows(app)
        submitted(app, scene, record_id)
        client = logged_in(app, scene.supporter)
        for where in (LAST_MONDAY, "words"):
            assert client.get(address(scene, f"{record_id}/{where}")).status_code == 409

    def test_whoever_does_not_write_the_week_has_none(self, app: Flask) -> None:
        scene, record_id, _other = two_rows(app)
        path = f"/t/{scene.town.slug}/records/weeks/{record_id}/{LAST_MONDAY}"
        assert logged_in(app, scene.caseworker).get(path).status_code == 403

    def test_there_is_none_of_a_day_outside_the_week(self, app: Flask) -> None:
        scene, record_id, _other = two_rows(app)
        path = address(scene, f"{record_id}/{LAST_MONDAY + WEEK}")
        assert logged_in(app, scene.supporter).get(path).status_code == 404


class TestWhatWasNotSent:
    def test_it_is_as_stored_when_a_cell_saves_itself(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client, prefix = logged_in(app, scene.supporter), f"{record_id}.{LAST_MONDAY}."
        before = form_of(client, address(scene))
        cell = {name: value for name, value in before.items() if name.startswith(prefix)} | {f"{prefix}menu_id": ""}
        assert posted(client, address(scene, f"{record_id}/{LAST_MONDAY}"), **cell).status_code == 200
        (day,) = stored(app, scene, record_id).days
        assert (day.menu_id, day.starts_at, day.place, day.observation) == (None, time(10), "作業室", SEEN)

    def test_it_is_as_stored_when_the_whole_page_is_sent(self, app: Flask) -> None:
        scene, record_id, other = written(app)
        client = logged_in(app, scene.supporter)
        chosen = {f"{id}.{LAST_MONDAY}.attendance": "attended" for id in (record_id, other)}
        chosen |= {f"{other}.{LAST_MONDAY}.menu_id": str(scene.town.menu_id)}
        chosen |= {f"{record_id}.{LAST_MONDAY}.menu_id": ""}
        assert posted(client, address(scene), **(form_of(client, address(scene)) | chosen)).status_code == 303
        (day,) = stored(app, scene, record_id).days
        assert (day.menu_id, day.ends_at, day.observation) == (None, time(12), SEEN)
        assert stored(app, scene, other).days[0].attendance is Attendance.ATTENDED

    def test_a_cell_nobody_touched_is_left_as_somebody_else_has_changed_it(self, app: Flask) -> None:
        scene, record_id, other = written(app)
        client = logged_in(app, scene.supporter)
        fields = form_of(client, address(scene))
        theirs = attended(scene.town, menu_id=None, attendance=Attendance.NOT_PLANNED, observation="雨で休み")
        with inside(app, scene.supporter):
            drafts.save_day(record_id, before=fingerprint(stored_day(app, scene, record_id)), entry=theirs)
        assert posted(client, address(scene), **(fields | a_cell(scene, other))).status_code == 303
        assert stored_day(app, scene, record_id).observation == "雨で休み"
        assert stored_day(app, scene, record_id).attendance is Attendance.NOT_PLANNED

    def test_a_cell_that_two_have_changed_is_a_conflict_although_half_of_it_is_on_the_page(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client = logged_in(app, scene.supporter)
        fields = form_of(client, address(scene))
        with inside(app, scene.supporter):
            entry = attended(scene.town, observation="同僚の見たこと", place="作業室")
            drafts.save_day(record_id, before=fingerprint(stored_day(app, scene, record_id)), entry=entry)
        mine = {f"{record_id}.{LAST_MONDAY}.menu_id": ""}
        page = posted(client, address(scene), **(fields | mine))
        assert page.status_code == 409
        assert "同僚の見たこと" in page.text
        again = fields_in(page.text) | mine
        assert posted(client, address(scene), **again).status_code == 303
        day = stored_day(app, scene, record_id)
        assert (day.menu_id, day.observation) == (None, "同僚の見たこと")

    def test_a_placement_that_is_offered_no_more_stays_where_it_was_not_asked_for(self, app: Flask) -> None:
        entry = DayEntry(held_on=LAST_MONDAY, placement_id=uuid4(), attendance=Attendance.ATTENDED)
        choices: dict[str, list[tuple[str, str]]] = {"menu_id": [], "placement_id": [("", "—")]}
        for sent, known in (("attendance", True), ("placement_id", False)):
            with app.test_request_context(method="POST", data={f"x.{sent}": shown(getattr(entry, sent))}):
                data = PartialForm(DAY, said_by(entry), prefix="x.", choices=choices).data()
            assert (data == said_by_form(entry)) is known

    def test_what_a_wrong_choice_takes_away_is_given_back_to_the_page(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client, prefix = logged_in(app, scene.supporter), f"{record_id}.{LAST_MONDAY}."
        path = address(scene, f"{record_id}/{LAST_MONDAY}")
        edition = form_of(client, address(scene))[f"{prefix}edition"]
        cell = {f"{prefix}menu_id": str(scene.town.menu_id), f"{prefix}attendance": "absent"}
        answer = posted(client, path, **cell, **{f"{prefix}edition": edition}).get_json()
        assert stored_day(app, scene, record_id).starts_at is None
        assert answer["kept"] == {
            f"{prefix}starts_at": "10:00", f"{prefix}ends_at": "12:00", f"{prefix}minutes": 120,
        }  # fmt: skip
        again = cell | answer["kept"] | {f"{prefix}attendance": "attended", f"{prefix}edition": answer["edition"]}
        assert posted(client, path, **again).status_code == 200
        assert stored_day(app, scene, record_id).starts_at == time(10)


def said_by_form(entry: DayEntry) -> dict[str, object]:
    return {name: value for name, value in said_by(entry).items() if name in DAY.fields}


def stored_day(app: Flask, scene: Scene, record_id: UUID) -> DayEntry:
    return stored(app, scene, record_id).first_on(LAST_MONDAY)


class TestAPageThatWasOpenedBefore:
    """Pages from before this release hold all fields of every cell, and editions of one part."""

    def fields(self, app: Flask, scene: Scene, record_id: UUID) -> dict[str, str]:
        client, prefix = logged_in(app, scene.supporter), f"{record_id}.{LAST_MONDAY}."
        page = form_of(client, address(scene)) | fields_in(panel_of(client, scene, record_id)["html"])
        return page | {f"{prefix}edition": page[f"{prefix}edition"].partition("-")[0]}

    def test_it_still_saves(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        fields = self.fields(app, scene, record_id) | {f"{record_id}.{LAST_MONDAY}.place": "体育館"}
        client = logged_in(app, scene.supporter)
        assert posted(client, address(scene, f"{record_id}/{LAST_MONDAY}"), **fields).status_code == 200
        assert stored_day(app, scene, record_id).place == "体育館"

    def test_what_nobody_touched_there_is_left_alone(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        fields = self.fields(app, scene, record_id)
        with inside(app, scene.supporter):
            theirs = attended(scene.town, observation="同僚の見たこと")
            drafts.save_day(record_id, before=fingerprint(stored_day(app, scene, record_id)), entry=theirs)
        assert posted(logged_in(app, scene.supporter), address(scene), **fields).status_code == 303
        assert stored_day(app, scene, record_id).observation == "同僚の見たこと"


class TestWhatDoesNotFit:
    def test_an_open_panel_comes_back_with_what_was_typed(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client, prefix = logged_in(app, scene.supporter), f"{record_id}.{LAST_MONDAY}."
        fields = form_of(client, address(scene)) | fields_in(panel_of(client, scene, record_id)["html"])
        answer = posted(client, address(scene), **(fields | {f"{prefix}ends_at": "9:00", f"{prefix}place": "体育館"}))
        assert answer.status_code == 422
        assert "高橋 陽子" in answer.text.partition("data-errors")[2].partition("</ul>")[0]
        assert "終了" in answer.text.partition("data-errors")[2].partition("</ul>")[0]
        again = fields_in(answer.text)
        assert (again[f"{prefix}ends_at"], again[f"{prefix}place"]) == ("9:00", "体育館")
        assert stored_day(app, scene, record_id).place == "作業室"

    def test_a_placement_of_nobody_here_is_refused(self, app: Flask) -> None:
        scene, record_id, _other = written(app)
        client, prefix = logged_in(app, scene.supporter), f"{record_id}.{LAST_MONDAY}."
        cell = a_cell(scene, record_id, placement_id=str(uuid4()))
        answer = posted(client, address(scene, f"{record_id}/{LAST_MONDAY}"), **cell)
        assert answer.status_code == 422
        assert list(answer.get_json()["errors"]) == ["placement_id"]
        assert f"{prefix}placement_id" not in form_of(client, address(scene))


class TestCopying:
    def ask(self, app: Flask, scene: Scene, record_id: UUID, on: date, source: str, edition: str = "") -> TestResponse:
        client, prefix = logged_in(app, scene.supporter), f"{record_id}.{on}."
        page = form_of(client, address(scene, str(THIS_MONDAY)))
        cell = {name: value for name, value in page.items() if name.startswith(prefix)}
        cell |= {f"{prefix}edition": edition} if edition else {}
        return posted(client, address(scene, f"{record_id}/{on}"), **cell, **{f"{prefix}copy": source})

    def test_the_same_day_of_last_week_is_copied_as_it_is_now(self, app: Flask) -> None:
        scene, record_id = self.two_weeks(app)
        answer = self.ask(app, scene, record_id, THIS_MONDAY, "week")
        (day,) = stored(app, scene, record_id).days
        assert (day.menu_id, day.starts_at, day.place) == (scene.town.menu_id, time(10), "作業室")
        assert (day.attendance, day.observation) == (Attendance.ATTENDED, None)
        values = answer.get_json()["values"]
        assert values[f"{record_id}.{THIS_MONDAY}.ends_at"] == ["12:00", ""]
        assert values[f"{record_id}.{THIS_MONDAY}.menu_id"][0] == str(scene.town.menu_id)

    def test_the_day_before_is_copied_and_notes_stay(self, app: Flask) -> None:
        scene, record_id = self.two_weeks(app)
        tuesday = THIS_MONDAY + timedelta(days=1)
        with inside(app, scene.supporter):
            for on, more in ((THIS_MONDAY, {"place": "体育館"}), (tuesday, {"menu_id": None, "observation": SEEN})):
                before = fingerprint(DayEntry(held_on=on))
                drafts.save_day(record_id, before=before, entry=attended(scene.town, on, **more))
        self.ask(app, scene, record_id, tuesday, "day")
        day = stored(app, scene, record_id).first_on(tuesday)
        assert (day.menu_id, day.place, day.observation) == (scene.town.menu_id, "体育館", SEEN)

    def test_where_nothing_lies_before_nothing_is_copied(self, app: Flask) -> None:
        scene, record_id = self.two_weeks(app)
        sunday = THIS_MONDAY + timedelta(days=6)
        for on, source in ((THIS_MONDAY, "day"), (sunday, "week")):
            assert self.ask(app, scene, record_id, on, source).status_code == 200
        assert stored(app, scene, record_id).days == ()

    def test_nothing_is_copied_over_what_somebody_else_has_written(self, app: Flask) -> None:
        scene, record_id = self.two_weeks(app)
        with inside(app, scene.supporter):
            entry = attended(scene.town, THIS_MONDAY, observation="同僚の見たこと", menu_id=None)
            drafts.save_day(record_id, before=fingerprint(DayEntry(held_on=THIS_MONDAY)), entry=entry)
        earlier = fingerprint(DayEntry(held_on=THIS_MONDAY))
        answer = self.ask(app, scene, record_id, THIS_MONDAY, "week", edition=earlier)
        assert answer.status_code == 409
        assert stored(app, scene, record_id).days[0].menu_id is None

    def two_weeks(self, app: Flask) -> tuple[Scene, UUID]:
        """Last week handed in, the present one not begun."""
        scene, record_id, _other = two_rows(app)
        submitted(app, scene, record_id, said(scene.town, attended(scene.town, place="作業室", observation=SEEN)))
        with inside(app, scene.supporter):
            return scene, the_week(scene.person_id, THIS_MONDAY).id
