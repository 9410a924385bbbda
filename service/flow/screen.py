"""Screen: normalise the name, find candidates and score them, attach measures and their status."""

from datetime import date

import msgspec

from service.flow.asked_numbers import warnings_of
from service.flow.corroborate import corroborate, rank
from service.flow.coverage import Clocks
from service.flow.found import Finder, Found
from service.flow.index import ListingIndex
from service.flow.measures import MeasureBoard
from service.flow.outcome import doubts_of, outcome_of
from service.flow.shelf import Shelf
from service.flow.shown import Shown, show
from service.flow.since import Since
from service.flow.turns import give_turns
from service.match import NameIndex
from service.model.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    Hit,
    MatchedName,
)
from service.model.coming import HitChange
from service.model.errors import BadInputError
from service.model.listing import Name
from service.model.matching import ComparisonForm, Explanation, IndexedName
from service.model.question import MAX_HITS_IN_ALL, MAX_LIMIT, Counterparty, Question
from service.normalise import normalise


class _Candidate(msgspec.Struct, frozen=True):
    """A found entry with everything that decides its place among the hits."""

    position: int
    found: Found
    shown: Shown
    corroboration: Corroboration


class _Finds(msgspec.Struct, frozen=True):
    """What a party met, by position; `numbered` are those that a number of the party met."""

    listed: dict[int, Found]
    left: dict[int, Found]
    numbered: frozenset[int]


class InFull(msgspec.Struct, frozen=True):
    """A party's answer, and the hits that others rest on, whether it shows them or not."""

    result: CounterpartyResult
    hits: tuple[Hit, ...]


