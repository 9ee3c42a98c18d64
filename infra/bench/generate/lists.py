"""A list of people as an office hands it in: ten thousand rows of CSV, always the same."""

import csv
import io
import random
from datetime import date, timedelta

from infra.bench.floors.imports import HEADINGS
from infra.bench.generate import words


def people(count: int) -> bytes:
    """Return a list of so many people, none of whom is there yet."""
    dice, text = random.Random("ayumi list"), io.StringIO()  # noqa: S311  no secret is made of it
    lines = csv.writer(text)
    lines.writerow(HEADINGS)
    for number in range(count):
        family, given = dice.choice(words.FAMILIES), dice.choice(words.GIVEN)
        born = date(1955, 1, 1) + timedelta(days=dice.randrange(18_000))
        phone = f"0190-00-{number % 10_000:04}" if number % 3 else ""
        note = "窓口で相談を受けた。" if number % 5 == 0 else ""
        row = [family[0], given[0], family[1], given[1], f"{born:%Y/%m/%d}", f"L-{number:05}", phone, note]
        lines.writerow(row)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
