"""The written rules say what the code does: their numbers are its numbers, and what they name is there."""

import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

from ayumi.config import SETTINGS
from infra.environment import ROOT

PAGES = ("limits.md", "keys.md", "upkeep.md")
NUMBER = re.compile(r"`([\w.]+)\.([A-Z_]+)` = (\d+)")
SETTING = re.compile(r"\| ([\d,]+) (?:in|[a-z])[^|]*\| setting (AYUMI_\w+) \|")
PATH = re.compile(r"`((?:platform|tenants|portal|jobs|infra|tests)/[\w./-]+|[\w-]+\.(?:lock|json|toml))`")
VARIABLE = re.compile(r"AYUMI_[A-Z_]*[A-Z]")
COMMAND = re.compile(r"`ayumi ([a-z]+) ([a-z-]+)`")


def text(page: str) -> str:
    return (ROOT / "infra" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(("module", "name", "said"), NUMBER.findall(text("limits.md")))
def test_a_limit_is_the_one_in_the_code(module: str, name: str, said: str) -> None:
    found = getattr(importlib.import_module(module), name)
    assert (found.total_seconds() if isinstance(found, timedelta) else found) == int(said)


def test_a_limit_by_a_setting_is_its_default() -> None:
    defaults = {each.env: each.default or "" for each in SETTINGS}
    found = SETTING.findall(text("limits.md"))
    assert len(found) == 3
    assert [(name, said) for said, name in found if defaults[name].split(" ")[0] != said] == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    said = text(page)
    assert [path for path in PATH.findall(said) if not Path(ROOT / path).exists()] == []
    assert set(VARIABLE.findall(said)) <= {each.env for each in SETTINGS}


def test_the_commands_of_the_life_of_keys_exist(app) -> None:
    named = COMMAND.findall(text("keys.md"))
    assert {("key", "renew"), ("journal", "key")} <= set(named)
    for group, command in named:
        assert command in app.cli.commands[group].commands
