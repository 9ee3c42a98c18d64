"""The units for a machine of one's own, as systemd itself judges them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hosted.test_settings import SECRETS
from tests.live import ROOT

UNITS = ROOT / "infra" / "systemd"
FILES = sorted(each for each in UNITS.iterdir() if each.is_file())
SERVICES = sorted(UNITS.glob("*.service"))
systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
SAFE_ENOUGH = "20"  # of 100: exposure 2.0 of 10


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with the programs where they are here."""
    folder = tmp_path_factory.mktemp("units")
    shutil.copytree(UNITS, folder, dirs_exist_ok=True)
    for each in folder.rglob("ayumi*"):
        if each.is_file():
            each.write_text(each.read_text().replace("/opt/ayumi", str(ROOT)))
    return folder


def asked(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
    return subprocess.run(["systemd-analyze", *words], env=env, capture_output=True, text=True, check=False)


@systemd
def test_systemd_understands_every_unit(units: Path) -> None:
    assert {each.suffix for each in FILES} == {".service", ".socket", ".target", ".timer"}
    done = asked(units, "verify", "--man=no", *(str(units / each.name) for each in FILES))
    assert (done.returncode, complaints(done.stderr)) == (0, [])


def said(unit: str, name: str) -> set[str]:
    """Every word that a unit says under a name."""
    lines = re.findall(rf"^{name}=(.*)$", (UNITS / unit).read_text(), re.M)
    return {word for line in lines for word in line.split()}


NEEDS = ("Requires", "Requisite", "BindsTo", "PartOf", "Wants", "Upholds", "After")


@pytest.mark.parametrize("unit", FILES, ids=lambda each: each.name)
def test_nothing_waits_for_a_migration(unit: Path) -> None:
    """One that gives up, or finds no database when the machine starts, takes nobody with it."""
    assert {each for name in NEEDS for each in said(unit.name, name) if "migrate" in each} == set()


def test_a_migration_runs_each_time_it_is_started() -> None:
    assert said("ayumi-migrate.service", "Type") == {"oneshot"}
    assert said("ayumi-migrate.service", "RemainAfterExit") == set()


def test_what_fails_while_the_database_is_away_is_started_again_and_again() -> None:
    hardening = (UNITS / "ayumi-.service.d" / "hardening.conf").read_text()
    assert re.search(r"^\[Unit\]\n(?:#.*\n)*StartLimitIntervalSec=0$", hardening, re.M)
    lasting = [each.name for each in SERVICES if said(each.name, "Type") != {"oneshot"}]
    assert len(lasting) == 5
    assert all(said(each, "Restart") == {"always"} for each in lasting)


def test_the_socket_of_the_web_is_held_where_the_proxy_asks() -> None:
    (held,) = said("ayumi-web.socket", "ListenStream")
    assert f"server {held} " in (ROOT / "infra" / "nginx" / "nginx.conf").read_text()
    assert "ayumi-web.socket" in said("ayumi-web.service", "Requires") & said("ayumi-web.service", "After")
    assert "ayumi-web.socket" in said("ayumi.target", "Wants")


def test_a_server_that_is_alone_is_not_drained_and_has_time_to_end() -> None:
    """Where its socket is held nobody has to be turned away first (infra/operation.md)."""
    assert "\nAYUMI_DRAIN_SECONDS=0\n" in (ROOT / "infra" / "settings.env").read_text()
    (given,) = said("ayumi-web.service", "TimeoutStopSec")
    (graceful,) = re.findall(r"^graceful_timeout = (\d+)$", (ROOT / "infra" / "gunicorn.conf.py").read_text(), re.M)
    assert int(given) >= int(graceful) + 5


class TestARelease:
    """infra/release.sh, with a systemctl that writes down what it is told."""

    WORKERS = ["ayumi-worker@1.service", "ayumi-worker@2.service"]

    def told(self, folder: Path, *, migrates: bool) -> tuple[int, list[str]]:
        listed = "\\n".join(f"{each} loaded active running Ayumi" for each in self.WORKERS)
        program = folder / "systemctl"
        program.write_text(
            f'#!/bin/sh\necho "$*" >> {folder}/told\n'
            f"case \"$1\" in start) exit {0 if migrates else 1};; list-units) printf '{listed}\\n';; esac\n"
        )
        program.chmod(0o755)
        env = {"PATH": f"{folder}:/usr/bin:/bin"}
        done = subprocess.run([str(ROOT / "infra" / "release.sh")], env=env, capture_output=True, check=False)
        return done.returncode, (folder / "told").read_text().splitlines()

    def test_a_migration_that_gives_up_leaves_everything_running(self, tmp_path: Path) -> None:
        assert self.told(tmp_path, migrates=False) == (1, ["start ayumi-migrate.service"])

    def test_services_are_exchanged_one_after_the_other_and_the_web_last(self, tmp_path: Path) -> None:
        code, (first, _listing, *then) = self.told(tmp_path, migrates=True)
        restarted = [line.removeprefix("restart ") for line in then]
        lasting = {each.name for each in SERVICES if said(each.name, "Restart")} - {"ayumi-worker@.service"}
        assert (code, first) == (0, "start ayumi-migrate.service")
        assert restarted[:2] == self.WORKERS
        assert set(restarted[2:]) == lasting
        assert restarted[-1] == "ayumi-web.service"


@systemd
def test_it_is_asked_and_says_no_to_a_wrong_one(units: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "ayumi-wrong.service"
    wrong.write_text("[Service]\nExecStart=/no/such/program\nProtectSystm=yes\n")
    assert complaints(asked(units, "verify", "--man=no", str(wrong)).stderr)


def complaints(said: str) -> list[str]:
    """What it says of our units; of the units of the machine it stands on it may say what it likes."""
    return [line for line in said.splitlines() if "ayumi" in line]


@systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda each: each.name)
def test_a_unit_can_do_little_beside_its_work(units: Path, unit: Path) -> None:
    done = asked(
        units, "security", "--offline=true", f"--threshold={SAFE_ENOUGH}", "--no-pager", str(units / unit.name)
    )
    assert done.returncode == 0, done.stdout[-200:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda each: each.name)
def test_a_unit_is_given_its_own_secrets_alone(unit: Path) -> None:
    who = unit.stem.removeprefix("ayumi-").removesuffix("@")
    text = unit.read_text()
    assert sorted(re.findall(r"^LoadCredentialEncrypted=(\w+)$", text, re.M)) == sorted(SECRETS[who])
    starts = re.findall(r"^ExecStart=(\S+)", text, re.M)
    assert starts and set(starts) == {"/opt/ayumi/infra/with-secrets"}
    assert "AYUMI_" not in " ".join(re.findall(r"^Environment=.*$", text, re.M))


def test_every_process_has_a_unit() -> None:
    assert {each.stem.removeprefix("ayumi-").removesuffix("@") for each in SERVICES} == SECRETS.keys()
    assert "EnvironmentFile=/etc/ayumi/settings.env" in (UNITS / "ayumi-.service.d" / "hardening.conf").read_text()