class Screener:
    """Answers one question, party by party, from one index, in turns with other work.

    Raises:
        BadInputError: The question names a list that there is not.
    """

    def __init__(
        self,
        index: ListingIndex,
        board: MeasureBoard,
        question: Question,
        today: date,
        shelf: Shelf | None = None,
    ) -> None:
        """Takes what was made of the same index and board before from their shelf."""
        codes = index.codes(question.lists)
        clocks = Clocks(question.days.as_of, question.days.known_at, today)
        self._index = index
        self._shelf = Shelf() if shelf is None else shelf
        self._days = self._shelf.number(question.days)
        self.board = board
        self.question = question
        self._counted = 0
        self._known: dict[Counterparty, InFull] = {}
        self._editions = index.on_day(clocks.edition_day)
        numbers = None if question.lists is None else index.list_numbers(codes)
        said = self._shelf.said(self._days)
        self._finder = Finder(index, self._editions, question.days.as_of, numbers, said)
        self._since = (
            None
            if question.since is None
            else Since(index, board, question.since, question.days, today)
        )
        self.coverage: Coverage = index.coverage(codes, clocks)

    async def result(self, counterparty: Counterparty) -> CounterpartyResult:
        """The hits for one party, best first; its owners are left aside.

        Raises:
            BadInputError: All hits so far are more than can be worked out for one question.
        """
        return (await self._in_full(counterparty, self.question.limit)).result

    async def in_full(self, counterparty: Counterparty) -> InFull:
        """The same with the best MAX_LIMIT hits beside it; worked out once for equal parties.

        Raises:
            BadInputError: All hits so far are more than can be worked out for one question.
        """
        known = self._known.get(counterparty)
        if known is None:
            known = self._known[counterparty] = await self._in_full(counterparty, MAX_LIMIT)
        else:
            self._count(len(known.hits) + len(known.result.left))
        return known

    async def _in_full(self, counterparty: Counterparty, most: int) -> InFull:
        finds, limit = await self._find(counterparty), self.question.limit
        shown = self._best_by_name(finds.listed, limit) | finds.numbered
        kept = self._best_by_name(finds.listed, most) | finds.numbered
        hits = await self._hits(counterparty, finds.listed, kept)
        history = self._best_by_name(finds.left, limit) | finds.numbered
        left = await self._hits(counterparty, finds.left, history)
        warnings = doubts_of(counterparty) + warnings_of(counterparty)
        return InFull(
            result=CounterpartyResult(
                id=counterparty.id,
                name=counterparty.name,
                outcome=outcome_of(self.coverage, warnings, hits),
                total=len(finds.listed),
                hits=tuple(hit for position, hit in hits.items() if position in shown),
                left=tuple(left.values()),
                warnings=warnings,
            ),
            hits=tuple(hits.values()),
        )

    async def _find(self, counterparty: Counterparty) -> _Finds:
        by_identifier = await self._finder.by_identifier(counterparty)
        by_name = await self._finder.by_name(counterparty, self.question.threshold)
        found = by_identifier | by_name
        return _Finds(
            listed={each: found[each] for each in found if found[each].said.is_listed},
            left={each: found[each] for each in found if not found[each].said.is_listed},
            numbered=frozenset(by_identifier),
        )

    def _count(self, hits: int) -> None:
        self._counted += hits
        if self._counted > MAX_HITS_IN_ALL:
            reason = (
                f"more than {MAX_HITS_IN_ALL:,} hits in all, with those of owners; ask about "
                "fewer, or with a higher threshold or a lower limit"
            )
            raise BadInputError("counterparties", reason)

    def _best_by_name(self, found: dict[int, Found], limit: int) -> set[int]:
        """The best `limit` by name alone, so that further evidence never pushes a hit out."""
        ranked = sorted(
            (each for each in found if found[each].name is not None),
            key=lambda each: (-found[each].score, self._index.entry(each).listing_id),
        )
        return set(ranked[:limit])

    async def _hits(
        self, counterparty: Counterparty, found: dict[int, Found], kept: set[int]
    ) -> dict[int, Hit]:
        """The hits by position, best first; between two of them other work gets its turn."""
        self._count(len(kept & found.keys()))
        candidates: list[_Candidate] = []
        for position in kept & found.keys():
            await give_turns()
            candidates.append(self._candidate(counterparty, position, found[position]))
        hits: dict[int, Hit] = {}
        for each in sorted(candidates, key=_place):
            await give_turns()
            hits[each.position] = self._hit(each)
        return hits

    def _candidate(self, counterparty: Counterparty, position: int, found: Found) -> _Candidate:
        shown = self._shelf.shown(self._days, position, lambda: self._show(position, found))
        return _Candidate(position, found, shown, corroborate(counterparty, shown.entry.listing))

    def _show(self, position: int, found: Found) -> Shown:
        entry = self._index.entry(position)
        return show(entry, self._editions, found.said, self.board, self.question.days)

    def _hit(self, candidate: _Candidate) -> Hit:
        name, explanation = self._matched(candidate)
        shown, entry = candidate.shown, candidate.shown.entry
        return Hit(
            score=candidate.found.score,
            matched=MatchedName(
                text=name.text, kind=name.kind, query=candidate.found.query.printed
            ),
            corroboration=candidate.corroboration,
            explanation=explanation,
            listing=entry.listing,
            licence=shown.licence,
            standing=entry.standing,
            copies=entry.copies,
            measures=shown.measures,
            unknown_programmes=shown.unknown_programmes,
            changed=self._changed(candidate),
        )

    def _changed(self, candidate: _Candidate) -> HitChange | None:
        if self._since is None:
            return None
        entry = self._index.entry(candidate.position)
        return self._since.of(entry, candidate.shown.entry, candidate.shown.measures)

    def _matched(self, candidate: _Candidate) -> tuple[Name, Explanation]:
        query, position = candidate.found.query, candidate.found.name
        if position is None:
            primary = candidate.shown.entry.listing.names[0]
            return primary, _explain_alone(query, normalise(primary.text))
        met = self._index.name(position)
        return Name(text=met.text, kind=met.kind), self._index.names.explain(query, position)


def _explain_alone(query: ComparisonForm, listed: ComparisonForm) -> Explanation:
    """The arithmetic of a pair whose name no search has found."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind="primary", form=listed),))
    return alone.explain(query, 0)


def _place(candidate: _Candidate) -> tuple[float, float, float, str]:
    identifiers, moved = rank(candidate.found.score, candidate.corroboration)
    return -identifiers, -moved, -candidate.found.score, candidate.shown.entry.listing.id
