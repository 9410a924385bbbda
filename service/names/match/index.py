"""The index of all listed names, and the search over it."""

import math
from collections.abc import Sequence
from functools import cache
from typing import cast

import numpy as np

from service.days import Rest, no_rest, paced
from service.lists.listing import NameKind
from service.names.match.explain import explain_pair
from service.names.match.kernel import (
    Ints,
    Positions,
    float_list,
    floats_of,
    int_list,
    ints,
    ints_of,
    note_compiled,
)
from service.names.match.layout import Traits, lay_out, pack_rows
from service.names.match.question import QuestionArrays, lay_out_question
from service.names.match.score import TABLES, Scoring, Tables, score_of
from service.names.match.search import Finding, Index, Seat, pair_log_odds, search, take_seat
from service.names.matching import (
    ComparisonForm,
    Explanation,
    IndexedName,
    Match,
    SearchResult,
    Word,
)


class NameIndex:
    """All listed names in memory; immutable, built whole, swapped whole.

    Searches may run in several threads at once: the work is done without the interpreter's lock.
    """

    def __init__(
        self,
        names: Sequence[IndexedName],
        before: "NameIndex | None" = None,
        rest: Rest = no_rest,
        tables: Tables = TABLES,
    ) -> None:
        """Build an index as `build` does, but with score tables of the caller's choice."""
        self.table = lay_out(names, None if before is None else before.table, rest)
        columns, self.places, self._forms = self.table
        self._listings = [name.listing for name in paced(names, rest)]
        lists = ints([name.list_no for name in paced(names, rest)], rest)
        keys, keyed = _sort_keys(columns.traits)
        finding = Finding(columns.vocabulary, columns.postings, keys, keyed, lists)
        rows = pack_rows(columns.names, columns.traits)
        self.index = Index(finding, Scoring(columns.names, columns.traits, rows, tables))
        self._list_count = max(int_list(lists), default=-1) + 1
        self._seats: list[Seat] = []
        self._last: tuple[ComparisonForm, QuestionArrays] | None = None
        rest()

    @classmethod
    def build(
        cls,
        names: Sequence[IndexedName],
        before: "NameIndex | None" = None,
        rest: Rest = no_rest,
    ) -> "NameIndex":
        """Build an index of `names`, which answers with their positions.

        A name without words is never found.
        Names whose forms are the same objects that `before` was built from are not laid out again.
        `rest` is called at short intervals, so that other work can run in between.
        """
        return cls(names, before, rest)

    def __len__(self) -> int:
        """Return the number of names in the index."""
        return len(self._forms)

    def has_word(self, text: str) -> bool:
        """Return whether a listed name has this word, as a canonical word or another reading."""
        return text in self.places

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
        count = search(seat.searcher, self._ask(form), allowed, _log_odds(threshold))
        names = int_list(ints_of(seat.space.finding.found)[:count])
        scores = float_list(floats_of(seat.space.finding.scores)[:count])
        self._seats.append(seat)
        ranked = sorted((-score, name) for score, name in zip(scores, names, strict=True))
        return [
            Match(name=name, listing=self._listings[name], score=-score)
            for score, name in ranked
            if -score >= threshold
        ]

    def score(self, form: ComparisonForm, name: int) -> float:
        """Return the score of the name at a position, in [0, 1]; 0 where either has no words."""
        if not form.words or not self._forms[name].words:
            return 0.0
        seat = self._take_seat()
        total = pair_log_odds(seat.searcher, self._ask(form), name)
        score = score_of(total, seat.space.scoring.values)
        self._seats.append(seat)
        return score

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """Explain how the score of the name at a position comes about, part by part."""
        seat = self._take_seat()
        explanation = explain_pair(seat, self._ask(form), name, (form, self._forms[name]))
        self._seats.append(seat)
        return explanation

    def _ask(self, form: ComparisonForm) -> QuestionArrays:
        """Lay out a question; the last one is kept, because its hits are explained next."""
        last = self._last
        if last is not None and last[0] is form:
            return last[1]
        question = lay_out_question(form, self.places)
        self._last = form, question
        return question

    def _take_seat(self) -> Seat:
        """Take a seat that no other thread uses; the caller returns it to `_seats` after use."""
        try:
            return self._seats.pop()
        except IndexError:
            return take_seat(self.index)


