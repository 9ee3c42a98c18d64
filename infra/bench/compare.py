"""Whether two pages show the same: the ways around, all texts, and what stands in controls, in order."""

from html.parser import HTMLParser
from typing import Any

# Kept by the browser, not shown: editions of cells and tokens of forms differ by the way they are made.
HIDDEN = ("edition", "csrf_token", "do")


class Differ(AssertionError):
    """A floor does not show what the product shows; it has to be mended before anything is measured."""


# All that a page is about, and the two navigations of the frame.
PLACES = ("main", "sidenav", "bottombar")


class Shown(HTMLParser):
    """Gathers what those places of a page show."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        kind = (had.get("class") or "").partition(" ")[0] if tag == "nav" else tag
        if kind in PLACES or (self.inside and tag == self.inside[-1]):
            self.inside.append(tag)
        if not self.inside:
            return
        name = had.get("name") or ""
        if tag == "input" and name.rpartition(".")[2] not in HIDDEN:
            self.said.append(f"{name}={had.get('value')}")
        if tag == "option" and "selected" in had:
            self.said.append(f"selected={had.get('value')}")
        if tag == "a":
            self.said.append(f"leads to {had.get('href')}")

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        text = "".join(data.split())
        if self.inside and text:
            self.said.append(text)


def shown(page: str) -> list[str]:
    """What a page shows, in order."""
    reader = Shown()
    reader.feed(page)
    return reader.said


def same(product: str, floor: str) -> int:
    """Return how many things both pages show; raise Differ at the first that differs."""
    ours, theirs = shown(product), shown(floor)
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            raise Differ(f"thing {number}: the product shows {one!r}, the floor {other!r}")
    if len(ours) != len(theirs) or not ours:
        raise Differ(f"the product shows {len(ours)} things, the floor {len(theirs)}: {ours[len(theirs) :][:3]}")
    return len(ours)


def same_rows(product: dict[str, list[Any]], floor: dict[str, list[Any]]) -> int:
    """Return how many rows both have left; raise Differ at the first that differs."""
    for table, ours in product.items():
        theirs = floor[table]
        for one, other in zip(ours, theirs, strict=False):
            if one != other:
                raise Differ(f"{table}: the product leaves {one}, the floor {other}")
        if len(ours) != len(theirs) or not ours:
            raise Differ(f"{table}: the product leaves {len(ours)} rows, the floor {len(theirs)}")
    return sum(map(len, product.values()))
