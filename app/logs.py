"""Log lines as JSON, with every telephone number masked before it is written."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

from app.domain.numbers import mask
from app.log_repeats import RepeatFilter

# Six digits or more in a row, perhaps in groups, perhaps with a plus or its URL form, that
# are no part of a longer word such as a CallSid, and no date.
NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:\+|%2B)?(?!\d{4}-\d\d-\d\d)\d(?:[ -]?\d){5,17}(?![0-9A-Za-z])"
)
# Whoever has such an address hears a message, logs in, sees who is on duty, or takes a ticket.
SECRET_PATHS: Final = (
    "/listen/",
    "/login/link/",
    "/login/password/",
    "/wall/",
    "/ical/",
    "/n/",
    "/c/",
)
SECRET_LINK: Final = re.compile(rf"({'|'.join(SECRET_PATHS)})[A-Za-z0-9_.-]+")
KEPT: Final = frozenset({"timestamp"})

Line = MutableMapping[str, Any]


def mask_numbers(_logger: Any, _method: str, line: Line) -> Line:
    """Mask telephone numbers and secret addresses, in every value however deep."""
    for key, value in line.items():
        if key not in KEPT:
            line[key] = _masked(value)
    return line


def mask_text(text: str) -> str:
    """Mask whatever looks like a telephone number in a text."""
    return NUMBER.sub(lambda found: mask(re.sub(r"[ -]", "", found[0]).replace("%2B", "+")), text)


def hide_links(text: str) -> str:
    """Cut the secret out of every address that opens something for whoever has it."""
    return SECRET_LINK.sub(r"\1…", text)


def configure(stream: TextIO | None = None, level: str = "INFO") -> None:
    """Send our log lines and those of the libraries to one stream, all of them masked."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_numbers,
    ]
    structlog.configure(
        processors=[
            shared[0],
            RepeatFilter(),
            *shared[1:],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                mask_numbers,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("twilio", "urllib3", "alembic"):  # they tell whole addresses and forms
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _masked(value: Any) -> Any:
    match value:
        case str():
            return mask_text(hide_links(value))
        case dict():
            return {key: _masked(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked(each) for each in value]
        case _:
            return value
