"""Lay listed names and questions out as arrays, reusing rows that an earlier index laid out."""

from array import array
from collections.abc import Buffer, Mapping, Sequence
from itertools import accumulate, chain, repeat
from typing import NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.people import may_be_person
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match.cut import (
    BEGINNINGS,
    FOLLOWING,
    beginning_keys,
    following_letters,
)
from abeyance_screening.engine.names.match.framed import stem_key, whole_key
from abeyance_screening.engine.names.match.heard import heard_key
from abeyance_screening.engine.names.match.kernel import (
    Bytes,
    Flags,
    Grid,
    Ints,
    Marks,
    NumberRow,
    Positions,
    Reals,
    Wholes,
    compiled,
    floats_of,
    inner,
    int_list,
    ints_of,
    spread,
)
from abeyance_screening.engine.names.match.name_keys import (
    ACRONYM_SPELLINGS,
    GIVEN_NAMES,
    INITIALS,
    PARTNERS,
    READING,
    Entries,
    Pairs,
    acronym_keys,
    acronyms,
    form_bits,
    identity_key,
    join_words,
    key,
    letters_key,
    run_together,
    runs_of,
    same_words_key,
    telling_class,
    word_key,
)
from abeyance_screening.engine.names.match.spelling import (
    Vocabulary,
    build_vocabulary,
    codes_of,
    gather_signs,
    letter_codes,
)
from abeyance_screening.engine.names.match.vocabulary import WordBook
from abeyance_screening.engine.names.match_types import IndexedName
from abeyance_screening.primitives.arrays import IN_MEMORY, AnyArray, ScratchSpace
from abeyance_screening.primitives.days import Rest, no_rest

# --- Names as arrays.

# The keys in a row of `Traits.beginnings`.
WHOLE_KEYS = BEGINNINGS + 3
# The kinds of entry: one word, two neighbours written as one, or the initials of several words.
WORD, JOINED, RUN = range(3)
KINDS = 3


class Postings(NamedTuple):
    """For each word of the vocabulary and each kind of entry, the names that have such an entry.

    Posting `p = KINDS * word + kind` is `names[starts[p] : starts[p + 1]]`, ascending. `caps[p]`
    is the most weight that the word has in any name as an entry of that kind or of one before it.
    """

    caps: Reals
    starts: Wholes
    names: Wholes


class Names(NamedTuple):
    """The words of each name, and its entries.

    An entry is one way to write a run of a name's words: the word `words[e]` of the vocabulary
    means the `spans[e]` words from place `places[e]` on, and is worth the share `factors[e]` of
    their weight. The entries of name `n` are those from `starts[n]` up to, but not including,
    `starts[n + 1]`. The `weights` and `telling` marks of its words begin at `weight_starts[n]`;
    for the marks see `telling_class` in `words`.
    """

    starts: Wholes
    words: Wholes
    places: Wholes
    spans: Wholes
    factors: Reals
    weight_starts: Wholes
    weights: Reals
    telling: Wholes


class Traits(NamedTuple):
    """What each name is as a whole: its keys, letters, legal forms, kind and type.

    Keys are 64-bit digests, `NO_KEY` for none. `letters` are the names without spaces, one after
    another. `beginnings` are the keys of `beginning_keys`, `whole_key`, `stem_key` and
    `heard_key`: a question finds a name by them that was cut, has words around it, or is heard.
    `following` are the numbers of `following_letters`. `strange` is how unlikely the entity is to
    have a legal form, 0 to 1, see `_STRANGE`.
    """

    letters: Wholes
    letter_starts: Wholes
    same_words: Wholes
    same_letters: Wholes
    identity: Wholes
    word_keys: Wholes
    acronym_keys: Grid
    beginnings: Grid
    following: Grid
    legal_forms: Wholes
    weak: Marks
    strange: Reals


class Columns(NamedTuple):
    """All names as arrays, one row a name, in the order in which they were given."""

    vocabulary: Vocabulary
    postings: Postings
    names: Names
    traits: Traits


@inner
def entry_weight(names: Names, weights: int, entry: int) -> float:
    """Return the weight of an entry's words, in a name whose weights begin at `weights`."""
    first = weights + names.places[entry]
    total = 0.0
    for place in range(first, first + names.spans[entry]):
        total += names.weights[place]
    return total


