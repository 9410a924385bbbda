"""The lines below a status: doubts, days not stated, sources, and what was only announced."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.measure import EventKind
from abeyance_screening.engine.measures.status import EventShown, MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.trade.transaction import OpenQuestion
from abeyance_screening.engine.wording.status import slice_badge
from abeyance_screening.primitives.days import Days, day_in_words

_ANNOUNCED: Mapping[EventKind, str] = MappingProxyType(
    {
        "announce": "A change",
        "announce_suspension": "A suspension",
        "announce_extension": "An extension",
        "announce_easing": "An easing",
        "announce_revocation": "A revocation",
    }
)
_DECIDED: Mapping[EventKind, str] = MappingProxyType(
    {
        "publish": "Its start",
        "take_effect": "Its start",
        "list": "A listing",
        "is_informed": "Its start",
        "delay": "A delay of its start",
        "amend": "A change of its text",
        "expand": "A widening",
        "narrow": "A narrowing",
        "correct": "A correction",
        "suspend": "A suspension",
        "extend_suspension": "A longer suspension",
        "resume": "The end of its suspension",
        "authorise": "A licence",
        "extend_authorisation": "A longer licence",
        "replace_authorisation": "Another licence",
        "revoke_authorisation": "The end of a licence",
        "renew": "A renewal",
        "expire": "Its end",
        "revoke": "Its revocation",
        "delist": "A delisting",
        "annul": "Its annulment",
        "replace": "Another act in its place",
        "stop_measures": "An end of its measures",
        "stay": "A court's stay",
        "lift_stay": "The end of a court's stay",
        "not_enforced": "Non-enforcement",
        "reinstate": "Its return",
        "challenge_pending": "A challenge",
        "dispute": "A dispute",
    }
)
NoteKind = Literal[
    "disputed",
    "announced",
    "membership",
    "programme",
    "unread",
    "upcoming",
    "boundary",
    "part",
    "licence",
    "start",
    "source",
    "checked",
    "unchecked",
    "owed",
]
_PAST_RELIEF: frozenset[EventKind] = frozenset({"suspend", "extend_suspension"})
_RELIEVED: Mapping[StatusWord, str] = MappingProxyType(
    {
        "suspended": "is still suspended",
        "in_force_eased": "is still eased",
        "eased_by_licence": "is still covered by the licence",
    }
)
# With these statuses the sentence itself names the parts.
_NAMES_PARTS: frozenset[StatusWord] = frozenset({"in_force", "partly_suspended"})
_NO_START = "start_day_not_recorded"
_START: Mapping[str, str] = MappingProxyType(
    {
        _NO_START: "Its start day is not on record.",
        "effective_day_not_recorded": "The day it takes effect is not on record.",
        "day_not_exact": "A day of it is known only roughly; the stricter reading counts.",
    }
)
_SOURCE: Mapping[str, str] = MappingProxyType(
    {
        "rests_on_general_knowledge": "Part of it is general knowledge, read at no source.",
        "renewal_only_reported": (
            "That its term was extended is known from reports; nobody has read the act."
        ),
        "challenge_pending": "A challenge to it, or to what suspends it, is pending.",
        "update_pending": "An update of it is under way.",
        "suspension_moot": "A suspension no longer matters: it has ended.",
        "term_not_recorded": "Whether it has a term is not on record.",
        "licence_term_not_recorded": "A licence's term is not on record; it counts as no relief.",
        "relief_day_not_recorded": "The day of the relief is not on record.",
        "relief_not_issued_by_authority": (
            "Relief was announced by somebody other than its authority and does not count."
        ),
    }
)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One line below a status.

    `kind` says what the line is about; `label` (`Disputed`, …) is printed before it, None for
    none.
    """

    kind: NoteKind
    label: str | None = None
    text: str

    @property
    def line(self) -> str:
        """The label and the text in one line."""
        return self.text if self.label is None else f"{self.label}: {self.text}"


