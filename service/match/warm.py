"""Has the compiled parts of matching ready before the first question."""

from functools import cache

from service.match.compiled import note_compiled
from service.match.index import NameIndex
from service.model.matching import ComparisonForm, IndexedName, Word


@cache
def warm() -> None:
    """Compile what is not yet compiled on this machine: some ten seconds once, then half of one.

    Once a process; later calls do nothing.
    """
    word = Word("abeyance", "Abeyance", 1.0, "a")
    form = ComparisonForm("Abeyance", (word,), (), ("abeyance",), "abeyance")
    index = NameIndex.build((IndexedName(0, 0, "primary", form),))
    for match in index.matches(form, lists=None, threshold=0.5):
        index.explain(form, match.name)
        index.score(form, match.name)
    note_compiled()