@inner
def entry_kind(names: Names, entry: int) -> int:
    """Return the kind of an entry: `WORD`, `JOINED` or `RUN`."""
    if names.spans[entry] == 1:
        return WORD
    return RUN if names.factors[entry] == INITIALS else JOINED


# --- Reuse: rows of an earlier index are copied into a new one; only new names are laid out.
#
# The rows to pick from are numbered: first those of the earlier index, then the fresh ones.


def carry_names(before: Names, fresh: Names, picked: Ints, rest: Rest) -> Names:
    """Return the words and entries of the picked rows, in order."""
    weights = PickedRuns(before.weight_starts, fresh.weight_starts, picked)
    rest()
    entries = PickedRuns(before.starts, fresh.starts, picked)
    rest()
    return Names(
        starts=entries.starts,
        words=entries.take(before.words, fresh.words),
        places=entries.take(before.places, fresh.places),
        spans=entries.take(before.spans, fresh.spans),
        factors=entries.take(before.factors, fresh.factors),
        weight_starts=weights.starts,
        weights=weights.take(before.weights, fresh.weights),
        telling=weights.take(before.telling, fresh.telling),
    )


def carry_traits(before: Traits, fresh: Traits, picked: Ints, rest: Rest) -> Traits:
    """Return the traits of the picked rows, in order; the caller must set `weak` and `strange`."""
    letters = PickedRuns(before.letter_starts, fresh.letter_starts, picked)
    rest()
    return fresh._replace(
        letters=letters.take(before.letters, fresh.letters),
        letter_starts=letters.starts,
        same_words=_take(before.same_words, fresh.same_words, picked),
        same_letters=_take(before.same_letters, fresh.same_letters, picked),
        identity=_take(before.identity, fresh.identity, picked),
        word_keys=_take(before.word_keys, fresh.word_keys, picked),
        acronym_keys=_take(before.acronym_keys, fresh.acronym_keys, picked),
        beginnings=_take(before.beginnings, fresh.beginnings, picked),
        following=_take(before.following, fresh.following, picked),
        legal_forms=_take(before.legal_forms, fresh.legal_forms, picked),
    )


class PickedRuns:
    """Arrays that hold a run of values for each row, from which some rows are picked."""

    def __init__(self, before: Wholes, fresh: Wholes, picked: Ints) -> None:
        earlier, later = ints_of(before), ints_of(fresh)
        begins = np.concatenate([earlier[:-1], later[:-1] + earlier[-1]])[picked]
        lengths = np.concatenate([np.diff(earlier), np.diff(later)])[picked]
        self.starts: Ints = np.concatenate([[0], np.cumsum(lengths)])
        filled = lengths > 0
        self.places = spread(begins[filled], lengths[filled])

    def take[T: Wholes | Reals](self, before: T, fresh: T) -> T:
        """Return the values of the picked rows, one row after another."""
        return _take(before, fresh, self.places)


def _take[T: Wholes | Reals | Grid](before: T, fresh: T, picked: Ints) -> T:
    values = np.concatenate(cast("list[NDArray[np.generic]]", [before, fresh]))
    return cast("T", cast("object", values[picked]))


# By entity type, how unlikely a name with a legal form is to mean the entity; 0 for all others.
_STRANGE: Mapping[EntityType | None, float] = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}
ENTITY_TYPES: tuple[EntityType | None, ...] = (
    *(None, "person", "organisation", "vessel", "aircraft"),
)
_STRANGE_BY_TYPE = np.array([_STRANGE.get(each, 0.0) for each in ENTITY_TYPES])


class Holders(NamedTuple):
    """Whose each name is: the numbers of its listing and list, and the place of its entity type.

    `weak` marks weak aliases.
    """

    listings: Positions
    lists: Ints
    types: Bytes
    weak: Flags


class NameTable(NamedTuple):
    """The columns of an index, and each row's form."""

    columns: Columns
    forms: Sequence[ComparisonForm]
    holders: Holders


