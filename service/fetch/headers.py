"""Header fields of an answer, as far as they can be read."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import httpx


def field(headers: httpx.Headers, name: str) -> str | None:
    """One header field, several lines of it joined by commas, or None."""
    if name not in headers:
        return None
    return headers[name]


def day_of(text: str | None) -> date | None:
    """The day (UTC) of an HTTP date, or None where it is missing or unreadable."""
    moment = _moment(text)
    return moment.date() if moment else None


def asked_wait_s(headers: httpx.Headers) -> float | None:
    """The seconds that Retry-After asks for, or None if it asks for nothing readable.

    A date is counted from the server's own Date, so that its clock need not agree with ours.
    """
    asked = (field(headers, "retry-after") or "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    until, now = _moment(asked), _moment(field(headers, "date"))
    if until is None or now is None:
        return None
    return max((until - now).total_seconds(), 0.0)


def length_of(headers: httpx.Headers) -> int | None:
    """How many bytes the body has as sent, where the answer announces it."""
    length = field(headers, "content-length")
    return int(length) if length and "transfer-encoding" not in headers else None


def sendable(text: str | None) -> str | None:
    """A field that can be sent back as it came, or None: a header takes ASCII only."""
    return text if text and text.isascii() and text.isprintable() else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
        # "-0000" is UTC without a place, which comes back without a zone.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
