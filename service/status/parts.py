"""A measure's whole and its parts, read together as one word."""

from collections.abc import Iterable, Sequence

from service.model.event import Event
from service.model.status import StatusWord
from service.status.reading import Reading

_OPERATIVE: frozenset[StatusWord] = frozenset({"in_force", "in_force_eased", "in_force_by_lapse"})
_IDLE: tuple[StatusWord, ...] = (
    "unknown",
    "in_force_not_enforced",
    "suspended",
    "court_stayed",
)
"""Words of what does not operate and has not ended, the one that restricts most first."""


def combine(
    whole: Reading | None, parts: Iterable[Reading | None], easings: Sequence[Event]
) -> Reading | None:
    """One word for the whole and its parts; None where nothing of it has begun.

    `easings` are the licences that run on top of any part. A part that ended or has not begun
    leaves the word to the rest: it is told in the flags and the slices. A part that operates
    makes the measure operate.
    """
    begun = [part for part in parts if part is not None]
    operative = [part for part in begun if part.word in _OPERATIVE]
    if whole is not None and whole.word in _OPERATIVE:
        return _operating(whole, [whole, *operative], begun, easings)
    if operative and (whole is None or whole.word != "unknown"):
        if whole is not None and whole.word == "suspended":
            return Reading("partly_suspended", _grounds([whole, *operative]))
        return _operating(None, operative, begun, easings)
    return _idle(whole, begun)


def _operating(
    whole: Reading | None,
    operative: Sequence[Reading],
    begun: Sequence[Reading],
    easings: Sequence[Event],
) -> Reading:
    """Something of it operates: the strictest true word of all that may be said of it."""
    lapsed = [each for each in operative if each.word == "in_force_by_lapse"]
    returned = [each for each in lapsed if each.returned or each is whole]
    if returned or len(lapsed) == len(operative):
        return Reading("in_force_by_lapse", _grounds(returned or lapsed), returned=bool(returned))
    suspended = [each for each in begun if each.word == "suspended"]
    if suspended:
        return Reading("partly_suspended", _grounds([*operative[:1], *suspended]))
    if easings or (whole is not None and whole.word == "in_force_eased"):
        return Reading("in_force_eased", _grounds(operative[:1], easings))
    return Reading("in_force", _grounds([whole] if whole else operative))


def _idle(whole: Reading | None, begun: Sequence[Reading]) -> Reading | None:
    """Nothing of it operates for certain: the word that restricts most, else how it ended."""
    read = [whole, *begun] if whole is not None else begun
    for word in _IDLE:
        of_word = [each for each in read if each.word == word]
        if of_word:
            grounds = _grounds(of_word[:1] if of_word[0] is whole else of_word)
            return Reading(word, grounds, begun=any(each.begun for each in of_word))
    return read[0] if read else None


def _grounds(readings: Sequence[Reading], more: Sequence[Event] = ()) -> tuple[Event, ...]:
    events = [event for reading in readings for event in reading.grounds]
    return tuple({event.id: event for event in (*events, *more)}.values())
