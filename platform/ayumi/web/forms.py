"""A form on a page: the door of a schema. Keeps what was typed, says what does not fit, beside the field."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import request
from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import IntegrityError

from ayumi.japan import inputs
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.web import watch
from ayumi.web.formats import WESTERN

Result = TypeVar("Result")
Choices = Sequence[tuple[Any, Any]]

TOKEN = "_token"
NOT_OFFERED = _("Please choose one.")
DATE_PARTS = ("era", "year", "month", "day")
SAID = {"unit", "rules"}  # parts of a field's metadata that are words
KINDS: Mapping[type, str] = {
    inputs.LongText: "textarea",
    inputs.PastDay: "era_date",
    inputs.Day: "date",
    inputs.Clock: "time",
    inputs.Whole: "number",
    inputs.YesNo: "checkbox",
    inputs.Several: "checkboxes",
    inputs.OneOf: "radios",
    inputs.Key: "select",
}


@dataclass(slots=True)
class Field:
    """One field as a macro draws it."""

    name: str
    label: str
    value: Any
    required: bool
    type: str
    help: str = ""
    errors: list[str] = field(default_factory=list)
    choices: Choices = ()
    maxlength: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """What else a macro may ask of a field (size, unit, rows, ...) comes from the schema's metadata."""
        if name.startswith("_"):
            raise AttributeError(name)
        found = self.options.get(name, "")
        return _translated(found, {}) if name in SAID else found


