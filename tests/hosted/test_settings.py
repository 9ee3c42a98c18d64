"""Every setting stands in the files of every way of hosting, and every process is given the secrets it needs alone."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from ayumi.config import SETTINGS, settings
from tests.live import ROOT
from wsgi import make_app

INFRA = ROOT / "infra"
SECRETS: dict[str, list[str]] = json.loads((INFRA / "secrets.json").read_text())
OPEN = re.findall(r"^(?:# )?(AYUMI_[A-Z_]+)=", (INFRA / "settings.env").read_text(), re.M)
SECRET = {name for names in SECRETS.values() for name in names}
HOLDS_A_SECRET = re.compile(
    r"AYUMI_(DATABASE_URL_\w+|BACKUP_DATABASE_URL|REDIS_URL|SMTP_URL|SECRET_KEY|JOURNAL_KEY|OLD_SECRET_KEYS|METRICS_TOKEN)"
)


def test_every_setting_is_open_in_one_file_or_secret_in_the_other() -> None:
    known = {each.env for each in SETTINGS}
    assert known - set(OPEN) - SECRET == set(), "add it to infra/settings.env or infra/secrets.json"
    assert set(OPEN) & SECRET == set()
    assert len(OPEN) == len(set(OPEN))


def test_what_holds_a_password_or_key_is_a_secret() -> None:
    assert [name for name in OPEN if HOLDS_A_SECRET.fullmatch(name)] == []
    assert {name for name in SECRET if not HOLDS_A_SECRET.fullmatch(name)} == set()


def test_no_process_that_runs_on_is_given_the_owners_way_in() -> None:
    assert [who for who, names in SECRETS.items() if "AYUMI_DATABASE_URL_OWNER" in names] == ["migrate"]
    assert [who for who, names in SECRETS.items() if "AYUMI_BACKUP_DATABASE_URL" in names] == ["backup"]


def test_settings_for_where_people_work_are_safe() -> None:
    lines = (INFRA / "settings.env").read_text().splitlines()
    said = dict(line.split("=", 1) for line in lines if line.startswith("AYUMI_"))
    assert (said["AYUMI_SECURE_COOKIES"], said["AYUMI_PASSWORD_COST"], said["AYUMI_PROXIES"]) == ("yes", "normal", "1")
    assert said["AYUMI_BASE_URL"].startswith("https://")
    assert {"AYUMI_MAIL_DIR", "AYUMI_BACKUP_IDENTITY"} & said.keys() == set()


class TestTheLauncher:
    def run(self, folder: Path, variable: str) -> "subprocess.CompletedProcess[str]":
        words = [str(INFRA / "with-secrets"), "sh", "-c", 'printf \'%s|%s\' "$AYUMI_SECRET_KEY" "$OTHER"']
        env = {"PATH": os.environ["PATH"], variable: str(folder)}
        return subprocess.run(words, env=env, capture_output=True, text=True, check=True)

    def test_a_file_becomes_the_setting_it_is_named_after(self, tmp_path: Path) -> None:
        value = "a 'b' $c \"d\" \\e"
        (tmp_path / "AYUMI_SECRET_KEY").write_text(f"{value}\n")
        (tmp_path / "OTHER").write_text("x")
        assert self.run(tmp_path, "CREDENTIALS_DIRECTORY").stdout == f"{value}|"

    def test_without_secrets_the_program_runs_all_the_same(self, tmp_path: Path) -> None:
        assert self.run(tmp_path / "nowhere", "CREDENTIALS_DIRECTORY").stdout == "|"


@pytest.mark.parametrize("who", ["web", "worker", "dispatcher", "timetable", "metrics"])
def test_each_process_starts_with_its_own_secrets_alone(
    who: str, services: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The product is made with exactly the settings of this process, and has exactly those doors."""
    elsewhere = {"AYUMI_DATABASE_URL_REPORTS": "postgresql://ayumi_worker@127.0.0.1/standby"}
    given = {name: os.environ.get(name) or elsewhere.get(name, "x") for name in SECRETS[who]}
    for name in [name for name in os.environ if name.startswith("AYUMI_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    made = make_app()
    monkeypatch.undo()
    settings.cache_clear()
    doors = {name.removeprefix("AYUMI_DATABASE_URL_").lower() for name in given if "DATABASE_URL" in name}
    assert made.config["SQLALCHEMY_BINDS"].keys() == doors
