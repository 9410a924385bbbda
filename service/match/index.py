"""The index of all listed names, and the search over it."""

import math
from collections.abc import Sequence
from typing import cast

import numpy as np

from service.match.arrays import Ints, Positions, float_list, floats_of, int_list, ints, ints_of
from service.match.columns import Traits
from service.match.explain import explain_pair
from service.match.held import Finding, Index, Seat, take_seat
from service.match.layout import lay_out
from service.match.measure import Scoring
from service.match.question import Asked, ask
from service.match.rows import pack_rows
from service.match.score import score_of
from service.match.search import search, weigh_pair
from service.match.tables import TABLES, Tables
from service.model.matching import (
    ComparisonForm,
    Explanation,
    IndexedName,
    Match,
    SearchResult,
)
from service.model.pace import Rest, no_rest, paced


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
        self._last: tuple[ComparisonForm, Asked] | None = None
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

    def _ask(self, form: ComparisonForm) -> Asked:
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
