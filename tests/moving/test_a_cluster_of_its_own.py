"""A municipality that must be alone moves to a cluster of its own: whole, reached by the same code, nothing left."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import BadSignature
from redis import Redis
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError

from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Account
from ayumi.config import settings
from ayumi.kernel import clock, clusters, ids, journal
from ayumi.kernel.db import db, visiting
from ayumi.kernel.errors import Conflict
from ayumi.kernel.outbox import Promise, ScheduleTick, promise
from ayumi.kernel.tenancy import Door, Place, WrongPlace
from ayumi.municipalities import rules as municipalities
from infra.embedded import postgres
from jobs import dispatcher, enqueue, perform, timetable
from jobs.everywhere import everywhere
from tests.isolation.populated import Populated, populate, snapshot
from tests.moving.packings import LEAVES, STAYS, comparable, dump, packed, root, suspended
from tests.moving.platforms import files_of
from tests.world import Member, Town, inside
from wsgi import app_for_commands, make_app

HOME, OWN = "http://127.0.0.1:8000", "http://own.example.test"


@dataclass
class Installation:
    """Processes that know both clusters, and the two municipalities: one moved to its own cluster, one at home."""

    app: Flask
    moved: Populated
    stays: Populated
    before: dict[str, list[tuple[Any, ...]]]
    files: dict[str, bytes]

    def ask(self, *words: str) -> str:
        """Say something at the command line."""
        answer = self.app.test_cli_runner().invoke(args=list(words))
        assert answer.exit_code == 0, answer.output
        return answer.output


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    with postgres.Server(tmp_path_factory.mktemp("own") / "postgres", durable=False) as started:
        started.create_database("ayumi")
        yield started


@pytest.fixture(scope="module")
def installation(
    app: Flask, server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Two database servers, and a municipality that has gone the whole way from one to the other."""
    folder = tmp_path_factory.mktemp("move")
    moved, stays = populate(app, LEAVES), populate(app, STAYS)
    with inside(app, moved.members["caseworker"]):
        for number in (1, 2):
            journal.note_of(
                "menu", moved.town.menu_id, "updated", why=f"{LEAVES}の件", changes={"position": [0, number]}
            )
    suspended(app, moved.town)
    before, files = dict(snapshot(app, moved.town)), files_of(app, root(), moved.town.tenant_id)
    path = packed(app, moved.town, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AYUMI_CLUSTERS", said(server, folder, moved.town))
        settings.cache_clear()
        made = Installation(make_app(), moved, stays, before, files)  # as after a restart
        made.app.testing = True
        with clusters.at("own"), made.app.app_context():
            upgrade()
            made.ask("municipality", "import", str(path))
        made.ask("municipality", "erase", moved.town.slug, "--certificate", str(folder / "c.pdf"), "--yes")
        yield made
        with made.app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    settings.cache_clear()


def said(server: postgres.Server, folder: Path, town: Town) -> str:
    own = {
        "base_url": OWN,
        "files_url": f"file://{folder}/files",
        "databases": {door.value: server.url(door.role) for door in Door},
        "municipalities": {town.slug: town.tenant_id},
    }
    return json.dumps({"own": own})


class TestTheMove:
    def test_it_has_arrived_whole_with_its_files(self, installation: Installation) -> None:
        with clusters.at("own"):
            arrived = snapshot(installation.app, installation.moved.town)
            files = files_of(installation.app, root(), installation.moved.town.tenant_id)
        assert comparable(arrived) == comparable(installation.before)
        assert arrived["participant"]
        assert files == installation.files != {}

    def test_its_journal_holds_there(self, installation: Installation) -> None:
        with clusters.at("own"):
            answer = installation.ask("journal", "verify", "--all")
        assert "sound" in answer
        assert len(answer.splitlines()) == 1
        assert " 0 entries" not in answer

    def test_nothing_of_it_is_left_at_home(self, installation: Installation) -> None:
        town = installation.moved.town
        left = {name for name, rows in snapshot(installation.app, town).items() if rows}
        assert left == {"erasure_certificate"}
        assert files_of(installation.app, root(), town.tenant_id) == {}
        assert LEAVES not in dump(installation.app).replace(f"{LEAVES}市", "").replace(f"{LEAVES}法人", "")

    def test_nothing_of_the_others_has_come_along(self, installation: Installation) -> None:
        with clusters.at("own"):
            assert STAYS not in dump(installation.app)
            with installation.app.app_context(), visiting(Place(Door.OWNER)) as session:
                numbers = session.scalars(text("SELECT id FROM municipality")).all()
        assert numbers == [installation.moved.town.tenant_id]

    def test_numbers_are_given_out_at_home_alone(self, installation: Installation) -> None:
        with clusters.at("own"), installation.app.app_context(), pytest.raises(Conflict):
            municipalities.create(slug="kita", name="北市", kana="キタシ", prefecture="試験県")


class TestReachedBySameCode:
    def test_a_door_opens_only_where_the_municipality_lives(self, installation: Installation) -> None:
        with installation.app.app_context():
            for cluster, town in (("home", installation.moved.town), ("own", installation.stays.town)):
                place = Place(Door.WORKER, tenant_id=town.tenant_id)
                with clusters.at(cluster), pytest.raises(WrongPlace), visiting(place) as session:
                    session.execute(text("SELECT 1"))

    def test_a_session_does_not_change_its_cluster(self, installation: Installation) -> None:
        with installation.app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
            session.execute(text("SELECT 1"))
            with clusters.at("own"), pytest.raises(RuntimeError, match="is in cluster home"):
                session.execute(text("SELECT 1"))

    def test_its_work_is_done_in_its_cluster(self, installation: Installation, store: "Redis") -> None:
        town = installation.moved.town
        with clusters.at("own"):
            id = promised(installation.app, town)
        with installation.app.app_context():
            assert everywhere(lambda: dispatcher.dispatch(store)) >= 1
        job = enqueue.queue(store).fetch_job(enqueue.job_id(town.tenant_id, id, 0))
        assert job is not None
        with installation.app.app_context():
            perform.keep(**job.kwargs)
        with clusters.at("own"), installation.app.app_context(), visiting(worker(town)) as session:
            assert session.scalars(select(Promise.done_at).where(Promise.id == id)).one() is not None

    def test_the_clock_strikes_in_both(self, installation: Installation, store: "Redis") -> None:
        moment = clock.now().astimezone(clock.JAPAN).replace(hour=12)  # the night's work is made up for until then
        with installation.app.app_context():
            with visiting(Place(Door.OWNER)) as session:  # struck before, by other tests
                session.execute(delete(ScheduleTick))
            everywhere(lambda: timetable.tick(moment))
            for cluster, town in (("own", installation.moved.town), ("home", installation.stays.town)):
                with clusters.at(cluster), visiting(worker(town)) as session:
                    assert session.scalars(select(Promise.id).where(Promise.kind == "journal_check")).all()

    def test_a_cluster_that_is_away_holds_up_none(self, installation: Installation) -> None:
        reached = []

        def work() -> int:
            reached.append(clusters.present())
            if clusters.present() == "home":
                raise OperationalError("away", {}, Exception())
            return 1

        assert (everywhere(work), reached) == (1, ["home", "own"])


def worker(town: Town) -> Place:
    return Place(Door.WORKER, tenant_id=town.tenant_id)


def promised(app: Flask, town: Town) -> UUID:
    with app.app_context(), visiting(worker(town)) as session:
        name = f"tidying:{ids.new()}"
        promise("tidying", once=name, session=session, tenant_id=town.tenant_id)
        return session.scalars(select(Promise.id).where(Promise.dedupe_key == name)).one()


class TestPages:
    def test_its_people_work_at_its_own_address(self, installation: Installation) -> None:
        town, browser = installation.moved.town, installation.app.test_client()
        with clusters.at("own"):
            log_in(installation.app, browser, installation.moved.members["caseworker"], OWN)
        page = browser.get(f"/t/{town.slug}/people/", base_url=OWN)
        assert page.status_code == 200
        assert LEAVES in page.text
        assert clusters.present() == "home"

    def test_whoever_comes_to_the_old_address_is_sent_on(self, installation: Installation) -> None:
        browser, town = installation.app.test_client(), installation.moved.town
        answer = browser.get(f"/t/{town.slug}/people/?q=x", base_url=HOME)
        assert (answer.status_code, answer.location) == (302, f"{OWN}/t/{town.slug}/people/?q=x")
        back = browser.get(f"/t/{installation.stays.town.slug}/", base_url=OWN)
        assert (back.status_code, back.location) == (302, f"{HOME}/t/{installation.stays.town.slug}/")

    def test_those_who_host_find_its_books_where_it_was(self, installation: Installation) -> None:
        browser, town = installation.app.test_client(), installation.moved.town
        answer = browser.get(f"/operator/m/{town.slug}/", base_url=HOME)
        assert answer.status_code == 302
        assert answer.location.startswith("/login")

    def test_a_form_is_not_carried_across(self, installation: Installation) -> None:
        browser = installation.app.test_client()
        town = installation.moved.town
        token = csrf(installation.app, browser, HOME)
        answer = browser.post(f"/t/{town.slug}/people/new", data={"csrf_token": token}, base_url=HOME)
        assert answer.status_code == 404

    def test_who_is_logged_in_at_home_is_nobody_there(self, installation: Installation) -> None:
        browser = installation.app.test_client()
        log_in(installation.app, browser, installation.stays.members["caseworker"], HOME)
        assert browser.get(f"/t/{installation.stays.town.slug}/people/", base_url=HOME).status_code == 200
        cookie = browser.get_cookie("ayumi", domain="127.0.0.1")
        assert cookie is not None
        browser.set_cookie("ayumi", cookie.value, domain="own.example.test")
        answer = browser.get(f"/t/{installation.moved.town.slug}/people/", base_url=OWN)
        assert (answer.status_code, "/login" in answer.location) == (302, True)

    def test_what_one_cluster_has_signed_the_other_does_not_believe(self, installation: Installation) -> None:
        app = installation.app
        with app.test_request_context(base_url=HOME):
            signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            signed = signer.dumps({"a": 1})
            assert signer.loads(signed) == {"a": 1}
        with app.test_request_context(base_url=OWN), pytest.raises(BadSignature):
            app.session_interface.get_signing_serializer(app).loads(signed)  # type: ignore[attr-defined]

    def test_each_address_answers_for_its_own_database(self, installation: Installation) -> None:
        assert installation.app.test_client().get("/healthz", base_url=OWN).json["database"] == "ok"  # type: ignore[index]


def log_in(app: Flask, browser: FlaskClient, member: Member, address: str) -> None:
    """Log somebody in, in the cluster one is in."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        account = session.get_one(Account, member.account_id)
        key = accounts.open_session(session, account, user_agent="tests", second_factor=True)
    with browser.session_transaction(base_url=address) as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{member.account_id}:{key}", True


def csrf(app: Flask, browser: FlaskClient, address: str) -> str:
    return browser.get("/login", base_url=address).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_a_command_is_for_the_cluster_it_is_told(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "AYUMI_CLUSTER", "own")
    settings.cache_clear()
    try:
        with clusters.at("home"):
            made = app_for_commands()
            listed = made.test_cli_runner().invoke(args=["municipality", "list"]).output
        assert listed.split()[0] == installation.moved.town.slug
        assert len(listed.splitlines()) == 1
        with made.app_context():
            for engine in db.engines.values():
                engine.dispose()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
