"""The index of all listed names, the search over it, and the explanation of a score."""

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import msgspec
import numpy as np
from rapidfuzz.distance import OSA

from abeyance_screening.engine.lists.listing import EntityType, NameKind
from abeyance_screening.engine.names.form import sounds_of
from abeyance_screening.engine.names.form.hearing import hear
from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.slips import slips
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, fold
from abeyance_screening.engine.names.match.brand import (
    BrandQuestion,
    brand_question,
    compare_alone,
    compare_brands,
)
from abeyance_screening.engine.names.match.cut import asked_beginnings, begins, lift
from abeyance_screening.engine.names.match.framed import (
    WholeMeeting,
    attached_keys,
    bare_keys,
    framed_keys,
    meet_whole,
)
from abeyance_screening.engine.names.match.gather import Finding
from abeyance_screening.engine.names.match.heard import HeardName, heard_keys, likeliest
from abeyance_screening.engine.names.match.kernel import (
    Ints,
    Reals,
    compiled,
    float_list,
    floats_of,
    inner,
    int_list,
    ints_of,
    none_yet,
    note_compiled,
    reals_of,
    rows_of,
)
from abeyance_screening.engine.names.match.layout import (
    ENTITY_TYPES,
    PLACE,
    SPAN,
    NameTable,
    QuestionArrays,
    as_rows,
    lay_out,
    lay_out_question,
)
from abeyance_screening.engine.names.match.lookup import Lookup, NamesByKey, look_up
from abeyance_screening.engine.names.match.name_keys import GIVEN_NAMES, INITIALS, PARTNERS, Pairs
from abeyance_screening.engine.names.match.packed import (
    PackedQuestions,
    QuestionPacker,
    ask_packed,
)
from abeyance_screening.engine.names.match.person_score import (
    compare,
    concerns_people,
    is_plain,
    least_log_odds,
)
from abeyance_screening.engine.names.match.score import (
    ACRONYM,
    IDENTICAL,
    MATCHED,
    PARTS,
    SAME_WORDS,
    SPELLED_OUT,
    TABLES,
    TYPE_CONFLICT,
    WEAK_ALIAS,
    Scoring,
    fill_parts,
    score_of,
)
from abeyance_screening.engine.names.match.search import (
    Index,
    Searcher,
    Seat,
    Space,
    log_odds_alone,
    pair_log_odds,
    search,
    take_seat,
)
from abeyance_screening.engine.names.match.vocabulary import WordPlaces
from abeyance_screening.engine.names.match_types import (
    ComparedWord,
    Explanation,
    IndexedName,
    Match,
    MetBy,
    Part,
    SearchResult,
    WordPair,
)
from abeyance_screening.primitives.arrays import IN_MEMORY, ScratchSpace