# Short remarks that share a line.
_REMARKS: frozenset[NoteKind] = frozenset({"start", "source", "checked", "unchecked"})
# If the question leaves the day open, it is today, and each authority has its own: at two in the
# morning UTC it is still yesterday in Washington. A status of another day than the answer's shows
# that day.
SEATS: Mapping[str, str] = MappingProxyType(
    {
        "AU": "Canberra",
        "BE": "Brussels",
        "CA": "Ottawa",
        "CH": "Bern",
        "CN": "Beijing",
        "CZ": "Prague",
        "EU": "Brussels",
        "FR": "Paris",
        "HK": "Hong Kong",
        "IN": "New Delhi",
        "JP": "Tokyo",
        "KR": "Seoul",
        "NL": "The Hague",
        "NO": "Oslo",
        "PL": "Warsaw",
        "RU": "Moscow",
        "TW": "Taipei",
        "UA": "Kyiv",
        "UK": "London",
        "UN": "New York",
        "US": "Washington",
        "WB": "Washington",
    }
)
"""Where the law of each jurisdiction is made; its clock decides which day it is (`zones`)."""


class OwnDay(msgspec.Struct, frozen=True, kw_only=True):
    """The day of a status, in words; `brief` is for places without room for a sentence.

    `9 Nov 2026 in Washington` and `Status of 9 Nov 2026: in Washington that day had not ended.`
    """

    brief: str
    line: str


def is_only_announced(event: EventShown) -> bool:
    """Return whether an event was announced and no act followed."""
    return event.kind in _ANNOUNCED


def announced_in_words(event: EventShown) -> str:
    """Return an announced event as a noun, with its part: `An extension to 10 Jan 2027`."""
    begins = event.effective_on
    start = "" if begins is None or event.until is not None else f" from {day_in_words(begins)}"
    return f"{_ANNOUNCED[event.kind]}{_part(event)}{start}{_end(event)}"


def decided_in_words(event: EventShown) -> str:
    """Return a decided event as a noun, with its day and act.

    `Its start on 31 Dec 2025, by 90 FR 42321`
    """
    acts_on = event.effective_on or event.published_on
    on = "" if acts_on is None else f" on {day_in_words(acts_on)}"
    act = "" if event.citation is None else f", by {event.citation}"
    return f"{_DECIDED.get(event.kind, event.kind)}{_part(event)}{on}{_end(event)}{act}"


def announcement_in_words(measure: MeasureOnDay, event: EventShown) -> str:
    """Return an announcement that no act carries out, and how far its sources were read.

    `An extension to 10 Jan 2027: announced by both governments on 23 Sep 2026; no act found,
    sources read until 9 Oct 2026. It changes nothing.`
    """
    told = f"{announced_in_words(event)}: {_told(event)}"
    return f"{told}; no act found{_until(measure)}. It changes nothing."


def notes(measure: MeasureOnDay) -> tuple[Note, ...]:
    """Return the lines that hold for this measure on its day, the most important first."""
    return (
        *(_disputed(measure, each) for each in _disputes(measure)),
        *_membership(measure),
        *map(_upcoming, _still_to_come(measure)),
        *map(partial(_announced, measure), _announcements(measure)),
        *(Note(kind="boundary", text=text) for text in _boundary(measure)),
        *(Note(kind="part", text=text) for text in _parts(measure)),
        *(Note(kind="start", text=text) for text in _start(measure)),
        *(Note(kind="source", text=_SOURCE[flag]) for flag in measure.flags if flag in _SOURCE),
        *_checked(measure),
    )


def is_of_reading(note: Note) -> bool:
    """Return whether a note says no more than how old the last reading of its measure is."""
    return note.kind in {"checked", "unchecked"}


def readings_in_words(measures: Iterable[MeasureOnDay]) -> str | None:
    """Return once for several measures after which day no source was read; None where all are new.

    `No source of 4 of these 5 measures was read after 9 Oct 2026.`
    """
    each = {measure.id: measure for measure in measures}.values()
    stale = [measure for measure in each if any(_checked(measure))]
    by_day = Counter(measure.checked_until for measure in stale)
    texts = tuple(
        _reading(read, _share(number, len(each)))
        for read, number in sorted(by_day.items(), key=lambda one: one[0] or date.min)
    )
    return " ".join(texts) or None


