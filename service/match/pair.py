"""The score of two names alone.

It is the same both ways (1.0) for identical names, at or over the threshold both ways for the
same words in any order, and two of its parts are the same both ways for any two names: the
spelling as a whole, and the conflict of legal forms. The rest is not, because a search is not:
the share of the question that was met counts, that of the listed name does not, so that "Huawei"
is found by "Huawei Technologies" more surely than the other way round; two words of the question
may be another spelling of one listed word, two words of a listed name stand for the same spelling
only; and the kind and type of the listed name count.
"""

from collections.abc import Sequence

from service.match.index import NameIndex
from service.model.listing import NameKind
from service.model.matching import ComparisonForm, IndexedName


def score_forms(queries: Sequence[ComparisonForm], candidates: Sequence[ComparisonForm]) -> float:
    """The best score of two printed names that have several forms each, see `normalise_all`."""
    index = NameIndex.build([IndexedName(0, 0, "primary", form) for form in candidates])
    return max(index.score(form, name) for form in queries for name in range(len(candidates)))


def score(query: ComparisonForm, candidate: ComparisonForm, kind: NameKind = "primary") -> float:
    """The score in [0, 1] that an index holding `candidate` would give it; 0 without words."""
    alone = NameIndex.build((IndexedName(listing=0, list_no=0, kind=kind, form=candidate),))
    return alone.score(query, 0)
