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
from service.names.match.question import QuestionArrays, ask
from service.names.match.score import TABLES, Scoring, Tables, score_of
from service.names.match.search import Finding, Index, Seat, search, take_seat, weigh_pair
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
        """As `build`, which scores by the tables that come with the program."""
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
        """Index `names` at their positions; one without words is never found.

        Names whose forms are the very objects that `before` was built from are not laid out
        again. `rest` is called all along, for an index that is built beside other work.
        """
        return cls(names, before, rest)

    def __len__(self) -> int:
        """How many names are indexed."""
        return len(self._forms)

    def has_word(self, text: str) -> bool:
        """Whether a listed name has this canonical word, or another reading of one."""
        return text in self.places

    def search(
        self,
        form: ComparisonForm,
        *,
        lists: frozenset[int] | None,
        threshold: float,
        limit: int,
    ) -> SearchResult:
        """Listings with a name at or over the threshold, best first.

        `lists` keeps to names of those lists; None means all.
        """
        matches: dict[int, Match] = {}
        for match in self.matches(form, lists=lists, threshold=threshold):
            matches.setdefault(match.listing, match)
        return SearchResult(matches=tuple(matches.values())[:limit], total=len(matches))

    def matches(
        self, form: ComparisonForm, *, lists: frozenset[int] | None, threshold: float
    ) -> list[Match]:
        """Every name at or over the threshold, best first; a listing may have several.

        They are exactly those that `score` says reach it, but for names that share no word with
        the form, none of which reaches 0.1.
        """
        if not form.words or not self._forms:
            return []
        allowed = np.zeros(0 if lists is None else self._list_count, dtype=np.bool_)
        if lists is not None:
            allowed[[each for each in lists if each < self._list_count]] = True
            if not allowed.any():
                return []
        seat = self._take_seat()
        count = search(seat.held, self._ask(form), allowed, _log_odds(threshold))
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
        """The score of the name at that position, found or not; 0 where either has no words."""
        if not form.words or not self._forms[name].words:
            return 0.0
        seat = self._take_seat()
        total = weigh_pair(seat.held, self._ask(form), name)
        score = score_of(total, seat.space.scoring.values)
        self._seats.append(seat)
        return score

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """How the score of the name at that position comes about, word by word."""
        seat = self._take_seat()
        explanation = explain_pair(seat, self._ask(form), name, (form, self._forms[name]))
        self._seats.append(seat)
        return explanation

    def _ask(self, form: ComparisonForm) -> QuestionArrays:
        """The question ready; that of the last one is kept for the explanation of its hits."""
        last = self._last
        if last is not None and last[0] is form:
            return last[1]
        asked = ask(form, self.places)
        self._last = form, asked
        return asked

    def _take_seat(self) -> Seat:
        """Room that no other thread uses; whoever takes it gives it back."""
        try:
            return self._seats.pop()
        except IndexError:
            return take_seat(self.index)


def _log_odds(threshold: float) -> float:
    """The least log-odds that can be of a score at or over a threshold."""
    if threshold >= 1.0:
        return math.inf
    return math.log(threshold / (1.0 - threshold)) - _SLACK if threshold > 0.0 else -math.inf


# What rounding may take is kept on the safe side; scores are compared once more.
_SLACK = 1e-9


def _sort_keys(traits: Traits) -> tuple[Ints, Positions]:
    """The keys by which a name is found without its words, ascending, with the name of each.

    They are identity, same words, same letters, the acronym's spellings, and of a name of one word
    the word.
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
# It is the same both ways (1.0) for identical names, at or over the threshold both ways for
# the same words in any order, and two of its parts are the same both ways for any two names:
# the spelling as a whole, and the conflict of legal forms. The rest is not, because a search
# is not: the share of the question that was met counts, that of the listed name does not, so
# that "Huawei" is found by "Huawei Technologies" more surely than the other way round; two
# words of the question may be another spelling of one listed word, two words of a listed name
# stand for the same spelling only; and the kind and type of the listed name count.


def score_forms(queries: Sequence[ComparisonForm], candidates: Sequence[ComparisonForm]) -> float:
    """The best score of two printed names that have several forms each, see `normalise_all`."""
    index = NameIndex.build([IndexedName(0, 0, "primary", form) for form in candidates])
    return max(index.score(form, name) for form in queries for name in range(len(candidates)))


def score(query: ComparisonForm, candidate: ComparisonForm, kind: NameKind = "primary") -> float:
    """The score in [0, 1] that an index holding `candidate` would give it; 0 without words."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind=kind, form=candidate),))
    return alone.score(query, 0)


# --- Has the compiled parts of matching ready before the first question.


@cache
def warm() -> None:
    """Compile what is not yet compiled on this machine: some ten seconds once, then half of one.

    Once a process; later calls do nothing.
    """
    word = Word("abeyance", "Abeyance", 1.0, "a")
    form = ComparisonForm("Abeyance", (word,), (), ("abeyance",))
    index = NameIndex.build((IndexedName(0, 0, "primary", form),))
    for match in index.matches(form, lists=None, threshold=0.5):
        index.explain(form, match.name)
        index.score(form, match.name)
    note_compiled()


# --- From which score on a name is a match, unless the caller says otherwise.

# Alerts on 0.89 % of 6,042 ordinary companies of 45 countries over all names that come with the
# program (102,012), a quarter of them being listed by that very name; on fewer of a shorter list.
# 0.58 would alert on some 0.99 %, 0.65 on 0.74 % (`abeyance bench quality` prints such rates).
DEFAULT_THRESHOLD = 0.6