def _share(number: int, of: int) -> str | None:
    if of == 1:
        return None
    return f"these {of} measures" if number == of else f"{number} of these {of} measures"


def _reading(read: date | None, share: str | None) -> str:
    if read is None:
        whose = "its sources" if share is None else f"the sources of {share}"
        return f"When {whose} were last read is not on record."
    whose = "" if share is None else f" of {share}"
    return f"No source{whose} was read after {day_in_words(read)}."


def fine_print(notes: Iterable[Note], without: Collection[NoteKind] = ()) -> tuple[Note, ...]:
    """Return notes as lines, in their order: short remarks that follow each other share one.

    `without` are the kinds to leave out.
    """
    lines: list[Note] = []
    for note in notes:
        if note.kind in without:
            continue
        last = lines[-1] if lines else None
        if last is not None and last.kind in _REMARKS and note.kind in _REMARKS:
            lines[-1] = msgspec.structs.replace(last, text=f"{last.text} {note.text}")
        else:
            lines.append(note)
    return tuple(lines)


def membership(text: str) -> Note:
    """Return the note on a party whose listing on the day is not known."""
    return Note(kind="membership", label="Listed that day", text=text)


def own_day(on: date | None, jurisdictions: Iterable[str], as_of: date) -> OwnDay | None:
    """Return the day of a status of these jurisdictions if it is not the day `as_of`, else None.

    None as well if `on` is None because the day is not on record.
    """
    if on is None or on == as_of:
        return None
    places = _listed(sorted({SEATS.get(each, each) for each in jurisdictions}))
    state = "had not ended" if on < as_of else "had begun"
    day = day_in_words(on)
    return OwnDay(
        brief=f"{day} in {places}", line=f"Status of {day}: in {places} that day {state}."
    )


def own_day_of(shown: MeasureOnDay | OpenQuestion, as_of: date) -> OwnDay | None:
    """Return the day of a status, of a measure or of a question, if it is not the day `as_of`."""
    return own_day(shown.as_of, (shown.jurisdiction,), as_of)


def as_of_in_words(days: Days, moment: datetime | None) -> str:
    """Return the day asked about, with every authority for which it is another day.

    `10 Nov 2026`; if left open, `10 Nov 2026 UTC; 9 Nov 2026 in New York and Washington`. If the
    day is that of a `moment`, the text includes the time.
    """
    return _in_words(days.as_of, days.as_of_by, moment)


def known_at_in_words(days: Days, moment: datetime | None) -> str:
    """Return the day whose public knowledge counts, written as by `as_of_in_words`."""
    return _in_words(days.known_at, days.known_at_by, moment)


def _part(event: EventShown) -> str:
    return "" if event.slice is None else f" ({event.slice})"


def _end(event: EventShown) -> str:
    return "" if event.until is None else f" to {day_in_words(event.until)}"


def _disputed(measure: MeasureOnDay, event: EventShown) -> Note:
    if is_only_announced(event):
        what = f"{announced_in_words(event)}: {_told(event)}; no act found{_until(measure)}."
        text = f"{what} Sources contradict each other on it, and it does not count."
    else:
        what = f"{decided_in_words(event)}. Sources contradict each other{_until(measure)}"
        text = f"{what}; it does not count."
    return Note(kind="disputed", label="Disputed", text=text)


def _announced(measure: MeasureOnDay, event: EventShown) -> Note:
    return Note(
        kind="announced", label="Announced only", text=announcement_in_words(measure, event)
    )


def _told(event: EventShown) -> str:
    """Return who announced it when: `announced by both governments on 23 Sep 2026`."""
    by = "" if event.announced_by is None else f" by {event.announced_by}"
    on = event.announced_on or event.published_on
    when = "" if on is None else f" on {day_in_words(on)}"
    cited = "" if by or event.citation is None else f" ({event.citation})"
    return f"announced{by}{when}{cited}"


def _until(measure: MeasureOnDay) -> str:
    read = measure.checked_until
    return "" if read is None else f", sources read until {day_in_words(read)}"