_KINDS_OF_COLUMNS = {
    **dict.fromkeys(("starts", "weight_starts", "letter_starts"), "i8"),
    **dict.fromkeys(("places", "spans", "telling", "letters"), "u1"),
    **dict.fromkeys(("factors", "weights"), "f8"),
    "words": "i4",
}
_KEYS_OF_NAMES = (
    *("same_words", "same_letters", "identity", "word_keys"),
    *("acronym_keys", "beginnings", "following", "legal_forms"),
)


class FormRows:
    """The rows of forms, added one after another."""

    # The rows that are laid out in lists before they are moved to arrays.
    _AT_ONCE = 512

    def __init__(self, known: Vocabulary | None = None, room: ScratchSpace = IN_MEMORY) -> None:
        """Start with the vocabulary of an earlier index."""
        self.book, self.room = WordBook(known), room
        self._entries = Entries()
        self._runs: list[str] = []
        self._keys = tuple(array("q") for _ in _KEYS_OF_NAMES)
        kinds = {**_KINDS_OF_COLUMNS, **dict.fromkeys(_KEYS_OF_NAMES, "i8")}
        self._columns = {name: room.column(kind) for name, kind in kinds.items()}
        for name in ("starts", "weight_starts", "letter_starts"):
            self._columns[name].extend(bytes(8))

    def add(self, form: ComparisonForm) -> None:
        """Lay out one form."""
        self._entries.add(form)
        self._runs.append(run_together(form))
        same_words, same_letters, identity, word_keys, *several, legal = self._keys
        spellings, beginnings, following = several
        same_words.append(same_words_key(form))
        same_letters.append(letters_key(form))
        identity.append(identity_key(form))
        word_keys.append(word_key(form))
        spellings.extend(acronym_keys(form))
        wholes = (whole_key(form), stem_key(form), heard_key(form))
        beginnings.extend((*beginning_keys(form), *wholes))
        following.extend(following_letters(form))
        legal.append(form_bits(form))
        if len(self._runs) >= self._AT_ONCE:
            self._settle()

    def names(self) -> Names:
        """Return the words and entries of the forms; words have their numbers in the book."""
        self._settle()
        return Names(*(self._columns[field].array() for field in Names._fields))

    def traits(self) -> Traits:
        """Return the traits that depend on forms alone; `weak` and `strange` stay empty."""
        self._settle()
        arrays = {name: cast("Ints", self._columns[name].array()) for name in Traits._fields[:-2]}
        arrays["acronym_keys"] = arrays["acronym_keys"].reshape(-1, ACRONYM_SPELLINGS)
        arrays["beginnings"] = arrays["beginnings"].reshape(-1, WHOLE_KEYS)
        arrays["following"] = arrays["following"].reshape(-1, FOLLOWING)
        return Traits(**arrays, weak=np.zeros(0, dtype=np.bool_), strange=np.zeros(0))

    def _settle(self) -> None:
        """Move the rows that were added from lists to arrays."""
        entries, columns = self._entries, self._columns
        numbers = self.book.number(list(entries.vocabulary))
        columns["starts"].extend(_ends(entries.starts) + len(columns["words"]))
        columns["words"].extend(numbers[np.frombuffer(entries.words, dtype=np.int32)])
        columns["weight_starts"].extend(_ends(entries.weight_starts) + len(columns["weights"]))
        for name in ("places", "spans", "factors", "weights", "telling"):
            columns[name].extend(cast("Buffer", getattr(entries, name)))
        ends = np.cumsum(np.fromiter(map(len, self._runs), np.int64, len(self._runs)))
        columns["letter_starts"].extend(ends + len(columns["letters"]))
        columns["letters"].extend(letter_codes("".join(self._runs)))
        for name, keys in zip(_KEYS_OF_NAMES, self._keys, strict=True):
            columns[name].extend(keys)
        self._entries, self._runs = Entries(), []
        self._keys = tuple(array("q") for _ in _KEYS_OF_NAMES)


def _ends(starts: "array[int]") -> Ints:
    return np.frombuffer(starts, dtype=np.int64)[1:]


