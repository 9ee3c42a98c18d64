"""Every municipality's cast on a few telling days, made once for all tests of this folder."""

from collections.abc import Iterator
from datetime import date

from ayumi.demo.generate import people_of
from ayumi.demo.person_seeds import CastSeed, PersonSeed
from ayumi.demo.tables import slugs

TODAY = date(2026, 11, 23)
"""A Monday, and a holiday: the week has just begun and nobody has written anything."""

OTHER_DAYS = (
    date(2026, 11, 28),  # a Saturday
    date(2026, 12, 2),  # the month's days have just been asked for
    date(2027, 1, 5),  # offices have just reopened
    date(2027, 4, 8),  # a new fiscal year
    date(2028, 2, 29),  # a leap day, in a year whose holidays are not announced
)
FEW = ("morioka", "yokohama", "nagasaki", "koshigaya", "minami-alps")


def every_cast() -> list[CastSeed]:
    """All fifteen today, and a few of them on other days."""
    return [people_of(slug, TODAY) for slug in slugs()] + [people_of(slug, day) for slug in FEW for day in OTHER_DAYS]


def everybody() -> Iterator[tuple[CastSeed, PersonSeed]]:
    """Everybody of these casts with the cast they belong to."""
    for cast in every_cast():
        for person in cast.people:
            yield cast, person
