"""Screen: find candidates for a name, score them, attach measures and their status on the day."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TypedDict, override

import msgspec

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.law.coming import HitChange
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.rereadings import (
    NEAR,
    read_again,
    slipped_word,
    with_letter_right,
    with_letters_right,
)
from abeyance_screening.engine.names.form.slips import digits_as_letters
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import (
    DEFAULT_THRESHOLD,
    SCORER_VERSION,
    NameIndex,
    score,
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
    EditionsOfDay,
    EntryMatch,
    PartyMatches,
    applies,
    decode,
    finds_of,
    speaking,
)
from abeyance_screening.engine.screening.changes import Since
from abeyance_screening.engine.screening.corroboration import corroborate, rank
from abeyance_screening.engine.screening.family import Family
from abeyance_screening.engine.screening.field.further_names import FurtherName, further_names
from abeyance_screening.engine.screening.field.parts import NamePart, marked_names, read_field
from abeyance_screening.engine.screening.identifiers import ANY, Number, numbers_in
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.name_variants import (
    doubts_of,
    fields_of,
    names_among_numbers,
    numbers_told,
    own_script_forms,
    question_forms,
    question_names,
    question_numbers,
    warning_of,
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

# Numbers of listings that are looked at in one turn.
_NUMBERS_IN_TURN = 200
# Sets of kinds (there are some 30) and days of which it is remembered which lists print them.
_MOST_KINDS = 128


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
# So many names are read before the first is looked up: between two searches a reading takes two to
# three times as long, since the caches of the processor hold the index then.
READ_AHEAD = 64
# A single word among others is the name of a company alone, if it is long and nearly the same.
_COMPANIES = frozenset({None, "organisation"})
_RARE_ALONE, _SHORTEST_ALONE, _SAME_ALONE = 0.9, 6, 0.97


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


class Finder:
    """Looks counterparties up among the entries as they are on one day.

    Between two names, and between two numbers, other work gets its turn.

    `numbers` are those of the lists searched, as the index counts them; None means all. `known`
    holds the versions already known to apply on that day, by position.
    """

    def __init__(
        self,
        index: ListingIndex,
        editions: EditionsOfDay,
        as_of: date,
        numbers: frozenset[int] | None,
        known: dict[int, ApplicableVersions | None],
    ) -> None:
        self.index = index
        self._editions = editions
        self._as_of = as_of
        self.numbers = numbers
        self._known = known
        self._ahead: dict[str, Iterable[FurtherName]] = {}

    async def read_ahead(self, counterparties: Iterable[Counterparty]) -> None:
        """Read names that will be asked for next, see `READ_AHEAD`."""
        for each in counterparties:
            await give_turns()
            _ = question_forms(each.name, each.entity_type)
            self._ahead[each.name] = further_names(each.name, self.index.names)

    async def by_name(
        self, counterparty: Counterparty, threshold: float
    ) -> tuple[dict[int, EntryMatch], tuple[InputWarning, ...]]:
        """Return how each entry with a name at or over the threshold was found, and warnings.

        The entries are by their positions. Only names in their prints of the day count. The
        warnings are of what was read otherwise than it is printed, or was not counted.
        """
        found: dict[int, EntryMatch] = {}
        doubts = dict[InputWarning, None]()
        for field, printed in fields_of(counterparty):
            await self._take_field(found, counterparty, (field, printed, doubts), threshold)
        for address in counterparty.addresses:
            for part in marked_names(address):
                await give_turns()
                self._take_name(found, counterparty, part, threshold)
        if not found:
            await self._take_otherwise(found, counterparty, threshold)
        # last, so that a name among the numbers keeps no other from being read otherwise
        for field, printed in names_among_numbers(counterparty):
            await self._take_field(found, counterparty, (field, printed, doubts), threshold)
        return found, tuple(doubts)

    async def _take_field(
        self,
        found: dict[int, EntryMatch],
        counterparty: Counterparty,
        told: tuple[str, str, dict[InputWarning, None]],
        threshold: float,
    ) -> None:
        """Add the entries that the text of a field meets, and to the doubts what is to be told."""
        field, printed, doubts = told
        await give_turns()
        self._take_name(found, counterparty, NamePart(printed), threshold)
        if lettered := digits_as_letters(printed, self.index.names.has_word):
            self._take(found, lettered, threshold)
        ahead = self._ahead.pop(printed, None)
        for each in further_names(printed, self.index.names) if ahead is None else ahead:
            await give_turns()
            is_other = self._take_beside(found, counterparty, each, threshold)
            if is_other and each.doubt is not None:
                doubts[warning_of(field, each.doubt)] = None
        await self._take_unspaced(found, printed, threshold)

    async def _take_otherwise(
        self, matches: dict[int, EntryMatch], counterparty: Counterparty, threshold: float
    ) -> None:
        """Add the entries that a name meets which met none as written, see `read_again`."""
        has_word = self.index.names.has_word
        for printed in (counterparty.name, *counterparty.aliases):
            for form in (*read_again(printed, has_word), *self._with_letter_right(printed)):
                await give_turns()
                self._take(matches, form, threshold)

    def _with_letter_right(self, printed: str) -> Iterator[ComparisonForm]:
        """Yield a name of one word as each listed word of which it has one letter wrong."""
        form = slipped_word(printed, self.index.names.has_word)
        if form is not None:
            near = self.index.names.matches(form, lists=self.numbers, threshold=NEAR)
            listed = (self.index.names.form(match.name) for match in near)
            read = (with_letter_right(form, each) for each in listed)
            printed_so = with_letters_right(form, self.index.names.has_letters)
            every = (*(each for each in read if each is not None), *printed_so)
            yield from {each.joined: each for each in every}.values()

    def _take_beside(
        self,
        found: dict[int, EntryMatch],
        asked: Counterparty,
        each: FurtherName,
        threshold: float,
    ) -> bool:
        """Add the entries of what stands beside a name, if sure; return whether others met."""
        met = found if each.doubt is None else dict[int, EntryMatch]()
        if each.part is not None:
            self._take_name(met, asked, each.part, threshold)
        if each.form is not None:
            self._take(met, each.form, max(threshold, each.least), is_whole=each.is_sure)
        others = {place: met[place] for place in met.keys() - found.keys()}
        if each.is_sure:
            found.update(others)
        return bool(others)

    async def _take_unspaced(
        self, found: dict[int, EntryMatch], printed: str, threshold: float
    ) -> None:
        """Add the entries that sentences without blanks name."""
        for run in read_field(printed).unspaced:
            passages = self.index.texts.passages(run)
            for passage in await asyncio.to_thread(list, passages):
                await give_turns()
                least = max(threshold, passage.least)
                self._take(found, normalise(passage.printed), least, is_whole=True)

    def _take_name(
        self,
        matches: dict[int, EntryMatch],
        counterparty: Counterparty,
        part: NamePart,
        threshold: float,
    ) -> None:
        """Add the entries with a name that a name of the question meets."""
        least = max(threshold, part.least)
        for name, numbers in question_names(part.text, counterparty.entity_type):
            forms = question_forms(name, counterparty.entity_type)
            if not name.isascii():
                heard = self.index.names.heard
                forms += tuple(own_script_forms(name, counterparty.entity_type, heard))
            for form in forms:
                self._take(matches, form, least, numbers, is_whole=part.is_whole)

    def _take(
        self,
        matches: dict[int, EntryMatch],
        form: ComparisonForm,
        threshold: float,
        set_aside: tuple[str, ...] = (),
        *,
        is_whole: bool = False,
    ) -> None:
        """Add the entries with a name that the form meets, unless another form meets it better."""
        is_word = is_whole and len(form.words) == 1
        if is_word:
            if form.words[0].weight < _RARE_ALONE or len(form.joined) < _SHORTEST_ALONE:
                return
            threshold = max(threshold, _SAME_ALONE)
        for match in self.index.names.matches(form, lists=self.numbers, threshold=threshold):
            known = matches.get(match.listing)
            if known is not None and known.score >= match.score:
                continue
            if is_word and self.index.entry(match.listing).entity_type not in _COMPANIES:
                continue
            versions = self.versions(match.listing)
            names = self.index.name(match.name)
            if versions is not None and applies(names.versions, versions.places):
                matches[match.listing] = EntryMatch(
                    match.score, form, match.name, versions, set_aside
                )

    async def by_identifier(self, counterparty: Counterparty) -> dict[int, EntryMatch]:
        """Return how each entry with a number of the question was found, whatever its names.

        A number within the question's name counts like any other.
        """
        found: dict[int, EntryMatch] = {}
        asked = question_numbers(counterparty)
        *_, (bare, numbers) = question_names(counterparty.name, counterparty.entity_type)
        form = normalise(bare) if asked else None
        for number in asked:
            await give_turns()
            for position, versions in self.with_number(number):
                if form is not None:
                    listed = normalise(self.index.entry(position).primary_name(versions.places[0]))
                    likeness = score(form, listed)
                    found[position] = EntryMatch(likeness, form, None, versions, numbers)
        return found

    def with_number(self, number: Number) -> Iterator[tuple[int, ApplicableVersions]]:
        """Yield the searched entries that have a number on the day."""
        for position, printed_by in self.index.by_number(number):
            versions = self.versions(position)
            if versions is None or not self.is_searched(position):
                continue
            if applies(printed_by, versions.places):
                yield position, versions

    async def lists_printing(self, kinds: frozenset[str]) -> frozenset[str]:
        """Return the lists that print a number of one of these kinds on the day; of any for `ANY`.

        It is worked out once for an index, from what the listings print.
        """
        known, key = self.index.printing, (self._editions, kinds)
        if key not in known:
            codes = self.index.columns.list_codes
            found = frozenset([code for code in codes if await self._prints(code, kinds)])
            if len(known) >= _MOST_KINDS:
                known.clear()
            known[key] = found
        return known[key]

    async def _prints(self, code: str, kinds: frozenset[str]) -> bool:
        for done, (position, printed) in enumerate(self.index.columns.numbers_in(code)):
            if done % _NUMBERS_IN_TURN == 0:
                await give_turns()
            if kinds and not kinds & printed.number.kinds:
                continue
            versions = self.versions(position)
            if versions is not None and applies(printed.versions, versions.places):
                return True
        return False

    def versions(self, position: int) -> ApplicableVersions | None:
        """Return the versions of an entry that apply on the day; None if it was added later."""
        if position not in self._known:
            entry = self.index.entry(position)
            self._known[position] = speaking(entry, self._editions, self._as_of)
        return self._known[position]

    def is_searched(self, position: int) -> bool:
        """Return whether the list of an entry is among those searched."""
        code = self.index.entry(position).list_code
        return self.numbers is None or bool(self.index.list_numbers((code,)) & self.numbers)


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
