"""The calendar as iCalendar (RFC 5545, RFC 7986), for mail and calendar programs."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP
from icalendar.prop import vDuration

from service.model.coming import ComingChange

TEXT_CALENDAR = "text/calendar"
_EVERY_DAY = timedelta(days=1)
# Source: RFC 5545, section 3.1, CONTROL; and what UTF-8 or a line of text cannot hold.
_FORBIDDEN = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_NO_TEXT = re.compile(f"[{_FORBIDDEN}]")
_LINK = re.compile(f'https?://[^{_FORBIDDEN} <>"]+')


def icalendar(rows: Iterable[ComingChange], about: Iterable[str]) -> bytes:
    """One all-day entry a row; `about` are the filters, for the calendar's name.

    The same rows give the same bytes: stamps are the days on which events became public.
    """
    name = _line("Abeyance: " + (", ".join(about) or "coming changes"))
    calendar = Calendar.new(
        prodid="-//Abeyance//Coming changes//EN",
        uid=uuid5(NAMESPACE_URL, f"urn:abeyance:calendar:{name}"),
        name=name,
        subcomponents=[_entry(row) for row in rows],
    )
    # Said twice: the standard's name, and the one that Outlook knows.
    calendar["REFRESH-INTERVAL"] = vDuration(_EVERY_DAY, {"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(_EVERY_DAY)
    return calendar.to_ical()


def _entry(row: ComingChange) -> Event:
    return Event.new(
        uid=row.id,
        stamp=datetime.combine(row.known_on or row.on, time.min, UTC),
        start=row.on,
        summary=_line(_summary(row)),
        description=_description(row),
        categories=[_line(each) for each in _categories(row)],
        status=STATUS.TENTATIVE if row.announced or row.disputed else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
        url=_link(row.event.url),
    )


def _line(text: str) -> str:
    """The text in one line, with a blank for each sign that the format forbids."""
    return _NO_TEXT.sub(" ", text)


def _link(url: str | None) -> str | None:
    """The address; None for what is no link, which would spoil the file for every other entry."""
    return url if url is not None and _LINK.fullmatch(url) else None


def _categories(row: ComingChange) -> tuple[str, ...]:
    return row.what.replace("_", " "), row.authority, row.jurisdiction, *row.lists


def _summary(row: ComingChange) -> str:
    """`Suspension ends: US: denial of gallium … (paragraph 2)`."""
    doubt = " (disputed)" if row.disputed else ""
    part = "" if row.slice is None else f" ({row.slice})"
    return f"{row.what.replace('_', ' ').capitalize()}{doubt}: {row.title}{part}"


def _description(row: ComingChange) -> str:
    said = (row.sentence, row.event.citation, row.event.url, f"Measure: {row.measure_id}")
    return "\n".join(map(_line, filter(None, said)))
