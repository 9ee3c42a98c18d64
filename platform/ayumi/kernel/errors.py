"""The errors a rule may raise, and what each means to whoever asked.

AyumiError
├── NotFound      there is no such thing here (or it is not yours to see)      404
├── Refused       you may not do this                                          403
├── Conflict      it has changed meanwhile, or its state does not allow this   409
└── Invalid       what was given does not fit; says which field                422
"""

from collections.abc import Mapping
from typing import Any


class AyumiError(Exception):
    """Base of every error that is told to a user.

    ``message`` is a (lazy) sentence in the catalogues with ``%(name)s`` places for ``params``.
    """

    status = 500
    message: Any = ""

    def __init__(self, message: Any = None, **params: object) -> None:
        self.sentence = message if message is not None else self.message
        self.params = params
        super().__init__(str(message or type(self).__name__))

    def __str__(self) -> str:
        text = str(self.sentence) or type(self).__name__
        return text % self.params if self.params else text


class NotFound(AyumiError):
    """There is no such thing in this place."""

    status = 404


class Refused(AyumiError):
    """The person asking may not do this."""

    status = 403


class Conflict(AyumiError):
    """The thing is in another state than the one this was meant for."""

    status = 409


class Invalid(AyumiError):
    """Input that cannot be taken; ``fields`` maps a field's name to its sentences."""

    status = 422

    def __init__(self, message: Any = None, *, fields: Mapping[str, Any] | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.fields: dict[str, list[Any]] = {
            name: text if isinstance(text, list) else [text] for name, text in (fields or {}).items()
        }
