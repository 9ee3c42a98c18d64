"""The form of one person's week: days with their menus, and words for the whole week."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import g, request
from flask_babel import gettext
from marshmallow import Schema

from ayumi.delivery.records.choices import Choices as Offered
from ayumi.delivery.records.choices import used_menus
from ayumi.delivery.records.marks import day_head
from ayumi.kernel import clock
from ayumi.records.content import Content, DayEntry, Words, said_by
from ayumi.records.drafts import DAYS_A_WEEK, MOST_A_DAY
from ayumi.records.schemas import DayInput, WeekInput
from ayumi.web.forms import Choices, Field, Form

NO_PLACEMENT = ""
DAY, WEEK = DayInput(), WeekInput()  # a week holds many forms of these


def sent_parts() -> dict[str, dict[str, str]]:
    """What was sent with this request, sorted once by the thing it belongs to: prefix -> field -> what was typed."""
    found: dict[str, dict[str, str]] | None = g.get("sent_parts")
    if found is None:
        found = g.sent_parts = {}
        for key, value in request.form.items():
            prefix, dot, name = key.rpartition(".")
            found.setdefault(prefix + dot, {})[name] = value
    return found


def sent_places() -> dict[str, int]:
    """How many entries of each day were sent with this request: 1 if only the first was."""
    found: dict[str, int] = {}
    for prefix in sent_parts():
        day, _dot, place = prefix.rstrip(".").partition(".")
        if place.isdecimal():
            found[day] = max(found.get(day, 0), int(place) + 1)
    return found


class PrefixedForm(Form):
    """A form of which a page holds many: each field's name begins with the thing it belongs to."""

    def __init__(self, schema: Schema, initial: Mapping[str, Any], *, prefix: str, choices: Mapping[str, Any]) -> None:
        self.prefix = prefix
        super().__init__(schema, initial, choices=choices)

    def _read(self) -> dict[str, Any]:
        said = sent_parts().get(self.prefix, {})
        return {name: said.get(name, "") for name in self.schema.fields}

    def __getitem__(self, name: str) -> Field:
        found = super().__getitem__(name)
        return replace(found, name=f"{self.prefix}{name}")

    @property
    def is_blank(self) -> bool:
        """Whether it came back with nothing typed in it, as most of them do."""
        return self.typed is not None and not any(self.typed.values())

    def was_sent(self) -> bool:
        """Tell whether the page held this part at all."""
        return self.prefix in sent_parts()


class EntryForm(PrefixedForm):
    """A form of one menu on one day. What is offered no more but was done in the week before may be chosen again."""

    def __init__(self, week: "WeekForm", stored: DayEntry) -> None:
        self.week = week
        prefix = f"{stored.held_on}.{stored.position}."
        super().__init__(DAY, said_by(stored), prefix=prefix, choices=week.choices)

    def _offered(self, name: str, chosen: Any) -> bool:
        return super()._offered(name, chosen) or str(chosen) in dict(self._again(name))

    def _choices(self, name: str, kind: Any) -> Choices:
        return [*super()._choices(name, kind), *self._again(name)]

    def _again(self, name: str) -> Choices:
        return self.week.menus_again if name == "menu_id" else ()


@dataclass(slots=True)
class Entry:
    """One menu on one day, as the page shows it."""

    form: PrefixedForm
    stored: DayEntry

    @property
    def key(self) -> str:
        """What buttons call it: day and place."""
        return self.form.prefix.rstrip(".")

    def typed(self) -> DayEntry | None:
        """Return what was typed, or None when something does not fit."""
        data = {} if self.form.is_blank else self.form.data()
        place = self.stored.held_on, self.stored.position
        return None if data is None else DayEntry(held_on=place[0], position=place[1], **data)


