"""The image and the compose file, as far as they can be judged without a container engine."""

import os
import re
import shutil
import subprocess
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from flask import Flask

from ayumi.config import SETTINGS, Settings
from ayumi.kernel import transport
from infra.embedded import postgres, postgres_files
from tests.hosted.test_settings import OPEN, SECRET, SECRETS
from tests.live import BIN, ROOT

CONTAINERS = ROOT / "infra" / "containers"
COMPOSE: dict[str, Any] = yaml.safe_load((CONTAINERS / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "ayumi:local"}


def is_a_compose_file(path: Path) -> bool:
    """Whether it keeps to the schema of such files: asked of the program, as its library takes a second to be read."""
    words = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "Schema validation errors" in done.stdout, done.stderr
    return done.returncode == 0


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile, one (instruction, words) a line."""
    text = re.sub(r"^#.*\n", "", (CONTAINERS / "Dockerfile").read_text(), flags=re.M)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines if line.strip()]


def commands(said: list[str]) -> list[list[str]]:
    """What a container runs of the product's own commands, each without its first word."""
    lines = said[2].split(" && ") if said[:2] == ["sh", "-c"] else [" ".join(said)]
    return [words[1:] for words in map(str.split, lines) if words[0] == "ayumi"]


def composes() -> bool:
    """Whether the real docker compose can be asked."""
    words = ["docker", "compose", "version"]
    return bool(shutil.which("docker")) and subprocess.run(words, capture_output=True, check=False).returncode == 0


class TestTheImage:
    def stages(self) -> list[list[tuple[str, str]]]:
        found: list[list[tuple[str, str]]] = []
        for each in instructions():
            if each[0] == "FROM":
                found.append([])
            found[-1].append(each)
        return found

    def test_what_builds_stays_behind(self) -> None:
        *before, last = self.stages()
        assert len(before) == 2
        assert [words for word, words in last if word == "RUN" and re.search(r"pip |npm |apt|curl|wget", words)] == []
        assert all("--from=" in words for word, words in last if word == "COPY")

    def test_it_runs_as_nobody_in_particular(self) -> None:
        last = self.stages()[-1]
        assert [words for word, words in last if word == "USER"] == ["10001:10001"]
        after = [word for word, _words in last]
        assert not {"RUN", "COPY"} & set(after[after.index("USER") :])

    def test_only_what_a_lock_names_with_its_hash_is_installed(self) -> None:
        runs = " && ".join(words for word, words in instructions() if word == "RUN")
        for words in re.findall(r"pip install [^&]*", runs):
            assert "--no-deps" in words
            assert "--require-hashes" in words or ("--no-build-isolation" in words and "--editable ." in words)
        assert re.findall(r"npm (\w+)", runs) == ["ci"]
        assert "--ignore-scripts" in runs

    def test_bases_have_a_version_and_nothing_comes_by_address(self) -> None:
        bases = [words.split()[0] for word, words in instructions() if word == "FROM"]
        assert all(re.search(r":\d", base) for base in bases)
        assert not [word for word, _words in instructions() if word == "ADD"]
        assert "http" not in " ".join(words for word, words in instructions() if word == "RUN")

    def test_it_says_how_it_is(self) -> None:
        words = [words for word, words in self.stages()[-1] if word == "HEALTHCHECK"]
        assert len(words) == 1
        assert "/healthz" in words[0]

    def test_no_secret_is_built_in(self) -> None:
        said = [words for word, words in instructions() if word in ("ENV", "ARG")]
        assert not [name for name in [*SECRET, *OPEN] if name in " ".join(said)]

    def test_what_is_copied_exists_and_nothing_else_reaches_the_builder(self) -> None:
        lines = (CONTAINERS / "Dockerfile.dockerignore").read_text().splitlines()
        rules = [line for line in lines if line and not line.startswith("#")]
        assert rules[0] == "*"
        let_in = {rule[1:] for rule in rules if rule.startswith("!")}
        copied = {
            name
            for word, words in instructions()
            if word == "COPY" and "--from" not in words
            for name in words.split()[:-1]
        }
        assert copied == let_in
        assert [name for name in copied if not (ROOT / name).exists()] == []
        assert not let_in & {".git", "tests", "var", ".venv"}


class TestTheComposeFile:
    def test_it_is_one(self, tmp_path: Path) -> None:
        assert is_a_compose_file(CONTAINERS / "compose.yaml")
        wrong = tmp_path / "compose.yaml"
        wrong.write_text(yaml.safe_dump(COMPOSE | {"services": {"web": {"imag": "x"}}}))
        assert not is_a_compose_file(wrong)

    @pytest.mark.skipif(
        not composes(),
        reason="no docker compose here",
    )
    def test_compose_itself_reads_it(self) -> None:
        words = ["docker", "compose", "--file", str(CONTAINERS / "compose.yaml"), "config", "--quiet"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_all_the_parts_are_there(self) -> None:
        assert SERVICES.keys() >= {
            "migrate", "web", "dispatcher", "worker", "timetable", "postgres", "valkey", "objects", "proxy",
        }  # fmt: skip
        assert all(re.search(r":\D*\d", each["image"]) for name, each in SERVICES.items() if name not in OURS)

    @pytest.mark.parametrize("who", sorted(SECRETS))
    def test_each_process_is_given_its_own_secrets_alone(self, who: str) -> None:
        assert sorted(name for name in SERVICES[who]["secrets"] if name.startswith("AYUMI")) == sorted(SECRETS[who])

    @pytest.mark.parametrize("who", sorted(OURS))
    def test_our_processes_can_do_little_beside_their_work(self, who: str) -> None:
        each = OURS[who]
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert each["env_file"] == ["../settings.env"]
        assert "ports" not in each

    def test_what_is_named_is_declared(self) -> None:
        used = {each if isinstance(each, str) else each["source"] for s in SERVICES.values() for each in s["secrets"]}
        assert used == COMPOSE["secrets"].keys()
        assert {each for s in SERVICES.values() for each in s["networks"]} == COMPOSE["networks"].keys()
        assert {each for s in SERVICES.values() for each in s.get("depends_on", ())} <= SERVICES.keys()
        said = {name for s in OURS.values() for name in s["environment"] if name.startswith("AYUMI_")}
        assert said <= set(OPEN)

    def test_only_the_proxy_is_reached_from_outside(self) -> None:
        assert [name for name, each in SERVICES.items() if "ports" in each] == ["proxy"]
        assert COMPOSE["networks"]["inside"] == {"internal": True}

    @pytest.mark.parametrize("who", ["web", "worker", "metrics"])
    def test_who_counts_and_who_shows_the_counts_share_a_folder_in_memory(self, who: str) -> None:
        lines = (ROOT / "infra" / "settings.env").read_text().splitlines()
        folder = dict(line.split("=", 1) for line in lines if line.startswith("AYUMI_"))["AYUMI_METRICS_DIR"]
        assert "AYUMI_METRICS_DIR" not in OURS[who]["environment"]
        volume, place = next(each.split(":") for each in OURS[who]["volumes"])
        assert folder.startswith(f"{place}/")
        options = COMPOSE["volumes"][volume]["driver_opts"]
        identity = next(words for word, words in instructions() if word == "USER").split(":")
        assert options["type"] == options["device"] == "tmpfs"
        assert {f"uid={identity[0]}", f"gid={identity[1]}", "mode=0700"} <= set(options["o"].split(","))

    def test_the_commands_are_those_of_the_product(self, app: Flask) -> None:
        asked = [(name, words) for name, each in OURS.items() for words in commands(each["command"])]
        assert len(asked) > 6
        for name, words in asked:
            answer = app.test_cli_runner().invoke(args=[*words, "--help"])
            assert answer.exit_code == 0, f"{name}: {answer.output}"

    def test_a_backup_is_taken_and_then_judged_as_on_a_machine_of_ones_own(self) -> None:
        unit = (ROOT / "infra" / "systemd" / "ayumi-backup.service").read_text()
        judged = [["backup", "take"], ["backup", "verify"]]
        assert commands(OURS["backup"]["command"]) == judged
        assert [line.split() for line in re.findall(r"^ExecStart=.*/bin/ayumi (.*)$", unit, re.M)] == judged


def test_the_proxy_is_given_the_same_configuration_for_its_container(tmp_path: Path) -> None:
    nginx = ROOT / "infra" / "nginx"
    script = (nginx / "container.sh").read_text().replace("/opt/nginx.conf", str(nginx / "nginx.conf"))
    subprocess.run(["sh", "-c", script.replace("/etc/nginx/nginx.conf", f"{tmp_path}/made")], check=True)
    before, made = (nginx / "nginx.conf").read_text().splitlines(), (tmp_path / "made").read_text().splitlines()
    changed = [now.strip() for was, now in zip(before, made, strict=True) if was != now]
    assert [line.split()[0] for line in changed] == [
        "user", "error_log", "access_log", "server", "proxy_cache_path", "server_name", "server_name",
    ]  # fmt: skip
    assert "server web:8000 max_fails=0;" in changed[3]


def test_the_first_start_makes_a_database_that_every_door_can_open(tmp_path: Path) -> None:
    """The scripts of the compose file, run against a real server that is empty."""
    folder = tmp_path / "containers"
    shutil.copytree(CONTAINERS, folder, ignore=shutil.ignore_patterns("secrets"))
    subprocess.run([str(folder / "make-secrets.sh")], check=True, capture_output=True)
    secrets = folder / "secrets"
    assert secrets.stat().st_mode & 0o077 == 0
    assert {each.name for each in secrets.iterdir()} == {
        Path(each["file"]).name for each in COMPOSE["secrets"].values()
    }
    assert faults_of(secrets) == []
    for name in ("localhost", "postgres", "valkey", "objects"):
        words = ["openssl", "verify", "-CAfile", "authority.pem", "-verify_hostname", name, f"{name}.pem"]
        subprocess.run(words, cwd=secrets, check=True, capture_output=True)
    with postgres.Server(tmp_path / "server", durable=False) as server:
        start(server, folder, secrets, tmp_path)
        assert (secrets / "AYUMI_DATABASE_URL_REPORTS").read_text() == ""  # a trial has no standby
        for each in sorted(secrets.glob("AYUMI_DATABASE_URL_*[!S]")):
            address = each.read_text().split("?")[0].replace("@postgres/", f"@127.0.0.1:{server.port}/")
            with psycopg.connect(address) as connection:
                assert connection.info.dbname == "ayumi"
    before = (secrets / "AYUMI_SECRET_KEY").read_text()
    subprocess.run([str(folder / "make-secrets.sh")], check=True, capture_output=True)
    assert (secrets / "AYUMI_SECRET_KEY").read_text() == before


def faults_of(secrets: Path) -> list[str]:
    """What the product would say of these addresses when it starts."""
    given = {each.env: (secrets / each.env).read_text().strip() for each in SETTINGS if (secrets / each.env).exists()}
    given |= {name: value for name, value in COMPOSE["x-environment"].items() if name.startswith("AYUMI_")}
    made = Settings(**{each.name: given[name] for each in fields(Settings) if (name := variable(each)) in given})
    return list(transport.faults(made, COMPOSE["x-environment"]))


def variable(each: "Field[Any]") -> str:
    return str(each.metadata["setting"].env)


def start(server: postgres.Server, folder: Path, secrets: Path, home: Path) -> None:
    """Run what the database's container runs once, told where things lie here."""
    script = (folder / "first-start.sh").read_text()
    script = script.replace("/run/secrets/passwords", str(secrets / "passwords.sql"))
    script = script.replace("/ayumi/", f"{ROOT}/infra/postgres/")
    address = psycopg.conninfo.conninfo_to_dict(server.url(postgres.ADMINISTRATOR, "postgres"))
    env = dict(os.environ) | {
        "PATH": f"{postgres_files.find_bindir()}:{os.environ['PATH']}", "PGDATA": str(home),
        "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGPASSWORD": str(address["password"]),
    }  # fmt: skip
    done = subprocess.run(["sh", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
