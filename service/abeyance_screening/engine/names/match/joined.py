"""Two indexes of names as one: a large one, and one of the listings that changed since.

A score depends on the question and the name alone, so each of both finds what is its own, and
names that are replaced are left out. Positions are those that one index of all names would have.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.heard import HeardName, best_of
from abeyance_screening.engine.names.match.index import NameIndex
from abeyance_screening.engine.names.match.kernel import Ints, Positions
from abeyance_screening.engine.names.match.layout import QuestionArrays
from abeyance_screening.engine.names.match_types import Explanation, Match


class Merged(NamedTuple):
    """How the rows of a base and those added stand in one order.

    `sources` are the rows in that order, those added counted on after those of the base. `places`
    is the place of each row in that order, -1 for one that is replaced.
    """

    sources: Positions
    places: Positions

    @classmethod
    def of(cls, sources: Ints | Positions, count: int) -> "Merged":
        """Return the order of these sources, of so many rows in all."""
        places = np.full(count, -1, dtype=np.int32)
        places[sources] = np.arange(len(sources), dtype=np.int32)
        return cls(sources.astype(np.int32), places)


class JoinedNames:
    """The names of a base and of an addition, which answer like one index of them; immutable."""

    def __init__(
        self,
        parts: tuple[NameIndex, NameIndex],
        rows: Merged,
        listings: Merged,
        base_listings: int,
        lists: Sequence[int],
    ) -> None:
        """Join a base, which has so many listings, and an addition.

        The lists of the addition have the numbers `lists` in both together.
        """
        self.parts = parts
        self._sources, self._places = memoryview(rows.sources), memoryview(rows.places)
        self._listings = memoryview(listings.places)
        self._begins = (0, 0), (len(parts[0]), base_listings)
        self._lists = {number: place for place, number in enumerate(lists)}

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self._sources)

    def has_word(self, text: str) -> bool:
        """Return whether a name has this word, as a canonical word or another reading."""
        return any(part.has_word(text) for part in self.parts)

    def heard(self, written: str) -> list[HeardName]:
        """Return the names that a name in another script sounds like; see `NameIndex.heard`."""
        return best_of({name for part in self.parts for name in part.heard(written)})

    def has_alone(self, text: str) -> bool:
        """Return whether a name has this canonical word and no other."""
        return any(part.has_alone(text) for part in self.parts)

    def has_letters(self, printed: str) -> bool:
        """Return whether a name is printed with the same letters, five or more."""
        return any(part.has_letters(printed) for part in self.parts)

    def begun(self, form: ComparisonForm) -> list[int]:
        """Return the names of which a question has the first letters; see `NameIndex.begun`."""
        rows = ((number, row) for number in (0, 1) for row in self.parts[number].begun(form))
        return [place for each in rows if (place := self.place(*each)) >= 0]

    def place(self, part: int, row: int) -> int:
        """Return the position of the name in a row of a part, -1 where it is replaced."""
        return self._places[self._begins[part][0] + row]

    def form(self, name: int) -> ComparisonForm:
        """Return the comparison form of the name at a position."""
        part, row = self._source(name)
        return part.form(row)

    def matches(
        self, form: ComparisonForm, *, lists: frozenset[int] | None, threshold: float
    ) -> list[Match]:
        """Return every name at or over the threshold, best first; see `NameIndex.matches`."""
        of_added = (
            None
            if lists is None
            else frozenset(place for number, place in self._lists.items() if number in lists)
        )
        found: list[Match] = []
        for number, some in enumerate((lists, of_added)):
            _, first = self._begins[number]
            for match in self.parts[number].matches(form, lists=some, threshold=threshold):
                name = self.place(number, match.name)
                if name >= 0:
                    listing = self._listings[first + match.listing]
                    found.append(Match(name=name, listing=listing, score=match.score))
        return sorted(found, key=lambda match: (-match.score, match.name))

    def laid_out(self, form: ComparisonForm) -> QuestionArrays:
        """Return the arrays of a question; see `NameIndex.laid_out`."""
        return self.parts[0].laid_out(form)

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """Explain how the score of the name at a position comes about, part by part."""
        part, row = self._source(name)
        return part.explain(form, row)

    def _source(self, name: int) -> tuple[NameIndex, int]:
        row, (first, _) = self._sources[name], self._begins[1]
        return (self.parts[0], row) if row < first else (self.parts[1], row - first)
