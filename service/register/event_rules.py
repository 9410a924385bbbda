"""What must hold of one event beyond its fields' types, whichever way it comes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import get_args
from urllib.parse import urlsplit

import msgspec

from service.model.event import Event, EventKind, LapseEffect, Slice
from service.register.places import PLACES

Finding = tuple[str, str]
"""A field's place in its measure (`events[2].until`) and what is wrong with it."""

_ANY: frozenset[str] = frozenset(get_args(EventKind))
_SAYS: frozenset[str] = frozenset(kind for kind in _ANY if kind.startswith("announce"))
_PAUSES: frozenset[str] = frozenset({"suspend", "extend_suspension", "stay", "not_enforced"})
_RELIEVES: frozenset[str] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)
_STARTS: frozenset[str] = frozenset(
    {"publish", "take_effect", "list", "is_informed", "renew", "reinstate", "expand"}
)
_NEEDS_END: frozenset[str] = frozenset({"suspend", "extend_suspension", "delay"}) | _RELIEVES

_LAPSES: dict[LapseEffect, frozenset[str]] = {
    "restriction_returns": _PAUSES | _SAYS,
    "restriction_begins": frozenset({"delay"}) | _SAYS,
    "restriction_ends": _STARTS | _SAYS,
    "authorisation_ends": _RELIEVES | _SAYS,
}
"""Which kinds of event may end in which way."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""The days an event may name, both included."""

SHORT, LONG, LONGEST_LINK = 500, 5_000, 2_000
"""How many characters a name or a citation, a quote or a note, and an address may have."""

MOST_NAMES, MOST_COUNTRIES = 1_000, 250
"""How many of each kind a part of a measure may be made of."""

# The control characters but for the tab and the end of a line, and halves of a character.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def event_findings(place: str, event: Event) -> Iterator[Finding]:
    """What is wrong with one event by itself; `place` stands before each field (`events[2].`)."""
    yield from _of_texts(place, event)
    yield from _of_days(place, event)
    yield from _of_moments(place, event)
    yield from _of_end(place, event)
    if event.slice is not None:
        yield from _of_slice(f"{place}slice", event.slice)


def text_findings(field: str, text: str | None, longest: int) -> Iterator[Finding]:
    """What is wrong with a text that may be left out: too long, or not one a reader can see."""
    if text is None:
        return
    if len(text) > longest:
        yield field, f"has {len(text):,} characters; {longest:,} may be"
    elif _CONTROL.search(text):
        yield field, "holds a control character"
    elif not any(each.isprintable() and not each.isspace() for each in text):
        yield field, "is blank"


def is_link(text: str) -> bool:
    """Whether a text is an address that a reader may follow: of the web, on one line, whole."""
    if len(text) > LONGEST_LINK or " " in text or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname)


def is_whole(part: Slice) -> bool:
    """Whether a slice names nothing that would tell it from the whole."""
    return msgspec.structs.replace(part, note=None) == Slice()


def _of_texts(place: str, event: Event) -> Iterator[Finding]:
    texts = {
        "effective_time": (event.effective_time, SHORT),
        "citation": (event.citation, SHORT),
        "formality": (event.formality, SHORT),
        "replaces": (event.replaces, SHORT),
        "quote": (event.quote, LONG),
        "note": (event.note, LONG),
        "retracted_because": (event.retracted_because, LONG),
    }
    for field, (text, longest) in texts.items():
        yield from text_findings(f"{place}{field}", text, longest)
    if event.source is not None:
        yield from text_findings(f"{place}source.published", event.source.published, SHORT)
        if not is_link(event.source.url):
            yield f"{place}source.url", "is no web address"


def _of_slice(place: str, part: Slice) -> Iterator[Finding]:
    if is_whole(part):
        yield place, "names no part"
    yield from text_findings(f"{place}.part", part.part, SHORT)
    yield from text_findings(f"{place}.note", part.note, LONG)
    names = {
        "entities": (part.entities, MOST_NAMES),
        "countries": (part.countries, MOST_COUNTRIES),
        "programmes": (part.programmes, MOST_NAMES),
        "citations": (part.citations, MOST_NAMES),
        "footnotes": (part.footnotes, MOST_NAMES),
    }
    for field, (printed, most) in names.items():
        yield from _of_names(f"{place}.{field}", printed, most)
    for number, code in enumerate(part.countries):
        if code not in PLACES:
            yield f"{place}.countries[{number}]", "is no country"
    days = {"listed_from": part.listed_from, "listed_until": part.listed_until}
    yield from _out_of_range(f"{place}.", days)
    if part.listed_from and part.listed_until and part.listed_until < part.listed_from:
        yield f"{place}.listed_until", "lies before listed_from"


def _of_names(place: str, names: tuple[str, ...], most: int) -> Iterator[Finding]:
    if len(names) > most:
        yield place, f"has {len(names):,} entries; {most:,} may be"
    for number, name in enumerate(names):
        yield from text_findings(f"{place}[{number}]", name, SHORT)


def _out_of_range(place: str, days: Mapping[str, date | None]) -> Iterator[Finding]:
    for field, day in days.items():
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield f"{place}{field}", f"lies outside {FIRST_DAY} to {LAST_DAY}"


def _of_moments(place: str, event: Event) -> Iterator[Finding]:
    moments = {"recorded_at": event.recorded_at, "retracted_at": event.retracted_at}
    given = {field: moment for field, moment in moments.items() if moment is not None}
    yield from _out_of_range(place, {field: moment.date() for field, moment in given.items()})
    for field, moment in given.items():
        if moment.tzinfo is None:
            yield f"{place}{field}", "a moment needs its offset from UTC"


def _of_days(place: str, event: Event) -> Iterator[Finding]:
    days = {
        "announced_on": event.announced_on,
        "published_on": event.published_on,
        "effective_on": event.effective_on,
    }
    yield from _out_of_range(place, {**days, "until": event.until})
    has_day = any(days.values())
    if event.kind in _SAYS and event.announced_on is None and event.published_on is None:
        yield f"{place}announced_on", "missing: an announcement has its day"
    if has_day and event.day_state is not None:
        yield f"{place}day_state", "says that no day is recorded, beside a day"
    if not has_day and event.day_state is None:
        yield f"{place}effective_on", "missing: no day at all, and no day_state saying why"


def _of_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until is None:
        yield from _of_missing_end(place, event)
        return
    if event.until_state in {"none_stated", "not_recorded"}:
        yield f"{place}until_state", f"{event.until_state} beside an end"
    if event.effective_on is not None and event.until < event.effective_on:
        yield f"{place}until", "lies before effective_on"
    if event.lapse_effect is None:
        yield f"{place}lapse_effect", "missing: nothing says what follows the end"
    elif event.kind not in _LAPSES[event.lapse_effect]:
        yield f"{place}lapse_effect", f"{event.kind} does not end that way"


def _of_missing_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until_state == "stated":
        yield f"{place}until", "missing: until_state says that it is stated"
    if event.until_bound is not None:
        yield f"{place}until", "missing: its bound is given"
    if event.kind in _NEEDS_END and event.until_state is None:
        yield f"{place}until_state", "missing: no end is given, and nothing says why"
