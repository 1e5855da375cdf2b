"""The log of ``serve`` and ``worker``: text for people, or a JSON object a line for programs."""

import logging
from datetime import UTC, datetime
from typing import Final

import orjson

from loopline.settings import LogSettings
from loopline.web.request_ids import request_id

_REQUEST: Final = ("method", "route", "status", "milliseconds")
_TEXT: Final = "%(asctime)s %(levelname)s %(name)s%(shown)s %(message)s"


class TextLines(logging.Formatter):
    """Lines for people; the id of the request stands in brackets."""

    def __init__(self) -> None:
        super().__init__(_TEXT)

    def format(self, record: logging.LogRecord) -> str:
        """Answer a record as text."""
        known = request_id()
        record.shown = f" [{known}]" if known else ""
        return super().format(record)


class JsonLines(logging.Formatter):
    """One object a line: at, level, logger, message, request; for requests also how they went."""

    def format(self, record: logging.LogRecord) -> str:
        """Answer a record as a line of JSON."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id():
            told["request"] = request_id()
        told |= {name: getattr(record, name) for name in _REQUEST if hasattr(record, name)}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return orjson.dumps(told, default=str).decode()


def set_up_logs(settings: LogSettings) -> None:
    """Send the log of this process to standard error in the form the settings ask for."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.format == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("loopline").setLevel(settings.level.upper())
