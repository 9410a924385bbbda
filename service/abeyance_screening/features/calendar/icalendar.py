"""Coming changes as a calendar file (RFC 5545)."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP
from icalendar.prop import vDuration

from abeyance_screening.engine.measures.calendar import outcome_in_words
from abeyance_screening.engine.measures.law.coming import ComingChange
from abeyance_screening.engine.wording import plain_glance
from abeyance_screening.features.calendar.deadlines import Deadline, DeadlineBoard, reading_line

_EVERY_DAY = timedelta(days=1)
# Source: RFC 5545, section 3.1, CONTROL; and characters that UTF-8 or a line of text cannot hold.
_FORBIDDEN = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_NO_TEXT = re.compile(f"[{_FORBIDDEN}]")
_LINK = re.compile(f'https?://[^{_FORBIDDEN} <>"]+')


def icalendar(rows: Iterable[ComingChange], about: Iterable[str]) -> bytes:
    """Return an iCalendar file (RFC 5545, RFC 7986) with one all-day entry a row.

    `about` has the filters in words, for the calendar's name. The same rows give the same bytes:
    stamps are the days on which events became public.
    """
    name = _line("Abeyance: " + (", ".join(about) or "coming changes"))
    urn = f"urn:abeyance:calendar:{name}"
    return _calendar("Coming changes", urn, name, map(_entry, rows))


def icalendar_of_deadlines(board: DeadlineBoard) -> bytes:
    """Return an iCalendar file of a board, one all-day entry a deadline.

    An entry keeps its identity as long as its measures, day and status do; the description changes
    with every reading. The same board gives the same bytes.
    """
    entries = (_deadline_entry(each, board.as_of) for each in (*board.lapsed, *board.coming))
    return _calendar("Deadlines", "urn:abeyance:deadlines", "Abeyance: deadlines", entries)


def _calendar(product: str, urn: str, name: str, entries: Iterable[Event]) -> bytes:
    calendar = Calendar.new(
        prodid=f"-//Abeyance//{product}//EN",
        uid=uuid5(NAMESPACE_URL, urn),
        name=name,
        subcomponents=list(entries),
    )
    # The refresh interval has two names: that of the standard, and the one that Outlook reads.
    calendar["REFRESH-INTERVAL"] = vDuration(_EVERY_DAY, {"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(_EVERY_DAY)
    return calendar.to_ical()


def _deadline_entry(deadline: Deadline, as_of: date) -> Event:
    ids = " ".join(f"{each.id} {each.part or ''}" for each in deadline.measures)
    key = f"urn:abeyance:deadline:{deadline.on} {deadline.after} {ids}"
    word = "lapsed, unconfirmed" if deadline.state == "lapsed" else "changes"
    first, *others = deadline.measures
    more = f" and {len(others)} more" if others else ""
    lines = (
        f"{plain_glance(deadline.before)} → {plain_glance(deadline.after)}",
        deadline.note,
        f"What would settle it: {deadline.settles}.",
        *(f"{each.title}: {each.url}" for each in deadline.places),
        reading_line(deadline),
        f"Who looks: {deadline.looker or 'nobody yet'}" if deadline.needs_look else None,
        *(f"Measure: {each.id}" for each in deadline.measures),
    )
    return Event.new(
        uid=uuid5(NAMESPACE_URL, key),
        stamp=datetime.combine(as_of, time.min, UTC),
        start=deadline.on,
        summary=_line(f"{word}: {first.title}{more} ({deadline.authority})"),
        description="\n".join(map(_line, filter(None, lines))),
        categories=[deadline.state, _line(deadline.authority)],
        status=STATUS.TENTATIVE if deadline.state == "lapsed" else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
    )


def _entry(row: ComingChange) -> Event:
    return Event.new(
        uid=row.id,
        stamp=datetime.combine(_changed_on(row), time.min, UTC),
        sequence=_sequence(row),
        start=row.on,
        summary=_line(_summary(row)),
        description=_description(row),
        categories=[
            _line(each)
            for each in (row.what.replace("_", " "), row.authority, row.jurisdiction, *row.lists)
        ],
        status=STATUS.TENTATIVE if row.announced or row.disputed else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
        url=_link(row.event.url),
    )


def _changed_on(row: ComingChange) -> date:
    """Return the day on which what an entry says last changed."""
    known = row.known_on or row.on
    if row.outcome is None:
        return known
    return max(known, row.on, row.outcome.known_on or row.on)


def _sequence(row: ComingChange) -> int:
    """Return how often an entry has changed: its day passes, and an act may follow."""
    if row.outcome is None:
        return 0
    return 1 if row.outcome.event is None else 2


def _summary(row: ComingChange) -> str:
    """Write a row's title: `Suspension ends: US: denial of gallium … (paragraph 2)`."""
    doubt = " (disputed)" if row.disputed else ""
    passed = "" if row.outcome is None else f" ({outcome_in_words(row.outcome)})"
    part = "" if row.slice is None else f" ({row.slice})"
    return f"{row.what.replace('_', ' ').capitalize()}{doubt}{passed}: {row.title}{part}"


def _description(row: ComingChange) -> str:
    outcome = row.outcome
    since = () if outcome is None else (outcome.sentence, outcome.event and outcome.event.url)
    source = (row.event.citation, row.event.url, f"Measure: {row.measure_id}")
    lines = (row.sentence, *since, *source)
    return "\n".join(map(_line, filter(None, lines)))


def _line(text: str) -> str:
    """Return the text in one line, with a blank for each character that the format forbids."""
    return _NO_TEXT.sub(" ", text)


def _link(url: str | None) -> str | None:
    """Return the address; None if it is not a valid link, which would break the whole file."""
    return url if url is not None and _LINK.fullmatch(url) else None
