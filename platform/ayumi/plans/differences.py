"""What changed between two wordings: pieces kept, taken out and put in."""

from collections.abc import Iterator
from difflib import SequenceMatcher

ALIKE = 0.4
SHORTEST_KEPT = 2

Piece = tuple[str, str]


def differences(before: str, after: str) -> list[Piece]:
    """Return (kind, text) pieces, kind one of ``same``, ``out`` and ``in``.

    Wordings that have little in common are shown whole, one after the other: a patchwork of letters tells nothing.
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [piece for piece in (("out", before), ("in", after)) if piece[1]]
    return list(_joined(_pieces(matcher, before, after)))


def _pieces(matcher: "SequenceMatcher[str]", before: str, after: str) -> Iterator[Piece]:
    for word, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        if word == "equal" and len(old) >= SHORTEST_KEPT:
            yield "same", old
        else:
            yield "out", old
            yield "in", new


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Gather neighbouring changes: first all that went out, then all that came in."""
    out, new = "", ""
    for kind, text in pieces:
        if kind == "same":
            yield from _changed(out, new)
            out, new = "", ""
            yield kind, text
        elif kind == "out":
            out += text
        else:
            new += text
    yield from _changed(out, new)


def _changed(out: str, new: str) -> Iterator[Piece]:
    yield from (piece for piece in (("out", out), ("in", new)) if piece[1])
