"""Screen: find candidates for a name, score them, attach measures and their status on the day."""

from datetime import date
from itertools import chain
from typing import TypedDict, override

import msgspec

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.law.coming import HitChange
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import (
    DEFAULT_THRESHOLD,
    SCORER_VERSION,
    NameIndex,
)
from abeyance_screening.engine.names.match_types import Explanation, IndexedName
from abeyance_screening.engine.screening.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    FoundParty,
    Hit,
    InputWarning,
    MatchedInText,
    MatchedName,
    NumberSearched,
    PartyHit,
    outcome_of,
)
from abeyance_screening.engine.screening.answer_basis import basis_of
from abeyance_screening.engine.screening.answer_json import EntryJson, Shelf, show
from abeyance_screening.engine.screening.answer_sentence import (
    AnswerScope,
    family_answer,
    told,
)
from abeyance_screening.engine.screening.applicable_versions import (
    ApplicableVersions,
    EntryMatch,
    PartyMatches,
    decode,
    finds_of,
)
from abeyance_screening.engine.screening.changes import Since
from abeyance_screening.engine.screening.corroboration import corroborate, rank
from abeyance_screening.engine.screening.family import Family
from abeyance_screening.engine.screening.finder import Finder
from abeyance_screening.engine.screening.identifiers import ANY, numbers_in
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.name_variants import (
    doubts_of,
    numbers_told,
    warnings_of,
)
from abeyance_screening.engine.screening.party_finder import ListingSource, PartyFinder
from abeyance_screening.engine.screening.question import (
    MAX_HITS_IN_ALL,
    MAX_LIMIT,
    Counterparty,
    PartyIdentifier,
    Question,
    ScreeningQuestion,
)
from abeyance_screening.engine.screening.question_record import BasisRegister, QuestionRecord
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import give_turns

_PAST_PARTIES = (
    "The newest editions decide which listings are one party; listings that have left their lists "
    "since the day asked about stand alone."
)
_BELOW = (
    "a listed name meets it with {score:.2f}: below the threshold of {threshold:.2f} that was "
    "asked for, and above the service's own of {own:.2f}"
)
# What a program reads of a hit whose score is that of two names that did not meet.
_NUMBER_ALONE = "only a number met"


class _Candidate(msgspec.Struct, frozen=True):
    """An entry that was found, with everything that decides its place among the hits."""

    position: int
    found: EntryMatch
    shown: EntryJson
    corroboration: Corroboration


class PartyAnswerInFull(msgspec.Struct, frozen=True):
    """A party's answer, and all its hits for ownership, whether the answer shows them or not."""

    result: CounterpartyResult
    hits: tuple[Hit, ...]


class HeadFields(TypedDict):
    """The fields of any answer that repeat its question."""

    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int


