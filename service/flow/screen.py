"""Screen: normalise the name, find candidates and score them, attach measures and their status."""

from datetime import date

import msgspec

from service.flow.corroborate import corroborate, rank
from service.flow.coverage import Clocks, chosen_codes, coverage_of
from service.flow.index import ListingIndex
from service.flow.measures import MeasureBoard
from service.match import NameIndex, score
from service.model.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    Hit,
    MatchedName,
    Outcome,
)
from service.model.listing import Listing, Name
from service.model.matching import ComparisonForm, Explanation, IndexedName
from service.model.question import Counterparty, Question
from service.normalise import normalise


class _Found(msgspec.Struct, frozen=True):
    """How a listing was found: the best of its names, and which of the question's it met."""

    score: float
    query: ComparisonForm
    name: int | None


class _Candidate(msgspec.Struct, frozen=True):
    """A found listing with everything that decides its place among the hits."""

    position: int
    found: _Found
    listing: Listing
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
        self._index = index
        self._board = board
        self._question = question
        self._codes = frozenset(codes)
        self._numbers = None if question.lists is None else index.list_numbers(codes)
        self.coverage: Coverage = coverage_of(
            index.lists, codes, Clocks(question.as_of, question.known_at, today)
        )

    def result(self, counterparty: Counterparty) -> CounterpartyResult:
        """The hits for one counterparty, best first."""
        by_identifier = self._found_by_identifier(counterparty)
        found = by_identifier | self._found_by_name(counterparty)
        kept = self._best_by_name(found) | by_identifier.keys()
        candidates = [self._candidate(counterparty, each, found[each]) for each in kept]
        hits = tuple(self._hit(each) for each in sorted(candidates, key=_place))
        return CounterpartyResult(
            id=counterparty.id,
            name=counterparty.name,
            outcome=self._outcome(hits),
            total=len(found),
            hits=hits,
        )

    def _found_by_name(self, counterparty: Counterparty) -> dict[int, _Found]:
        """Listing position to how it was found, for every listing at or over the threshold."""
        found: dict[int, _Found] = {}
        for printed in (counterparty.name, *counterparty.aliases):
            form = normalise(printed)
            result = self._index.names.search(
                form,
                lists=self._numbers,
                threshold=self._question.threshold,
                limit=len(self._index.names),
            )
            for match in result.matches:
                known = found.get(match.listing)
                if known is None or match.score > known.score:
                    found[match.listing] = _Found(match.score, form, match.name)
        return found

    def _found_by_identifier(self, counterparty: Counterparty) -> dict[int, _Found]:
        """Listings that carry an identifier of the question, whatever their names."""
        if not counterparty.identifiers:
            return {}
        form = normalise(counterparty.name)
        return {
            position: _Found(self._score_of(form, position), form, None)
            for identifier in counterparty.identifiers
            for position in self._index.by_identifier(identifier.value)
            if self._index.list_code_of[position] in self._codes
        }

    def _score_of(self, form: ComparisonForm, position: int) -> float:
        return score(form, normalise(self._index.listing(position).primary_name))

    def _candidate(self, counterparty: Counterparty, position: int, found: _Found) -> _Candidate:
        listing = self._index.listing(position)
        return _Candidate(position, found, listing, corroborate(counterparty, listing))

    def _best_by_name(self, found: dict[int, _Found]) -> set[int]:
        """The best `limit` by name alone, so that further evidence never pushes a hit out."""
        ranked = sorted(found, key=lambda position: (-found[position].score, position))
        return set(ranked[: self._question.limit])

    def _hit(self, candidate: _Candidate) -> Hit:
        name, explanation = self._matched(candidate)
        return Hit(
            score=candidate.found.score,
            matched=MatchedName(
                text=name.text, kind=name.kind, query=candidate.found.query.printed
            ),
            corroboration=candidate.corroboration,
            explanation=explanation,
            listing=candidate.listing,
            measures=self._board.of_listing(
                candidate.listing, self._question.as_of, self._question.known_at
            ),
        )

    def _matched(self, candidate: _Candidate) -> tuple[Name, Explanation]:
        query, position = candidate.found.query, candidate.found.name
        if position is None:
            primary = candidate.listing.names[0]
            return primary, _explain_alone(query, normalise(primary.text))
        place = self._index.place(position)
        return Name(text=place.text, kind=place.kind), self._index.names.explain(query, position)

    def _outcome(self, hits: tuple[Hit, ...]) -> Outcome:
        if hits:
            return "hits"
        return "no_hits" if self.coverage.complete else "incomplete"


def _explain_alone(query: ComparisonForm, listed: ComparisonForm) -> Explanation:
    """The arithmetic of a pair whose name no search has found."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind="primary", form=listed),))
    return alone.explain(query, 0)


def _place(candidate: _Candidate) -> tuple[float, float, float, str]:
    identifiers, moved = rank(candidate.found.score, candidate.corroboration)
    return -identifiers, -moved, -candidate.found.score, candidate.listing.id
