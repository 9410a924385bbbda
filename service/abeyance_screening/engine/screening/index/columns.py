"""Listings as columns: what an index consists of, laid out once and read from memory or a file.

No object is held for a listing or a name. Each listing is a record of bytes, decoded when it is
hit; the rest are arrays.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Literal, NamedTuple, overload, override

import msgspec
import numpy as np
from numpy.typing import NDArray

from abeyance_screening.engine.lists.edition import ListingVersion
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.joined import JoinedNames, Merged
from abeyance_screening.engine.names.match.kernel import int_list
from abeyance_screening.engine.names.match.layout import (
    ENTITY_TYPES,
    FormRows,
    Holders,
    NameTable,
    PickedRuns,
    lay_out_rows,
)
from abeyance_screening.engine.names.match.lookup import arrays_of, table_of
from abeyance_screening.engine.names.match.spelling import Vocabulary
from abeyance_screening.engine.screening.applicable_versions import (
    Entry,
    VersionsBySource,
    replaced,
)
from abeyance_screening.engine.screening.index.index_rows import (
    Group,
    IndexedEntry,
    NumberPrint,
    lay_out_entries,
)
from abeyance_screening.primitives.arrays import (
    IN_MEMORY,
    AnyArray,
    Arrays,
    Records,
    RecordWriter,
    ScratchSpace,
    key_of_text,
    named_arrays,
    named_tuple,
    read_texts,
    write_texts,
)
from abeyance_screening.primitives.days import Rest, no_rest, paced

type Ints = NDArray[np.int64]
type Smalls = NDArray[np.int32]
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")

# Entries between two times that forms are laid out.
_AT_ONCE = 1000
_encoder = msgspec.msgpack.Encoder(order="deterministic")
_read_entry = msgspec.msgpack.Decoder(Entry).decode
_read_form = msgspec.msgpack.Decoder(ComparisonForm).decode


_read_number = msgspec.msgpack.Decoder(NumberPrint).decode


class FormRecords(Sequence[ComparisonForm]):
    """The comparison forms of all names, each decoded when it is asked for."""

    # A question meets few names, and many questions meet the same ones.
    _MOST_KEPT = 4096

    def __init__(self, records: Records) -> None:
        self.records = records
        self._count = len(records)
        self._kept: dict[int, ComparisonForm] = {}

    @override
    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> ComparisonForm: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ComparisonForm]: ...
    @override
    def __getitem__(self, place: int | slice) -> ComparisonForm | Sequence[ComparisonForm]:
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        known = self._kept.get(place)
        if known is None:
            if len(self._kept) >= self._MOST_KEPT:
                self._kept.clear()
            known = self._kept[place] = _read_form(self.records[place])
        return known


class EntryColumns(NamedTuple):
    """The entries of an index as arrays, in order of listing id.

    `lists` are the places of their lists among the codes of `ListingColumns`. The rows of entry
    `e` in the index of names are those from `form_starts[e]` up to `form_starts[e + 1]`;
    `form_names` says which of the entry's names each is a form of. Its numbers are those from
    `number_starts[e]` on.
    """

    lists: Smalls
    types: NDArray[np.uint8]
    name_counts: Smalls
    form_starts: Ints
    form_names: Smalls
    weak: NDArray[np.bool_]
    number_starts: Ints
    number_keys: Ints


class NumberLookup(NamedTuple):
    """The keys of all numbers, ascending, and of each its place and that of its entry."""

    keys: Ints
    places: Smalls
    entries: Smalls


class ListingColumns(NamedTuple):
    """All that an index of listings consists of."""

    columns: EntryColumns
    list_codes: tuple[str, ...]
    ids: Records
    entries: Records
    forms: Records
    numbers: Records
    by_number: NumberLookup
    names: NameIndex

    @property
    def listing_count(self) -> int:
        """How many listings there are."""
        return len(self.ids)

    @property
    def name_count(self) -> int:
        """How many names the listings have."""
        return int(self.columns.name_counts.sum())

    def id_at(self, position: int) -> str:
        """Return the id of the listing at a position."""
        return str(self.ids[position], "utf-8")

    def entry_at(self, position: int) -> Entry:
        """Return the entry at a position."""
        return _read_entry(self.entries[position])

    def position_of(self, listing_id: str) -> int | None:
        """Return the position of a listing, or None."""
        place, is_there = self.place_of(listing_id)
        return place if is_there else None

    def place_of(self, listing_id: str) -> tuple[int, bool]:
        """Return how many listings have a lower id, and whether the next one has this id."""
        place = bisect_left(range(len(self.ids)), listing_id, key=self.id_at)
        return place, place < len(self.ids) and self.id_at(place) == listing_id

    def numbers_at(self, key: str) -> Iterator[tuple[int, NumberPrint]]:
        """Yield the numbers with a key, each with the position of its entry, in order."""
        keys, places, entries = self.by_number
        digest = key_of_text(key)
        first, last = (int(np.searchsorted(keys, digest, side)) for side in _SIDES)
        met = zip(int_list(entries[first:last]), int_list(places[first:last]), strict=True)
        for entry, place in met:
            number = _read_number(self.numbers[place])
            if number.number.key == key:
                yield entry, number

    def numbers_in(self, code: str) -> Iterator[tuple[int, NumberPrint]]:
        """Yield every number of the listings of a list, each with the position of its listing."""
        starts = self.columns.number_starts
        counts = memoryview(np.diff(starts))
        for position in filter(counts.__getitem__, self.listed_in((code,))):
            for place in range(*int_list(starts[position : position + 2])):
                yield position, _read_number(self.numbers[place])

    def rows_of(self, position: int) -> range:
        """Return the rows of a listing in the index of names."""
        return range(*int_list(self.columns.form_starts[position : position + 2]))

    def reader_of_names(self) -> Callable[[int], tuple[int, int]]:
        """Return what tells the listing of a row, and which of its names the row is a form of."""
        listings = memoryview(self.names.table.holders.listings)
        names = memoryview(self.columns.form_names)
        return lambda row: (listings[row], names[row])

    def listed_in(self, codes: Iterable[str]) -> list[int]:
        """Return the positions of the listings of these lists, in order."""
        wanted = set(codes)
        is_wanted = np.array([*(code in wanted for code in self.list_codes), False], np.bool_)
        return int_list(np.flatnonzero(is_wanted[self.columns.lists]))


# --- Laying out: entries that changed are laid out, all others are picked from an earlier index.


class _FreshEntries:
    """Entries that are laid out, added one after another."""

    def __init__(self, known: Vocabulary | None, room: ScratchSpace) -> None:
        """Start with the vocabulary of an earlier index."""
        self.rows = FormRows(known, room)
        self.codes: dict[str, int] = {}
        self.ids, self.entries, self.forms, self.numbers = (RecordWriter(room) for _ in range(4))
        self._lists, self._name_counts, self._form_names = array("i"), array("i"), array("i")
        self._types, self._weak = bytearray(), bytearray()
        self._form_starts, self._number_starts = array("q", [0]), array("q", [0])
        self._number_keys = array("q")
        self._waiting: list[ComparisonForm] = []
        self._added = 0

    def add(self, entry: IndexedEntry, rest: Rest) -> None:
        """Add one entry, its names and its numbers."""
        self.ids.add(entry.listing_id.encode())
        self.entries.add(entry.written)
        self._lists.append(self.codes.setdefault(entry.list_code, len(self.codes)))
        self._types.append(ENTITY_TYPES.index(entry.entity_type))
        self._name_counts.append(entry.name_count)
        for each in entry.forms:
            self._waiting.append(each.form)
            self._form_names.append(each.name)
            self._weak.append(each.is_weak)
        for key, number in entry.numbers:
            self.numbers.add(number)
            self._number_keys.append(key)
        self._form_starts.append(len(self._form_names))
        self._number_starts.append(len(self._number_keys))
        if len(self._lists) % _AT_ONCE == 0:
            self.settle(rest)

    def settle(self, rest: Rest) -> None:
        """Lay out the forms of the entries that were added.

        Doing so for many at a time takes half as long as for one after another, because the
        processor's caches hold either the code that normalises or the code that lays out.
        """
        for form in paced(self._waiting, rest):
            self.rows.add(form)
        for form in paced(self._waiting, rest):
            self.forms.add(_encoder.encode(form))
        self._waiting.clear()

    def columns(self, codes: Mapping[str, int]) -> EntryColumns:
        """Return the columns; `codes` are the places of lists."""
        numbers = np.array([codes[code] for code in self.codes], dtype=np.int32)
        return EntryColumns(
            lists=numbers[np.frombuffer(self._lists, dtype=np.int32)],
            types=np.frombuffer(self._types, dtype=np.uint8),
            name_counts=np.frombuffer(self._name_counts, dtype=np.int32),
            form_starts=np.frombuffer(self._form_starts, dtype=np.int64),
            form_names=np.frombuffer(self._form_names, dtype=np.int32),
            weak=np.frombuffer(self._weak, dtype=np.bool_),
            number_starts=np.frombuffer(self._number_starts, dtype=np.int64),
            number_keys=np.frombuffer(self._number_keys, dtype=np.int64),
        )


def lay_out_listings(
    versions: Iterable[ListingVersion],
    before: ListingColumns | None = None,
    rest: Rest = no_rest,
    room: ScratchSpace = IN_MEMORY,
    entry_of: Callable[[str], Entry | None] | None = None,
) -> ListingColumns:
    """Lay out listings, those of an earlier index with some of their versions replaced.

    `versions` are all that a listing has from a source, in order of listing id, then of time. They
    are laid out as they come, in this room. The result depends on the listings alone: it is the
    same with and without an earlier index. `entry_of` tells the earlier entry of a listing, if not
    the earlier index does.

    Raises:
        ValueError: The versions are not in order of listing id.
    """
    earlier = _nothing() if before is None else before
    fresh = _FreshEntries(None if before is None else before.names.table.columns.vocabulary, room)
    entries = _entry_reader(before) if entry_of is None else entry_of
    groups = _grouped(paced(versions, rest), entries)
    places, known = array("q"), array("q")
    for entry in lay_out_entries(groups, is_polite=rest is not no_rest):
        place, is_known = earlier.place_of(entry.listing_id) if len(earlier.ids) else (0, False)
        if is_known:
            known.append(place)
        places.append(place)
        fresh.add(entry, rest)
    fresh.settle(rest)
    numbers = (np.frombuffer(each, dtype=np.int64) for each in (places, known))
    return _joined(earlier, fresh, merged(len(earlier.ids), *numbers), rest)


def _entry_reader(before: ListingColumns | None) -> Callable[[str], Entry | None]:
    """Return what tells the entry of a listing in an earlier index."""

    def entry_of(listing_id: str) -> Entry | None:
        position = None if before is None else before.position_of(listing_id)
        return None if before is None or position is None else before.entry_at(position)

    return entry_of


def _grouped(
    versions: Iterable[ListingVersion], entry_of: Callable[[str], Entry | None]
) -> Iterator[Group]:
    """Yield the versions of each listing, with those of its earlier entry that they leave."""
    last = ""
    for listing_id, group in groupby(versions, key=lambda each: each.listing_id):
        if listing_id <= last:
            message = f"{listing_id} comes after {last}"
            raise ValueError(message)
        by_source: VersionsBySource = {}
        for version in group:
            by_source.setdefault(version.source, []).append(version)
        yield tuple(replaced(entry_of(listing_id), by_source))
        last = listing_id


def merged(earlier: int, places: Ints, known: Ints) -> Ints:
    """Return which entries are picked, in order of listing id.

    Of the earlier entries those in `known` are left out; the fresh ones, whose numbers follow, go
    to these places among the earlier ones.
    """
    is_kept = np.ones(earlier + 1, dtype=np.bool_)
    is_kept[known] = False
    before = np.concatenate([[0], np.cumsum(is_kept)])[places].astype(np.int64)
    kept = np.flatnonzero(is_kept[:earlier])
    return np.insert(kept, before, earlier + np.arange(len(places)))


def _joined(
    earlier: ListingColumns, fresh: _FreshEntries, picked: Ints, rest: Rest
) -> ListingColumns:
    codes = {code: place for place, code in enumerate(earlier.list_codes)}
    for code in fresh.codes:
        codes.setdefault(code, len(codes))
    old, new = earlier.columns, fresh.columns(codes)
    forms = PickedRuns(old.form_starts, new.form_starts, picked)
    numbers = PickedRuns(old.number_starts, new.number_starts, picked)
    rest()
    lists, used = _by_first_use(np.concatenate([old.lists, new.lists])[picked])
    columns = EntryColumns(
        lists=lists,
        types=np.concatenate([old.types, new.types])[picked],
        name_counts=np.concatenate([old.name_counts, new.name_counts])[picked],
        form_starts=forms.starts,
        form_names=np.concatenate([old.form_names, new.form_names])[forms.places],
        weak=np.concatenate([old.weak, new.weak])[forms.places],
        number_starts=numbers.starts,
        number_keys=np.concatenate([old.number_keys, new.number_keys])[numbers.places],
    )
    rest()
    records = earlier.forms.picked(fresh.forms.records(), forms.places)
    return ListingColumns(
        columns=columns,
        list_codes=tuple(list(codes)[place] for place in used),
        ids=earlier.ids.picked(fresh.ids.records(), picked),
        entries=earlier.entries.picked(fresh.entries.records(), picked),
        forms=records,
        numbers=earlier.numbers.picked(fresh.numbers.records(), numbers.places),
        by_number=_number_lookup(columns),
        names=_names_of(columns, (earlier, fresh.rows), forms.places, records, rest),
    )


def _by_first_use(lists: Smalls) -> tuple[Smalls, list[int]]:
    """Return lists by the order of their first use, and the place that each had before."""
    found, first, places = np.unique(lists, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[places], found[order].tolist()


def _number_lookup(columns: EntryColumns) -> NumberLookup:
    order = np.argsort(columns.number_keys, kind="stable")
    owners = np.repeat(np.arange(len(columns.lists)), np.diff(columns.number_starts))
    return NumberLookup(
        columns.number_keys[order], order.astype(np.int32), owners[order].astype(np.int32)
    )


def _names_of(
    columns: EntryColumns,
    given: tuple[ListingColumns, FormRows],
    picked: Ints,
    forms: Records,
    rest: Rest,
) -> NameIndex:
    """Return the index of the names, whose rows are picked from an earlier one and fresh ones."""
    earlier, fresh = given
    counts = np.diff(columns.form_starts)
    holders = Holders(
        listings=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        lists=np.repeat(columns.lists.astype(np.int64), counts),
        types=np.repeat(columns.types, counts),
        weak=columns.weak,
    )
    before = earlier.names.table if len(earlier.ids) else None
    laid_out = lay_out_rows(fresh, picked, holders, before, rest)
    index = NameIndex(NameTable(laid_out, FormRecords(forms), holders), room=fresh.room)
    rest()
    return index


@cache
def _nothing() -> ListingColumns:
    """Return the columns of no listing."""
    fresh, no_records = _FreshEntries(None, IN_MEMORY), RecordWriter().records()
    columns = fresh.columns({})
    return ListingColumns(
        columns=columns,
        list_codes=(),
        ids=no_records,
        entries=no_records,
        forms=no_records,
        numbers=no_records,
        by_number=_number_lookup(columns),
        names=NameIndex.build(()),
    )


# --- The arrays of an index by name, as a file has them.

_RECORDS = ("ids", "entries", "forms", "numbers")


def write_columns(columns: ListingColumns) -> dict[str, AnyArray]:
    """Return an index as arrays by name."""
    arrays = arrays_of(columns.names.table, columns.names.lookup)
    arrays["list_codes"] = write_texts(columns.list_codes)
    records = (columns.ids, columns.entries, columns.forms, columns.numbers)
    for name, each in zip(_RECORDS, records, strict=True):
        arrays |= each.arrays(name)
    arrays |= named_arrays("entry", columns.columns)
    return arrays | named_arrays("number", columns.by_number)


def read_columns(arrays: Arrays) -> ListingColumns:
    """Return the index that `write_columns` wrote."""
    ids, entries, forms, numbers = (Records.of_arrays(arrays, name) for name in _RECORDS)
    table, lookup = table_of(arrays, FormRecords(forms))
    return ListingColumns(
        columns=named_tuple(EntryColumns, arrays, "entry"),
        list_codes=read_texts(arrays["list_codes"]),
        ids=ids,
        entries=entries,
        forms=forms,
        numbers=numbers,
        by_number=named_tuple(NumberLookup, arrays, "number"),
        names=NameIndex(table, lookup),
    )


# --- Listings that changed, laid out beside a large index of all the others.
#
# An index of millions of names is some gigabytes, which take a minute to copy for a few thousand
# changes. So these are laid out by themselves, and both together answer like an index of all: the
# same listings and names at the same positions, with the same scores.

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

    def numbers_in(self, code: str) -> Iterator[tuple[int, NumberPrint]]:
        """Yield every number of the listings of a list, each with the position of its listing."""
        for first, part in ((0, self.base), (self._base_count, self.added)):
            for place, number in part.numbers_in(code):
                if self._places[first + place] >= 0:
                    yield self._places[first + place], number

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


def lay_out_delta(
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
    """Return the index in these arrays, including the delta, if any."""
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
