"""What the cells of a list of people mean: the fields of the form, read for a whole column at once."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import ValidationError, fields, missing

from ayumi.japan import inputs
from ayumi.kernel.words import _
from ayumi.participants.model import Barrier
from ayumi.participants.schemas import ParticipantSchema

# Headings of the field's usual list besides our own words.
BARRIERS: Final = {
    "生活リズム": Barrier.DAILY_RHYTHM,
    "健康(身体)": Barrier.PHYSICAL_HEALTH,
    "健康(精神)": Barrier.MENTAL_HEALTH,
    "障害": Barrier.DISABILITY,
    "依存症": Barrier.ADDICTION,
    "対人・コミュニケーション": Barrier.RELATIONSHIPS,
    "対人関係": Barrier.RELATIONSHIPS,
    "学歴・基礎学力": Barrier.SCHOOLING,
    "職歴ブランク": Barrier.WORK_GAP,
    "ひきこもり": Barrier.WITHDRAWAL,
    "家族介護・育児": Barrier.CARE,
    "DV・虐待": Barrier.VIOLENCE,
    "住居不安定": Barrier.HOUSING,
    "債務": Barrier.DEBT,
    "刑余・触法": Barrier.OFFENCE,
    "外国語・文化": Barrier.LANGUAGE,
    "交通手段": Barrier.TRANSPORT,
    "本人の意欲": Barrier.MOTIVATION,
    "その他": Barrier.OTHER,
}


def plain(text: str) -> str:
    """A heading or word for comparing: width, spaces, case and marks of need do not count."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s|[※*]|\((?:必須|任意)\)", "", narrow)


_BARRIERS: Final = {plain(word): barrier for word, barrier in BARRIERS.items()} | {each.value: each for each in Barrier}


def barrier(word: str) -> Barrier | None:
    """The barrier that a word of a list means."""
    return _BARRIERS.get(plain(word))


class Barriers(fields.Field[list[Barrier]]):
    """Several barriers in one cell."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Barrier]:
        words = [word for word in re.split(r"[、,，;；\n/／]", str(value)) if word.strip()]
        strange = [word.strip() for word in words if barrier(word) is None]
        if strange:
            sentence = _("Not on the list of words: %(words)s.")
            raise ValidationError(inputs.Told(sentence, words="、".join(strange)[:100]))
        return [_BARRIERS[plain(word)] for word in words]


class RowSchema(ParticipantSchema):
    """A person in a row: the same fields as in the form, and names in place of what is chosen there."""

    barriers = Barriers(load_default=None)  # type: ignore[assignment]
    caseworker = inputs.Text(longest=200, load_default=None)
    delivery = inputs.Text(longest=200, load_default=None)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text that means nothing in its column, and the sentences that say why."""

    sentences: Sequence[str]


class Meanings(dict[str, Any]):
    """What the texts of a column mean: each different one is read once, however many rows have it."""

    def __init__(self, field: fields.Field[Any]) -> None:
        super().__init__()
        self._field = field

    def learn(self, texts: Iterable[str]) -> None:
        """Read what is new among these texts at once, if the field can; else each is read when it is asked for."""
        new = {text: text.strip() for text in set(texts).difference(self)}
        if not isinstance(self._field, inputs.AtOnce):
            return
        said = self._field.at_once([stripped for stripped in new.values() if stripped])
        if said is not None:
            self.update(zip((text for text, stripped in new.items() if stripped), said, strict=True))

    def __missing__(self, text: str) -> Any:
        """Read a text as the form would: blanks around it go, and an empty one is none."""
        try:
            self[text] = self._field.deserialize(text.strip() or missing)
        except ValidationError as error:
            self[text] = Wrong(list(error.messages))
        return self[text]
