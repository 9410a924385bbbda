"""What a reader must be told beside a status: doubts, boundaries, sources, what was only said."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from service.model.event import EventKind
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import StatusWord
from service.wording.days import day_in_words

NoteKind = Literal["disputed", "upcoming", "boundary", "start", "source", "checked"]

_SAID: dict[EventKind, str] = {
    "announce": "a change",
    "announce_suspension": "a suspension",
    "announce_extension": "an extension",
    "announce_easing": "an easing",
    "announce_revocation": "a revocation",
}
_DECIDED: dict[EventKind, str] = {
    "publish": "its start",
    "take_effect": "its start",
    "list": "a listing",
    "is_informed": "its start",
    "delay": "a delay of its start",
    "amend": "a change of its text",
    "expand": "a widening",
    "narrow": "a narrowing",
    "correct": "a correction",
    "suspend": "a suspension",
    "extend_suspension": "a longer suspension",
    "resume": "the end of its suspension",
    "authorise": "a licence",
    "extend_authorisation": "a longer licence",
    "replace_authorisation": "another licence",
    "revoke_authorisation": "the end of a licence",
    "renew": "a renewal",
    "expire": "its end",
    "revoke": "its revocation",
    "delist": "a delisting",
    "annul": "its annulment",
    "replace": "another act in its place",
    "stop_measures": "an end of its measures",
    "stay": "a court's stay",
    "lift_stay": "the end of a court's stay",
    "not_enforced": "non-enforcement",
    "reinstate": "its return",
    "challenge_pending": "a challenge",
    "dispute": "a dispute",
}
_PAST_RELIEF: dict[EventKind, str] = {
    "suspend": "was still suspended",
    "extend_suspension": "was still suspended",
}
_RELIEVED: dict[StatusWord, str] = {
    "suspended": "is still suspended",
    "in_force_eased": "is still eased",
    "eased_by_licence": "is still covered by the licence",
}


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One line beside a status; `kind` says what it is about."""

    kind: NoteKind
    text: str


def notes(measure: MeasureOnDay) -> tuple[Note, ...]:
    """The lines that hold for this measure on its day, the weightiest first."""
    return (
        *(Note(kind="disputed", text=_disputed(measure, each)) for each in measure.disputed),
        *(Note(kind="upcoming", text=_upcoming(each)) for each in measure.upcoming),
        *(Note(kind="boundary", text=text) for text in _boundary(measure)),
        *(Note(kind="start", text=text) for text in _start(measure)),
        *(Note(kind="source", text=text) for text in _source(measure)),
        *(Note(kind="checked", text=text) for text in _checked(measure)),
    )


def _disputed(measure: MeasureOnDay, event: EventShown) -> str:
    read = measure.checked_until
    until = "" if read is None else f" (sources read until {day_in_words(read)})"
    if event.kind not in _SAID:
        told = _decided(event)
        return f"Disputed: {told}. Sources contradict each other{until}; it does not count."
    said = _said(event)
    what, day = f"{said[:1].upper()}{said[1:]}", event.announced_on
    when = "" if day is None else f" on {day_in_words(day)}"
    return (
        f"Disputed: {what} was announced{when}. No act by {measure.authority} was found{until}, "
        "so it does not count."
    )


def _upcoming(event: EventShown) -> str:
    if event.kind not in _SAID:
        return f"Still to come: {_decided(event)}."
    day = event.announced_on or event.published_on
    when = "" if day is None else f", on {day_in_words(day)}"
    return f"Announced only: {_said(event)}{when}. No act of it is on record; it changes nothing."


def _said(event: EventShown) -> str:
    """`an extension to 10 Jan 2027`, with the part it is about."""
    return f"{_SAID[event.kind]}{_part(event)}{_end(event)}"


def _decided(event: EventShown) -> str:
    """`its start on 31 Dec 2025, by 90 FR 42321`."""
    acts_on = event.effective_on or event.published_on
    on = "" if acts_on is None else f" on {day_in_words(acts_on)}"
    act = "" if event.citation is None else f", by {event.citation}"
    return f"{_DECIDED.get(event.kind, event.kind)}{_part(event)}{on}{_end(event)}{act}"


def _part(event: EventShown) -> str:
    return "" if event.slice is None else f" ({event.slice})"


def _end(event: EventShown) -> str:
    return "" if event.until is None else f" to {day_in_words(event.until)}"


def _boundary(measure: MeasureOnDay) -> Iterator[str]:
    if measure.until_bound == "unknown" and measure.until is not None:
        relief = _RELIEVED.get(measure.status)
        if relief is not None:
            day = day_in_words(measure.until)
            yield f"Whether {day} itself {relief} is not stated; we count it as restricted."
    if measure.status == "in_force_by_lapse":
        pauses = [each for each in measure.rests_on if each.kind in _PAST_RELIEF]
        yield from map(_past_boundary, filter(_had_open_bound, pauses[-1:]))


def _had_open_bound(event: EventShown) -> bool:
    return event.until is not None and event.until_bound == "unknown"


def _past_boundary(event: EventShown) -> str:
    day = "that day" if event.until is None else day_in_words(event.until)
    return (
        f"Whether {day} itself {_PAST_RELIEF[event.kind]} is not stated; it counts as restricted."
    )


def _start(measure: MeasureOnDay) -> Iterator[str]:
    flags = measure.flags
    if "listed_then_not_known" in flags:
        yield "No edition of that day is here: it may have come onto the list later."
    elif "listing_day_not_recorded" in flags and measure.status == "in_force":
        since = measure.since
        own = "" if since is None else f"; the rule itself: since {day_in_words(since)}"
        yield f"The list does not give the day of this entry{own}."
    if "start_day_not_recorded" in flags:
        yield "Its start day is not on record."
    if "day_not_exact" in flags:
        yield "The day is known only about; the stricter one is used."


def _source(measure: MeasureOnDay) -> Iterator[str]:
    if "rests_on_general_knowledge" in measure.flags:
        yield "It rests on general knowledge; no source of it was read yet."
    if "challenge_pending" in measure.flags:
        yield "A challenge to it is pending."
    if "relief_not_issued_by_authority" in measure.flags:
        yield "Somebody else than its authority spoke of relief, which does not count."


def _checked(measure: MeasureOnDay) -> Iterator[str]:
    if not measure.stale or measure.status == "not_known":
        return
    if measure.checked_until is None:
        yield "No day is on record on which its sources were read."
    else:
        yield f"No source was read after {day_in_words(measure.checked_until)}."