@dataclass(slots=True)
class Day:
    """A day's card."""

    on: date
    entries: list[Entry]
    week: "WeekForm"

    @property
    def last_week(self) -> list[DayEntry]:
        """What was done on the same day of the week before."""
        return self.week.last_week.on(self.on - timedelta(days=DAYS_A_WEEK))

    @property
    def is_open(self) -> bool:
        """Whether the card shows its fields at once: something is written, or is to be told by now."""
        written = any(not entry.stored.is_empty or entry.form.errors for entry in self.entries)
        return written or (bool(self.last_week) and self.on <= clock.today()) or self.on == clock.today()


class WeekForm:
    """Everything that is typed about one person's week. The week ``before`` is read where it is asked for."""

    def __init__(
        self,
        monday: date,
        content: Content,
        before: Callable[[], Content],
        choices: Offered,
        placements: Sequence[tuple[str, str]],
    ) -> None:
        self.monday, self.offered, self._before = monday, choices, before
        self.words = Form(WEEK, said_by(content.words))
        menus = choices.menu_pairs(used_menus(content))
        self.choices = {"menu_id": menus, "placement_id": [(NO_PLACEMENT, "—"), *placements] if placements else []}
        days, sent = [monday + timedelta(days=each) for each in range(DAYS_A_WEEK)], sent_places()
        self.days = [self._day(on, content.on(on), sent.get(str(on), 0)) for on in days]

    @cached_property
    def last_week(self) -> Content:
        """What the week before says."""
        return self._before()

    @cached_property
    def menus_again(self) -> Choices:
        """Menus of the week before that could not be chosen otherwise."""
        known = self.choices["menu_id"]
        return [each for each in self.offered.menu_pairs(used_menus(self.last_week)) if each not in known]

    def _day(self, on: date, written: list[DayEntry], sent: int) -> Day:
        most = min(max(len(written) + 1, sent), MOST_A_DAY)
        blank = (DayEntry(held_on=on, position=place) for place in range(len(written), most))
        return Day(on, [Entry(EntryForm(self, stored), stored) for stored in (*written, *blank)], self)

    def typed(self, *, clear: str = "", copy: str = "") -> Content | None:
        """Return what was typed, or None when something does not fit.

        ``clear`` names an entry to leave out, ``copy`` a day to fill with what was done a week before.
        """
        words, entries = self.words.data(), [entry.typed() for entry in self.entries() if entry.key != clear]
        if words is None or any(entry is None for entry in entries):
            return None
        content = Content(Words(**words), tuple(entry for entry in entries if entry is not None)).tidy()
        return self._copied(content, copy) if copy else content

    def _copied(self, content: Content, copy: str) -> Content:
        for day in self.days:
            if str(day.on) == copy and not content.on(day.on):
                return replace(content, days=(*content.days, *(each.as_plan(day.on) for each in day.last_week))).tidy()
        return content

    def entries(self) -> Iterator[Entry]:
        """All entries, day by day."""
        return (entry for day in self.days for entry in day.entries)

    def show(self, problems: Mapping[str, str]) -> None:
        """Show what has to be put right, beside its field."""
        for name, sentence in problems.items():
            form, field = self._find(name)
            form.errors.setdefault(field, []).append(gettext(sentence))

    def _find(self, name: str) -> tuple[Form, str]:
        for entry in self.entries():
            if name.startswith(entry.form.prefix):
                return entry.form, name.removeprefix(entry.form.prefix)
        return self.words, name

    @property
    def forms(self) -> list[Form]:
        """Its parts."""
        return [*(entry.form for entry in self.entries()), self.words]

    def bad_fields(self) -> list[Field]:
        """Fields that need another look, those of a day called by their day."""
        found = []
        for entry in self.entries():
            for field in entry.form:
                if field.errors:
                    found.append(replace(field, label=f"{day_head(entry.stored.held_on)} {field.label}"))
        return found + [field for field in self.words if field.errors]

    @property
    def errors(self) -> dict[str, list[str]]:
        """What does not fit: field -> sentences, for the script that saves drafts."""
        said: dict[str, list[str]] = {}
        for form in self.forms:
            prefix = getattr(form, "prefix", "")
            said |= {f"{prefix}{name}": texts for name, texts in form.errors.items()}
        return said
