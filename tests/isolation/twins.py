"""For every identifier of one town the identifier of the same kind of thing in another: what an attacker would try."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from tests.isolation.populated import Populated, snapshot

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROW = re.compile(rf"{ID.pattern}|\d{{4}}-\d{{2}}-\d{{2}}|\d+")  # what only tells the rows of a form apart
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Swap:
    """One form or query with one identifier put in for another; ``what`` names the field."""

    what: str
    pairs: Pairs


class Twins:
    """My identifiers and their counterparts; an identifier nobody knows is met with one of their people's."""

    def __init__(self, app: Flask, mine: Populated, theirs: Populated) -> None:
        self.fallback = str(theirs.ids["participant_id"])
        self.known = {str(mine.firm_id): str(theirs.firm_id)}
        ours, others = snapshot(app, mine.town), snapshot(app, theirs.town)
        for table, rows in ours.items():
            self._pair(rows, others[table])
        for name, member in mine.members.items():
            if name in theirs.members:
                self.known[str(member.membership_id)] = str(theirs.members[name].membership_id)
                self.known[str(member.account_id)] = str(theirs.members[name].account_id)
        self.foreign = set(self.known.values())

    def _pair(self, mine: list[tuple[object, ...]], theirs: list[tuple[object, ...]]) -> None:
        if not theirs:
            return
        for number, row in enumerate(mine):
            found = (each for each in (row, theirs[number % len(theirs)]))
            ids = [next((str(value) for value in each if isinstance(value, UUID)), "") for each in found]
            if all(ids):
                self.known.setdefault(ids[0], ids[1])

    def of(self, text: str) -> str:
        """Return a text with every identifier in it turned into theirs."""
        return ID.sub(lambda found: self.known.get(found[0], self.fallback), text)

    def swaps(self, pairs: Pairs, offered: dict[str, tuple[str, ...]]) -> Iterator[Swap]:
        """Yield the pairs with one identifier swapped, field by field, in names and values; then with all of them.

        ``offered``: what a select or a group of radios offers, for fields in which nothing is chosen yet.
        """
        seen: set[str] = set()
        for place, (name, value) in enumerate(pairs):
            meant = value if ID.search(value) else next((each for each in offered.get(name, ()) if ID.search(each)), "")
            plain = ROW.sub("*", name)
            for what, foreign in (
                (f"{plain} (name)", (self.of(name), value)),
                (plain, (name, self.of(meant) or value)),
            ):
                if foreign != (name, value) and what not in seen:
                    seen.add(what)
                    yield Swap(what, [*pairs[:place], foreign, *pairs[place + 1 :]])
        everywhere = [(self.of(name), self.of(value)) for name, value in pairs]
        if everywhere != pairs and len(seen) > 1:
            yield Swap("everything", everywhere)
