"""The definitions are complete: every word of every choice, every figure in both languages, no edition altered."""

import hashlib

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from ayumi.participants.labels import STATUSES
from ayumi.participants.model import Status
from ayumi.plans.model import GoalKind
from ayumi.reports import definitions, labels
from ayumi.reports.definitions import Definition, Wording, edition
from ayumi.reports.labels import REMEDIES, STEPS, TROUBLES, Step, Trouble
from ayumi.selection.labels import END_REASONS
from ayumi.selection.model import EndReason

FIGURES = edition().figures.values()


@pytest.mark.parametrize("definition", FIGURES, ids=lambda each: each.key)
def test_a_figure_says_in_both_languages_what_it_counts(definition: Definition) -> None:
    for wording in (definition.words, definition.counted, definition.column):
        assert wording.ja.strip()
        assert wording.en.strip()
        assert wording.said("ja") == wording.ja
        assert wording.said("en") == wording.en
    assert definition.unit in edition().units


def test_keys_are_told_once() -> None:
    keys = [figure.key for section in edition().sections for figure in section.figures]
    assert len(keys) == len(set(keys))


def test_shares_are_of_figures_that_stand_before_them() -> None:
    order = list(edition().figures)
    for each in FIGURES:
        for part in each.share or ():
            assert order.index(part) < order.index(each.key)


@pytest.mark.parametrize(
    ("by", "words"),
    [("status", list(Status)), ("end_reason", list(EndReason)), ("goal", [*GoalKind, "none"])],
)
def test_every_choice_has_its_word(by: str, words: list[str]) -> None:
    assert set(edition().words[by]) == set(words)


def test_statuses_and_reasons_are_called_as_on_all_other_pages_in_english(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        for reason, text in END_REASONS.items():
            found = edition().word("end_reason", reason)
            assert isinstance(found, Wording)
            assert found.en == gettext(text)
        for status in (Status.ACTIVE, Status.PAUSED, Status.ENDED):
            found = edition().word("status", status)
            assert found
            assert found.en == gettext(STATUSES[status])


def test_every_step_and_trouble_has_its_words() -> None:
    assert set(STEPS) == set(Step)
    assert set(TROUBLES) == set(REMEDIES) == set(Trouble)
    assert set(labels.RUN_STATUSES) == set(labels.RUN_KINDS)


@pytest.mark.parametrize("name", ["2025-9", "../2026-1", "", "editions/../2026-1"])
def test_an_edition_that_is_not_there_is_not_found(name: str) -> None:
    with pytest.raises(LookupError):
        edition(name)


def test_the_edition_of_2026_stays_as_reports_refer_to_it() -> None:
    """Another way of counting, or of saying it, is another edition: reports keep the words they were made with."""
    file = definitions.EDITIONS / "2026-1.toml"
    assert hashlib.sha256(file.read_bytes()).hexdigest()[:16] == "a1ab6d26e582347b"
