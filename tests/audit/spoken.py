"""Every word for what happened that the code base writes into the journal, collected from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("platform/ayumi", "tenants", "portal", "jobs")
# Functions that take the word, and its place among their arguments.
NOTING = {"note": 1, "note_of": 2, "note_many": 1, "change": None}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _of_journal(node):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def _of_journal(node: ast.Call) -> bool:
    func = node.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return func.attr in NOTING and func.value.id in ("journal", "states")
    return isinstance(func, ast.Name) and func.id in ("note", "note_of", "note_many")


def word_of(call: ast.Call) -> ast.expr | None:
    """The argument that holds the word."""
    named = next((each.value for each in call.keywords if each.arg == "action"), None)
    if named is not None:
        return named
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id  # type: ignore[attr-defined]
    place = NOTING[name]
    return call.args[place] if place is not None and len(call.args) > place else None


def words(expression: ast.expr | None) -> list[str] | None:
    """The words an expression can be; None when that cannot be read off."""
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        return [expression.value]
    if isinstance(expression, ast.IfExp):
        both = [words(expression.body), words(expression.orelse)]
        return [word for each in both for word in each or ()] if None not in both else None
    return None
