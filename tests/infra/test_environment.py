"""Which variables a start hands out, and that one tree is started once."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infra import environment
from infra.environment import DATABASE_URLS, StartError, Tree
from infra.services import Services
from infra.start import contract_of, wanted_port

ROOT = Path(__file__).parents[2]
OUTSIDE = {name: f"postgresql://{role}@db.example/ayumi" for name, role in DATABASE_URLS.items()}


def test_nothing_from_outside_means_our_own_services() -> None:
    assert environment.own_database({})
    assert environment.own_queue({})


def test_an_outside_database_is_used_when_all_its_addresses_are_told() -> None:
    assert not environment.own_database(OUTSIDE)


@pytest.mark.parametrize("forgotten", DATABASE_URLS)
def test_a_half_told_database_is_an_error_that_names_what_is_missing(forgotten: str) -> None:
    told = {name: url for name, url in OUTSIDE.items() if name != forgotten}
    with pytest.raises(StartError, match=f"missing: {forgotten}$"):
        environment.own_database(told)


def test_what_is_set_from_outside_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = OUTSIDE | {"AYUMI_REDIS_URL": "redis://queue.example/0", "AYUMI_FILES_URL": "s3://bucket"}
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    services = Services(tmp_path, outside)
    contract = contract_of(Tree(tmp_path), services, 8000)
    assert (services.postgres, services.valkey) == (None, None)
    assert outside.items() <= contract.items()
    assert contract["AYUMI_BASE_URL"] == "http://127.0.0.1:8000"


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = environment.plain_settings(Tree(tmp_path), 8000)["AYUMI_SECRET_KEY"]
    again = environment.plain_settings(Tree(tmp_path), 8000)["AYUMI_SECRET_KEY"]
    assert first == again
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_tree_is_started_once_at_a_time(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    with environment.only_start(tree):
        assert environment.running(tree)
        with pytest.raises(StartError, match="already running"), environment.only_start(tree):
            pass
    assert not environment.running(tree)


def test_a_killed_start_holds_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path; from infra.environment import *\n"
        "with only_start(Tree(Path(sys.argv[1]))): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=False)
    assert Tree(tmp_path).lock.exists()
    assert not environment.running(Tree(tmp_path))


def test_a_shell_reads_back_exactly_what_was_remembered(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    awkward = {"AYUMI_REDIS_URL": "unix:///x y/$HOME/it's?db=0&a=b"}
    with environment.only_start(tree):
        environment.remember(tree, awkward)
        script = "\n".join(environment.export_lines(tree)) + '\nprintf %s "$AYUMI_REDIS_URL"'
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == awkward["AYUMI_REDIS_URL"]
    assert json.loads(tree.variables.read_text()) == awkward
    assert stat.S_IMODE(tree.variables.stat().st_mode) == 0o600


def test_nothing_is_told_about_a_tree_that_does_not_run(tmp_path: Path) -> None:
    environment.write_private(tmp_path / "leftover", "x")
    done = subprocess.run(
        [sys.executable, "-m", "infra.environment", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "not running" in done.stderr


def test_reset_throws_everything_away_but_never_under_a_running_start(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "scan.pdf").write_text("x")
    (tmp_path / "elsewhere").symlink_to(ROOT)
    with environment.only_start(tree):
        assert reset(tmp_path) == 1
        assert (tmp_path / "files" / "scan.pdf").exists()
    assert reset(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []
    assert (ROOT / "pyproject.toml").exists()


def reset(folder: Path) -> int:
    program = [sys.executable, "-m", "infra.reset", str(folder)]
    return subprocess.run(program, cwd=ROOT, capture_output=True, check=False).returncode


@pytest.mark.parametrize("text", ["", "8123"])
def test_a_port_is_a_number(text: str) -> None:
    assert wanted_port({"PORT": text}) == int(text or 8000)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 80"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(StartError, match="is not a port"):
        wanted_port({"PORT": text})
