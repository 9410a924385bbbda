"""Screen: normalise the name, find candidates and score them, attach measures and their status."""

from datetime import date

import msgspec

from service.flow.corroborate import corroborate, rank
from service.flow.coverage import Clocks, chosen_codes
from service.flow.found import Finder, Found
from service.flow.index import ListingIndex
from service.flow.measures import MeasureBoard
from service.flow.standing import EntryOnDay, on_day
from service.match import NameIndex
from service.model.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    Hit,
    MatchedName,
    Outcome,
)
from service.model.listing import Name
from service.model.matching import ComparisonForm, Explanation, IndexedName
from service.model.on_day import MeasureOnDay
from service.model.question import Counterparty, Question
from service.normalise import normalise


class _Candidate(msgspec.Struct, frozen=True):
    """A found entry with everything that decides its place among the hits."""

    found: Found
    entry: EntryOnDay
    corroboration: Corroboration


class Screener:
    """Answers one question, counterparty by counterparty, from one index.

    Raises:
        BadInputError: The question names a list that there is not.
    """

    def __init__(
        self, index: ListingIndex, board: MeasureBoard, question: Question, today: date
    ) -> None:
        codes = chosen_codes(index.lists, question.lists)
        clocks = Clocks(question.as_of, question.known_at, today)
        self._index = index
        self._board = board
        self._question = question
        self._editions = index.on_day(clocks.edition_day)
        numbers = None if question.lists is None else index.list_numbers(codes)
        self._finder = Finder(index, self._editions, question.as_of, numbers)
        self.coverage: Coverage = index.coverage(codes, clocks)

    def result(self, counterparty: Counterparty) -> CounterpartyResult:
        """The hits for one counterparty, best first."""
        by_identifier = self._finder.by_identifier(counterparty)
        found = by_identifier | self._finder.by_name(counterparty, self._question.threshold)
        listed = {each: found[each] for each in found if found[each].said.is_listed}
        left = {each: found[each] for each in found if not found[each].said.is_listed}
        hits = self._hits(counterparty, listed, self._best_by_name(listed) | by_identifier.keys())
        return CounterpartyResult(
            id=counterparty.id,
            name=counterparty.name,
            outcome=self._outcome(hits),
            total=len(listed),
            hits=hits,
            left=self._hits(counterparty, left, self._best_by_name(left)),
        )

    def _best_by_name(self, found: dict[int, Found]) -> set[int]:
        """The best `limit` by name alone, so that further evidence never pushes a hit out."""
        ranked = sorted(
            found, key=lambda each: (-found[each].score, self._index.entry(each).listing_id)
        )
        return set(ranked[: self._question.limit])

    def _hits(
        self, counterparty: Counterparty, found: dict[int, Found], kept: set[int]
    ) -> tuple[Hit, ...]:
        candidates = [
            self._candidate(counterparty, position, found[position])
            for position in kept & found.keys()
        ]
        return tuple(self._hit(each) for each in sorted(candidates, key=_place))

    def _candidate(self, counterparty: Counterparty, position: int, found: Found) -> _Candidate:
        entry = on_day(self._index.entry(position), self._editions, found.said)
        return _Candidate(found, entry, corroborate(counterparty, entry.listing))

    def _hit(self, candidate: _Candidate) -> Hit:
        name, explanation = self._matched(candidate)
        entry, question = candidate.entry, self._question
        return Hit(
            score=candidate.found.score,
            matched=MatchedName(
                text=name.text, kind=name.kind, query=candidate.found.query.printed
            ),
            corroboration=candidate.corroboration,
            explanation=explanation,
            listing=entry.listing,
            standing=entry.standing,
            copies=entry.copies,
            measures=measures_of(entry, self._board, question.as_of, question.known_at),
        )

    def _matched(self, candidate: _Candidate) -> tuple[Name, Explanation]:
        query, position = candidate.found.query, candidate.found.name
        if position is None:
            primary = candidate.entry.listing.names[0]
            return primary, _explain_alone(query, normalise(primary.text))
        met = self._index.name(position)
        return Name(text=met.text, kind=met.kind), self._index.names.explain(query, position)

    def _outcome(self, hits: tuple[Hit, ...]) -> Outcome:
        if hits:
            return "hits"
        return "no_hits" if self.coverage.complete else "incomplete"


def measures_of(
    entry: EntryOnDay, board: MeasureBoard, as_of: date, known_at: date
) -> tuple[MeasureOnDay, ...]:
    """The measures that reach a party while it stands on the list; none once it has left."""
    if entry.standing.state == "left":
        return ()
    return board.of_prints(entry.prints, as_of, known_at)


def _explain_alone(query: ComparisonForm, listed: ComparisonForm) -> Explanation:
    """The arithmetic of a pair whose name no search has found."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind="primary", form=listed),))
    return alone.explain(query, 0)


def _place(candidate: _Candidate) -> tuple[float, float, float, str]:
    identifiers, moved = rank(candidate.found.score, candidate.corroboration)
    return -identifiers, -moved, -candidate.found.score, candidate.entry.listing.id
