"""Every word of the journal has its sentence: collected from the source, so that no new one is forgotten."""

import ast

import ayumi.schema
from ayumi.audit import about
from ayumi.audit.faults import FAULTS, Fault
from ayumi.delivery.journal.words import ACTIONS, PAGES, SUBJECTS
from ayumi.invitations.model import Lost, ResetStatus
from ayumi.notices.security import What
from ayumi.participants.model import ImportStatus, Status
from tests.audit.spoken import calls, word_of, words
from tests.isolation.urls import BEHIND

# Where the word is worked out: the file -> every word it can be. A call in a file that is not here fails.
WORKED_OUT: dict[str, set[str]] = {
    "platform/ayumi/audit/checks.py": {"check_sound", "check_broken"},
    "platform/ayumi/audit/reading.py": {"looked", "exported"},
    "platform/ayumi/employers/prices.py": {"approved", "rejected"},
    "platform/ayumi/employers/rules.py": {"welcomed", "rested"},
    "platform/ayumi/hosting/glass.py": {"approved", "agreed", "viewed"},
    "platform/ayumi/hosting/rules.py": {"taken_in", "booking_changed", "suspended", "resumed"},
    "platform/ayumi/incidents/rules.py": {"preliminary_reported", "finally_reported", "closed", "reopened"},
    "platform/ayumi/invitations/resets.py": {*ResetStatus, *(f"{lost}_reset" for lost in Lost)},
    "platform/ayumi/participants/imports.py": {*ImportStatus} - {ImportStatus.WAITING},
    "platform/ayumi/participants/leaving.py": {"changed", "ended"},
    "platform/ayumi/participants/rules.py": {
        "assigned", "handed_over", "restricted", "restriction_lifted", *(f"became_{status}" for status in Status),
    },
    "platform/ayumi/placements/rules.py": {"edited", "meeting_held"},
    "platform/ayumi/records/rules.py": {"submitted", "resubmitted", "corrected"},
    "platform/ayumi/retention/carrying_out.py": {"erased"},
    "platform/ayumi/selection/rules.py": {"paused", "resumed", "ended"},
    "platform/ayumi/signon/rules.py": {"switched_on", "switched_off"},
    "platform/ayumi/web/notices.py": {*What, "sessions_ended", "language_changed"},
}  # fmt: skip
# The journal itself, and functions of other names that are not its own.
NOT_OURS = ("kernel/journal.py", "kernel/states.py", "demo/generate.py", "web/step_up.py")


def spoken() -> dict[str, str]:
    """Return word -> one place that says it."""
    found: dict[str, str] = {}
    for place, call in calls():
        if not place.rpartition(":")[0].endswith(NOT_OURS):
            said = words(_argument(call))
            file = place.rpartition(":")[0]
            found |= {str(word): place for word in (WORKED_OUT[file] if said is None else said)}
    return found


def _argument(call: ast.Call) -> ast.expr | None:
    """The word; a ``note`` that was bound to a session takes (table, id, word)."""
    bound = isinstance(call.func, ast.Name) and call.func.id == "note" and len(call.args) >= 3
    return call.args[2] if bound else word_of(call)


def test_every_word_that_is_written_has_a_sentence() -> None:
    assert {word: place for word, place in spoken().items() if word not in ACTIONS} == {}


def test_every_sentence_names_what_it_was_done_to() -> None:
    assert [word for word, sentence in ACTIONS.items() if "%(what)s" not in sentence] == []


def test_every_table_of_people_has_a_name() -> None:
    hidden = {"participant_named_staff", "participant_supporter", "record_version", "report_figure_person"}
    assert set(about.tables()) - hidden <= set(SUBJECTS)
    assert "participant" in ayumi.schema.metadata.tables


def test_every_page_has_a_name() -> None:
    first = {rule.endpoint.split(".")[1] for rule in BEHIND if "GET" in (rule.methods or ())}
    assert first - set(PAGES) - {"pledge"} == set()


def test_every_fault_has_a_sentence() -> None:
    assert set(FAULTS) == set(Fault)
