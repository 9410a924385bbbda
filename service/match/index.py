"""The index of all listed names, and the search over it."""

from collections.abc import Sequence

import numpy as np

from service.match.arrays import Flags, Floats, Ints, Positions, equal, float_list, int_list, ints
from service.match.columns import Columns
from service.match.evidence import weigh_evidence
from service.match.explain import explain_match
from service.match.postings import Postings
from service.match.question import Question
from service.model.listing import NameKind
from service.model.matching import (
    ComparisonForm,
    Explanation,
    IndexedName,
    Match,
    SearchResult,
)
from service.model.pace import Rest, no_rest, paced

# Candidates are scored block by block, nearest first, until the further half of a block brings no
# match: an ordinary name costs one block, a name with hundreds of matches as many as it needs.
_BLOCK = 64
_MOST_BLOCKS = 32


class NameIndex:
    """All listed names in memory; immutable, built whole, swapped whole."""

    def __init__(self, names: Sequence[IndexedName], rest: Rest = no_rest) -> None:
        # Columns of what is known of each name: an index of objects would hold up everything for
        # some fifty milliseconds when it is let go.
        self._forms = [name.form for name in paced(names, rest)]
        kinds: list[NameKind] = [name.kind for name in paced(names, rest)]
        self._listings: Ints = ints([name.listing for name in paced(names, rest)], rest)
        self._lists: Ints = ints([name.list_no for name in paced(names, rest)], rest)
        self.columns = Columns(self._forms, kinds, rest)
        self._postings = Postings(self.columns, rest)
        self._keys, self._keyed = _sort_keys(self.columns)
        rest()

    @classmethod
    def build(cls, names: Sequence[IndexedName], rest: Rest = no_rest) -> "NameIndex":
        """Index `names` at their positions; one without words is never found.

        `rest` is called all along, for an index that is built beside other work.
        """
        return cls(names, rest)

    def __len__(self) -> int:
        """How many names are indexed."""
        return len(self._forms)

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
        """Every name at or over the threshold, best first; a listing may have several."""
        question = Question(form)
        if not question.words or not self._forms:
            return []
        allowed = None if lists is None else np.isin(self._lists, list(lists))
        names, scores = self._score(question, allowed, threshold)
        order = np.lexsort((names, -scores))
        listings = int_list(self._listings[names[order]])
        ranked = zip(int_list(names[order]), listings, float_list(scores[order]), strict=True)
        return [Match(name=name, listing=listing, score=score) for name, listing, score in ranked]

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """How the score of the name at that position comes about, word by word."""
        names = np.array([name], dtype=np.int64)
        question = Question(form)
        evidence = weigh_evidence(question, self.columns, names)
        return explain_match(form, self._forms[name], evidence)

    def find_candidates(self, question: Question, allowed: Flags | None) -> tuple[Ints, int]:
        """Names worth scoring, and how many of them, at the start, must be scored.

        Those are found by their keys; the others by their letters, nearest first. `allowed` marks
        the names that may be found; None means all.
        """
        sure = self._keyed_names(question, allowed)
        near = self._postings.find(question, allowed, _BLOCK * _MOST_BLOCKS)
        if len(sure) == 0:
            return near, 0
        return np.concatenate([sure, near[~np.isin(near, sure)]]), len(sure)

    def _score(
        self, question: Question, allowed: Flags | None, threshold: float
    ) -> tuple[Ints, Floats]:
        """The names at or over the threshold with their scores, in no order."""
        candidates, sure = self.find_candidates(question, allowed)
        found: list[Ints] = [candidates[:0]]
        scores: list[Floats] = [np.zeros(0)]
        start, end = 0, sure + _BLOCK
        while start < len(candidates):
            block = candidates[start:end]
            scored = weigh_evidence(question, self.columns, block).scores
            over = scored >= threshold
            found.append(block[over])
            scores.append(scored[over])
            if not over[-_BLOCK // 2 :].any():
                break
            start, end = end, end + _BLOCK
        return np.concatenate(found), np.concatenate(scores)

    def _keyed_names(self, question: Question, allowed: Flags | None) -> Ints:
        """The names with the same words or the acronym, whatever letters they share."""
        runs: list[Positions] = []
        for key in question.lasting_keys():
            start = int(np.searchsorted(self._keys, key, side="left"))
            end = int(np.searchsorted(self._keys, key, side="right"))
            runs.append(self._keyed[start:end])
        names = np.unique(np.concatenate(runs)).astype(np.int64)
        return names if allowed is None else names[allowed[names]]


def _sort_keys(columns: Columns) -> tuple[Ints, Positions]:
    """The keys by which a name is found without its grams, ascending, with the name of each.

    They are identity, same words, the acronym's spellings, and of a name of one word the word.
    """
    names = np.arange(len(columns.counts))
    single = np.flatnonzero(equal(columns.counts, 1))
    spelled, spelling = np.nonzero(columns.acronym_keys)
    keys = np.concatenate(
        [
            columns.identity,
            columns.same_words,
            columns.acronym_keys[spelled, spelling],
            columns.word_keys[columns.flat[columns.starts[single]]],
        ]
    )
    named = np.concatenate([names, names, spelled, single]).astype(np.int32)
    order = np.argsort(keys, kind="stable")
    return keys[order], named[order]
