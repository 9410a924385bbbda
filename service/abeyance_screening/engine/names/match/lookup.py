"""Look names up by their keys, and keep the arrays of an index in a file."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np

from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.cut import AskedBeginning
from abeyance_screening.engine.names.match.kernel import (
    Bytes,
    Ints,
    Positions,
    Wholes,
    compiled,
    int_list,
    ints_of,
)
from abeyance_screening.engine.names.match.layout import (
    KINDS,
    WHOLE_KEYS,
    WORD,
    Columns,
    Holders,
    Names,
    NameTable,
    Postings,
    Traits,
    pack_rows,
)
from abeyance_screening.engine.names.match.name_keys import NO_KEY, key_of_letters
from abeyance_screening.engine.names.match.spelling import Vocabulary
from abeyance_screening.engine.names.match.vocabulary import slots_of
from abeyance_screening.primitives.arrays import (
    IN_MEMORY,
    AnyArray,
    Arrays,
    ScratchSpace,
    named_arrays,
    named_tuple,
)


class Lookup(NamedTuple):
    """What names are found and scored by first, worked out from the columns of an index.

    `keys` are the keys of all names, ascending, and `keyed` the name of each. `beginnings` and
    `begun` are the same for the keys of `Traits.beginnings`; `bits` has a bit for each key that
    there may be. `slots` are those by which words are found, see `vocabulary`, and `rows` the rows
    of `pack_rows`.
    """

    keys: Ints
    keyed: Positions
    beginnings: Ints
    begun: Positions
    bits: Bytes
    slots: Positions
    rows: AnyArray


def look_up(columns: Columns, room: ScratchSpace = IN_MEMORY) -> Lookup:
    """Work out what names are found by."""
    keys, keyed = _sort_keys(columns.traits, room)
    beginnings, begun = _sort_beginnings(cast("Ints", columns.traits.beginnings), room)
    rows = pack_rows(columns.names, columns.traits, room)
    bits, slots = _bits_of(beginnings), slots_of(columns.vocabulary)
    return Lookup(keys, keyed, beginnings, begun, bits, slots, rows)


class NamesByKey:
    """The positions of names by their keys, and by those of their beginnings.

    Hardly any question has the key of a name, so a table of bits, of which at most one in sixteen
    is set, is looked up first.
    """

    def __init__(self, lookup: Lookup, columns: Columns, places: Mapping[str, int]) -> None:
        """Take the names of `columns`, the places of whose words are `places`."""
        self._columns, self._places = columns, places
        self._whole = memoryview(lookup.keys)
        self._keys, self._names = memoryview(lookup.beginnings), lookup.begun
        self._bits = memoryview(lookup.bits)
        self._mask = 8 * len(self._bits) - 1

    def may_have(self, key: int) -> bool:
        """Return whether names may have a key; of keys that none has it is true of one in 16."""
        place = key & self._mask
        return self._bits[place >> 3] >> (place & 7) & 1 == 1

    def of(self, key: int) -> list[int]:
        """Return the names that have a key, in their order."""
        return int_list(self._of(key))

    def begun(self, beginning: AskedBeginning) -> list[int]:
        """Return the names that have all that a beginning says, in their order.

        They are told by arrays, however many names share its key.
        """
        names, postings = self._of(beginning.key), self._columns.postings
        following = cast("Ints", self._columns.traits.following)
        for place, (number, shift) in enumerate(
            zip(beginning.following, beginning.shifts, strict=True)
        ):
            names = names[following[names, place] >> shift == number]
        for word in beginning.words if len(names) else ():
            posting = KINDS * self._places[word] + WORD
            start, end = postings.starts[posting : posting + 2]
            posted = cast("Positions", postings.names[start:end])
            found = np.minimum(np.searchsorted(posted, names), len(posted) - 1)
            names = names[posted[found] == names] if len(posted) else names[:0]
        return int_list(names)

    def has_alone(self, text: str) -> bool:
        """Return whether a name has this canonical word and no other."""
        place = self._places.get(text)
        if place is None:
            return False
        postings, starts = self._columns.postings, ints_of(self._columns.names.weight_starts)
        start, end = postings.starts[KINDS * place : KINDS * place + 2]
        names = ints_of(postings.names)[start:end]
        return 1 in int_list(starts[names + 1] - starts[names])

    def has_letters(self, printed: str) -> bool:
        """Return whether a name is printed with the same letters, five or more."""
        wanted = key_of_letters(printed)
        place = bisect_left(self._whole, wanted)
        return wanted != NO_KEY and place < len(self._whole) and self._whole[place] == wanted

    def _of(self, key: int) -> Positions:
        first = bisect_left(self._keys, key)
        return self._names[first : bisect_right(self._keys, key, first)]


def _sort_keys(traits: Traits, room: ScratchSpace) -> tuple[Ints, Positions]:
    """Return the keys of all names, ascending, and the name of each key.

    A name has keys of its identity, its words in any order, its letters, the spellings of its
    acronym and, if it has a single word, of that word.
    """
    keys, named = list[Ints](), list[Positions]()
    for each in (traits.identity, traits.same_words, traits.same_letters, traits.word_keys):
        found = np.flatnonzero(ints_of(each)).astype(np.int32)
        keys.append(ints_of(each)[found])
        named.append(found)
    acronyms = cast("Ints", traits.acronym_keys)
    spelled, spelling = np.nonzero(acronyms)
    keys.append(acronyms[spelled, spelling])
    named.append(spelled.astype(np.int32))
    del spelled, spelling
    return _sorted(np.concatenate(keys), np.concatenate(named), room)


def _sort_beginnings(keys: Ints, room: ScratchSpace) -> tuple[Ints, Positions]:
    """Return the keys of beginnings, ascending, and the name of each."""
    flat = keys.ravel()
    found: Ints = np.flatnonzero(flat)
    named: Ints = found // WHOLE_KEYS
    return _sorted(flat[found], named.astype(np.int32), room)


def _sorted(keys: Ints, named: Positions, room: ScratchSpace) -> tuple[Ints, Positions]:
    order = np.argsort(keys, kind="stable")
    return room.moved(keys[order]), room.moved(named[order])


def _bits_of(keys: Ints) -> Bytes:
    """Return bits, of which those are set that keys have for their last digits."""
    bits = np.zeros(1 << max((16 * len(keys) + 7).bit_length() - 3, 0), np.uint8)
    _set_bits(bits, keys)
    return bits


@compiled
def _set_bits(bits: Wholes, keys: Wholes) -> None:
    last = 8 * len(bits) - 1
    for key in keys:
        place = int(key) & last
        bits[place >> 3] |= 1 << (place & 7)


# --- The arrays of an index by name, as a file has them.


def arrays_of(table: NameTable, lookup: Lookup) -> dict[str, AnyArray]:
    """Return all that an index of names consists of but for the forms."""
    arrays, columns = dict[str, AnyArray](), table.columns
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
    columns = Columns(
        named_tuple(Vocabulary, arrays, "vocabulary"),
        named_tuple(Postings, arrays, "postings"),
        named_tuple(Names, arrays, "names"),
        named_tuple(Traits, arrays, "traits"),
    )
    holders = named_tuple(Holders, arrays, "holders")
    lookup = named_tuple(Lookup, arrays, "lookup")
    return NameTable(columns, forms, holders), lookup
