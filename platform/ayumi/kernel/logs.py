"""What the processes say of themselves: one JSON object a line, with the request and the municipality, of nobody.

What we write down ourselves holds identifiers only. Libraries know no such rule: of their warnings and errors only the
unchanging part is kept, and of an exception its kind, because the rest may repeat what somebody has typed.
"""

import logging
import sys
from logging import LogRecord
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
AS_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)


class InOnePiece:
    """Writes each line at once: several processes write to the same place, and it may be unbuffered."""

    def __init__(self, *_: object) -> None:
        """Need nothing: the output is whatever it is when there is something to say."""

    def msg(self, line: str) -> None:
        """Write one line."""
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = msg


class Lines(logging.Handler):
    """Writes what libraries say in the same form as our own lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            ProcessorFormatter(
                foreign_pre_chain=[kind_of_failure, *SHARED],
                processors=[name_the_speaker, ProcessorFormatter.remove_processors_meta, AS_JSON],
                pass_foreign_args=True,
            )
        )

    def emit(self, record: LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:
            self.handleError(record)


def log_as_json() -> None:
    """Set up the log of this process, once."""
    structlog.configure(processors=[*SHARED, AS_JSON], logger_factory=InOnePiece, cache_logger_on_first_use=True)
    root = logging.getLogger()
    if not any(isinstance(each, Lines) for each in root.handlers):
        root.addHandler(Lines())


def kind_of_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave of an exception what kind it was."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, tuple) and failure[0] is not None:
        event["kind"] = failure[0].__name__
    event.pop("stack_info", None)
    return event


def name_the_speaker(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say which library speaks, and of what it says what cannot hold anybody's words."""
    record: LogRecord = event["_record"]
    arguments = event.pop("positional_args", ())
    if record.levelno >= logging.WARNING:
        event["event"] = unchanging(str(record.msg), arguments, event["event"])
    return {**event, "logger": record.name}


def unchanging(form: str, arguments: object, said: str) -> str:
    """Return the fixed part of a library's warning, with nothing but numbers filled in."""
    numbers = isinstance(arguments, tuple) and all(isinstance(each, int | float) for each in arguments)
    return (said if numbers else form).partition(": ")[0].partition("\n")[0]


# For servers that set up logging themselves (gunicorn's logconfig_dict).
CONFIGURED: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"lines": {"class": "ayumi.kernel.logs.Lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["lines"], "level": "INFO", "propagate": False}},
}
