"""What has been kept long enough goes everywhere; what stays is unharmed, and what was proved stays proved."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from ayumi.consents.model import Consent
from ayumi.kernel.db import db, one, visiting
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.kernel.files import rules as files
from ayumi.kernel.files.store import store
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import queries as participants
from ayumi.retention import holds, queries, rules
from ayumi.retention.erasing import NO_LONGER_DUE, PART_STAYS
from ayumi.retention.model import Artefact, Disposal, DisposalStatus
from tests.retention.papers import a_packing, a_scene
from tests.retention.scene import DUE, GONE, STAYS, Scene
from tests.world import inside

PERSON = {Artefact.CASE, Artefact.SUPPORT_RECORD, Artefact.PLAN, Artefact.CONSENT}


def broken_links(scene: Scene) -> int:
    """Count the entries whose hash is not that of what they hold and of the hash before."""
    sentence = """
        SELECT count(*) FROM (
            SELECT e.*, lag(e.hash, 1, '') OVER (ORDER BY e.seq) AS previous FROM journal_entry e WHERE e.tenant_id = :t
        ) x JOIN journal_entry e ON e.tenant_id = x.tenant_id AND e.id = x.id
        WHERE e.hash <> journal_hash(e, x.previous)
           OR (e.forgotten_at IS NULL AND e.digest <> journal_digest(e.salt, e.why, e.changes))
    """
    place = Place(Door.OWNER, tenant_id=scene.town.tenant_id)
    with scene.app.app_context(), visiting(place) as session:
        return int(session.execute(text(sentence), {"t": scene.town.tenant_id}).scalar_one())


def without(scene: Scene, *names: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows about the one who stays, table by table."""
    person = {"participant_id": scene.stays}
    tables = ("enrolment", "goal", "weekly_record", "record_version", "concern", "placement", "consent")
    found = {name: [tuple(row) for row in scene.rows(name, **person)] for name in tables if name not in names}
    return found | {"participant": [tuple(row) for row in scene.rows("participant", id=scene.stays)]}


