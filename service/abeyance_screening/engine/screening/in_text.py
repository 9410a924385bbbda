"""Answer a question about a text: each listing that it names or has a number of, and where."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import msgspec

from abeyance_screening.engine.names.form import normalise, why_not_comparable
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Hit,
    InputWarning,
    MatchedInText,
    TextHit,
    TextPlace,
)
from abeyance_screening.engine.screening.applicable_versions import (
    EntryMatch,
    InText,
    applies,
    finds_of,
)
from abeyance_screening.engine.screening.finder import Finder
from abeyance_screening.engine.screening.identifiers import numbers_in
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.name_variants import (
    NamedNumber,
    named_numbers,
    question_forms,
)
from abeyance_screening.engine.screening.question import Counterparty, PartyIdentifier
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.text.passage import Passage
from abeyance_screening.engine.screening.text.search import unsplit_run
from abeyance_screening.primitives.fair_scheduler import give_turns
from abeyance_screening.primitives.structs import copy_as

# The place of passages of which only one is asked about, because they say the same.
_ANYWHERE = TextPlace(start=0, end=0)
_NAMES_MISSED = "names among them may be missed: put spaces around the names"


class TextFinding(msgspec.Struct, frozen=True):
    """What was found in a text: `hits` and `left` are those of the `result`, with their places."""

    result: CounterpartyResult
    hits: tuple[TextHit, ...]
    delisted: tuple[TextHit, ...]


async def find_in_text(screener: Screener, text: str) -> TextFinding:
    """Return every entry that a text names or has a number of, best first.

    Each hit has its places in the text. The passages are looked for in a thread of their own.
    """
    finder, index, question = screener.finder, screener.finder.index, screener.question
    found, known = _NameMatch(), dict[Passage, tuple[tuple[int, EntryMatch], ...]]()
    for passage in await asyncio.to_thread(lambda: list(index.texts.passages(text))):
        await give_turns()
        same = msgspec.structs.replace(passage, place=_ANYWHERE)
        if same not in known:
            known[same] = tuple(_named(finder, index, passage, question.threshold))
        for position, match in known[same]:
            found.add(position, match, passage.place)
    for number in named_numbers(text, is_vessel=None):
        await give_turns()
        for position, match in _numbered(finder, text, number):
            place = TextPlace(start=number.start, end=number.end)
            found.add(position, match, place, number.identifier)
    finds = finds_of(found.placed(), frozenset(found.numbers))
    warnings = tuple(_doubts(text))
    whole = Counterparty(name="")
    result = (await screener.answered(whole, finds, warnings, question.limit)).result
    return TextFinding(result, tuple(_in_text(result.hits)), tuple(_in_text(result.delisted)))


class _NameMatch:
    """What a text has of each entry, by position: the best match, its places, its numbers."""

    def __init__(self) -> None:
        self._matches: dict[int, EntryMatch] = {}
        self._places = defaultdict[int, set[TextPlace]](set)
        self.numbers = defaultdict[int, list[PartyIdentifier]](list)

    def add(
        self,
        position: int,
        match: EntryMatch,
        place: TextPlace,
        number: PartyIdentifier | None = None,
    ) -> None:
        """Add one place where the text names an entry, or has its number."""
        self._places[position].add(place)
        if number is not None:
            self.numbers[position].append(number)
        known = self._matches.get(position)
        if known is None or (known.score, len(known.query.printed)) < (
            match.score,
            len(match.query.printed),
        ):
            self._matches[position] = match

    def placed(self) -> dict[int, EntryMatch]:
        """Return the matches by position; of places, one within another is left out.

        A text has numbers of many parties, so an entry is compared with its own alone.
        """
        return {
            position: msgspec.structs.replace(
                match,
                in_text=InText(
                    _outermost(self._places[position]),
                    Counterparty(
                        name=match.query.printed,
                        identifiers=tuple(self.numbers.get(position, ())),
                    ),
                ),
            )
            for position, match in self._matches.items()
        }


def _named(
    finder: Finder, index: ListingIndex, passage: Passage, threshold: float
) -> Iterator[tuple[int, EntryMatch]]:
    """Yield the entries that a passage names."""
    names, least = index.names, max(threshold, passage.least)
    for form in question_forms(passage.printed):
        for match in names.matches(form, lists=finder.numbers, threshold=least):
            entity_type = index.entry(match.listing).entity_type
            listed = names.form(match.name)
            if not passage.is_met((match.name, listed, entity_type), form, match.score):
                continue
            versions = finder.versions(match.listing)
            printed_by = index.name(match.name).versions
            if versions is not None and applies(printed_by, versions.places):
                yield match.listing, EntryMatch(match.score, form, match.name, versions)


def _numbered(finder: Finder, text: str, named: NamedNumber) -> Iterator[tuple[int, EntryMatch]]:
    """Yield the entries that have a number of the text."""
    asked = named.identifier
    if asked is None:
        return
    form = normalise(text[named.start : named.end])
    for number in numbers_in(asked.kind, asked.value, asked.country):
        for position, versions in finder.with_number(number):
            yield position, EntryMatch(0.0, form, None, versions)


def _in_text(hits: Iterable[Hit]) -> Iterator[TextHit]:
    for hit in hits:
        if isinstance(hit.matched, MatchedInText):
            yield copy_as(TextHit, hit)


def _outermost(places: Collection[TextPlace]) -> tuple[TextPlace, ...]:
    kept = list[TextPlace]()
    for each in sorted(places, key=lambda place: (place.start, -place.end)):
        if not kept or each.end > kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _doubts(text: str) -> Iterator[InputWarning]:
    """Yield what of a text cannot be read, and so may hide a listed name."""
    fault = why_not_comparable(text)
    if fault is not None:
        yield InputWarning(field="text", reason=fault, may_hide=True)
    run = unsplit_run(text)
    if run is not None:
        reason = f"has words without spaces between them from character {run.start + 1:,} on"
        yield InputWarning(field="text", reason=f"{reason}; {_NAMES_MISSED}", may_hide=True)
