"""The shape of the house, held for everyone who works in it."""

import importlib
import re
import subprocess
import sysconfig
from functools import cache
from pathlib import Path

import pytest

from ayumi.config import SETTINGS

ROOT = Path(__file__).parents[2]
SOURCES = ("platform/ayumi/", "tenants/", "portal/", "jobs/", "infra/", "tests/", "wsgi.py")
LONGEST_FILE = 350
# Named here in pieces, so that the search does not find itself.
REGISTRIES = (
    r"https?://[^\s\"']+/simp" + "le",
    r"--(extra-)?index-" + "url",
    r"--find-" + "links",
    r"\"resol" + r"ved\":",
    r"files\.pythonhosted" + r"\.org",
    r"registry\.npm" + r"js\.org",
)
MACHINE_PATHS = tuple(rf"(?<![\w.])/{name}/\w" for name in ("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"))


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def python_files() -> list[Path]:
    return [file for file in tracked() if file.suffix == ".py" and in_sources(file)]


def in_sources(file: Path) -> bool:
    return file.relative_to(ROOT).as_posix().startswith(SOURCES)


def found(patterns: tuple[str, ...]) -> list[str]:
    wanted = re.compile("|".join(patterns))
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in tracked()
        for number, line in enumerate(text_of(file).splitlines(), 1)
        if wanted.search(line)
    ]


@cache
def text_of(file: Path) -> str:
    """Empty for pictures, fonts and the like."""
    content = file.read_bytes()
    return "" if b"\0" in content[:8000] else content.decode("utf-8")


def test_python_finds_its_own_platform() -> None:
    module = importlib.import_module("platform")
    assert module.__file__ is not None
    assert Path(module.__file__).is_relative_to(sysconfig.get_path("stdlib"))
    assert module.python_version()


def test_the_platform_folder_is_a_source_root_and_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert [child.name for child in (ROOT / "platform").glob("*.py")] == []


def test_no_tracked_file_names_a_package_registry() -> None:
    assert found(REGISTRIES) == []


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert found(MACHINE_PATHS) == []


@pytest.mark.parametrize("setting", [each.env for each in SETTINGS])
def test_every_setting_is_explained_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_package_markers_are_empty() -> None:
    speaking = [file for file in python_files() if file.name == "__init__.py" and text_of(file).strip()]
    assert [str(file.relative_to(ROOT)) for file in speaking] == []


def test_no_file_grows_beyond_reading() -> None:
    long = {
        str(file.relative_to(ROOT)): count
        for file in tracked()
        if file.suffix in {".py", ".html", ".js", ".sh"}
        and "versions" not in file.parts  # a migration is one step, and is never touched again
        and (count := len(text_of(file).splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base", "stuff"}
    named = [file for file in python_files() if vague & {file.stem, file.parent.name}]
    assert [str(file.relative_to(ROOT)) for file in named] == []


def test_no_module_hides_one_of_the_standard_library_at_the_root() -> None:
    hiding = [name for name in ("platform", "queue", "calendar", "types") if (ROOT / f"{name}.py").exists()]
    assert hiding == []
