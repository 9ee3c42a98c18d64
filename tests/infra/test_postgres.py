"""The embedded PostgreSQL, started for real."""

import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.embedded import postgres_files, process
from infra.embedded.child import NOBODY
from infra.embedded.postgres import ADMINISTRATOR, DOORS, OWNER, Server
from infra.embedded.process import ServiceError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        running.create_database()
        yield running


@pytest.mark.parametrize("role", [OWNER, *DOORS])
def test_everybody_who_belongs_here_can_log_in(server: Server, role: str) -> None:
    with psycopg.connect(server.url(role)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (role,)


@pytest.mark.parametrize("role", [ADMINISTRATOR, OWNER, *DOORS])
def test_nobody_comes_in_with_a_wrong_password(server: Server, role: str) -> None:
    wrong = re.sub(r":[^:@]+@", ":wrong@", server.url(role))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_no_door_can_bypass_the_policies_or_make_roles_and_databases(server: Server) -> None:
    with psycopg.connect(server.url(ADMINISTRATOR)) as connection:
        too_strong = connection.execute(
            "SELECT rolname FROM pg_roles WHERE NOT starts_with(rolname, 'pg_') AND rolname <> %s"
            " AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)",
            [ADMINISTRATOR],
        ).fetchall()
        found = connection.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'ayumi_')").fetchall()
    assert too_strong == []
    assert {name for (name,) in found} == {OWNER, *DOORS}


