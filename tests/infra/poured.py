"""What the bench makes of two small municipalities and a list, as a hash: ``python -m tests.infra.poured``."""

import hashlib
from typing import Any

from infra.bench.generate.columns import COLUMNS
from infra.bench.generate.fill import put_town
from infra.bench.generate.lists import people
from infra.bench.generate.pour import Pour
from infra.bench.generate.shape import Size


class Hashed(Pour):
    """Rows that go nowhere but into a hash, table by table."""

    def __init__(self) -> None:
        nowhere: Any = None
        super().__init__(nowhere, {table: list(names) for table, names in COLUMNS.items()})
        self.hash = hashlib.sha256()

    def send(self, table: str) -> None:
        """Hash what has been gathered for a table."""
        self.hash.update("\n".join([table, *self.lines[table]]).encode())
        self.counts[table] += len(self.lines[table])
        self.lines[table], self.sizes[table] = [], 0


def poured() -> str:
    """Return the number of rows, and the hash of all there is."""
    made = Hashed()
    for size in (Size(1, 3), Size(2, 2)):
        put_town(size, made)
    made.finish()
    made.hash.update(people(100))
    return f"{sum(made.counts.values())} {made.hash.hexdigest()}"


if __name__ == "__main__":
    print(poured())  # noqa: T201