def _log_odds(threshold: float) -> float:
    """Return the log-odds of a threshold, less a margin for rounding."""
    if threshold >= 1.0:
        return math.inf
    return math.log(threshold / (1.0 - threshold)) - _SLACK if threshold > 0.0 else -math.inf


# A margin for rounding: the search may find too much, and scores are compared once more.
_SLACK = 1e-9


def _sort_keys(traits: Traits) -> tuple[Ints, Positions]:
    """Return the keys of all names, ascending, and the name of each key.

    A name has keys of its identity, its words in any order, its letters, the spellings of its
    acronym and, if it has a single word, of that word.
    """
    names = np.arange(len(traits.weak))
    acronyms = cast("Ints", traits.acronym_keys)
    spelled, spelling = np.nonzero(acronyms)
    same_words, identity = ints_of(traits.same_words), ints_of(traits.identity)
    single, letters = ints_of(traits.word_keys), ints_of(traits.same_letters)
    keys = np.concatenate([identity, same_words, letters, single, acronyms[spelled, spelling]])
    named = np.concatenate([names, names, names, names, spelled]).astype(np.int32)
    order = np.argsort(keys, kind="stable")
    ordered, named = keys[order], named[order]
    kept = np.flatnonzero(ordered)
    return ordered[kept], named[kept]


# --- The score of two names alone.
#
# The score is symmetric for identical names (1.0). The same words in any order are at or over the
# threshold both ways, and the parts `whole_spelling` and `legal_form_conflict` are symmetric for
# any two names. The rest is not, because a search is not: the share of the question that was met
# counts and that of the listed name does not, so "Huawei Technologies" is found by "Huawei" more
# surely than the other way round; two words of the question may be a similar spelling of one
# listed word, but two listed words are met by the same spelling only; and the kind and entity type
# of the listed name count.


def score_forms(queries: Sequence[ComparisonForm], candidates: Sequence[ComparisonForm]) -> float:
    """Return the best score between any two forms of two printed names, see `normalise_all`."""
    index = NameIndex.build([IndexedName(0, 0, "primary", form) for form in candidates])
    return max(index.score(form, name) for form in queries for name in range(len(candidates)))


def score(query: ComparisonForm, candidate: ComparisonForm, kind: NameKind = "primary") -> float:
    """Return the score in [0, 1] that an index with `candidate` gives it; 0 without words."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind=kind, form=candidate),))
    return alone.score(query, 0)


# --- Compilation before the first question.


@cache
def warm() -> None:
    """Compile the kernel, or load it from the cache, before the first question.

    Compiling takes some ten seconds, once a machine; loading half a second, once a process. Later
    calls do nothing.
    """
    word = Word("abeyance", "Abeyance", 1.0, "a")
    form = ComparisonForm("Abeyance", (word,), (), ("abeyance",))
    index = NameIndex.build((IndexedName(0, 0, "primary", form),))
    for match in index.matches(form, lists=None, threshold=0.5):
        index.explain(form, match.name)
        index.score(form, match.name)
    note_compiled()


# --- The lowest score of a match, unless the caller gives another.

# Over all names that come with the program (102,012), this alerts on 0.89 % of 6,042 ordinary
# companies of 45 countries, a quarter of which are listed by that very name; on a shorter list it
# alerts on fewer. 0.58 would alert on some 0.99 %, 0.65 on 0.74 % (`abeyance bench quality` prints
# such rates).
DEFAULT_THRESHOLD = 0.6