def lay_out(names: Sequence[IndexedName]) -> NameTable:
    """Lay out names as arrays."""
    rows = FormRows()
    for name in names:
        rows.add(name.form)
    holders = Holders(
        listings=np.array([name.listing for name in names], dtype=np.int32),
        lists=np.array([name.list_no for name in names], dtype=np.int64),
        types=np.array([ENTITY_TYPES.index(name.entity_type) for name in names], dtype=np.uint8),
        weak=np.array([name.kind == "weak_alias" for name in names], dtype=np.bool_),
    )
    columns = lay_out_rows(rows, np.arange(len(names)), holders)
    return NameTable(columns, [name.form for name in names], holders)


def lay_out_rows(
    fresh: FormRows,
    picked: Ints,
    holders: Holders,
    before: NameTable | None = None,
    rest: Rest = no_rest,
) -> Columns:
    """Return the picked rows as the columns of an index.

    The rows to pick from are those of the earlier index, and then the fresh ones; without an
    earlier one all fresh rows are picked in their order. Words that no picked row has are
    forgotten, so the columns are the same as if all were fresh.
    """
    names, traits = fresh.names(), fresh.traits()
    if before is not None:
        names = carry_names(before.columns.names, names, picked, rest)
        traits = carry_traits(before.columns.traits, traits, picked, rest)
    rest()
    order, rank = _by_length(fresh.book, ints_of(names.words), rest)
    words = fresh.room.zeros(len(names.words), "i4")
    np.take(rank, ints_of(names.words), out=words, mode="clip")
    names = names._replace(words=cast("Positions", words))
    rest()
    alone = np.zeros(len(order), dtype=np.bool_)
    alone[ints_of(names.words)[ints_of(names.spans) == 1]] = True
    rest()
    return Columns(
        vocabulary=build_vocabulary(*fresh.book.arranged(order, alone), rest),
        postings=_post(names, len(order), fresh.room, rest),
        names=names,
        traits=traits._replace(weak=holders.weak, strange=_STRANGE_BY_TYPE[holders.types]),
    )


