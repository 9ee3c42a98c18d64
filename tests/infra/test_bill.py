"""The bills of materials name every package that is shipped, with its version, and nothing of this machine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra import bill
from infra.environment import ROOT

LOCKED = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ \\;]+)", re.M)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bills")
    assert bill.main([str(made)]) == 0
    return made


def components(path: Path) -> list[dict[str, Any]]:
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said["bomFormat"] == "CycloneDX"
    found: list[dict[str, Any]] = said["components"]
    return found


def test_every_locked_python_package_is_named_with_its_version_and_hashes(folder: Path) -> None:
    found = components(folder / bill.PYTHON)
    locked = LOCKED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(locked) > 50
    assert {(each["name"], each["version"]) for each in found} == set(locked)
    assert all(each["externalReferences"][0]["hashes"] for each in found)


def test_every_page_asset_is_named_and_nothing_that_only_the_checks_need(folder: Path) -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    shipped = {
        (path.rpartition("node_modules/")[2], each["version"])
        for path, each in packages.items()
        if path and not each.get("dev")
    }
    found = components(folder / bill.NPM)
    assert {(each["name"], each["version"]) for each in found} == shipped
    assert all(each["hashes"] for each in found)


def test_nothing_of_this_machine_stands_in_them(folder: Path) -> None:
    for name in (bill.PYTHON, bill.NPM):
        assert str(ROOT) not in (folder / name).read_text(encoding="utf-8")