class Screener:
    """Answers one question, party by party, from one index, giving other work its turn.

    Raises:
        BadInputError: The question names a list that does not exist.
    """

    def __init__(
        self,
        index: ListingIndex,
        board: MeasureBoard,
        question: Question,
        today: date,
        shelf: Shelf | None = None,
        earlier: ListingIndex | None = None,
    ) -> None:
        """Start with what is on the shelf of the same index and board.

        `index` must be for the days asked about, and `earlier` for those to compare with, if they
        are others; see `CurrentIndex.on`.
        """
        codes = index.codes(question.lists, question.profile)
        days = question.days
        self._index = index
        self._shelf = Shelf() if shelf is None else shelf
        self._days = self._shelf.number(days)
        self.board = board
        self.question = question
        self._counted = 0
        self._known: dict[Counterparty, PartyAnswerInFull] = {}
        self._editions = index.on_day(days.edition_day)
        self._is_past = days.edition_day < today
        numbers = None if question.lists is None else index.list_numbers(codes)
        known = self._shelf.versions(self._days)
        self.finder = Finder(index, self._editions, days.as_of, numbers, known)
        self._since = (
            None
            if question.since is None
            else Since(earlier or index, board, question.since, days)
        )
        self.coverage: Coverage = index.coverage_for(question.lists, question.profile, days)
        self.scope = AnswerScope(self.coverage, days.as_of, question.threshold, today)
        self._gathered = PartyFinder(index, self._shelf, self._days, numbers, self._source())

    def _source(self) -> ListingSource:
        days = self.question.days
        return ListingSource(
            show=self._listed,
            read=self._read,
            reaching=self._reaching,
            stated=lambda measure: self.board.owners_stated(measure, days),
        )

    @property
    def head(self) -> HeadFields:
        """What every answer repeats of its question."""
        question = self.question
        return HeadFields(
            as_of=question.days.as_of,
            known_at=question.days.known_at,
            scorer=SCORER_VERSION,
            threshold=question.threshold,
            limit=question.limit,
        )

    def record(
        self, sent: ScreeningQuestion, register: BasisRegister, version: str
    ) -> QuestionRecord:
        """Return the record of the question as it was sent, for an answer of this version."""
        question = self.question
        key = question.lists, question.profile, question.days, question.since
        earlier = None if self._since is None else self._since.editions
        days = self._editions, earlier
        basis = self._shelf.basis(
            key, lambda: basis_of(self.coverage, days, self._index.splits, register, version)
        )
        return QuestionRecord.of(sent, question, basis)

    async def result(self, counterparty: Counterparty) -> CounterpartyResult:
        """Return the answer for one party, best hits first, without its owners.

        Raises:
            BadInputError: There are more hits so far than one question may have.
        """
        return (await self._in_full(counterparty, self.question.limit)).result

    def begin_anew(self) -> None:
        """Forget the parties answered so far: the next one is a question of its own."""
        self._counted = 0
        self._known.clear()

    async def in_full(self, counterparty: Counterparty) -> PartyAnswerInFull:
        """Return the answer for one party with its best MAX_LIMIT hits.

        It is computed once for equal parties.
        """
        known = self._known.get(counterparty)
        if known is None:
            known = self._known[counterparty] = await self._in_full(counterparty, MAX_LIMIT)
        else:
            self._count(len(known.hits) + len(known.result.delisted))
        return known

    async def _in_full(self, counterparty: Counterparty, most: int) -> PartyAnswerInFull:
        finds, below = await self._find(counterparty)
        warnings = (*doubts_of(counterparty), *below, *warnings_of(counterparty))
        found = await self.answered(counterparty, finds, warnings, most)
        numbers = tuple([await self._number(each) for each in numbers_told(counterparty)])
        result = found.result
        if numbers:
            result = msgspec.structs.replace(result, numbers=numbers)
        return PartyAnswerInFull(result=self._told(result), hits=found.hits)

    def _told(self, result: CounterpartyResult) -> CounterpartyResult:
        return told(result, self.scope)

    async def _number(self, identifier: PartyIdentifier) -> NumberSearched:
        """Return a number of the question with the lists searched that print such numbers."""
        numbers = numbers_in(identifier.kind, identifier.value, identifier.country)
        kinds = frozenset[str]().union(*(each.kinds for each in numbers))
        of_any = any(each.kinds == ANY for each in numbers)
        printing = await self.finder.lists_printing(ANY if of_any else kinds)
        lists = (each.code for each in self.coverage.lists if each.code in printing)
        return NumberSearched(kind=identifier.kind, value=identifier.value, lists=tuple(lists))

    async def answered(
        self,
        counterparty: Counterparty,
        finds: PartyMatches,
        warnings: tuple[InputWarning, ...],
        most: int,
    ) -> PartyAnswerInFull:
        """Return the answer for what was found, with its best `most` hits in full."""
        limit = self.question.limit
        shown = self._best_by_name(finds.listed, limit) | finds.numbered
        kept = self._best_by_name(finds.listed, most) | finds.numbered
        hits = await self._hits(counterparty, finds.listed, kept)
        history = self._best_by_name(finds.delisted, limit) | finds.numbered
        delisted = await self._hits(counterparty, finds.delisted, history)
        best = {position: hit for position, hit in hits.items() if position in shown}
        parties, family = await self._grouped(counterparty, best, finds)
        name = counterparty.name
        return PartyAnswerInFull(
            result=CounterpartyResult(
                id=counterparty.id,
                name=counterparty.name,
                outcome=outcome_of(self.coverage, warnings, hits),
                total=len(finds.listed),
                hits=tuple(best.values()),
                delisted=tuple(delisted.values()),
                parties=parties,
                parties_note=_PAST_PARTIES if hits and self._is_past else None,
                warnings=warnings,
                answer=None if family is None else family_answer(name, family, self.scope),
                asked=counterparty,
            ),
            hits=tuple(hits.values()),
        )

    async def _grouped(
        self, counterparty: Counterparty, hits: dict[int, Hit], finds: PartyMatches
    ) -> tuple[tuple[FoundParty, ...], Family | None]:
        return await self._gathered.grouped(counterparty, hits, finds)

    async def _find(
        self, counterparty: Counterparty
    ) -> tuple[PartyMatches, tuple[InputWarning, ...]]:
        """Return what a counterparty met, and warnings, such as of a threshold that hides all."""
        asked = self.question.threshold
        by_identifier = await self.finder.by_identifier(counterparty)
        by_name, doubts = await self.finder.by_name(counterparty, min(asked, DEFAULT_THRESHOLD))
        met = {place: each for place, each in by_name.items() if each.score >= asked}
        finds = finds_of(by_identifier | met, frozenset(by_identifier))
        listed = [each.score for each in by_name.values() if each.versions.is_listed]
        if finds.listed or not listed or asked <= DEFAULT_THRESHOLD:
            return finds, doubts
        reason = _BELOW.format(score=max(listed), threshold=asked, own=DEFAULT_THRESHOLD)
        return finds, (*doubts, InputWarning(field="name", reason=reason, may_hide=True))

    def _count(self, hits: int) -> None:
        self._counted += hits
        if self._counted > MAX_HITS_IN_ALL:
            reason = (
                f"have more than {MAX_HITS_IN_ALL:,} hits in all, including those of owners; send "
                "fewer of them, or ask with a higher threshold or a lower limit"
            )
            raise BadInputError("counterparties", reason)

    def _best_by_name(self, matches: dict[int, EntryMatch], limit: int) -> set[int]:
        """Return the best `limit` by name alone, so that other evidence never displaces a hit."""
        ranked = sorted(
            (each for each in matches if matches[each].name is not None),
            key=lambda each: (-matches[each].score, self._index.entry(each).listing_id),
        )
        return set(ranked[:limit])

    async def _hits(
        self, counterparty: Counterparty, matches: dict[int, EntryMatch], kept: set[int]
    ) -> dict[int, Hit]:
        """Return the hits by position, best first; other work gets its turn in between."""
        self._count(len(kept & matches.keys()))
        candidates: list[_Candidate] = []
        for position in kept & matches.keys():
            await give_turns()
            candidates.append(self._candidate(counterparty, position, matches[position]))
        hits: dict[int, Hit] = {}
        for each in sorted(candidates, key=_place):
            await give_turns()
            hits[each.position] = self._hit(each)
        return hits

    def _candidate(
        self, counterparty: Counterparty, position: int, match: EntryMatch
    ) -> _Candidate:
        shown = self._shown(position, match.versions)
        asked = counterparty if match.in_text is None else match.in_text.asked
        return _Candidate(position, match, shown, corroborate(asked, shown.entry.listing))

    def _listed(self, position: int) -> PartyHit | None:
        """Return an entry as it is shown; None if no list searched has it on the day."""
        versions = self._listed_versions(position)
        return None if versions is None else self._shown(position, versions).hit

    def _read(self, position: int) -> Listing | None:
        """Return an entry as its list prints it; None if no list searched has it on the day."""
        versions = self._listed_versions(position)
        if versions is None:
            return None
        entry = self._index.entry(position)
        return decode(entry.versions[versions.places[0]].body)

    def _reaching(self, position: int) -> frozenset[str]:
        """Return the ids of measures that an entry brings by itself, whatever their status."""
        versions = self._listed_versions(position)
        places = () if versions is None else versions.places
        entry = self._index.entry(position)
        prints = [decode(entry.versions[place].body) for place in places]
        attached = chain.from_iterable(map(self.board.register.attached_to, prints))
        return frozenset([each.id for each in attached if each.condition is None])

    def _listed_versions(self, position: int) -> ApplicableVersions | None:
        """Return the versions of an entry on the day; None if no list searched has it then."""
        if not self.finder.is_searched(position):
            return None
        versions = self.finder.versions(position)
        return versions if versions is not None and versions.is_listed else None

    def _shown(self, position: int, versions: ApplicableVersions) -> EntryJson:
        return self._shelf.shown(self._days, position, lambda: self._show(position, versions))

    def _show(self, position: int, versions: ApplicableVersions) -> EntryJson:
        entry = self._index.entry(position)
        return show(entry, self._editions, versions, self.board, self.question.days)

    def _hit(self, candidate: _Candidate) -> Hit:
        name, explanation = self._matched(candidate)
        shown = candidate.shown.hit
        query, in_text = candidate.found.query.printed, candidate.found.in_text
        matched = MatchedName(text=name.text, kind=name.kind, query=query)
        if in_text is not None:
            matched = MatchedInText(
                text=name.text, kind=name.kind, query=query, places=in_text.places
            )
        return Hit(
            score=candidate.found.score,
            matched=matched,
            corroboration=candidate.corroboration,
            explanation=explanation,
            listing=shown.listing,
            licence=shown.licence,
            licence_policy=shown.licence_policy,
            standing=shown.standing,
            copies=shown.copies,
            measures=shown.measures,
            unknown_programmes=shown.unknown_programmes,
            on_no_list=shown.on_no_list,
            changed=self._changed(candidate),
        )

    def _changed(self, candidate: _Candidate) -> HitChange | None:
        if self._since is None:
            return None
        entry = self._index.entry(candidate.position)
        return self._since.of(entry, candidate.shown.entry, candidate.shown.hit.measures)

    def _matched(self, candidate: _Candidate) -> tuple[Name, Explanation]:
        query, position = candidate.found.query, candidate.found.name
        if position is None:
            met = candidate.shown.entry.listing.names[0]
            explanation = _explain_alone(query, normalise(met.text))
            return met, msgspec.structs.replace(explanation, manner=_NUMBER_ALONE)
        name = self._index.name(position)
        met = Name(text=name.text, kind=name.kind)
        explanation = self._index.names.explain(query, position)
        if candidate.found.set_aside:
            left_out = f"without its number {', '.join(candidate.found.set_aside)}"
            manner = ", ".join(filter(None, (explanation.manner, left_out)))
            explanation = msgspec.structs.replace(explanation, manner=manner)
        return met, explanation


class HitScreener(Screener):
    """Answers with the hits alone: they are in no parties, and no sentence tells of them."""

    @override
    def _told(self, result: CounterpartyResult) -> CounterpartyResult:
        return result

    @override
    async def _grouped(
        self, counterparty: Counterparty, hits: dict[int, Hit], finds: PartyMatches
    ) -> tuple[tuple[FoundParty, ...], Family | None]:
        return (), None


def _place(candidate: _Candidate) -> tuple[float, float, float, str]:
    identifiers, moved = rank(candidate.found.score, candidate.corroboration)
    return -identifiers, -moved, -candidate.found.score, candidate.shown.entry.listing.id


def _explain_alone(query: ComparisonForm, listed: ComparisonForm) -> Explanation:
    """Return the arithmetic of a pair that no search by name has found."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind="primary", form=listed),))
    return alone.explain(query, 0)
