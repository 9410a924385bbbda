"""The format of the log on standard error: one line an event, with its name and its keys."""

import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import override
from uuid import UUID, uuid4

KEY_PREFIX = "abey_"
"""The beginning of every key of a caller: no line shows what follows it."""

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered: every line that is logged meanwhile has it."""

RESERVED = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
"""Names that no key of an event may have: logging raises KeyError, or the line leaves it out."""

_SECRETS = re.compile(rf"({KEY_PREFIX}|whsec_|\b(?:bearer|apikey)\s+)[^\s'\"]+", re.IGNORECASE)

LOG_CONFIG: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"keys": {"()": "abeyance_screening.platform.logs.KeyFormatter"}},
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "keys"}},
    "root": {"handlers": ["standard_error"], "level": "INFO"},
    "loggers": {
        # At WARNING it logs each request that is no HTTP: one client could fill the disk.
        "uvicorn": {"level": "ERROR"},
        # At INFO it logs addresses, and an address can hold a counterparty's name.
        "httpx": {"level": "WARNING"},
        # What fails there is logged by the worker, without the texts of errors.
        "pgqueuer": {"level": "CRITICAL"},
    },
}


class KeyFormatter(logging.Formatter):
    """A formatter of lines like `2026-11-24T12:00:00Z info index.swapped listings=26924`."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an event, followed by its traceback if it has one.

        No code logs a key; should one get into a message or a traceback, it is left out.
        """
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        words = [at.replace("+00:00", "Z"), record.levelname.lower(), record.getMessage()]
        words += [
            f"{key}={getattr(record, key)}" for key in sorted(vars(record).keys() - RESERVED)
        ]
        if (asked := request_id.get()) is not None:
            words.append(f"request={asked}")
        line = " ".join(words)
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return _SECRETS.sub(r"\1…", line)


def log_bug(logger: logging.Logger, error: Exception) -> UUID:
    """Log the place of a bug under a new number, and return the number.

    An error's text may hold a counterparty's name, so only its class and its place are logged.
    """
    number = uuid4()
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
    logger.error("bug number=%s kind=%s place=%s", number, type(error).__name__, place)
    return number
