"""The calendar as iCalendar (RFC 5545, RFC 7986), for mail and calendar programs."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP
from icalendar.prop import vDuration

from service.model.coming import ComingChange

TEXT_CALENDAR = "text/calendar"
_EVERY_DAY = timedelta(days=1)


def icalendar(rows: Iterable[ComingChange], about: Iterable[str]) -> bytes:
    """One all-day entry a row; `about` are the filters, for the calendar's name.

    The same rows give the same bytes: stamps are the days on which events became public.
    """
    name = "Abeyance: " + (", ".join(about) or "coming changes")
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
        summary=_summary(row),
        description=_description(row),
        categories=[row.what.replace("_", " "), row.authority, row.jurisdiction, *row.lists],
        status=STATUS.TENTATIVE if row.announced or row.disputed else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
        url=row.event.url,
    )


def _summary(row: ComingChange) -> str:
    """`Suspension ends: US: denial of gallium … (paragraph 2)`."""
    doubt = " (disputed)" if row.disputed else ""
    part = "" if row.slice is None else f" ({row.slice})"
    return f"{row.what.replace('_', ' ').capitalize()}{doubt}: {row.title}{part}"


def _description(row: ComingChange) -> str:
    said = (row.sentence, row.event.citation, row.event.url, f"Measure: {row.measure_id}")
    return "\n".join(filter(None, said))