class Form:
    """A schema, what was typed, and what is wrong with it.

    ``initial``: values shown before anything is typed. ``choices``: field -> [(value, label)] for lists that
    come from the database. The token names the thing that will be made, so that a second click makes nothing new.
    """

    def __init__(
        self,
        schema: Schema,
        initial: Mapping[str, Any] | None = None,
        *,
        choices: Mapping[str, Choices] | None = None,
    ) -> None:
        self.schema = schema
        self.choices = dict(choices or {})
        self.initial = dict(initial or {})
        self.typed: dict[str, Any] | None = self._read() if request.method == "POST" else None
        self.errors: dict[str, list[str]] = {}
        self.general: list[str] = []
        self.is_late = False  # somebody else has saved the same thing meanwhile

    @property
    def token(self) -> UUID:
        """Identifier of what this form will make; the same when the form is sent twice."""
        try:
            return UUID(request.form[TOKEN])
        except (KeyError, ValueError):
            self._token = getattr(self, "_token", None) or uuid4()
            return self._token

    @property
    def status(self) -> int:
        """The status of a page that shows this form."""
        if self.is_late:
            return 409
        return 422 if self.errors or self.general else 200

    def send(self, rule: Callable[..., Result], **more: Any) -> Result | None:
        """Give what was typed to a rule; return its result, or None when there was nothing or it does not fit.

        What a rule refuses with Invalid comes back beside its field; nothing of it is kept in the database.
        Of two clicks at the same moment the second finds what the first has made.
        """
        made = self._sent(rule, more)
        if self.errors or self.general:
            watch.refused("input", fields=" ".join(self.errors))
        return made

    def _sent(self, rule: Callable[..., Result], more: Mapping[str, Any]) -> Result | None:
        data = self.data()
        if data is None:
            return None
        try:
            return self._done(rule, data | dict(more))
        except Invalid as error:
            self.refuse(error)
        except IntegrityError as error:
            if _constraint(error).startswith("pk_"):
                db.session.rollback()
                return self._done(rule, data | dict(more))
            self._refuse_duplicate(error)
        return None

    @staticmethod
    def _done(rule: Callable[..., Result], words: Mapping[str, Any]) -> Result:
        made = rule(**words)
        db.session.flush()
        return made

    def data(self) -> dict[str, Any] | None:
        """Return the loaded input, or None when nothing was sent or something does not fit."""
        if self.typed is None:
            return None
        try:
            data = dict(self.schema.load(self.typed))
        except ValidationError as error:
            self._say(error.normalized_messages())  # type: ignore[no-untyped-call]
            return None
        strangers = [name for name in self.choices if not self._offered(name, data.get(name))]
        for name in strangers:
            self.errors.setdefault(name, []).append(gettext(NOT_OFFERED))
        return None if strangers else data

    def _offered(self, name: str, chosen: Any) -> bool:
        """Whether what was chosen was on the list: another municipality's identifier never is."""
        offered = {str(value) for value, _label in self.choices[name]}
        several = chosen if isinstance(chosen, list | tuple | set) else [chosen]
        return all(one is None or str(getattr(one, "value", one)) in offered for one in several)

    def refuse(self, error: Invalid) -> None:
        """Show a rule's refusal."""
        db.session.rollback()
        for name, sentences in error.fields.items():
            self.errors.setdefault(name, []).extend(_translated(text, error.params) for text in sentences)
        if not error.fields:
            self.general.append(_translated(error.sentence, error.params))

    def _refuse_duplicate(self, error: IntegrityError) -> None:
        db.session.rollback()
        constraint = _constraint(error)
        known: Mapping[str, tuple[str, str]] = getattr(self.schema, "constraints", {})
        if constraint not in known:
            raise error
        name, text = known[constraint]
        self.errors.setdefault(name, []).append(gettext(text))

    def _say(self, messages: Mapping[str, Any]) -> None:
        for name, found in messages.items():
            flat = list(_flatten(found))
            if name == "_schema":
                self.general += flat
            else:
                self.errors[name] = flat

    def _read(self) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for name, kind in self.schema.fields.items():
            if isinstance(kind, fields.List):
                typed[name] = [value for value in request.form.getlist(name) if value]
            elif f"{name}.year" in request.form:
                typed[name] = _date_of_parts(name)
            else:
                typed[name] = request.form.get(name, "")
        return typed

    def __getitem__(self, name: str) -> Field:
        kind = self.schema.fields[name]
        about = kind.metadata
        source = self.typed if self.typed is not None else self.initial
        return Field(
            name=name,
            label=_translated(about.get("label", name), {}),
            value=shown(source.get(name)),
            required=kind.required,
            type=about.get("type") or _kind(kind),
            help=_translated(about["help"], {}) if about.get("help") else "",
            errors=self.errors.get(name, []),
            choices=self._choices(name, kind),
            maxlength=getattr(kind, "longest", None),
            options=about,
        )

    def _choices(self, name: str, kind: Any) -> Choices:
        found = self.choices.get(name)
        if found is None and hasattr(kind, "words"):
            labels = kind.metadata.get("labels", {})
            found = [(word.value, labels.get(word, word.value)) for word in kind.words]
        return [(str(value), _translated(label, {})) for value, label in found or ()]

    def __iter__(self) -> Iterator[Field]:
        return (self[name] for name in self.schema.fields)

    def only(self, *names: str) -> list[Field]:
        """These fields, in this order."""
        return [self[name] for name in names]


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""


def shown(value: Any) -> Any:
    """Return a value as a control shows it."""
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, list | tuple | set | frozenset):
        return [shown(each) for each in value]
    return "" if value is None else value


def _kind(kind: Any) -> str:
    return next((word for cls, word in KINDS.items() if isinstance(kind, cls)), "text")


def _translated(text: Any, params: Mapping[str, Any]) -> str:
    if isinstance(text, inputs.Told):
        return str(gettext(text.msgid, **text.params))
    return gettext(text, **params) if isinstance(text, str) and text else str(text or "")


def _flatten(found: Any) -> Iterator[str]:
    if isinstance(found, Mapping):
        for each in found.values():
            yield from _flatten(each)
    elif isinstance(found, list):
        for each in found:
            yield from _flatten(each)
    else:
        yield _translated(found, {})


def _date_of_parts(name: str) -> str:
    era, year, month, day = (request.form.get(f"{name}.{part}", "").strip() for part in DATE_PARTS)
    if not (year or month or day):
        return ""
    return f"{'' if era == WESTERN else era}{year}年{month}月{day}日"
