"""Which weeks of a municipality must show something: each state is met in every place, on every date."""

from datetime import date

from ayumi.demo.folk import Draft
from ayumi.demo.weeks import Story
from ayumi.japan.calendar import week_start

SEASONED_WEEKS = 9
# Weeks ago, and what happened then; the worries differ from place to place.
MET_EVERYWHERE = (
    (2, Story("returned")),
    (5, Story("corrected")),
    (3, Story("missing")),
    (4, Story("late")),
    (1, Story("unread", concern=0)),
    (4, Story("usual", concern=3)),
    (1, Story("unfinished")),
    (6, Story("returned_then_accepted")),
    (8, Story("skipped")),
    (3, Story("unread")),
)


def stories(people: tuple[Draft, ...], place_number: int) -> dict[tuple[int, int], Story]:
    """What must happen, by number of the person and weeks ago; given out among those supported for long."""
    seasoned = [each for each in people if each.status == "active" and _weeks(each) >= SEASONED_WEEKS]
    told: dict[tuple[int, int], Story] = {}
    for turn, (weeks_ago, story) in enumerate(MET_EVERYWHERE):
        person = seasoned[turn % len(seasoned)]
        worry = None if story.concern is None else story.concern + place_number
        told[(person.number, weeks_ago)] = Story(story.course, worry)
    return told


def _weeks(draft: Draft) -> int:
    started: date = draft.started_on or draft.as_of
    return (week_start(draft.as_of) - week_start(started)).days // 7