class TestDrafting:
    def test_it_lists_every_artefact_of_those_whose_time_is_over(self, app: Flask) -> None:
        scene = a_scene(app, paid_at=datetime.now(UTC))
        disposal_id = scene.drafted()
        listed = {
            (row.artefact, row.subject_id, row.due_on) for row in scene.rows("disposal_item", disposal_id=disposal_id)
        }
        due = {(each, scene.gone, date(2021, 4, 1)) for each in PERSON}
        assert {each for each in listed if each[1] == scene.gone} == due
        assert scene.stays not in {each[1] for each in listed}
        assert scene.ids["import"] in {each[1] for each in listed}
        assert scene.ids["statement"] not in {each[1] for each in listed}

    def test_it_counts_from_april_after_the_year_in_which_it_ended(self, app: Flask) -> None:
        scene = a_scene(app, ended=date(2020, 10, 1), paid_at=datetime.now(UTC))
        last_day, first_day = scene.drafted(date(2026, 3, 31)), scene.drafted(date(2026, 4, 1))
        assert scene.gone not in {row.subject_id for row in scene.rows("disposal_item", disposal_id=last_day)}
        assert scene.gone in {row.subject_id for row in scene.rows("disposal_item", disposal_id=first_day)}

    def test_what_is_on_a_list_is_not_put_on_another(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.drafted()
        with pytest.raises(Invalid), inside(app, scene.head):
            rules.draft(DUE, id=scene.head.account_id)

    def test_nothing_is_due_on_a_day_that_lies_ahead(self, app: Flask) -> None:
        scene = a_scene(app)
        with pytest.raises(Invalid), inside(app, scene.head):
            rules.draft(date(2999, 4, 1), id=scene.head.account_id)

    def test_the_same_form_sent_twice_drafts_one_list(self, app: Flask) -> None:
        scene = a_scene(app)
        for _click in range(2):
            with inside(app, scene.drafter):
                rules.draft(DUE, id=scene.drafter.account_id)
        assert len(scene.rows("disposal")) == 1

    def test_names_are_shown_of_people_only_to_those_who_may_read_of_people(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.drafted()
        with inside(app, scene.drafter):
            assert scene.gone in queries.page(disposal_id, with_people=True).names
            assert scene.gone not in queries.page(disposal_id, with_people=False).names


class TestDeciding:
    def test_whoever_drafted_it_does_not_approve_it(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.head):
            disposal_id = rules.draft(DUE, id=scene.head.account_id).id
            rules.hand_in(disposal_id, edition=1)
        with pytest.raises(Refused), inside(app, scene.head):
            rules.approve(disposal_id, edition=2)

    def test_a_list_is_not_approved_before_it_is_handed_in(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.drafted()
        with pytest.raises(Conflict), inside(app, scene.head):
            rules.approve(disposal_id, edition=1)

    def test_a_case_stays_as_long_as_a_part_of_it_is_kept_back(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.drafted()
        items = {row.artefact: row.id for row in scene.rows("disposal_item", subject_id=scene.gone)}
        with inside(app, scene.drafter):
            rules.keep_back(items[Artefact.PLAN], why="照会中")
        kept = {row.artefact for row in scene.rows("disposal_item", disposal_id=disposal_id, is_kept_back=True)}
        assert kept == {Artefact.PLAN, Artefact.CASE}
        with pytest.raises(Conflict), inside(app, scene.drafter):
            rules.put_back(items[Artefact.CASE])

    def test_a_list_handed_in_is_no_longer_changed(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.drafted()
        with inside(app, scene.drafter):
            rules.hand_in(disposal_id, edition=1)
        [plan] = scene.rows("disposal_item", subject_id=scene.gone, artefact=Artefact.PLAN)
        with pytest.raises(Conflict), inside(app, scene.drafter):
            rules.keep_back(plan.id, why="照会中")

    def test_two_people_deciding_on_other_editions_are_told(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.drafted()
        with pytest.raises(Conflict), inside(app, scene.drafter):
            rules.hand_in(disposal_id, edition=7)


class TestErasing:
    def test_nothing_of_whoever_is_disposed_of_is_found_anywhere(self, app: Flask) -> None:
        scene = a_scene(app, paid_at=datetime.now(UTC))
        a_packing(scene)
        assert GONE in scene.everything()
        scene.carried_out(scene.approved())
        assert GONE not in scene.everything()
        assert scene.rows("participant", id=scene.gone) == []

    def test_the_one_who_stays_is_unharmed(self, app: Flask) -> None:
        scene = a_scene(app, paid_at=datetime.now(UTC))
        before, scan = without(scene), f"%PDF {STAYS}".encode()
        scene.carried_out(scene.approved())
        assert without(scene) == before
        with inside(app, scene.drafter):
            assert participants.one(scene.stays).name == f"{STAYS} 名"
            assert files.opened_file(scene.ids[f"scan:{STAYS}"])[1] == scan
            assert one(Consent, scene.ids[f"consent:{STAYS}"]).file_id == scene.ids[f"scan:{STAYS}"]

    def test_a_paid_month_keeps_its_yen_and_loses_the_person(self, app: Flask) -> None:
        scene = a_scene(app, paid_at=datetime.now(UTC))
        [before] = scene.rows("fee_statement")
        scene.carried_out(scene.approved())
        [after] = scene.rows("fee_statement")
        assert after == before
        lines = {row.id: row for row in scene.rows("fee_line")}
        gone, stays = lines[scene.ids[f"line:{GONE}"]], lines[scene.ids[f"line:{STAYS}"]]
        assert (gone.nickname, gone.placement_id, gone.amount, gone.quantity) == ("―", None, 2160, 1)
        assert (stays.nickname, stays.placement_id) == (f"{STAYS}さん", scene.ids[f"placement:{STAYS}"])
        days = {row.line_id: row.experience_day_id for row in scene.rows("fee_line_day")}
        assert days == {gone.id: None, stays.id: scene.ids[f"day:{STAYS}"]}

    def test_figures_of_past_reports_stay_as_they_were(self, app: Flask) -> None:
        scene = a_scene(app)
        before = scene.rows("report_figure"), scene.rows("monthly_report")
        scene.carried_out(scene.approved())
        assert (scene.rows("report_figure"), scene.rows("monthly_report")) == before
        assert {row.participant_id for row in scene.rows("report_figure_person")} == {scene.stays}

    def test_the_journal_keeps_that_it_happened_and_not_what_it_said(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.carried_out(scene.approved())
        entries = {row.action: row for row in scene.rows("journal_entry", subject_id=scene.gone)}
        updated = entries["updated"]
        assert (updated.why, updated.changes, updated.salt) == (None, None, None)
        assert updated.forgotten_at is not None
        assert "disposed" in entries
        [other] = [row for row in scene.rows("journal_entry", subject_id=scene.stays) if row.action == "updated"]
        assert other.why == f"{STAYS}から"
        assert broken_links(scene) == 0

    def test_payments_go_when_their_own_time_is_over_and_take_their_confirmation_along(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.carried_out(scene.approved())
        assert [scene.rows(name) for name in ("fee_statement", "fee_line", "fee_line_day", "confirmation")] == [[]] * 4
        [day] = scene.rows("experience_day")
        assert (day.participant_id, day.confirmation_id) == (scene.stays, None)

    def test_the_prices_of_an_agreement_go_after_the_payments_that_rest_on_them(self, app: Flask) -> None:
        scene = a_scene(app)
        scene.carried_out(scene.approved(date(2026, 3, 31)))
        assert len(scene.rows("unit_price")) == 1
        scene.carried_out(scene.approved(DUE))
        assert [scene.rows(name) for name in ("unit_price", "employer_agreement")] == [[], []]

    def test_a_file_that_somebody_else_needs_keeps_its_bytes(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.drafter):
            same = files.keep(
                f"%PDF {GONE}".encode(), filename="x.pdf", content_type="application/pdf", purpose="confirmation"
            )
            key, id = same.key, same.id
        scene.carried_out(scene.approved())
        assert store().get(key)
        assert [row.id for row in scene.rows("stored_file", sha256=key[-64:])] == [id]

    def test_it_is_certified_with_counts_and_without_names(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.approved()
        scene.carried_out(disposal_id)
        with inside(app, scene.drafter):
            disposal = one(Disposal, disposal_id)
            assert disposal.status is DisposalStatus.CARRIED_OUT
            assert disposal.certificate_id and disposal.erased
            paper = files.opened_file(disposal.certificate_id)[1]
            counts = dict(disposal.erased)
        assert paper.startswith(b"%PDF")
        assert (counts["participant"], counts["record_version"], counts["goal"], counts["files"]) == (1, 2, 2, 2)
        [last] = [row for row in scene.rows("journal_entry", subject_id=disposal_id) if row.action == "erased"]
        assert last.changes["rows"][1] == counts
        [sealed] = [row for row in scene.rows("journal_entry", subject_id=disposal_id) if row.action == "sealed"]
        assert last.changes["digest"] == sealed.changes["digest"]

    def test_carried_out_twice_it_does_nothing_more(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.approved()
        scene.carried_out(disposal_id)
        before = len(scene.rows("journal_entry"))
        scene.carried_out(disposal_id)
        assert len(scene.rows("journal_entry")) == before

    def test_the_keeper_alone_may_touch_what_is_frozen(self, app: Flask) -> None:
        scene = a_scene(app)
        for sentence in (
            "DELETE FROM record_day",
            "DELETE FROM participant",
            "UPDATE fee_line SET placement_id = NULL",
        ):
            with pytest.raises(Exception, match="permission denied|do not change"), inside(app, scene.head):
                db.session.execute(text(sentence))


class TestHolds:
    def test_what_is_held_is_not_listed(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.head):
            holds.place(scene.gone, why="審査請求中", id=scene.head.account_id)
        disposal_id = scene.drafted()
        listed = {row.subject_id for row in scene.rows("disposal_item", disposal_id=disposal_id)}
        assert not listed & {scene.gone, scene.ids["statement"], scene.ids["confirmation"]}

    def test_a_hold_placed_after_approval_still_holds(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.approved()
        with inside(app, scene.head):
            holds.place(scene.gone, why="審査請求中", id=scene.head.account_id)
        scene.carried_out(disposal_id)
        assert GONE in str(scene.rows("participant"))
        assert len(scene.rows("fee_statement")) == 1
        kept = scene.rows("disposal_item", subject_id=scene.gone)
        assert {(row.is_kept_back, row.kept_back_why) for row in kept} == {(True, NO_LONGER_DUE)}

    def test_a_lifted_hold_holds_nothing(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.head):
            hold = holds.place(scene.gone, why="審査請求中", id=scene.head.account_id)
            holds.lift(hold.id, why="裁決が確定")
        scene.carried_out(scene.approved())
        assert GONE not in scene.everything()
        assert scene.rows("legal_hold") == []

    def test_there_is_one_hold_at_a_time(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.head):
            holds.place(scene.gone, why="審査請求中", id=scene.head.account_id)
        with pytest.raises(Conflict), inside(app, scene.administrator):
            holds.place(scene.gone, why="監査", id=scene.administrator.account_id)


class TestStaying:
    def test_a_case_with_a_part_that_came_back_stays(self, app: Flask) -> None:
        scene = a_scene(app)
        disposal_id = scene.drafted()
        [plan] = scene.rows("disposal_item", subject_id=scene.gone, artefact=Artefact.PLAN)
        place = Place(Door.OWNER, tenant_id=scene.town.tenant_id)
        with app.app_context(), visiting(place) as session:
            session.execute(text("UPDATE disposal_item SET is_kept_back = true WHERE id = :id"), {"id": plan.id})
        with inside(app, scene.drafter):
            rules.hand_in(disposal_id, edition=1)
        with inside(app, scene.head):
            rules.approve(disposal_id, edition=2)
        scene.carried_out(disposal_id)
        [case] = scene.rows("disposal_item", subject_id=scene.gone, artefact=Artefact.CASE)
        assert (case.erased_at, case.kept_back_why) == (None, PART_STAYS)
        assert len(scene.rows("goal", participant_id=scene.gone)) == 2
        assert scene.rows("weekly_record", participant_id=scene.gone) == []