def _by_length(book: WordBook, used: Ints, rest: Rest) -> tuple[Positions, Positions]:
    """Return the words that are used, the shorter first, and the new place of each by its old one.

    Words of one length are in the order of their first use.
    """
    first = np.full(book.count, len(used), dtype=np.int64)
    _note_first(used, first)
    rest()
    kept = np.flatnonzero(first < len(used)).astype(np.int32)
    kept = kept[np.argsort(first[kept], kind="stable")]
    del first
    order = kept[np.argsort(book.lengths()[kept], kind="stable")]
    rest()
    rank = np.zeros(book.count, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return order, rank


@compiled
def _note_first(words: Wholes, first: Wholes) -> None:
    """Fill `first` with the place of the first use of each word."""
    for place in range(len(words) - 1, -1, -1):
        first[words[place]] = place


def _post(names: Names, words: int, room: ScratchSpace, rest: Rest) -> Postings:
    """Build the postings: the names that have each word, by kind of entry."""
    caps = np.zeros(KINDS * words, dtype=np.float64)
    starts = np.zeros(KINDS * words + 1, dtype=np.int32)
    _count_names(names, starts, np.full(KINDS * words, -1, dtype=np.int32), caps)
    rest()
    np.cumsum(starts, out=starts)
    (count,) = int_list(starts[-1:])
    posted = cast("Positions", room.zeros(count, "i4"))
    _post_names(names, starts, starts[:-1].copy(), posted)
    rest()
    return Postings(
        caps=np.maximum.accumulate(caps.reshape(-1, KINDS), axis=1).ravel(),
        starts=starts,
        names=posted,
    )


@compiled
def _count_names(names: Names, counts: Wholes, last: Wholes, caps: Reals) -> None:
    """Add to `counts`, at the place after each posting, how many names it has; fill `caps`.

    `last` is -1 for each posting.
    """
    for name in range(len(names.starts) - 1):
        for entry in range(names.starts[name], names.starts[name + 1]):
            posting = KINDS * names.words[entry] + entry_kind(names, entry)
            if last[posting] != name:
                last[posting] = name
                counts[posting + 1] += 1
            worth = names.factors[entry] * entry_weight(names, names.weight_starts[name], entry)
            caps[posting] = max(caps[posting], worth)


@compiled
def _post_names(names: Names, starts: Wholes, ends: Wholes, posted: Wholes) -> None:
    """Fill the postings, of which `ends` is a copy of `starts`, with names in their order."""
    for name in range(len(names.starts) - 1):
        for entry in range(names.starts[name], names.starts[name + 1]):
            posting = KINDS * names.words[entry] + entry_kind(names, entry)
            end = ends[posting]
            if end == starts[posting] or posted[end - 1] != name:
                posted[end] = name
                ends[posting] = end + 1


# --- Rows: what scoring reads of each name first, in one line of the processor's cache.
#
# The columns of a name are far apart in memory, and fetching a value takes longer than computing
# with it. So the values that are read for every scored name are copied into one row a name.

# The bytes of a line of the processor's cache.
_LINE = 64


class NameRow(Protocol):
    """One name: its keys, flags and numbers as in `Traits`, and where its arrays begin.

    `signs` are its letters, see `gather_signs`. It has `entry_count` entries from `entries` on,
    `slots` distinct words whose weights begin at `weights`, and `letter_count` letters from
    `letters` on.
    """

    identity: int
    same_words: int
    same_letters: int
    signs: np.uint64
    legal_forms: int
    entries: int
    weights: int
    letters: int
    entry_count: int
    slots: int
    letter_count: int
    strange: float
    weak: int


type Rows = NumberRow[NameRow]

_ROW = np.dtype(
    {
        "names": [
            *("identity", "same_words", "same_letters", "legal_forms", "signs"),
            *("entries", "weights", "letters", "strange"),
            *("entry_count", "slots", "letter_count", "weak"),
        ],
        "formats": [*["i8"] * 4, "u8", *["i4"] * 3, "f4", *["u2"] * 4],
        "itemsize": _LINE,
    }
)

_RECORD = cast("np.dtype[np.record]", np.dtype((np.record, _ROW)))


def pack_rows(names: Names, traits: Traits, room: ScratchSpace = IN_MEMORY) -> NDArray[np.void]:
    """Copy what scoring reads of each name into its row."""
    starts, weights = ints_of(names.starts), ints_of(names.weight_starts)
    letters = ints_of(traits.letter_starts)
    rows = lines_of(_ROW, len(starts) - 1, room)
    rows["identity"], rows["same_words"] = ints_of(traits.identity), ints_of(traits.same_words)
    rows["same_letters"] = ints_of(traits.same_letters)
    rows["legal_forms"] = ints_of(traits.legal_forms)
    _fill_signs(as_rows(rows), traits.letters, traits.letter_starts)
    rows["entries"], rows["entry_count"] = starts[:-1], np.diff(starts)
    rows["weights"], rows["slots"] = weights[:-1], np.diff(weights)
    rows["letters"], rows["letter_count"] = letters[:-1], np.diff(letters)
    rows["strange"] = floats_of(traits.strange)
    rows["weak"] = cast("Flags", cast("object", traits.weak))
    return rows


@compiled
def _fill_signs(rows: Rows, letters: Wholes, starts: Wholes) -> None:
    for name in range(len(rows)):
        rows[name].signs = gather_signs(letters[starts[name] : starts[name + 1]])


def as_rows(packed: AnyArray) -> Rows:
    """Return packed rows, or their bytes, with the type that scoring reads."""
    rows = cast("object", packed.view(_RECORD))
    return cast("Rows", rows)


def lines_of(
    kind: np.dtype[np.void], count: int, room: ScratchSpace = IN_MEMORY
) -> NDArray[np.void]:
    """Return `count` empty rows, the first at the start of a cache line; fields are attributes."""
    lines = room.zeros(count * kind.itemsize + _LINE, "u1")
    first = -lines.ctypes.data % _LINE
    return lines[first : first + count * kind.itemsize].view(np.dtype((np.record, kind)))


# --- A question: cut into the units that may meet listed words, and laid out as arrays.

# The columns of `QuestionArrays.units`, and how many they are.
PLACE, SPAN, KNOWN, FUZZY, LETTERS_FROM = range(5)
COLUMNS = 5
# Of a unit that has not been looked up yet.
NOT_LOOKED_UP = -2
# The places of the keys in `QuestionArrays.keys`; the spellings of the acronym come last.
# `KEYS` is their number.
IDENTITY, SAME, SAME_LETTERS, ONLY_WORD, ACRONYMS = range(5)
KEYS = ACRONYMS + ACRONYM_SPELLINGS


class QuestionArrays(NamedTuple):
    """One question as arrays, for one index.

    A unit is one way to write a run of the question's words, by which they may meet one word of a
    listed name. It is a row of `units`: the place of its first word (`PLACE`), its number of words
    (`SPAN`), the word of the vocabulary with the same spelling or -1 (`KNOWN`), whether similar
    spellings are looked for (`FUZZY`), and where its letters begin in `letters` (`LETTERS_FROM`).
    The unit can earn the share `factors[u]` of its words' weight. Searching fills `KNOWN` and
    `FUZZY`, see `look_up_units`.

    The units are in the order in which names are gathered, those that few names have first: pairs
    of neighbours written as one, runs of initials, other readings of a word, words that lists
    print instead of it, other given names of a person with that one, and the single words, of
    which the commonest is last.

    `keys` are the keys of the whole name, of its words in any order, of its letters, of its only
    word and of the spellings of its acronym, 0 where there is none; `acronyms` are the lengths of
    these spellings. `telling` marks each word, see `telling_class` in `words`.
    """

    weights: Reals
    telling: Wholes
    units: Grid
    factors: Reals
    letters: Wholes
    run_together: Wholes
    keys: Wholes
    acronyms: Wholes
    legal_forms: int


def lay_out_question(form: ComparisonForm, distinct: Sequence[Word] = ()) -> QuestionArrays:
    """Lay out a question.

    `distinct` are the distinct words of the form, where the caller has them.
    """
    words = distinct or distinct_words(form)
    count, weights = len(words), [word.weight for word in words]
    texts = [word.text for word in words]
    runs = runs_of(tuple([word.initials for word in words]))
    others, beside, shares = _write_otherwise(words, GIVEN_NAMES if may_be_person(form) else {})
    ordered = sorted(range(count), key=weights.__getitem__, reverse=True)
    written = [*map(join_words, texts, texts[1:]), *runs.texts, *others]
    written += [texts[place] for place in ordered]
    places = (*range(count - 1), *runs.places, *beside, *ordered, 0)
    spans = (*[2] * (count - 1), *runs.spans, *[1] * (len(others) + count), 0)
    factors = [1.0] * (count - 1) + [INITIALS] * len(runs.texts) + shares + [1.0] * count
    begins = accumulate(map(len, written), initial=0)
    rows = zip(places, spans, repeat(NOT_LOOKED_UP), repeat(0), begins, strict=False)
    spellings = acronyms(form)
    return QuestionArrays(
        weights=np.array(weights, dtype=np.float64),
        telling=np.frombuffer(bytearray(map(telling_class, words)), dtype=np.uint8),
        units=np.frombuffer(array("i", chain(*rows)), dtype=np.int32).reshape(-1, COLUMNS),
        factors=np.array(factors, dtype=np.float64),
        letters=np.frombuffer(bytearray(codes_of("".join(written))), dtype=np.uint8),
        run_together=letter_codes(run_together(form)),
        keys=np.frombuffer(_keys(form, spellings), dtype=np.int64),
        acronyms=np.array(list(map(len, spellings)), dtype=np.int64),
        legal_forms=form_bits(form),
    )


def _keys(form: ComparisonForm, spellings: Sequence[str]) -> "array[int]":
    """Return the keys of a question: those of all of it, and those of its acronyms."""
    keys = array("q", (identity_key(form), same_words_key(form), letters_key(form)))
    keys.append(word_key(form))
    keys.extend(map(key, spellings))
    keys.extend([0] * (KEYS - len(keys)))
    return keys


def _write_otherwise(
    words: Sequence[Word], given_names: Pairs
) -> tuple[list[str], list[int], list[float]]:
    """Return what single words may be met as besides themselves: texts, places and factors."""
    texts, places, factors = list[str](), list[int](), list[float]()
    for place, word in enumerate(words):
        if word.readings:
            texts += word.readings
            factors += [READING] * len(word.readings)
        for pairs in (PARTNERS, given_names):
            if word.text in pairs:
                texts += [each.text for each in pairs[word.text]]
                factors += [each.credit for each in pairs[word.text]]
        places += [place] * (len(texts) - len(places))
    return texts, places, factors
