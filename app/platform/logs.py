"""Logs: one form for everything that is written, for people at a terminal or as JSON for machines."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import orjson
import structlog
from structlog.types import Processor

from app.platform.settings import Settings
from app.platform.tracing import REQUEST_ID

QUIET: Final = ("alembic", "uvicorn.access")


def configure_logging(settings: Settings) -> None:
    """Let the service and its libraries write to standard error in one form; standard output is for commands."""
    known: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
    ]
    shown = _as_json if settings.log_format == "json" else _as_text
    # Tracebacks are plain: pretty ones show the values of variables.
    processors: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        shown,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=known, processors=processors))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    logging.captureWarnings(capture=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _add_request_id(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    event.pop("color_message", None)  # The server's own, for its own terminal.
    identity = REQUEST_ID.get()
    if identity is not None:
        event["request_id"] = identity
    return event


def _as_json(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str).decode()


def _as_text(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    """Write one line for people, and below it what failed; a value cannot begin a line of its own."""
    head = f"{event.pop('timestamp')} {event.pop('level'):<7} {event.pop('event')}"
    failed = event.pop("exception", None)
    texts = {name: str(value) for name, value in event.items()}
    values = [f"{name}={text if text.isprintable() else repr(text)}" for name, text in texts.items()]
    return " ".join([head, *values]) + (f"\n{failed}" if failed else "")