class NameIndex:
    """All listed names in memory; immutable, built whole, swapped whole.

    Searches may run in several threads at once: the work is done without the interpreter's lock.
    """

    def __init__(
        self, table: NameTable, lookup: Lookup | None = None, room: ScratchSpace = IN_MEMORY
    ) -> None:
        """Take names that are laid out; `lookup` is worked out unless given, in this room."""
        lookup = look_up(table.columns, room) if lookup is None else lookup
        self.table, self.lookup = table, lookup
        columns, self._forms, holders = table
        self.places = WordPlaces(columns.vocabulary, lookup.slots)
        lists = holders.lists
        finding = Finding(
            columns.vocabulary,
            lookup.slots,
            columns.postings,
            lookup.keys,
            lookup.keyed,
            lists,
        )
        rows = as_rows(lookup.rows)
        self._listings = memoryview(holders.listings)
        self._types = memoryview(holders.types)
        self._by_beginning = NamesByKey(lookup, columns, self.places)
        scoring = Scoring(columns.names, columns.traits, rows, TABLES)
        self.index = Index(finding, scoring)
        self._list_count = int(lists.max(initial=-1)) + 1
        self._seats: list[Seat] = []
        self._recent: dict[int, _Asked] = {}

    @classmethod
    def build(cls, names: Sequence[IndexedName]) -> "NameIndex":
        """Build an index of `names`, which answers with their positions.

        A name without words is never found.
        """
        return cls(lay_out(names))

    def __len__(self) -> int:
        """Return the number of names in the index."""
        return len(self._forms)

    def has_word(self, text: str) -> bool:
        """Return whether a listed name has this word, as a canonical word or another reading."""
        return text in self.places

    def has_alone(self, text: str) -> bool:
        """Return whether a listed name has this canonical word and no other."""
        return self._by_beginning.has_alone(text)

    def has_letters(self, printed: str) -> bool:
        """Return whether a listed name is printed with the same letters, five or more."""
        return self._by_beginning.has_letters(printed)

    def begun(self, form: ComparisonForm) -> list[int]:
        """Return the names of which a question of 27 characters or more has the first letters."""
        found = self._ask(form).wholes
        return [name for name in found if begins(form, self._forms[name])]

    def form(self, name: int) -> ComparisonForm:
        """Return the comparison form of the name at a position."""
        return self._forms[name]

    def heard(self, written: str) -> list[HeardName]:
        """Return the names of firms that a name in another script sounds like, best first."""
        hearing = hear(written)
        if hearing is None:
            return []
        by_key, weak = self._by_beginning, self.table.holders.weak
        keys = filter(by_key.may_have, heard_keys(hearing))
        found = (name for each in keys for name in by_key.of(each))
        firms = (name for name in found if self._types[name] in _FIRMS and not weak[name])
        return likeliest(hearing, map(self._forms.__getitem__, firms))

    def search(
        self,
        form: ComparisonForm,
        *,
        lists: frozenset[int] | None,
        threshold: float,
        limit: int,
    ) -> SearchResult:
        """Return the listings with a name at or over the threshold, best first.

        `lists` limits the search to names of these lists; None means all.
        """
        matches: dict[int, Match] = {}
        for match in self.matches(form, lists=lists, threshold=threshold):
            matches.setdefault(match.listing, match)
        return SearchResult(matches=tuple(matches.values())[:limit], total=len(matches))

    def matches(
        self, form: ComparisonForm, *, lists: frozenset[int] | None, threshold: float
    ) -> list[Match]:
        """Return every name at or over the threshold, best first; a listing may have several.

        These are exactly the names whose `score` reaches the threshold, except for names that
        share no word with the form, none of which reaches 0.1.
        """
        if not form.words or not self._forms:
            return []
        allowed = np.zeros(0 if lists is None else self._list_count, dtype=np.bool_)
        if lists is not None:
            allowed[[each for each in lists if each < self._list_count]] = True
            if not allowed.any():
                return []
        seat = self._take_seat()
        asked = self._ask(form)
        count = search(seat.searcher, asked.arrays, allowed, least_log_odds(form, threshold))
        found: dict[int, float] = {}
        plain: set[int] = set()
        if count:
            names = int_list(ints_of(seat.space.finding.found)[:count])
            scores = float_list(floats_of(seat.space.finding.scores)[:count])
            found = dict(zip(names, scores, strict=True))
            if is_plain(form):
                plain = self._plain_firms(names, ints_of(seat.space.finding.worded)[:count])
        self._seats.append(seat)
        if asked.wholes:
            found |= self._scores_of_whole(asked, lists)
        told = [
            (-(score if name in plain else self._told_apart(form, name, score)), name)
            for name, score in found.items()
        ]
        return [
            Match(name=name, listing=self._listings[name], score=-score)
            for score, name in sorted(told)
            if -score >= threshold
        ]

    def laid_out(self, form: ComparisonForm) -> QuestionArrays:
        """Return the arrays of a question, those of `matches` where it was just asked."""
        return self._ask(form).arrays

    def met_by(self, questions: Sequence[PackedQuestions]) -> list[bool]:
        """Return for each of these whether a name may reach the threshold of one of its questions.

        Names that a question meets as a whole are found by `whole_name_keys`.
        """
        if not self._forms:
            return [False] * len(questions)
        seat = self._take_seat()
        met = ask_packed(seat.searcher, questions)
        self._seats.append(seat)
        return [each != 0 for each in met.tobytes()]

    def _plain_firms(self, names: Sequence[int], worded: Ints) -> set[int]:
        """Return the names from which no plain question is told apart, without their forms.

        They are organisations with many words, see `worded` in `SearchSpace`: neither `compare`
        nor `compare_brands` adds a part to their scores.
        """
        types = self._types
        return {
            name
            for name, has_words in zip(names, int_list(worded), strict=True)
            if has_words and types[name] == _ORGANISATION
        }

    def _scores_of_whole(self, asked: "_Asked", lists: frozenset[int] | None) -> dict[int, float]:
        """Return the scores of the names that the question as a whole meets, by position."""
        form, list_of = asked.form, self.index.finding.lists
        return {
            name: self._score_of_words(form, name)
            for name in asked.wholes
            if (lists is None or list_of[name] in lists) and self._meet_whole(form, name)
        }

    def score(self, form: ComparisonForm, name: int) -> float:
        """Return the score of the name at a position, in [0, 1]; 0 where either has no words."""
        if not form.words or not self._forms[name].words:
            return 0.0
        return self._told_apart(form, name, self._score_of_words(form, name))

    def _meet_whole(self, form: ComparisonForm, name: int) -> WholeMeeting | None:
        is_firm = self._types[name] in _FIRMS
        return meet_whole(form, self._forms[name], is_firm=is_firm)

    def _score_of_words(self, form: ComparisonForm, name: int) -> float:
        """Return the score of a pair without the parts of `_told_apart`."""
        seat = self._take_seat()
        asked = self._ask(form)
        total = pair_log_odds(seat.searcher, asked.arrays, name)
        values = seat.space.scoring.values
        if name in asked.wholes and values[TYPE_CONFLICT] == 0.0:
            whole = self._meet_whole(form, name)
            total += lift(total, whole.reached) if whole else 0.0
        score = score_of(total, values)
        self._seats.append(seat)
        return score

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """Explain how the score of the name at a position comes about, part by part."""
        seat = self._take_seat()
        asked = self._ask(form)
        whole = self._meet_whole(form, name) if name in asked.wholes else None
        explanation = _explain_pair(seat, asked, name, self._forms[name], whole)
        self._seats.append(seat)
        if explanation.exact and not _has_parts_apart(form):
            return explanation
        parts = self._parts_apart(form, name, explanation.log_odds)
        if not parts:
            return explanation
        return msgspec.structs.replace(
            explanation,
            exact=False,
            parts=(*explanation.parts, *parts),
            log_odds=explanation.log_odds + sum(part.log_odds for part in parts),
        )

    def _told_apart(self, form: ComparisonForm, name: int, score: float) -> float:
        """Return the score of a pair with the parts that tell persons and brands apart."""
        if score == 0.0:
            return score
        if score == 1.0:
            # the kernel's log-odds are not in the score of an identical name
            return _score(self.explain(form, name).log_odds) if _has_parts_apart(form) else score
        log_odds = math.log(score / (1.0 - score))
        parts = self._parts_apart(form, name, log_odds)
        return _score(log_odds + sum([part.log_odds for part in parts])) if parts else score

    def _parts_apart(self, form: ComparisonForm, name: int, log_odds: float) -> tuple[Part, ...]:
        """Return the parts to add to the log-odds of two names, see `people` and `brand`.

        They are kept with the question, because its hits are explained next; what initials add
        depends on the log-odds.
        """
        asked, entity_type = self._ask(form), ENTITY_TYPES[self._types[name]]
        brands = asked.as_brand()
        if entity_type != "person" and not asked.told_apart:
            return _read_again(form, log_odds)
        parts = asked.parts.get(name)
        if parts is None or form.initials:
            listed = self._forms[name]
            parts = compare(form, listed, entity_type, log_odds)
            parts = parts or compare_brands(brands, listed, entity_type)
            parts = parts or compare_alone(brands, listed, entity_type)
            apart = sum([part.log_odds for part in parts])
            parts += _read_again(form, log_odds + apart)
            asked.parts[name] = parts
        return parts

    def _ask(self, form: ComparisonForm) -> "_Asked":
        """Lay out a question; recent ones are kept, because their hits are explained next."""
        known = self._recent.get(id(form))
        if known is not None and known.form is form:
            return known
        words = distinct_words(form)
        by_key, found = self._by_beginning, list[int]()
        for beginning in asked_beginnings(form, words, self.places):
            if by_key.may_have(beginning.key):
                found += by_key.begun(beginning)
        beside = attached_keys(words) + bare_keys(words)
        for key in framed_keys(words, self.places) + beside:
            if by_key.may_have(key):
                found += by_key.of(key)
        wholes = self._wholes_of(form.printed, found) if found else _NOTHING
        asked = _Asked(form, lay_out_question(form, words), wholes)
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent[id(form)] = asked
        return asked

    def _wholes_of(self, printed: str, found: Sequence[int]) -> dict[int, None]:
        """Return the names that were found, but for those that are printed the same."""
        return {name: None for name in found if self._forms[name].printed != printed}

    def _take_seat(self) -> Seat:
        """Take a seat that no other thread uses; the caller returns it to `_seats` after use."""
        try:
            return self._seats.pop()
        except IndexError:
            return take_seat(self.index)