def _announcements(measure: MeasureOnDay) -> Iterator[EventShown]:
    """Yield what was announced by that day and what no act carries out."""
    for event in measure.upcoming:
        if is_only_announced(event) and _is_of_the_day(measure, event):
            yield event


def _still_to_come(measure: MeasureOnDay) -> Iterator[EventShown]:
    for event in measure.upcoming:
        if not is_only_announced(event) or not _is_of_the_day(measure, event):
            yield event


def _is_of_the_day(measure: MeasureOnDay, event: EventShown) -> bool:
    on = event.announced_on or event.published_on
    return on is None or on <= measure.as_of


def _disputes(measure: MeasureOnDay) -> Iterator[EventShown]:
    """Return the disputes of that day or before; later announcements cast no doubt on it."""
    return (each for each in measure.disputed if _is_of_the_day(measure, each))


def _membership(measure: MeasureOnDay) -> Iterator[Note]:
    if "listed_then_not_known" in measure.flags:
        yield membership("Not known, for the edition that was read is later and prints no day.")


def _upcoming(event: EventShown) -> Note:
    if not is_only_announced(event):
        return Note(kind="upcoming", label="Still to come", text=f"{decided_in_words(event)}.")
    text = f"{announced_in_words(event)}: {_told(event)}. It changes nothing."
    return Note(kind="upcoming", label="Announced only", text=text)


def _boundary(measure: MeasureOnDay) -> Iterator[str]:
    if measure.until_bound == "unknown" and measure.until is not None:
        relief = _RELIEVED.get(measure.status)
        if relief is not None:
            day = day_in_words(measure.until)
            yield f"Whether {day} itself {relief} is not stated; we count it as restricted."
    if measure.status == "in_force_by_lapse":
        pauses = [each for each in measure.rests_on if each.kind in _PAST_RELIEF]
        yield from map(_past_boundary, filter(_had_open_bound, pauses[-1:]))


def _past_boundary(event: EventShown) -> str:
    day = "that day" if event.until is None else day_in_words(event.until)
    return f"Whether {day} itself was still suspended is not stated; we count it as restricted."


def _had_open_bound(event: EventShown) -> bool:
    return event.until is not None and event.until_bound == "unknown"


def _parts(measure: MeasureOnDay) -> Iterator[str]:
    if measure.status not in _NAMES_PARTS:
        yield from (f"Otherwise for {each.part}: {slice_badge(each)}." for each in measure.slices)


def _start(measure: MeasureOnDay) -> Iterator[str]:
    flags, since = measure.flags, measure.since
    is_doubted = "listed_then_not_known" in flags
    is_open = measure.status == "in_force" or since is None
    if "listing_day_not_recorded" in flags and not is_doubted and is_open:
        own = "" if since is None else f"; the rule itself: since {day_in_words(since)}"
        yield f"The day of this entry is not on record{own}."
    told = (flag for flag in flags if flag in _START)
    yield from (_START[flag] for flag in told if since is None or flag != _NO_START)


def _checked(measure: MeasureOnDay) -> Iterator[Note]:
    if not measure.stale or measure.status == "not_known":
        return
    read = measure.checked_until
    if read is None:
        yield Note(kind="unchecked", text=_reading(read, None))
    elif not any(_disputes(measure)) and not any(_announcements(measure)):
        yield Note(kind="checked", text=_reading(read, None))


def _listed(places: list[str]) -> str:
    """Return names in a sentence: `Ottawa, New York and Washington`."""
    *first, last = places
    return f"{', '.join(first)} and {last}" if first else last


def _in_words(day: date, elsewhere: Iterable[tuple[str, date]], moment: datetime | None) -> str:
    by_day: dict[date, set[str]] = {}
    for jurisdiction, on in elsewhere:
        by_day.setdefault(on, set()).add(SEATS.get(jurisdiction, jurisdiction))
    others = [f"{day_in_words(on)} in {_listed(sorted(places))}" for on, places in by_day.items()]
    time = "" if moment is None else f", {moment:%H:%M}"
    utc = " UTC" if others or time else ""
    return "; ".join((f"{day_in_words(day)}{time}{utc}", *others))
