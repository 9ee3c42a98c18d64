"""What somebody is meant to do in a week: menus that lead on from each other, and days at an employer."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from ayumi.demo.experience import Plan
from ayumi.demo.folk import Draft
from ayumi.demo.pen import phase
from ayumi.demo.place_seeds import MenuSeed
from ayumi.japan.calendar import week_of_month, week_start

FOR_SEX = {None: (True, False), "women": (True,), "men": (False,)}


@dataclass(frozen=True, slots=True)
class Slot:
    """A menu somebody takes part in, with their own weekdays."""

    menu: MenuSeed
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned day."""

    on: date
    menu: MenuSeed
    place_ja: str
    starts_at: time
    ends_at: time
    plan: Plan | None
    """The placement when it is a day at an employer's."""


class Timetable:
    """Somebody's menus; every week is made from them."""

    def __init__(self, draft: Draft, menus: tuple[MenuSeed, ...], plans: tuple[Plan, ...]) -> None:
        self.draft, self.plans = draft, plans
        self.work = next(menu for menu in menus if menu.is_work_experience)
        mine = [menu for menu in menus if self._is_for(menu) and not menu.is_work_experience]
        self.training = [Slot(menu, menu.weekdays) for menu in mine if menu.every_day]
        self.slots = {
            tier: self._slots([menu for menu in mine if menu.tier == tier and not menu.every_day])
            for tier in ("daily_life", "social", "work")
        }

    def _is_for(self, menu: MenuSeed) -> bool:
        side = "firm" if self.draft.firm_key else "own"
        return self.draft.feminine in FOR_SEX[menu.only_for] and menu.run_by in (None, "site", side)

    def _slots(self, menus: list[MenuSeed]) -> list[Slot]:
        """The tier's menus in this person's order, on weekdays of their own."""
        rng = self.draft.rng
        order = rng.sample(menus, len(menus))
        return [Slot(menu, self._weekdays(menu)) for menu in order]

    def _weekdays(self, menu: MenuSeed) -> tuple[int, ...]:
        both = len(menu.weekdays) == 2 and self.draft.rng.random() < 0.4
        return menu.weekdays if both else (self.draft.rng.choice(menu.weekdays),)

    def planned(self, monday: date) -> list[Planned]:
        """The days of a week, at most one entry for a date."""
        by_date: dict[date, Planned] = {}
        for slot in self._chosen(monday):
            for on in self._dates(slot, monday):
                by_date.setdefault(on, self._at_menu(slot.menu, on))
        for plan in self.plans:
            by_date.update({each.on: each for each in self._at_work(plan, monday)})
        by_date.update(self._in_training(monday))
        return [by_date[on] for on in sorted(by_date) if self.draft.supported_on(on)]

    def _in_training(self, monday: date) -> dict[date, Planned]:
        """Training that fills whole days comes before everything else, for those who are far enough."""
        if not 0.4 <= self.draft.progress(monday) < 0.8:
            return {}
        return {on: self._at_menu(slot.menu, on) for slot in self.training for on in self._dates(slot, monday)}

    def _chosen(self, monday: date) -> list[Slot]:
        """Which menus a week has, by how far along the person is."""
        daily, social, work = (self.slots[tier] for tier in ("daily_life", "social", "work"))
        progress, week = self.draft.progress(monday), self.draft.weeks_before(monday)
        now = phase(progress)
        if now == "early":
            return daily[:2] + (social[:1] if progress > 0.12 else [])
        if now == "middle":
            return social[:2] + (daily[:1] if week % 2 else work[:1] or daily[:1])
        return social[:1] + work[:1] + (daily[:1] if week % 4 == 0 or not work else [])

    def _dates(self, slot: Slot, monday: date) -> list[date]:
        menu, (_, week) = slot.menu, week_of_month(monday)
        if menu.weeks_of_month and week not in menu.weeks_of_month:
            return []
        dates = [monday + timedelta(days=weekday) for weekday in slot.weekdays]
        return [on for on in dates if not menu.months or on.month in menu.months]

    @staticmethod
    def _at_menu(menu: MenuSeed, on: date) -> Planned:
        return Planned(on, menu, menu.usual_place_ja, menu.starts_at, menu.ends_at, None)

    def _at_work(self, plan: Plan, monday: date) -> list[Planned]:
        step = plan.step_in(week_start(monday))
        if step is None:
            return []
        dates = [monday + timedelta(days=day) for day in plan.weekdays[: step.days_per_week]]
        place = _place(plan)
        return [
            Planned(on, self.work, place, step.starts_at, step.ends_at, plan)
            for on in dates
            if plan.starts_on <= on <= plan.ends_on
        ]


def _place(plan: Plan) -> str:
    """The site, with the employer's name short of its legal form; once when both are called alike."""
    employer = plan.employer.name_ja.split(" ")[-1]
    return employer if employer == plan.site.name_ja else f"{employer} {plan.site.name_ja}"