def _has_parts_apart(form: ComparisonForm) -> bool:
    """Return whether a question has parts of its own even beside an identical name."""
    return bool(form.initials or form.reading)


def _read_again(form: ComparisonForm, log_odds: float) -> tuple[Part, ...]:
    """Return the part for a question that was read in another way than it is written.

    `log_odds` are those of its words.
    """
    if form.reading is None:
        return ()
    read = min(form.reading.log_odds, form.reading.most - log_odds)
    name = "read_again" if form.reading.most == math.inf else "part_of_field"
    return (Part(name=name, value=1.0, log_odds=read),) if read else ()


def _score(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


# Questions that are worked on at once, more or less; each is laid out in some kilobytes.
_RECENT = 64
_NOTHING: Mapping[int, None] = {}
# The numbers of the types of entity that are neither persons nor ships nor aircraft.
_FIRMS = frozenset(map(ENTITY_TYPES.index, (None, "organisation")))
_ORGANISATION = ENTITY_TYPES.index("organisation")


class _Asked(msgspec.Struct):
    """A question as arrays, and the names that it may be as a whole, see `meet_whole`.

    `parts` are those of the names that were compared, see `NameIndex._parts_apart`.
    """

    form: ComparisonForm
    arrays: QuestionArrays
    wholes: Mapping[int, None]
    parts: dict[int, tuple[Part, ...]] = {}
    brands: BrandQuestion | None = None
    told_apart: bool = False

    def as_brand(self) -> BrandQuestion:
        """Return what is compared with brands, and see to it that `told_apart` is known.

        That is whether the question may be told apart from a listing that is no person. Both are
        found out at the first hit; where it is False, no form of such a hit need be read.
        """
        if self.brands is None:
            self.brands = brand_question(self.form)
            self.told_apart = (
                self.brands.has_another_trade()
                or self.brands.alone is not None
                or self.brands.is_short_firm
                or concerns_people(self.form)
            )
        return self.brands


# --- The score of two names alone.
#
# The score is symmetric for identical names (1.0). The same words in any order are at or over the
# threshold both ways, and the parts `whole_spelling` and `legal_form_conflict` are symmetric for
# any two names. The rest is not, because a search is not: the share of the question that was met
# counts and that of the listed name does not, so "Huawei Technologies" is found by "Huawei" more
# surely than the other way round; two words of the question may be a similar spelling of one
# listed word, but two listed words are met by the same spelling only; and the kind and entity type
# of the listed name count.


def score_forms(
    queries: Sequence[ComparisonForm],
    candidates: Sequence[ComparisonForm],
    entity_type: EntityType | None = None,
) -> float:
    """Return the best score between any two forms of two printed names, see `normalise_all`.

    `entity_type` is that of the candidate.
    """
    index = NameIndex.build(
        [IndexedName(0, 0, "primary", form, entity_type) for form in candidates]
    )
    return max(index.score(form, name) for form in queries for name in range(len(candidates)))


def score(query: ComparisonForm, candidate: ComparisonForm, kind: NameKind = "primary") -> float:
    """Return the score in [0, 1] that an index with `candidate` gives it; 0 without words."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind=kind, form=candidate),))
    return alone.score(query, 0)


# --- Compilation before the first question.


@cache
def warm() -> None:
    """Make what questions need before the first one: the compiled kernel, and tables.

    Compiling takes 25 to 40 seconds of CPU, once a machine; loading half a second, once a process.
    Later calls do nothing.
    """
    _ = slips()
    # two words, the last of which may be beside a name: that reads the phrases of addresses
    words = Word("abeyance", "Abeyance", 1.0, "a"), Word("office", "Office", 0.5, "o")
    form = ComparisonForm("Abeyance Office", words, (), ("abeyance", "office"))
    index = NameIndex.build((IndexedName(0, 0, "primary", form),))
    for match in index.matches(form, lists=None, threshold=0.5):
        index.explain(form, match.name)
        index.score(form, match.name)
    packer = QuestionPacker()
    packer.add(form, 0.5, index.laid_out(form))
    index.met_by([packer.packed()])
    note_compiled()


# --- Meetings: which words of a question met which words of a listed name.

# The columns of `Bench.meetings`: words `QUERY_FROM` up to, but not including, `QUERY_TO` of the
# question met words `LISTED_FROM` up to `LISTED_TO` of the name. `FACTOR` is the product of both
# sides' factors, `CREDIT` the credit of the meeting, and `MET` the weight that was met.
QUERY_FROM, QUERY_TO, LISTED_FROM, LISTED_TO, FACTOR, CREDIT, MET = range(7)


@compiled
def list_meetings(searcher: Searcher, question: QuestionArrays, name: int) -> tuple[float, int]:
    """Return the log-odds of one name and the number of meetings.

    Fill `values`, `parts` and `meetings` of the searcher's bench. There is one meeting for each
    word of the question, the one that met most of it; words that met as one share a meeting.
    """
    return _list_all(searcher.index, searcher.space, question, name)


@inner
def _list_all(
    index: Index, space: Space, question: QuestionArrays, name: int
) -> tuple[float, int]:
    log_odds = log_odds_alone(index, space, question, name)
    bench, count = space.scoring, none_yet()
    fill_parts(bench.values, index.scoring.tables, bench.parts)
    last_edge, last_entry = -1, -1
    for place in range(len(question.weights)):
        if bench.aligned.query_met[place] > 0.0:
            edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
            unit = space.finding.edges.edges.units[edge]
            if question.units[unit, SPAN] == 1 or edge != last_edge or entry != last_entry:
                last_edge, last_entry = edge, entry
                _note_meeting(index, question, space, place, count)
                count += 1
    return log_odds, count


@inner
def _note_meeting(
    index: Index, question: QuestionArrays, space: Space, place: int, row: int
) -> None:
    bench, edges, names = space.scoring, space.finding.edges.edges, index.scoring.names
    edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
    unit = edges.units[edge]
    first, span = question.units[unit, PLACE], question.units[unit, SPAN]
    met = 0.0
    for each in range(first, first + span):
        if span == 1 or bench.aligned.query_edge[each] == edge:
            met += bench.aligned.query_met[each]
    meetings = bench.meetings
    meetings[row, QUERY_FROM], meetings[row, QUERY_TO] = first, first + span
    meetings[row, LISTED_FROM] = names.places[entry]
    meetings[row, LISTED_TO] = names.places[entry] + names.spans[entry]
    meetings[row, FACTOR] = names.factors[entry] * question.factors[unit]
    meetings[row, CREDIT] = names.factors[entry] * edges.credits[edge]
    meetings[row, MET] = met


# Two printed forms of one canonical word are an abbreviation where the shorter has at most this
# share of the longer's letters, all in its order (COMM in Communication), and a spelling where
# their similarity is at least `_SPELLING`; else they are synonyms. A word in another script whose
# sound is less alike than `_ALIKE` is a translation. The label is for the reader
# only: all three score alike.
_ABBREVIATION = 0.6
_SPELLING, _ALIKE = 0.6, 0.5
# The hits of a question share most of the words that met.
_REMEMBERED = 4096


def _explain_pair(
    seat: Seat, asked: _Asked, name: int, listed: ComparisonForm, whole: WholeMeeting | None
) -> Explanation:
    """Explain the score of the name at a position, whose form is `listed`.

    The worths of the word pairs add up to the part `matched_words`. There are two exceptions, with
    one pair of all words. Where one name is the other's acronym, that pair is worth the part
    `acronym` or `spelled_out`. Where both names have the same letters in other words, it is worth
    `matched_words` and `same_words` together. Parts that add nothing are left out.
    """
    log_odds, count = list_meetings(seat.searcher, asked.arrays, name)
    bench = seat.space.scoring
    values, added = reals_of(bench.values), reals_of(bench.parts)
    words = distinct_words(asked.form), distinct_words(listed)
    query_words = _compared(words[0], bench.aligned.query_best, bench.aligned.query_met)
    listed_words = _compared(words[1], bench.aligned.listed_best, bench.aligned.listed_met)
    pair = _pair_of_all(asked.form, listed, words, added)
    rows = rows_of(bench.meetings, count)
    parts = [Part(name="base", value=0.0, log_odds=seat.base), *_parts(values, added)]
    whole = None if values[TYPE_CONFLICT] else whole
    if whole is not None:
        lifted = lift(log_odds, whole.reached)
        parts.append(Part(name=whole.part, value=whole.value, log_odds=lifted))
        log_odds += lifted
    return Explanation(
        exact=values[IDENTICAL] > values[WEAK_ALIAS],
        pairs=tuple(_pairs(rows, words, added[MATCHED])) if pair is None else (pair,),
        query_left_over=_unmet(query_words) if pair is None else (),
        listed_left_over=_unmet(listed_words) if pair is None else (),
        query_words=query_words,
        listed_words=listed_words,
        parts=tuple(parts),
        log_odds=log_odds,
        manner=_manner_of(asked.form, whole),
    )


def _pair_of_all(
    asked: ComparisonForm,
    listed: ComparisonForm,
    words: tuple[Sequence[Word], Sequence[Word]],
    added: Sequence[float],
) -> WordPair | None:
    """Return the pair of all words where names meet as initials or by their letters, or None."""
    initials = added[ACRONYM] + added[SPELLED_OUT]
    if initials > 0.0:
        return _pair_whole(*words, "acronym", initials)
    if added[SAME_WORDS] > 0.0 and not _have_same_words(asked, listed):
        return _pair_whole(*words, "joined", added[MATCHED] + added[SAME_WORDS])
    return None


def _manner_of(asked: ComparisonForm, whole: WholeMeeting | None) -> str | None:
    manners = [each.manner for each in (asked.reading, whole) if each is not None]
    return ", ".join(manners) or None


def _have_same_words(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    ours, theirs = asked.spelled, listed.spelled
    return ours == theirs or sorted(ours) == sorted(theirs)


def _compared(words: Sequence[Word], best: Reals, met: Reals) -> tuple[ComparedWord, ...]:
    """Return words with the credit and the weight that met each of them."""
    earned = zip(reals_of(best[: len(words)]), reals_of(met[: len(words)]), strict=True)
    return tuple(
        [
            ComparedWord(
                word=word.printed,
                read_as=word.text,
                weight=word.weight,
                is_trade_word=word.is_trade_word,
                credit=credit,
                met=weight,
            )
            for word, (credit, weight) in zip(words, earned, strict=True)
        ]
    )


def _unmet(words: Sequence[ComparedWord]) -> tuple[str, ...]:
    return tuple([each.word for each in words if each.credit == 0.0])


def _parts(values: Sequence[float], added: Sequence[float]) -> list[Part]:
    return [
        Part(name=name, value=value, log_odds=log_odds)
        for name, value, log_odds in zip(PARTS, values, added, strict=True)
        if log_odds
    ]


def _pairs(
    rows: Sequence[Sequence[float]],
    words: tuple[Sequence[Word], Sequence[Word]],
    worth: float,
) -> list[WordPair]:
    every = sum([row[MET] for row in rows])
    return [_pair(row, words, worth / every) for row in rows]


def _pair(
    row: Sequence[float], words: tuple[Sequence[Word], Sequence[Word]], worth: float
) -> WordPair:
    """Return a row of `meetings` as a pair of words; `worth` is that of 1.0 of met weight."""
    query = words[0][int(row[QUERY_FROM]) : int(row[QUERY_TO])]
    listed = words[1][int(row[LISTED_FROM]) : int(row[LISTED_TO])]
    return WordPair(
        query=" ".join([word.printed for word in query]),
        listed=" ".join([word.printed for word in listed]),
        by=_met_by(query, listed, row[FACTOR]),
        similarity=row[CREDIT],
        worth=worth * row[MET],
    )


def _pair_whole(ours: Sequence[Word], theirs: Sequence[Word], by: MetBy, worth: float) -> WordPair:
    return WordPair(
        query=" ".join([word.printed for word in ours]),
        listed=" ".join([word.printed for word in theirs]),
        by=by,
        similarity=1.0,
        worth=worth,
    )


def _met_by(ours: Sequence[Word], theirs: Sequence[Word], factor: float) -> MetBy:
    if factor == INITIALS:
        return "acronym"
    if len(ours) > 1 or len(theirs) > 1:
        return "joined"
    # most words that met are the same, and names share their words
    return "same" if ours[0] == theirs[0] else _met_alone(ours[0], theirs[0], factor)


_PAIRS: tuple[tuple[Pairs, MetBy], ...] = ((PARTNERS, "synonym"), (GIVEN_NAMES, "given_name"))


@lru_cache(_REMEMBERED)
def _met_alone(query: Word, listed: Word, factor: float) -> MetBy:
    for pairs, by in _PAIRS:
        if listed.text in {partner.text for partner in pairs.get(query.text, ())}:
            return by
    one, other = _letters(query.printed), _letters(listed.printed)
    if one == other:
        return "same"
    if one.isascii() != other.isascii():
        foreign, latin = (query, listed) if other.isascii() else (listed, query)
        return "transliteration" if _sounds_like(foreign, latin) else "translation"
    # a reading with a letter for a digit is another spelling (R0SNEFT)
    if factor < 1.0 and one.isalpha() == other.isalpha():
        return "transliteration"
    return _met_in_latin(one, other) if query.text == listed.text else "spelling"


def _sounds_like(foreign: Word, latin: Word) -> bool:
    """Return whether a word in another script sounds like a Latin one; else it means that one."""
    sounds, written = sounds_of(foreign.printed), fold(_letters(latin.printed))
    return any(OSA.normalized_similarity(sound, written) >= _ALIKE for sound in sounds)


def _met_in_latin(query: str, listed: str) -> MetBy:
    shorter, longer = sorted((query, listed), key=len)
    letters = iter(longer)
    if len(shorter) <= _ABBREVIATION * len(longer) and all(each in letters for each in shorter):
        return "abbreviation"
    alike = OSA.normalized_similarity(query, listed) >= _SPELLING
    return "spelling" if alike else "synonym"


def _letters(printed: str) -> str:
    return "".join(filter(str.isalnum, printed.casefold()))
