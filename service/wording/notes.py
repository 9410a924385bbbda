"""What a reader must be told beside a status: doubts, boundaries, sources, what was only said."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from service.model.event import EventKind
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import StatusWord
from service.wording.badges import slice_badge
from service.wording.days import day_in_words
from service.wording.said import decided_in_words, is_only_said, said_in_words

NoteKind = Literal[
    "disputed",
    "membership",
    "programme",
    "upcoming",
    "boundary",
    "part",
    "licence",
    "start",
    "source",
    "checked",
    "unchecked",
]

_PAST_RELIEF: frozenset[EventKind] = frozenset({"suspend", "extend_suspension"})
_RELIEVED: Mapping[StatusWord, str] = MappingProxyType(
    {
        "suspended": "is still suspended",
        "in_force_eased": "is still eased",
        "eased_by_licence": "is still covered by the licence",
    }
)
# Under these the sentence itself tells the parts.
_TELLS_PARTS: frozenset[StatusWord] = frozenset({"in_force", "partly_suspended"})
_START: Mapping[str, str] = MappingProxyType(
    {
        "start_day_not_recorded": "Its start day is not on record.",
        "effective_day_not_recorded": "The day of its effect is not on record.",
        "day_not_exact": "A day of it is known only roughly; the stricter reading counts.",
    }
)
_SOURCE: Mapping[str, str] = MappingProxyType(
    {
        "rests_on_general_knowledge": "It rests on general knowledge; no source was read yet.",
        "challenge_pending": "A challenge to it is pending.",
        "update_pending": "An update of it is under way.",
        "suspension_moot": "A suspension no longer matters: it has ended.",
        "term_not_recorded": "Whether it has a term is not on record.",
        "licence_term_not_recorded": "A licence's term is not on record; it counts as no relief.",
        "relief_day_not_recorded": "The day of the relief is not on record.",
        "relief_not_issued_by_authority": (
            "Somebody else than its authority spoke of relief, which does not count."
        ),
    }
)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One line beside a status.

    `kind` says what it is about; `label` (`Disputed`, …) is set off before it, None for none.
    """

    kind: NoteKind
    label: str | None = None
    text: str

    @property
    def line(self) -> str:
        """The label and the text in one line."""
        return self.text if self.label is None else f"{self.label}: {self.text}"


def notes(measure: MeasureOnDay) -> tuple[Note, ...]:
    """The lines that hold for this measure on its day, the weightiest first."""
    return (
        *(_disputed(measure, each) for each in _disputes(measure)),
        *_membership(measure),
        *map(_upcoming, measure.upcoming),
        *(Note(kind="boundary", text=text) for text in _boundary(measure)),
        *(Note(kind="part", text=text) for text in _parts(measure)),
        *(Note(kind="start", text=text) for text in _start(measure)),
        *(Note(kind="source", text=_SOURCE[flag]) for flag in measure.flags if flag in _SOURCE),
        *_checked(measure),
    )


def membership(text: str) -> Note:
    """Whether a party stood on its list on the day, where that is not known."""
    return Note(kind="membership", label="Listed that day", text=text)


def _disputes(measure: MeasureOnDay) -> Iterator[EventShown]:
    """What a reader of that day could have heard of: later talk is no doubt of then."""
    for event in measure.disputed:
        on = event.announced_on or event.published_on
        if on is None or on <= measure.as_of:
            yield event


def _disputed(measure: MeasureOnDay, event: EventShown) -> Note:
    read = measure.checked_until
    until = "" if read is None else f" (sources read until {day_in_words(read)})"
    if is_only_said(event):
        on = event.announced_on or event.published_on
        when = "" if on is None else f" on {day_in_words(on)}"
        text = (
            f"{said_in_words(event)} was announced{when}. No act by {measure.authority} was "
            f"found{until}, so it does not count."
        )
    else:
        text = (
            f"{decided_in_words(event)}. Sources contradict each other{until}; it does not count."
        )
    return Note(kind="disputed", label="Disputed", text=text)


def _upcoming(event: EventShown) -> Note:
    if not is_only_said(event):
        return Note(kind="upcoming", label="Still to come", text=f"{decided_in_words(event)}.")
    on = event.announced_on or event.published_on
    when = "" if on is None else f", said on {day_in_words(on)}"
    cited = "" if event.citation is None else f" ({event.citation})"
    return Note(
        kind="upcoming",
        label="Announced only",
        text=(
            f"{said_in_words(event)}{when}{cited}. No act of it is on record; it changes nothing."
        ),
    )


def _membership(measure: MeasureOnDay) -> Iterator[Note]:
    if "listed_then_not_known" in measure.flags:
        yield membership("Not known, for the edition that was read is later and prints no day.")


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
    return f"Whether {day} itself was still suspended is not stated; we count it as restricted."


def _parts(measure: MeasureOnDay) -> Iterator[str]:
    if measure.status not in _TELLS_PARTS:
        yield from (f"Otherwise for {each.part}: {slice_badge(each)}." for each in measure.slices)


def _start(measure: MeasureOnDay) -> Iterator[str]:
    flags = measure.flags
    is_told = "listed_then_not_known" in flags
    if "listing_day_not_recorded" in flags and not is_told and measure.status == "in_force":
        since = measure.since
        own = "" if since is None else f"; the rule itself: since {day_in_words(since)}"
        yield f"The list does not give the day of this entry{own}."
    yield from (_START[flag] for flag in flags if flag in _START)


def _checked(measure: MeasureOnDay) -> Iterator[Note]:
    if not measure.stale or measure.status == "not_known":
        return
    read = measure.checked_until
    if read is None:
        yield Note(kind="unchecked", text="No day is on record on which its sources were read.")
    elif not any(_disputes(measure)):
        yield Note(kind="checked", text=f"No source was read after {day_in_words(read)}.")
