"""The page on security: each requirement of the standard once, with a state, and no file named that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "infra" / "security.md"
NUMBERS = Path(__file__).with_name("asvs_numbers.txt").read_text().split()
ROW = re.compile(r"^\| v5\.0\.0-([\d.]+) \| (met|n/a|open) \| (.+) \|$", re.M)
PATH = re.compile(r"`((?:platform|tenants|portal|jobs|infra|tests)/[\w./-]+|[\w-]+\.(?:lock|json|toml))`")
LEVELS_1_AND_2 = 253


def test_every_requirement_of_levels_one_and_two_stands_there_once_and_in_order() -> None:
    assert len(NUMBERS) == LEVELS_1_AND_2
    assert [number for number, _state, _text in ROW.findall(PAGE.read_text())] == NUMBERS


def test_what_is_not_met_says_why() -> None:
    for number, state, text in ROW.findall(PAGE.read_text()):
        assert len(text) > 5, number
        assert state != "open" or len(text) > 15 or text.startswith("As "), number


def test_every_file_it_names_is_there() -> None:
    named = PATH.findall(PAGE.read_text())
    assert len(named) > 100
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_it_counts_its_own_states_rightly() -> None:
    page = PAGE.read_text()
    for state in ("met", "n/a", "open"):
        number = sum(found == state for _number, found, _text in ROW.findall(page))
        assert f"**{state}** ({number}:" in page.replace("\n", " ")
