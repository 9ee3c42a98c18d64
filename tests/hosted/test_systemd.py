"""The units for a machine of one's own, as systemd itself judges them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hosted.test_settings import SECRETS
from tests.live import ROOT

UNITS = ROOT / "infra" / "systemd"
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
    files = [str(each) for each in sorted(units.iterdir()) if each.is_file()]
    done = asked(units, "verify", "--man=no", *files)
    assert (done.returncode, complaints(done.stderr)) == (0, [])


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
