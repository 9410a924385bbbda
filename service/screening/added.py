"""Listings that changed, laid out beside a large index of all the others.

An index of millions of names is some gigabytes, which take a minute to copy for a few thousand
changes. So these are laid out by themselves, and both together answer like an index of all: the
same listings and names at the same positions, with the same scores.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from service.arrays import AnyArray, Arrays, named_arrays, named_tuple
from service.days import Rest
from service.lists.edition import ListingVersion
from service.names.match.joined import JoinedNames, Merged
from service.names.match.layout import PickedRuns
from service.screening.columns import (
    ListingColumns,
    lay_out_listings,
    merged,
    read_columns,
    write_columns,
)
from service.screening.laid import NumberPrint
from service.screening.standing import Entry

type AnyColumns = ListingColumns | JoinedColumns
_PREFIX = "added."


class JoinedColumns:
    """The listings of a base, some of them replaced and others added, as `ListingColumns` are."""

    def __init__(
        self, base: ListingColumns, added: ListingColumns, listings: Merged, rows: Merged
    ) -> None:
        """Join both; `listings` and `rows` say in which order their listings and names are."""
        self.base, self.added, self.listings, self.rows = base, added, listings, rows
        codes = dict.fromkeys((*base.list_codes, *added.list_codes))
        self.list_codes = tuple(codes)
        self._base_count, self._base_rows = len(base.ids), len(base.names)
        self._sources, self._places = memoryview(listings.sources), memoryview(listings.places)
        self._row_sources, self._row_places = memoryview(rows.sources), memoryview(rows.places)
        self.names = JoinedNames(
            (base.names, added.names),
            rows,
            listings,
            self._base_count,
            [self.list_codes.index(code) for code in added.list_codes],
        )

    @classmethod
    def of(cls, base: ListingColumns, added: ListingColumns) -> "JoinedColumns":
        """Return a base with the listings that are added, or take the place of its own."""
        found = [base.place_of(added.id_at(position)) for position in range(len(added.ids))]
        places = np.array([place for place, _ in found], dtype=np.int64)
        known = np.array([place for place, is_known in found if is_known], dtype=np.int64)
        picked = merged(len(base.ids), places, known)
        starts = base.columns.form_starts, added.columns.form_starts
        rows = Merged.of(PickedRuns(*starts, picked).places, len(base.names) + len(added.names))
        return cls(base, added, Merged.of(picked, len(base.ids) + len(added.ids)), rows)

    @property
    def listing_count(self) -> int:
        """How many listings there are."""
        return len(self.listings.sources)

    @property
    def name_count(self) -> int:
        """How many names the listings have."""
        counts = self.base.columns.name_counts, self.added.columns.name_counts
        return int(np.concatenate(counts)[self.listings.sources].sum())

    def id_at(self, position: int) -> str:
        """Return the id of the listing at a position."""
        part, place = self._source(position)
        return part.id_at(place)

    def entry_at(self, position: int) -> Entry:
        """Return the entry at a position."""
        part, place = self._source(position)
        return part.entry_at(place)

    def position_of(self, listing_id: str) -> int | None:
        """Return the position of a listing, or None."""
        for first, part in ((self._base_count, self.added), (0, self.base)):
            place = part.position_of(listing_id)
            if place is not None:
                return self._places[first + place]
        return None

    def numbers_at(self, key: str) -> Iterator[tuple[int, NumberPrint]]:
        """Yield the numbers with a key, each with the position of its entry, in order."""
        found: list[tuple[int, NumberPrint]] = []
        for first, part in ((0, self.base), (self._base_count, self.added)):
            for place, number in part.numbers_at(key):
                found.append((self._places[first + place], number))
        yield from sorted((each for each in found if each[0] >= 0), key=lambda each: each[0])

    def rows_of(self, position: int) -> range:
        """Return the rows of a listing in the index of names."""
        part, place = self._source(position)
        rows = part.rows_of(place)
        first = rows.start + (self._base_rows if part is self.added else 0)
        begin = self._row_places[first] if rows else 0
        return range(begin, begin + len(rows))

    def reader_of_names(self) -> Callable[[int], tuple[int, int]]:
        """Return what tells the listing of a row, and which of its names the row is a form of."""
        sources, places = self._row_sources, self._places
        of_base, of_added = self.base.reader_of_names(), self.added.reader_of_names()

        def read(row: int) -> tuple[int, int]:
            source = sources[row]
            if source < self._base_rows:
                listing, name = of_base(source)
                return places[listing], name
            listing, name = of_added(source - self._base_rows)
            return places[self._base_count + listing], name

        return read

    def listed_in(self, codes: Iterable[str]) -> list[int]:
        """Return the positions of the listings of these lists, in order."""
        wanted = set(codes)
        found = [
            self._places[first + place]
            for first, part in ((0, self.base), (self._base_count, self.added))
            for place in part.listed_in(wanted)
        ]
        return sorted(place for place in found if place >= 0)

    def _source(self, position: int) -> tuple[ListingColumns, int]:
        place = self._sources[position]
        if place < self._base_count:
            return self.base, place
        return self.added, place - self._base_count


def lay_out_beside(
    current: AnyColumns, versions: Iterable[ListingVersion], rest: Rest
) -> JoinedColumns:
    """Lay out listings with some of their versions replaced beside the base of an index.

    See `lay_out_listings`, whose result would answer the same.
    """
    is_whole = isinstance(current, ListingColumns)
    base, before = (current, None) if is_whole else (current.base, current.added)

    def entry_of(listing_id: str) -> Entry | None:
        position = current.position_of(listing_id)
        return None if position is None else current.entry_at(position)

    return JoinedColumns.of(base, lay_out_listings(versions, before, rest, entry_of=entry_of))


# --- The arrays of what is beside an index by name, as a file has them.


def write_added(columns: JoinedColumns) -> dict[str, AnyArray]:
    """Return what is beside a base as arrays by name."""
    arrays = {f"{_PREFIX}{name}": each for name, each in write_columns(columns.added).items()}
    return arrays | named_arrays("listings", columns.listings) | named_arrays("rows", columns.rows)


def read_any(arrays: Arrays) -> AnyColumns:
    """Return the index in these arrays, with what is beside it if that is there too."""
    base = read_columns(arrays)
    return read_added(base, arrays) if "rows.sources" in arrays else base


def read_added(base: ListingColumns, arrays: Arrays) -> JoinedColumns:
    """Return a base joined with what `write_added` wrote."""
    added = {
        name.removeprefix(_PREFIX): each
        for name, each in arrays.items()
        if name.startswith(_PREFIX)
    }
    listings, rows = (named_tuple(Merged, arrays, name) for name in ("listings", "rows"))
    return JoinedColumns(base, read_columns(added), listings, rows)
