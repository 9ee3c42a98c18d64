"""Alarms are about figures that the product shows, ring when they should, and are explained."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from flask import Flask

from ayumi.commands import metrics as command
from ayumi.config import settings
from ayumi.kernel import meters
from infra.backups.figures import SAID
from jobs.meters import JOBS
from tests.live import ROOT
from tests.world import a_town

PROMETHEUS = ROOT / "infra" / "prometheus"
UNPACKED = ROOT / ".venv" / "debian" / "usr" / "bin" / "promtool"
PAGE = (ROOT / "infra" / "operation.md").read_text()
RULES: list[dict[str, Any]] = [
    rule
    for name in ("rules.yaml", "machine.yaml")
    for group in yaml.safe_load((PROMETHEUS / name).read_text())["groups"]
    for rule in group["rules"]
]
ASKED = re.compile(r"\b(ayumi_\w+)(?:\{([^}]*)\})?")
SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
FROM_ELSEWHERE = re.compile(r"\b(?:node|pg|probe)_\w+|\bup\b")


def promtool(*words: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("promtool") or str(UNPACKED)
    assert shutil.which(program), "no promtool: run `make promtool`"
    return subprocess.run([program, *words], cwd=PROMETHEUS, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def shown(app: Flask) -> dict[str, set[str]]:
    """Name -> labels of every figure that hosts show: what processes count, and what `ayumi metrics` knows besides."""
    a_town(app)  # some figures are of municipalities
    with app.app_context():
        registry = command.registry(settings())
    found: dict[str, set[str]] = {name: set() for name, _words in SAID.values()}
    counted = meters.REGISTRY._collector_to_names
    assert JOBS in counted
    for each in counted:
        found |= dict.fromkeys(named(each.collect()), set(each._labelnames))  # type: ignore[attr-defined]
    for family in registry.collect():
        labels = {name for sample in family.samples for name in sample.labels}
        found |= dict.fromkeys(named([family]), labels)
    return found


def named(families: Any) -> list[str]:
    return [family.name + suffix for family in families for suffix in SUFFIXES[family.type]]


def test_every_figure_in_a_rule_is_shown_with_the_labels_it_is_asked_by(shown: dict[str, set[str]]) -> None:
    asked = [found for rule in RULES for found in ASKED.findall(rule["expr"])]
    assert len({name for name, _labels in asked}) > 12
    for name, matchers in asked:
        assert name in shown, name
        if shown[name]:
            assert set(re.findall(r"(\w+)(?:=~|!~|!=|=)", matchers)) <= shown[name], name


def test_a_rule_asks_for_our_figures_or_those_of_the_exporters_that_are_gathered() -> None:
    gathered = {
        each["job_name"] for each in yaml.safe_load((PROMETHEUS / "prometheus.yaml").read_text())["scrape_configs"]
    }
    assert gathered == {"ayumi", "ayumi-pages", "machines", "database"}
    for rule in RULES:
        assert ASKED.search(rule["expr"]) or FROM_ELSEWHERE.search(rule["expr"]), rule["alert"]


def test_every_alarm_is_in_the_handbook_and_every_alarm_of_the_handbook_rings() -> None:
    told = {severity: set(re.findall(r"^\| `(\w+)` \|", part, re.M)) for severity, part in parts().items()}
    rung = {severity: {rule["alert"] for rule in RULES if rule["labels"]["severity"] == severity} for severity in told}
    assert told == rung
    assert all(rule["annotations"]["summary"] for rule in RULES)


def parts() -> dict[str, str]:
    """The two tables of alarms in the handbook."""
    alarms = PAGE.split("## Alarms")[1].split("\n## ")[0]
    wake, hours = alarms.split("During working hours")
    return {"wake": wake, "hours": hours}


def test_promtool_understands_everything_and_the_alarms_ring_when_they_should() -> None:
    for words in (
        ["check", "rules", "rules.yaml", "machine.yaml"],
        ["check", "config", "--syntax-only", "prometheus.yaml"],
    ):
        done = promtool(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    done = promtool("test", "rules", "rules_test.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_says_no_to_a_wrong_one(tmp_path: Any) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("groups: [{name: x, rules: [{alert: X, expr: 'sum(('}]}]")
    assert promtool("check", "rules", str(wrong)).returncode != 0
