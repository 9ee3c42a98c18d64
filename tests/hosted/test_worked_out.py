"""What the description of one cloud comes to: its locals, worked out by terraform itself without that cloud."""

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest
from flask import Flask

from ayumi.kernel.transport import database_is_safe
from ayumi.operating.metrics import spoken
from tests.hosted.test_settings import SECRETS
from tests.hosted.test_terraform import FOLDER, TEXT, of

REFERENCE = re.compile(r"(?<![\w.\"])(?:data\.)?aws_[a-z0-9_]+\.\w+(?:\[[^\]]*\])?(?:\.\w+)*")
GIVEN = {"domain": "ayumi.example.jp", "zone_id": "Z", "image": f"ayumi@sha256:{'0' * 64}"}
GIVEN |= {"alarms_to": "a@example.jp", "mail_from": "b@example.jp", "contact": "c@example.jp"}
ASKED = ("settings", "mounts", "commands", "sizes", "secrets_of", "all", "inside", "asked", "alarms", "figures")


def answered(asked: "re.Match[str]") -> str:
    return '["a", "b"]' if asked[0].endswith(".names") else '"answered"'


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The locals as terraform itself works them out; what the provider would answer is a word."""
    program = shutil.which("terraform") or shutil.which("tofu")
    if not program:
        pytest.skip("no terraform and no tofu here")
    home = tmp_path_factory.mktemp("cloud")
    for each in ("settings.env", "secrets.json"):
        shutil.copy(FOLDER.parent / each, home)
    code = "\n".join(re.findall(r'^(?:locals|variable "\w+") \{\n.*?^\}', TEXT, re.M | re.S))
    outputs = "\n".join(f'output "{name}" {{\n  value = local.{name}\n}}' for name in ASKED)
    folder = home / "terraform"
    folder.mkdir()
    (folder / "all.tf").write_text(REFERENCE.sub(answered, code) + f"\n{outputs}\n")
    env = {"PATH": os.environ["PATH"]} | {f"TF_VAR_{name}": value for name, value in GIVEN.items()}
    for words in (["init"], ["apply", "-auto-approve"], ["output", "-json"]):
        done = subprocess.run(
            [program, *words, "-no-color"], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return {name: each["value"] for name, each in json.loads(done.stdout).items()}


def test_whatever_folder_a_process_is_told_of_is_one_it_can_write(worked_out: dict[str, Any]) -> None:
    """Nothing else can be: the file system of a task is read only. What lies in the image is only read."""
    told = {name: value.removeprefix("file://") for name, value in worked_out["settings"].items()}
    folders = {name: value for name, value in told.items() if value.startswith("/") and not value.startswith("/opt/")}
    assert "readonlyRootFilesystem = true" in TEXT
    places = tuple(f"{each}/" for each in worked_out["mounts"].values())
    assert {name: value for name, value in folders.items() if not f"{value}/".startswith(places)} == {}
    assert told["AYUMI_FILES_URL"].startswith("s3://")


def test_the_database_proves_its_name_by_what_the_image_brings_along(worked_out: dict[str, Any]) -> None:
    settings = worked_out["settings"]
    lines = [line.split() for line in (FOLDER / "Dockerfile").read_text().splitlines() if line and line[0] != "#"]
    assert lines[:2] == [["ARG", "IMAGE"], ["FROM", "${IMAGE}"]]
    ((word, rights, address, place),) = lines[2:]
    assert (word, rights, settings["PGSSLMODE"], settings["PGSSLROOTCERT"]) == (
        "ADD", "--chmod=0444", "verify-full", place,
    )  # fmt: skip
    assert re.match(r"https://truststore\.pki\.rds\.amazonaws\.com/[\w/-]+\.pem$", address)
    assert database_is_safe("postgresql://ayumi_staff@far.example/ayumi", settings)


def test_a_server_goes_on_until_the_balancer_has_noticed(worked_out: dict[str, Any]) -> None:
    (checks,) = of("aws_lb_target_group.web")["health_check"]
    assert "local.asked.seconds" in checks["interval"]
    assert "local.asked.times" in checks["unhealthy_threshold"]
    drain = int(worked_out["settings"]["AYUMI_DRAIN_SECONDS"])
    assert drain == worked_out["asked"]["seconds"] * worked_out["asked"]["times"] + 2
    (given,) = re.findall(r'stopTimeout\s*= each.key == "worker" \? (\d+) : (\d+)', TEXT)
    assert int(given[1]) >= drain + 20


def test_every_process_runs_with_its_command_and_is_missed(worked_out: dict[str, Any]) -> None:
    assert worked_out["commands"].keys() == worked_out["sizes"].keys() == SECRETS.keys() - {"backup"}
    running = worked_out["sizes"].keys() - {"migrate"}
    assert {f"{name}-{what}" for name in running for what in ("missing", "errors")} <= worked_out["alarms"].keys()


def test_nobody_asks_for_figures_so_they_are_said_and_what_is_said_rings(
    app: Flask, worked_out: dict[str, Any]
) -> None:
    command = worked_out["commands"]["metrics"][1:]
    assert "--log" in command
    assert app.test_cli_runner().invoke(args=[*command, "--help"]).exit_code == 0
    assert "AYUMI_METRICS_TOKEN" not in worked_out["all"]
    assert worked_out["settings"]["AYUMI_METRICS_BIND"].startswith("127.0.0.1:")
    assert worked_out["figures"].keys() == spoken.FOLDED.keys()
    rung = {each["metric"] for each in worked_out["alarms"].values() if each["namespace"] == "Ayumi"}
    assert spoken.FOLDED.keys() <= rung
    assert worked_out["alarms"]["services-up"]["missing"] == "breaching"


def test_each_member_of_the_queue_says_how_full_it_is(worked_out: dict[str, Any]) -> None:
    """The provider publishes nothing for the group."""
    asked = [each["dimensions"] for each in worked_out["alarms"].values() if each["namespace"] == "AWS/ElastiCache"]
    assert asked == [{"CacheClusterId": "ayumi-001"}, {"CacheClusterId": "ayumi-002"}]
    assert of("aws_elasticache_replication_group.ayumi")["replication_group_id"] == "${local.queue.name}"


def test_every_alarm_has_one_bound(worked_out: dict[str, Any]) -> None:
    for name, each in worked_out["alarms"].items():
        assert (each["above"] is None) != (each["below"] is None), name
        assert each["missing"] in ("breaching", "notBreaching")
        assert each["minutes"] > 0


def test_data_are_asked_by_processes_alone(worked_out: dict[str, Any]) -> None:
    asked = {name: (each["from"], each["port"]) for name, each in worked_out["inside"].items()}
    assert asked == {
        "processes": ("balancer", 8000), "database": ("processes", 5432), "queue": ("processes", 6379),
    }  # fmt: skip