def test_a_policy_holds_against_a_door_and_even_against_the_owner(server: Server) -> None:
    with psycopg.connect(server.url(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE sealed (tenant_id int NOT NULL, word text)")
        owner.execute("INSERT INTO sealed VALUES (1, 'ours'), (2, 'theirs')")
        owner.execute("ALTER TABLE sealed ENABLE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE sealed FORCE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY here ON sealed USING (tenant_id = 1)")
        owner.execute("GRANT SELECT ON sealed TO ayumi_staff")
        assert owner.execute("SELECT word FROM sealed").fetchall() == [("ours",)]
    with psycopg.connect(server.url("ayumi_staff")) as door:
        assert door.execute("SELECT word FROM sealed").fetchall() == [("ours",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            door.execute("UPDATE sealed SET word = 'x'")


def test_a_door_makes_no_tables_and_only_the_worker_temporary_ones(server: Server) -> None:
    with psycopg.connect(server.url("ayumi_worker"), autocommit=True) as worker:
        worker.execute("CREATE TEMPORARY TABLE rows_of_an_import (name text)")
    for kind in ("", "TEMPORARY"):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with psycopg.connect(server.url("ayumi_staff"), autocommit=True) as door, refused:
            door.execute(f"CREATE {kind} TABLE mine (name text)")


def test_japanese_text_has_trigrams(server: Server) -> None:
    with psycopg.connect(server.url("ayumi_staff")) as door:
        assert door.execute("SELECT show_trgm('公民館') <> '{}'").fetchone() == (True,)


def test_a_database_whose_locale_loses_japanese_is_refused(server: Server) -> None:
    with psycopg.connect(server.url(ADMINISTRATOR, "postgres"), autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE deaf OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    script = (ROOT / "infra/postgres/database.sql").read_bytes()
    deaf = pytest.raises(psycopg.errors.RaiseException, match="cannot search Japanese")
    with psycopg.connect(server.url(OWNER, "deaf"), autocommit=True) as owner, deaf:
        owner.execute(script)


def test_it_listens_to_this_machine_alone(server: Server) -> None:
    with psycopg.connect(server.url(ADMINISTRATOR)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_passwords_are_readable_by_their_owner_only(server: Server) -> None:
    assert stat.S_IMODE((server.home / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.home.stat().st_mode) == 0o700


def test_a_failing_statement_leaves_no_row_in_the_log(server: Server) -> None:
    with psycopg.connect(server.url(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE people (name text PRIMARY KEY)")
        owner.execute("INSERT INTO people VALUES (%s)", ["佐藤花子"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO people VALUES (%s)", ["佐藤花子"])
    log = server.log.read_text(encoding="utf-8")
    assert "people_pkey" in log
    assert "佐藤花子" not in log


def test_a_copy_of_a_template_has_its_tables_and_is_as_closed(server: Server) -> None:
    server.create_database("template_here")
    with psycopg.connect(server.url(OWNER, "template_here"), autocommit=True) as owner:
        owner.execute("CREATE TABLE copied (id int)")
    server.create_database("copy_here", template="template_here")
    with psycopg.connect(server.url(OWNER, "copy_here")) as owner:
        assert owner.execute("SELECT count(*) FROM copied").fetchone() == (0,)
        public = owner.execute("SELECT has_database_privilege('public', 'copy_here', 'CONNECT')").fetchone()
    assert public == (False,)
    server.drop_database("copy_here")
    assert not server.has_database("copy_here")


def test_an_unknown_role_is_named_in_the_error(server: Server) -> None:
    with pytest.raises(ServiceError, match="no role 'ayumi_guest'"):
        server.url("ayumi_guest")


def test_data_passwords_and_port_survive_a_stop(tmp_path: Path) -> None:
    with Server(tmp_path) as first:
        first.create_database()
        url = first.url(OWNER)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (id int)")
    with Server(tmp_path), psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_taken_port_is_exchanged_for_a_free_one(tmp_path: Path, server: Server) -> None:
    (tmp_path / "port").write_text(f"{server.port}\n")
    with Server(tmp_path, durable=False) as other:
        assert other.port != server.port


def test_a_killed_launcher_takes_its_server_along_and_blocks_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from infra.embedded.postgres import Server\n"
        "s = Server(Path(sys.argv[1])); s.start(); print('up', flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    with launcher.stdout as output:
        assert output.readline() == "up\n"
    server_pid = int((tmp_path / "cluster/data/postmaster.pid").read_text().split()[0])
    launcher.kill()
    launcher.wait()
    with Server(tmp_path) as again:
        assert again.alive
        assert str(tmp_path) not in process.command_line(server_pid)


def test_a_stale_pid_file_that_names_a_living_stranger_blocks_nothing(tmp_path: Path) -> None:
    with Server(tmp_path, durable=False):
        pass
    (tmp_path / "cluster/data/postmaster.pid").write_text(f"{os.getpid()}\n")
    with Server(tmp_path, durable=False) as again:
        assert again.alive


def test_a_first_start_that_was_cut_short_is_finished_by_the_next(tmp_path: Path) -> None:
    unfinished = tmp_path / "cluster" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "half-written").touch()
    with Server(tmp_path, durable=False) as server:
        assert server.alive


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with Server(tmp_path, durable=False):
        pass
    (tmp_path / "cluster/data/postgresql.auto.conf").write_text("shared_buffers = nonsense\n")
    with pytest.raises(ServiceError, match="nonsense"):
        Server(tmp_path, durable=False).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take up another account")
def test_root_without_user_namespaces_runs_it_as_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as elsewhere:
        Path(elsewhere).chmod(0o755)
        monkeypatch.setattr(process, "unprivileged", lambda: "nobody")
        monkeypatch.setattr(postgres_files, "ELSEWHERE", Path(elsewhere))
        with Server(tmp_path, durable=False) as server:
            data = (tmp_path / "cluster" / "data").resolve()
            assert data.is_relative_to(elsewhere)
            assert data.stat().st_uid == NOBODY
            assert server.alive


def test_stopping_a_stubborn_program_ends_in_insisting(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('ready', flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    stubborn = process.spawn([sys.executable, "-c", code], log=log)
    while not log.read_bytes():
        time.sleep(0.01)
    assert process.stop(stubborn, by=signal.SIGTERM, grace=0.2) is False
    assert stubborn.returncode == -signal.SIGKILL
