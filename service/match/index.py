"""The index of all listed names, and the search over it."""

from collections.abc import Sequence

import numpy as np

from service.match.arrays import Flags, Floats, Ints, Positions, float_list, int_list
from service.match.columns import Columns, identity_key, same_words_key
from service.match.evidence import weigh_evidence
from service.match.explain import explain_match
from service.match.postings import Postings
from service.match.question import Question
from service.model.matching import (
    ComparisonForm,
    Explanation,
    IndexedName,
    Match,
    SearchResult,
)

# Candidates are scored block by block, nearest first, until a block brings no match: an ordinary
# name costs one block, a name with hundreds of matches as many blocks as it needs.
_BLOCK = 64
_MOST_BLOCKS = 32


class NameIndex:
    """All listed names in memory; immutable, built whole, swapped whole."""

    def __init__(self, names: tuple[IndexedName, ...]) -> None:
        self._names = names
        self._columns = Columns([name.form for name in names], [name.kind for name in names])
        self._listings: Ints = np.array([name.listing for name in names], dtype=np.int64)
        self._lists: Ints = np.array([name.list_no for name in names], dtype=np.int64)
        self._postings = Postings(self._columns)
        self._keys, self._keyed = _sort_keys([name.form for name in names])

    @classmethod
    def build(cls, names: Sequence[IndexedName]) -> "NameIndex":
        """Index `names` at their positions; one without words is never found."""
        return cls(tuple(names))

    def __len__(self) -> int:
        """How many names are indexed."""
        return len(self._names)

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
        question = Question(form)
        if not question.words or not self._names:
            return SearchResult(matches=(), total=0)
        allowed = None if lists is None else np.isin(self._lists, list(lists))
        names, scores = self._score(form, question, allowed, threshold)
        return self._best_by_listing(names, scores, limit)

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """How the score of the name at that position comes about, word by word."""
        names = np.array([name], dtype=np.int64)
        question = Question(form)
        evidence = weigh_evidence(question, self._columns, names)
        return explain_match(form, self._names[name].form, evidence)

    def _score(
        self, form: ComparisonForm, question: Question, allowed: Flags | None, threshold: float
    ) -> tuple[Ints, Floats]:
        """The names at or over the threshold with their scores, in no order."""
        sure = self._keyed_names(form, allowed)
        near = self._postings.find(question, allowed, _BLOCK * _MOST_BLOCKS)
        candidates = np.concatenate([sure, near[~np.isin(near, sure)]])
        found: list[Ints] = []
        scores: list[Floats] = []
        for start in range(0, len(candidates), _BLOCK):
            block = candidates[start : start + _BLOCK]
            scored = weigh_evidence(question, self._columns, block).scores
            over = scored >= threshold
            found.append(block[over])
            scores.append(scored[over])
            if not over.any():
                break
        if not found:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        return np.concatenate(found), np.concatenate(scores)

    def _keyed_names(self, form: ComparisonForm, allowed: Flags | None) -> Ints:
        """The names that are the same, or have the same words, whatever their grams."""
        runs: list[Positions] = []
        for key in (identity_key(form), same_words_key(form)):
            start = int(np.searchsorted(self._keys, key, side="left"))
            end = int(np.searchsorted(self._keys, key, side="right"))
            runs.append(self._keyed[start:end])
        names = np.unique(np.concatenate(runs)).astype(np.int64)
        return names if allowed is None else names[allowed[names]]

    def _best_by_listing(self, names: Ints, scores: Floats, limit: int) -> SearchResult:
        matches: dict[int, Match] = {}
        order = np.lexsort((names, -scores))
        ranked = zip(int_list(names[order]), float_list(scores[order]), strict=True)
        for name, score in ranked:
            listing = self._names[name].listing
            if listing not in matches:
                matches[listing] = Match(name=name, listing=listing, score=score)
        return SearchResult(matches=tuple(matches.values())[:limit], total=len(matches))


def _sort_keys(forms: Sequence[ComparisonForm]) -> tuple[Ints, Positions]:
    """Identity and same-words keys in ascending order, with the name of each."""
    keys = np.array(
        [key(form) for key in (identity_key, same_words_key) for form in forms], dtype=np.int64
    )
    order = np.argsort(keys, kind="stable")
    return keys[order], (order % max(len(forms), 1)).astype(np.int32)
