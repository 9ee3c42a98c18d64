"""What became of each planned day and how the supporter put it into words."""

from datetime import date, datetime, time

from ayumi.demo.experience import later
from ayumi.demo.folk import Draft
from ayumi.demo.opening import closed_because, is_open
from ayumi.demo.pen import Pen, crop_on, phase
from ayumi.demo.place_seeds import MenuSeed
from ayumi.demo.places import WEEKDAY_NAMES_JA
from ayumi.demo.tables import table
from ayumi.demo.timetable import Planned
from ayumi.demo.week_seeds import DaySeed

CALLED_OFF = 0.02
THREAD_STEPS = 6
# Kinds of menus that borrow the words of another.
ALSO_SEEN = {"outdoor": ("volunteer",), "pc": ("course",)}
# Kinds at which nobody else is there.
ALONE = {"interview", "visit", "health", "jobsearch"}
# How the person was: weights at the beginning and at the end of the way.
CONDITIONS = {"good": (2, 5), "usual": (4, 5), "tired": (4, 2), "low": (2, 1), "unwell": (1, 1)}


class Diary:
    """Lives through one person's weeks and writes them down."""

    def __init__(self, draft: Draft, pen: Pen) -> None:
        self.draft, self.pen, self.rng = draft, pen, draft.rng
        self.words = table("words/days")
        self.weeks_written = 0
        self.last_threads: set[str] = set()

    # Days -----------------------------------------------------------------------------------------------

    def day(self, planned: Planned) -> DaySeed:
        """What became of a planned day."""
        progress = self.draft.progress(planned.on)
        if not is_open(planned.on):
            reason = self.pen.fill(self.words["absence"]["closed"], holiday=closed_because(planned.on))
            return self._away(planned, "not_planned", reason)
        chance = self.rng.random()
        if chance < CALLED_OFF:
            return self._away(planned, "not_planned", self.pen.pick(self.words["absence"]["not_planned"]))
        if chance < 0.64 + 0.31 * progress:
            return self._there(planned, progress)
        kind = "absent_notified" if self.rng.random() < 0.5 + 0.45 * progress else "absent"
        return self._away(planned, kind, self.pen.pick(self.words["absence"][kind]))

    def _away(self, planned: Planned, attendance: str, reason: str) -> DaySeed:
        return DaySeed(
            on=planned.on,
            menu_key=planned.menu.key,
            placement_key=planned.plan.key if planned.plan else None,
            place_ja=planned.place_ja,
            starts_at=None,
            ends_at=None,
            minutes=None,
            attendance=attendance,
            absence_reason_ja=reason,
            condition=None,
            how_ja=None,
            seen_ja=None,
        )

    def _there(self, planned: Planned, progress: float) -> DaySeed:
        condition = self._condition(progress)
        minutes = _minutes(planned.starts_at, planned.ends_at)
        if condition == "unwell":
            minutes = minutes // 2 // 5 * 5
        return DaySeed(
            on=planned.on,
            menu_key=planned.menu.key,
            placement_key=planned.plan.key if planned.plan else None,
            place_ja=planned.place_ja,
            starts_at=planned.starts_at,
            ends_at=later(planned.starts_at, minutes),
            minutes=minutes,
            attendance="attended",
            absence_reason_ja=None,
            condition=condition,
            how_ja=self._how(planned, condition, phase(progress)),
            seen_ja=self._seen(planned, phase(progress)),
        )

    def _condition(self, progress: float) -> str:
        weights = [first + (last - first) * progress for first, last in CONDITIONS.values()]
        return self.rng.choices(list(CONDITIONS), weights)[0]

    def _how(self, planned: Planned, condition: str, now: str) -> str:
        kind = "home" if planned.menu.kind == "visit" else condition
        return self.pen.pick(self.words["condition"][kind][now])

    def _seen(self, planned: Planned, now: str) -> str:
        menu, given = planned.menu, {"crop": crop_on(planned.on, self.rng)}
        if planned.plan:
            given["task"] = self.rng.choice(planned.plan.employer.tasks_ja)
        if menu.things_ja:
            given["thing"] = self.rng.choice(menu.things_ja)
        text = self.pen.write(self._lines(menu.kind, now), **given)
        if menu.kind != "visit" and self.rng.random() < 0.35:
            text += self.pen.pick(self.words["seen"]["extra"]["lines"])
        return text

    def _lines(self, kind: str, now: str) -> list[str]:
        return [line for each in (kind, *ALSO_SEEN.get(kind, ())) for line in self.words["seen"][each][now]]

    # Weeks ----------------------------------------------------------------------------------------------

    def summary(self, monday: date, days: list[DaySeed], menus: dict[str, MenuSeed]) -> str:
        """How the week went, what moved, and what comes next."""
        words = table("words/weeks")
        progress = self.draft.progress(monday)
        self.weeks_written += 1
        came = any(day.attendance == "attended" for day in days)
        thread = self._thread(progress) if came else ""
        parts = [self._opening(days), thread or self._highlight(days, menus, progress)]
        if self.rng.random() < 0.1:
            parts.append(self.pen.pick(words["setback"]["lines"]))
        parts.append(self.pen.pick(words["next_step"][phase(progress)]))
        return "".join(parts)

    def _opening(self, days: list[DaySeed]) -> str:
        planned = [day for day in days if day.attendance != "not_planned"]
        attended = sum(day.attendance == "attended" for day in planned)
        kind = "empty" if not planned else "none" if not attended else "part"
        if planned and attended == len(planned):
            kind = "full" if attended > 1 else "one"
        return self.pen.write(table("words/weeks")["opening"][kind], planned=len(planned), attended=attended)

    def _thread(self, progress: float) -> str:
        """Every second week: how one of the first two barriers stands, unless that was said before."""
        if self.weeks_written % 2:
            return ""
        barrier = self.draft.barriers[self.weeks_written // 2 % 2]
        lines: list[str] = table("words/weeks")["thread"][barrier]
        line = lines[min(THREAD_STEPS - 1, int(progress * THREAD_STEPS))]
        if line in self.last_threads:
            return ""
        self.last_threads.add(line)
        return line

    def _highlight(self, days: list[DaySeed], menus: dict[str, MenuSeed], progress: float) -> str:
        there = [day for day in days if day.attendance == "attended"]
        if not there:
            return ""
        menu = menus[self.rng.choice(there).menu_key]
        words = "highlight_alone" if menu.kind in ALONE else "highlight"
        return self.pen.write(table("words/weeks")[words][phase(progress)], menu=menu.name_ja)

    def request(self) -> str | None:
        """What is asked of the caseworker, in one week of seven."""
        if self.rng.random() > 0.14:
            return None
        return self.pen.pick(table("words/weeks")["request"]["lines"])


def weekday_ja(on: date) -> str:
    """火曜."""
    return f"{WEEKDAY_NAMES_JA[on.weekday()]}曜"


def _minutes(start: time, end: time) -> int:
    span = datetime.combine(date.min, end) - datetime.combine(date.min, start)
    return int(span.total_seconds()) // 60
