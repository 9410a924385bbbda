"""What stands in small print under a sentence: dispute, boundary day, source, what comes."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from service.model.event import EventKind
from service.model.on_day import EventShown, MeasureOnDay
from service.web.badges import BRIEF
from service.web.dates import day

_SAID: Mapping[EventKind, str] = MappingProxyType(
    {
        "announce": "A change",
        "announce_suspension": "A suspension",
        "announce_extension": "An extension",
        "announce_easing": "An easing",
        "announce_revocation": "A revocation",
        "suspend": "A suspension",
        "extend_suspension": "An extension of the suspension",
        "revoke": "A revocation",
        "publish": "A new text",
        "take_effect": "A further part",
        "delay": "A delay",
        "authorise": "A licence",
        "resume": "Its return",
    }
)
_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "rests_on_general_knowledge": "Its start day is general knowledge; no source read yet.",
        "start_day_not_recorded": "Its first day is not recorded.",
        "effective_day_not_recorded": "The day of its effect is not recorded.",
        "listing_day_not_recorded": "The day of this entry is not in the list file.",
        "day_not_exact": "A day of it is known only roughly; the stricter reading counts.",
        "challenge_pending": "A challenge against it is pending.",
        "update_pending": "An update of it is under way.",
        "suspension_moot": "A suspension no longer matters: it has ended.",
        "term_not_recorded": "Whether it has a term is not recorded.",
        "licence_term_not_recorded": "The licence's term is not recorded; it counts as no relief.",
        "relief_day_not_recorded": "The day of the relief is not recorded.",
        "later_renewals_not_searched": "Nobody looked for later renewals yet.",
        "nothing_recorded": "Nothing of its life is on record.",
        "event_cannot_be_read": "An event of it cannot be read.",
    }
)


LISTED_THEN = "Listed that day"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One line of small print; `label` (`Disputed`, …) is set off before it, None for none."""

    label: str | None
    text: str


def notes_of(measure: MeasureOnDay, *, with_read_until: bool = True) -> tuple[Note, ...]:
    """What a reader must be told beside the sentence, the gravest first.

    `with_read_until` False leaves out until when sources were read, where a page says so itself.
    """
    return (
        *(_disputed(measure, each) for each in measure.disputed if _was_said(each, measure)),
        *_membership(measure),
        *_boundary(measure),
        *_slices(measure),
        *(_coming(each) for each in measure.upcoming),
        *_sources(measure, with_read_until=with_read_until),
    )


def said_in_words(event: EventShown) -> str:
    """`An extension to 10 Jan 2027`, `A suspension from 10 Nov 2025 to 9 Nov 2026`."""
    what = _SAID.get(event.kind, f"An act ({event.kind.replace('_', ' ')})")
    begins = event.effective_on
    start = "" if begins is None or event.until is not None else f" from {day(begins)}"
    end = "" if event.until is None else f" to {day(event.until)}"
    return what + start + end


def _was_said(event: EventShown, measure: MeasureOnDay) -> bool:
    """Whether a reader of that day could have heard of it: later talk is no doubt of then."""
    on = event.announced_on or event.published_on
    return on is None or on <= measure.as_of


def _disputed(measure: MeasureOnDay, event: EventShown) -> Note:
    on = event.announced_on or event.published_on
    when = "" if on is None else f" on {day(on)}"
    read = measure.checked_until
    until = "" if read is None else f" (sources read until {day(read)})"
    return Note(
        label="Disputed",
        text=f"{said_in_words(event)} was announced{when}. No act by {measure.authority} was "
        f"found{until}, so it does not count.",
    )


def _membership(measure: MeasureOnDay) -> Iterator[Note]:
    if "listed_then_not_known" in measure.flags:
        yield Note(
            label=LISTED_THEN,
            text="Not known: the edition that was read is later and prints no day.",
        )


def _boundary(measure: MeasureOnDay) -> Iterator[Note]:
    relief = measure.status in {"suspended", "in_force_eased", "eased_by_licence"}
    if relief and measure.until is not None and measure.until_bound == "unknown":
        yield Note(
            label=None,
            text=f"Whether {day(measure.until)} itself is still within is not stated; we count "
            "it as restricted.",
        )


def _slices(measure: MeasureOnDay) -> Iterator[Note]:
    for each in measure.slices:
        yield Note(label=None, text=f"Otherwise for {each.part}: {BRIEF[each.status].lower()}.")


def _coming(event: EventShown) -> Note:
    on = event.announced_on or event.published_on
    when = "" if on is None else f", public since {day(on)}"
    cited = "" if event.citation is None else f" ({event.citation})"
    return Note(label="To come", text=f"{said_in_words(event)}{when}{cited}.")


def _sources(measure: MeasureOnDay, *, with_read_until: bool) -> Iterator[Note]:
    known = [_FLAGS[flag] for flag in measure.flags if flag in _FLAGS]
    read_until = measure.checked_until if measure.stale and with_read_until else None
    if read_until is not None and not measure.disputed:
        known.append(f"Sources read until {day(read_until)}.")
    if known:
        yield Note(label=None, text=" ".join(known))
