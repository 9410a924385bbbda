"""Look names up by their keys, and keep the arrays of an index in a file."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np

from service.arrays import (
    AnyArray,
    Arrays,
    named_arrays,
    named_tuple,
    read_texts,
    write_texts,
)
from service.names.match.kernel import Bytes, Flags, Ints, Positions, int_list, ints_of
from service.names.match.layout import (
    Columns,
    Holders,
    Names,
    NameTable,
    Postings,
    Traits,
    pack_rows,
)
from service.names.match.spelling import Vocabulary
from service.names.matching import ComparisonForm


class Lookup(NamedTuple):
    """What names are found and scored by first, worked out from the columns of an index.

    `keys` are the keys of all names, ascending, and `keyed` the name of each. `beginnings` and
    `begun` are the same for the keys of `Traits.beginnings`; `bits` has a bit for each key that
    there may be. `rows` are the rows of `pack_rows`.
    """

    keys: Ints
    keyed: Positions
    beginnings: Ints
    begun: Positions
    bits: Bytes
    rows: AnyArray


def look_up(columns: Columns) -> Lookup:
    """Work out what names are found by."""
    keys, keyed = _sort_keys(columns.traits)
    beginnings, begun, bits = _sort_beginnings(cast("Ints", columns.traits.beginnings))
    return Lookup(keys, keyed, beginnings, begun, bits, pack_rows(columns.names, columns.traits))


class NamesByKey:
    """The positions of names by the keys of their beginnings.

    Hardly any question has the key of a name, so a table of bits, of which at most one in sixteen
    is set, is looked up first.
    """

    def __init__(self, lookup: Lookup) -> None:
        """Keep the sorted keys, and the bits as bytes, which are read fastest."""
        self._keys, self._names = memoryview(lookup.beginnings), lookup.begun
        self._bits = lookup.bits.tobytes()
        self._mask = 8 * len(self._bits) - 1

    def may_have(self, key: int) -> bool:
        """Return whether names may have a key; of keys that none has it is true of one in 16."""
        place = key & self._mask
        return self._bits[place >> 3] >> (place & 7) & 1 == 1

    def of(self, key: int) -> list[int]:
        """Return the names that have a key, in their order."""
        first = bisect_left(self._keys, key)
        return int_list(self._names[first : bisect_right(self._keys, key, first)])


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


def _sort_beginnings(keys: Ints) -> tuple[Ints, Positions, Bytes]:
    """Return the keys of beginnings, ascending, the name of each, and the bits of all."""
    named, _ = np.nonzero(keys)
    flat = keys.ravel()
    flat = flat[np.flatnonzero(flat)]
    order = np.argsort(flat, kind="stable")
    bits: Flags = np.zeros(1 << max((16 * len(flat) + 7).bit_length(), 3), np.bool_)
    bits[flat & (len(bits) - 1)] = True
    return flat[order], named[order].astype(np.int32), np.packbits(bits, bitorder="little")


# --- The arrays of an index by name, as a file has them.


def arrays_of(table: NameTable, lookup: Lookup) -> dict[str, AnyArray]:
    """Return all that an index of names consists of but for the forms."""
    arrays, columns = {"words": write_texts(table.places)}, table.columns
    for part, some in (
        ("vocabulary", columns.vocabulary),
        ("postings", columns.postings),
        ("names", columns.names),
        ("traits", columns.traits),
        ("holders", table.holders),
        ("lookup", lookup),
    ):
        arrays |= named_arrays(part, some)
    return arrays | {"lookup.rows": lookup.rows.view(np.uint8)}


def table_of(arrays: Arrays, forms: Sequence[ComparisonForm]) -> tuple[NameTable, Lookup]:
    """Return the table of an index and its lookup from the arrays of `arrays_of`."""
    places = {text: place for place, text in enumerate(read_texts(arrays["words"]))}
    columns = Columns(
        named_tuple(Vocabulary, arrays, "vocabulary"),
        named_tuple(Postings, arrays, "postings"),
        named_tuple(Names, arrays, "names"),
        named_tuple(Traits, arrays, "traits"),
    )
    holders = named_tuple(Holders, arrays, "holders")
    lookup = named_tuple(Lookup, arrays, "lookup")
    return NameTable(columns, places, forms, holders), lookup
