"""A municipality leaves: packed, taken in elsewhere whole and unchanged, erased here, and nobody else is touched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from ayumi.kernel import journal
from ayumi.kernel.db import visiting
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import leaving
from ayumi.moving.model import ErasureCertificate
from ayumi.moving.unfinished import Unfinished
from tests.isolation.populated import Populated, populate, snapshot
from tests.moving.packings import LEAVES, STAYS, comparable, dump, packed, root, suspended
from tests.moving.platforms import Platform, files_of
from tests.world import a_town, inside


class TestTheWholeWay:
    def test_it_leaves_whole_arrives_unchanged_and_is_erased(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        stays = populate(app, STAYS, firm_id=leaver.firm_id)
        suspended(app, leaver.town)
        here, there = snapshot(app, leaver.town), snapshot(app, stays.town)
        files, others = files_of(app, root(), leaver.town.tenant_id), files_of(app, root(), stays.town.tenant_id)
        path = packed(app, leaver.town, tmp_path)

        with other.there():
            answer = other.app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
            assert answer.exit_code == 0, answer.output
            arrived = snapshot(other.app, leaver.town)
            assert files_of(other.app, root(), leaver.town.tenant_id) == files
        assert comparable(arrived) == comparable(here)
        assert {name for name, rows in comparable(arrived).items() if rows} >= {
            "participant",
            "journal_entry",
            "fee_line",
        }

        paper = tmp_path / "certificate.pdf"
        words = ["municipality", "erase", leaver.town.slug, "--certificate", str(paper), "--yes"]
        answer = app.test_cli_runner().invoke(args=words)
        assert answer.exit_code == 0, answer.output
        assert paper.read_bytes().startswith(b"%PDF")
        assert all(rows == [] for name, rows in snapshot(app, leaver.town).items() if name != "erasure_certificate")
        assert LEAVES not in dump(app).replace(f"{LEAVES}市", "").replace(f"{LEAVES}法人", "")
        assert files_of(app, root(), leaver.town.tenant_id) == {}
        assert snapshot(app, stays.town) == there
        assert files_of(app, root(), stays.town.tenant_id) == others

    def test_its_people_log_in_anew_where_it_arrives(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        path = packed(app, leaver.town, tmp_path)
        with other.there():
            other.app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
            with other.app.app_context(), visiting(Place(Door.OWNER)) as session:
                worker = leaver.members["caseworker"]
                query = text("SELECT email, password_hash FROM account WHERE id = :id")
                assert tuple(session.execute(query, {"id": worker.account_id}).one()) == (worker.email, None)

    def test_somebody_whose_address_is_known_there_keeps_their_account_there(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        worker = leaver.members["caseworker"]
        path = packed(app, leaver.town, tmp_path)
        with other.there():
            with other.app.app_context(), visiting(Place(Door.OWNER)) as session:
                made = text("INSERT INTO account (id, email, name, created_at) VALUES (:id, :email, '先', now())")
                session.execute(made, {"id": leaver.firm_id, "email": worker.email})
            answer = other.app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
            assert answer.exit_code == 0, answer.output
            place = Place(Door.OWNER, tenant_id=leaver.town.tenant_id)
            with other.app.app_context(), visiting(place) as session:
                query = text("SELECT account_id FROM membership WHERE id = :id")
                assert session.execute(query, {"id": worker.membership_id}).scalar_one() == leaver.firm_id


class TestErasing:
    def test_whatever_hangs_on_an_account_alone_goes_with_it(self) -> None:
        known = {"authenticator_app", "external_identity", "login_session", "one_time_link", "passkey", "recovery_code"}
        assert {name for name, _column in leaving.of_an_account()} >= known

    def test_it_must_be_suspended_and_packed_first(self, app: Flask) -> None:
        town = a_town(app)
        with app.app_context():
            with pytest.raises(leaving.NotSuspended):
                leaving.erase(town.tenant_id)
            suspended(app, town)
            with pytest.raises(leaving.NotPacked):
                leaving.erase(town.tenant_id)

    def test_what_happened_since_must_be_packed_too(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        packed(app, leaver.town, tmp_path)
        with inside(app, leaver.members["caseworker"]):
            journal.note_of("participant", leaver.ids["participant_id"], "updated")
        suspended(app, leaver.town)
        with app.app_context(), pytest.raises(leaving.ChangedSince):
            leaving.erase(leaver.town.tenant_id)

    def test_what_was_promised_must_be_done_first(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        with inside(app, leaver.members["caseworker"]):
            promise("expected_weeks")
        answer = app.test_cli_runner().invoke(
            args=["municipality", "export", leaver.town.slug, "--to", str(tmp_path / "again.zip")]
        )
        assert answer.exit_code == 1
        assert "1 jobs" in answer.output
        assert not (tmp_path / "again.zip").exists()
        with app.app_context(), pytest.raises(Unfinished):
            leaving.erase(leaver.town.tenant_id)

    def test_somebody_who_stays_may_take_a_packing_while_work_goes_on(
        self, app: Flask, leaver: Populated, tmp_path: Path
    ) -> None:
        with inside(app, leaver.members["caseworker"]):
            promise("expected_weeks")
        assert packed(app, leaver.town, tmp_path).exists()

    def test_broken_off_before_the_files_it_goes_on(
        self, app: Flask, leaver: Populated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        tenant_id = leaver.town.tenant_id
        with monkeypatch.context() as patch, app.app_context(), pytest.raises(KeyboardInterrupt):
            patch.setattr(leaving, "_erase_files", broken_off)
            leaving.erase(tenant_id)
        assert files_of(app, root(), tenant_id)
        with app.app_context():
            made = leaving.erase(tenant_id)
            assert made.files == 1
            assert files_of(app, root(), tenant_id) == {}
            with pytest.raises(leaving.Left):
                leaving.erase(tenant_id)

    def test_it_is_certified_beside_what_is_erased(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        with app.app_context():
            made = leaving.erase(leaver.town.tenant_id)
            with visiting(Place(Door.OWNER)) as session:
                row = session.get_one(ErasureCertificate, made.id)
                assert row.erased["participant"] == 1
                assert row.manifest_sha256 and row.journal_hash
                left = session.execute(
                    text("SELECT left_at FROM municipality WHERE id = :id"), {"id": leaver.town.tenant_id}
                )
                assert left.scalar_one() <= datetime.now(UTC)

    def test_somebody_with_a_place_elsewhere_keeps_their_account(
        self, app: Flask, leaver: Populated, tmp_path: Path
    ) -> None:
        supporter, worker = leaver.members["supporter"], leaver.members["caseworker"]
        elsewhere = populate(app, STAYS, firm_id=leaver.firm_id)
        place = Place(Door.OWNER, tenant_id=elsewhere.town.tenant_id)
        with app.app_context(), visiting(place) as session:
            moved = text("UPDATE membership SET account_id = :a WHERE id = :id")
            session.execute(moved, {"a": supporter.account_id, "id": elsewhere.members["supporter"].membership_id})
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        with app.app_context():
            leaving.erase(leaver.town.tenant_id)
            with visiting(Place(Door.OWNER)) as session:
                query = text("SELECT email, name, closed_at IS NULL FROM account WHERE id = :id")
                kept = session.execute(query, {"id": supporter.account_id}).one()
                closed = session.execute(query, {"id": worker.account_id}).one()
        assert tuple(kept)[0] == supporter.email
        assert tuple(closed) == (f"{worker.account_id}@erased.invalid", "", False)


def broken_off(_tenant_id: int) -> int:
    """Be broken off."""
    raise KeyboardInterrupt
