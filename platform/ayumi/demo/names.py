"""Names of made-up people, by the years in which they were common."""

from dataclasses import dataclass
from random import Random

from ayumi.demo.tables import table


@dataclass(frozen=True, slots=True)
class Name:
    """A written name and its reading in katakana."""

    family: str
    given: str
    family_kana: str
    given_kana: str


class NameBook:
    """Gives out names, no full name twice. Some families are commoner in one region than elsewhere."""

    def __init__(self, local_families: tuple[str, ...] = ()) -> None:
        names = table("names")
        self.families = [_pair(each) for each in names["family"]]
        self.rare = [_pair(each) for each in names["rare"]]
        readings = dict([*self.rare, *self.families])
        self.local = [(each, readings[each]) for each in local_families]
        self.given = sorted(names["given"].values(), key=lambda group: int(group["until"]))
        self.taken: set[tuple[str, str]] = set()

    def draw(self, rng: Random, *, born: int, feminine: bool, rare: bool = False) -> Name:
        """A new name for somebody born in a year."""
        while True:
            family, family_kana = rng.choice(self._families(rng, rare))
            given, given_kana = _pair(rng.choice(self._given(born, feminine)))
            if (family, given) not in self.taken:
                self.taken.add((family, given))
                return Name(family, given, family_kana, given_kana)

    def _families(self, rng: Random, rare: bool) -> list[tuple[str, str]]:
        if rare:
            return self.rare
        return self.local if self.local and rng.random() < 0.25 else self.families

    def _given(self, born: int, feminine: bool) -> list[str]:
        group = next(each for each in self.given if born <= each["until"])
        names: list[str] = group["feminine" if feminine else "masculine"]
        return names


def _pair(text: str) -> tuple[str, str]:
    written, reading = text.split(" ")
    return written, reading
