"""Find the days that a document states: when its effect begins, and when it ends."""

import re
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from abeyance_screening.engine.measures.measure import EventKind, UntilBound
from abeyance_screening.engine.measures.places import FederalRegisterDocument
from abeyance_screening.features.watch.proposals.us_fr.sentences import sentences_of

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = rf"(?P<day>(?:{_MONTHS}) \d{{1,2}}, \d{{4}})"
_EFFECTIVE = re.compile(
    rf"\beffective(?: date)?(?:[:,]| on| as of| from| beginning)*\s+{_DAY}", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:this|the) (?:\w+ ){0,2}rule is effective\b", re.IGNORECASE)
_MOVED = re.compile(r"\b(?:delay|postpone)", re.IGNORECASE)

_LAST = re.compile(
    rf"\b(?P<until>through|until|to end(?: on)?|ends?(?: on)?|expires?(?: on)?),? {_DAY}",
    re.IGNORECASE,
)
_NEW_START = re.compile(
    rf"\b(?:(?:delayed|postponed|extended) (?P<until>to|until)|new date is) {_DAY}", re.IGNORECASE
)
_PAUSE = re.compile(r"\b(?:suspen|stay)", re.IGNORECASE)
_LICENCE = re.compile(r"\b(?:licen[sc]e|effective|expiration|valid)", re.IGNORECASE)

# By kind of event: the sentences that state its end, and the words that do.
_ENDS: dict[EventKind, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "suspend": (_PAUSE, _LAST),
    "extend_suspension": (_PAUSE, _LAST),
    "authorise": (_LICENCE, _LAST),
    "extend_authorisation": (_LICENCE, _LAST),
    "replace_authorisation": (_LICENCE, _LAST),
    "delay": (re.compile(""), _NEW_START),
}
# Whether the day after a word is included: `through` includes it, a start moved `to` it does not.
_BOUNDS: dict[str, UntilBound] = {"through": "inclusive", "to": "exclusive"}


class EffectiveDay(msgspec.Struct, frozen=True):
    """The first day of the effect, None where it is not certain.

    `others` are further days that the document calls effective.
    """

    day: date | None
    others: tuple[date, ...]


class StatedTerm(msgspec.Struct, frozen=True):
    """The end that an act states, None where it states no end or several.

    Several ends are in `others`. `quote` is the sentence that states the end.
    """

    until: date | None = None
    bound: UntilBound | None = None
    quote: str | None = None
    others: tuple[date, ...] = ()


def effective_day(document: FederalRegisterDocument) -> EffectiveDay:
    """Return the first day of a document's effect: its own field, else the only effective day.

    Sentences that move an effective date are left out, because that is another rule's. So are
    sentences of the summary that do not state that this rule is effective.
    """
    named = {
        day
        for sentence in sentences_of(document)
        if sentence.place == "dates" or _OWN.search(sentence.text)
        if not _MOVED.search(sentence.text)
        for day in _days(_EFFECTIVE.finditer(sentence.text))
    }
    day = document.effective_on or (next(iter(named)) if len(named) == 1 else None)
    return EffectiveDay(day, tuple(sorted(named - {day})))


def term_of(document: FederalRegisterDocument, kind: EventKind) -> StatedTerm:
    """Return the end that the document states for an act of this kind."""
    if kind not in _ENDS:
        return StatedTerm()
    about, words = _ENDS[kind]
    found = [
        StatedTerm(day, _BOUNDS.get((match["until"] or "").lower(), "unknown"), sentence.text)
        for sentence in sentences_of(document)
        if about.search(sentence.text)
        for match in words.finditer(sentence.text)
        for day in _days([match])
    ]
    days = sorted({each.until for each in found if each.until is not None})
    if len(days) != 1:
        return StatedTerm(others=tuple(days))
    return next((each for each in found if each.bound != "unknown"), found[0])


def _days(matches: Iterable[re.Match[str]]) -> Iterable[date]:
    for match in matches:
        try:
            yield datetime.strptime(match["day"], "%B %d, %Y").date()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue
