"""Find every listed name in a text, such as a payment message or a contract, with its place.

A text has far more words than a name, so three steps go before the comparison of names: the words
of the text are looked up in the vocabulary of the lists; the listed names of which it has nearly
all weight are kept; and where their words stand together, that passage is asked for like a name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple, cast

import msgspec
import numpy as np
from rapidfuzz.distance import OSA

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import Word, printed_letters
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.joined import JoinedNames
from abeyance_screening.engine.names.match.kernel import (
    Flags,
    Floats,
    Ints,
    Wholes,
    compiled,
    float_list,
    floats_of,
    int_list,
    ints_of,
)
from abeyance_screening.engine.names.match.name_keys import (
    FEWEST_LETTERS,
    NO_KEY,
    OF_LETTERS,
    identity_key,
    key,
)
from abeyance_screening.engine.names.match.spelling import (
    LETTERS,
    Vocabulary,
    codes_of,
    text_of,
)
from abeyance_screening.engine.screening.answer import TextPlace
from abeyance_screening.engine.screening.text.passage import (
    EAST_ASIAN,
    FUNCTION_WORDS,
    IS_EAST_ASIAN,
    MOST_GAP,
    PASSAGE_THRESHOLD,
    Casing,
    Passage,
)

# How much of a listed name's weight must be there, and how much weight that must be: a word never
# seen in any name has 1.
_SHARE, _LEAST_OF_LISTED = 0.75, 0.65

# Words before the last of a phrase that is one word of a name (research and production centre).
_MOST_IN_PHRASE = 4
# Words between two of a name's own (of, and, a legal form), and how many of its places are tried.
_MOST_BETWEEN, _MOST_PLACES = 3, 1000
# Words that may be misspelt, in letters; a shorter one resembles too many others.
_SHORTEST_SLIP, _LONGEST_SLIP = 5, 24
_LEAST_OF_SLIP = 0.3
# Keys of what is left of a word are below this prime, which times the letters fits 64 bits.
_KEYS = 144_115_188_075_855_859
# A legal form after a name belongs to its place: at most so many words or Han characters.
_MOST_FORM_WORDS, _MOST_FORM_HAN, _FORM_LETTERS, _SHORT_FORM = 4, 8, 40, 3
# Parts of a run of East Asian characters that no table splits; such a part may be a brand.
_PARTS = range(2, 5)
_OTHER = rf"(?![{EAST_ASIAN}])\w"
_POSSESSIVE = r"['\u2019]s\b"
_PIECE = re.compile(
    rf"[{EAST_ASIAN}]+|(?:{_OTHER})+(?:(?!{_POSSESSIVE})[.'\u2019&-](?:{_OTHER})+)*"
)
# Fifty letters and their marks without a space; not a code or an address, which have others.
_UNSPLIT = re.compile(rf"(?:(?![{EAST_ASIAN}\d_])\w[\u0e31-\u0e4e\u1000-\u109f]*+){{50,}}+")


class _Piece(msgspec.Struct, frozen=True):
    """A word of the text by its place, and the words of the vocabulary that it may be.

    A name does not go beyond a `section`, which ends with a sign that no name has. `is_part` marks
    a part of a run of Han characters that no table splits.
    """

    start: int
    end: int
    words: frozenset[int]
    section: int
    is_part: bool = False


def unsplit_run(text: str) -> TextPlace | None:
    """Return the first place where words of a script without spaces cannot be told apart.

    East Asian words can. A run of letters of another script that is longer than any name's word is
    such a place: Thai, Lao, Khmer, Burmese, or a text whose spaces were lost.
    """
    found = _UNSPLIT.search(text)
    return None if found is None else TextPlace(start=found.start(), end=found.end())


class TextIndex:
    """What an index of names needs to find them in texts."""

    def __init__(self, names: NameIndex) -> None:
        """Lay out the words of all names."""
        columns = names.table[0].names
        self._names = names
        counts = np.diff(ints_of(columns.starts))
        alone = cast("Flags", ints_of(columns.spans) == 1)
        owners = np.repeat(np.arange(len(counts)), counts)[alone]
        self._spans: Ints = ints_of(columns.weight_starts)
        self._weights: Floats = floats_of(columns.weights)
        self._words: Ints = ints_of(columns.words)[alone].astype(np.int64)
        self._spots: Ints = self._spans[owners] + ints_of(columns.places)[alone]
        starts = np.searchsorted(owners, np.arange(len(counts) + 1)).astype(np.int64)
        self._entry_starts = int_list(starts)
        self._totals = _sums(self._weights, self._spans)
        self._rarest: Floats = np.zeros(len(names.places))
        np.maximum.at(self._rarest, self._words, self._weights[self._spots])
        self._slips = _Slips(names.table[0].vocabulary, self._rarest)
        self._wholes = WholeNames(names)

    def passages(self, text: str) -> Iterator[Passage]:
        """Yield the passages that may be listed names, each with the names that it may be."""
        pieces = self._pieces(text)
        if not pieces:
            return
        found = defaultdict[tuple[int, int], set[int]](set)
        spots = defaultdict[int, list[int]](list)
        for number, piece in enumerate(pieces):
            for word in piece.words:
                spots[word].append(number)
        for name in self._likely(spots):
            for window in self._windows(name, pieces, spots):
                found[window].add(name)
        case = Casing(text, [text[piece.start : piece.end] for piece in pieces])
        for (first, last), names in found.items():
            start, end = pieces[first].start, max(each.end for each in pieces[first : last + 1])
            start, end = _with_legal_forms(text, start, end)
            least = case.least_score(start, end)
            if least is not None:
                place = TextPlace(start=start, end=end)
                is_part = all(each.is_part for each in pieces[first : last + 1])
                yield Passage(
                    text[start:end], place, frozenset(names), least, is_part, case.is_ship(start)
                )
        yield from self._wholes.passages(text, case)

    def _likely(self, spots: dict[int, list[int]]) -> list[int]:
        """Return the names of which the text has enough words, wherever these are."""
        present = np.zeros(len(self._rarest), dtype=np.bool_)
        present[list(spots)] = True
        covered: Floats = np.zeros(len(self._weights))
        met = self._spots[present[self._words]]
        covered[met] = self._weights[met]
        sums = _sums(covered, self._spans)
        enough = (sums >= _SHARE * self._totals) & (sums >= _LEAST_OF_LISTED)
        return int_list(np.flatnonzero(enough))

    def _windows(
        self, name: int, pieces: Sequence[_Piece], spots: dict[int, list[int]]
    ) -> Iterator[tuple[int, int]]:
        """Yield where words of a name stand together and are nearly all of its weight."""
        first, last = self._entry_starts[name], self._entry_starts[name + 1]
        places = defaultdict[int, list[int]](list)
        for word, spot in zip(
            int_list(self._words[first:last]), int_list(self._spots[first:last]), strict=True
        ):
            if word in spots:
                places[word].append(spot)
        anchor = min(places, key=lambda word: len(spots[word]))
        needed = _SHARE * float_list(self._totals[name : name + 1])[0]
        for at in spots[anchor][:_MOST_PLACES]:
            low, high = _stretch(pieces, at, places.keys())
            met = {
                spot
                for piece in pieces[low : high + 1]
                for word in piece.words
                for spot in places.get(word, ())
            }
            if float(self._weights[list(met)].sum()) >= needed:
                yield low, high

    def _pieces(self, text: str) -> list[_Piece]:
        known = dict[str, frozenset[int]]()
        pieces, section = list[_Piece](), 0
        run: list[_Piece] = []  # words with nothing but a space between them
        for found in _PIECE.finditer(text):
            start, end = found.span()
            before = pieces[-1].end if pieces else 0
            section += BREAK.search(text, before, start) is not None
            if IS_EAST_ASIAN.fullmatch(found[0]):
                pieces += self._unspaced(found[0], start, section, known)
                continue
            if run and start > run[-1].end + 1:
                run.clear()
            piece = _Piece(start, end, self._meanings(found[0], known), section)
            for each in run[-_MOST_IN_PHRASE:]:
                both = self._meanings(text[each.start : end], known, of_phrase=True) - each.words
                if both - piece.words:
                    pieces.append(_Piece(each.start, end, both - piece.words, section))
            pieces.append(piece)
            run.append(piece)
        return sorted(pieces, key=lambda each: (each.start, each.end))

    def _meanings(
        self, printed: str, known: dict[str, frozenset[int]], *, of_phrase: bool = False
    ) -> frozenset[int]:
        """Return the words of the vocabulary that a printed word may be, misspelt or not.

        Of a phrase only a single word that it is as a whole counts (design bureau).
        """
        folded = printed.casefold()
        if folded not in known:
            words = normalise(printed).words[:_MOST_FORM_WORDS]
            if of_phrase and len(words) > 1:
                words = ()
            known[folded] = frozenset(
                meaning for word in words for meaning in self._meanings_of(word)
            )
        return known[folded]

    def _meanings_of(self, word: Word) -> Iterator[int]:
        places = self._names.places
        texts = [each for each in (word.text, *word.readings) if each in places]
        yield from (places[each] for each in texts)
        if word.weight >= _LEAST_OF_SLIP or not texts or self._rarest[places[texts[0]]] == 0.0:
            yield from self._slips.near(word.text)

    def _unspaced(
        self, run: str, start: int, section: int, known: dict[str, frozenset[int]]
    ) -> list[_Piece]:
        pieces, at = list[_Piece](), 0
        for word in normalise(run).words:
            place = run.find(word.printed, at)
            if place < 0:
                continue
            at, first = place + len(word.printed), start + place
            meanings = frozenset(self._meanings_of(word))
            if meanings or len(word.printed) <= _PARTS[0]:
                pieces.append(_Piece(first, start + at, meanings, section))
                continue
            for length in _PARTS:
                for begin in range(len(word.printed) - length + 1):
                    part = word.printed[begin : begin + length]
                    meaning = self._meanings(part, known)
                    if meaning:
                        place = first + begin
                        pieces.append(
                            _Piece(place, place + length, meaning, section, is_part=True)
                        )
        return sorted(pieces, key=lambda each: (each.start, each.end))


class JoinedTexts:
    """What finds the names of a base and of what is beside it in texts."""

    def __init__(self, names: JoinedNames) -> None:
        self._names = names
        self._texts = [TextIndex(part) for part in names.parts]

    def passages(self, text: str) -> Iterator[Passage]:
        """Yield the passages that may be listed names, as one `TextIndex` of all names does."""
        for part, texts in enumerate(self._texts):
            for passage in texts.passages(text):
                places = (self._names.place(part, name) for name in passage.names)
                names = frozenset(place for place in places if place >= 0)
                if names:
                    yield msgspec.structs.replace(passage, names=names)


class _Slips:
    """Words by what is left of them without one letter, so that a misspelt word is found."""

    def __init__(self, vocabulary: Vocabulary, rarest: Floats) -> None:
        starts = ints_of(vocabulary.starts)
        lengths = np.diff(starts)
        is_long = (lengths >= _SHORTEST_SLIP) & (lengths <= _LONGEST_SLIP)
        words = np.flatnonzero(is_long & (rarest >= _LEAST_OF_SLIP))
        counts = lengths[words] + 1
        keys = np.zeros(sum(int_list(counts.astype(np.int64))), dtype=np.int64)
        _fill_shorter(vocabulary.letters, vocabulary.starts, words, keys)
        order = np.argsort(keys, kind="stable")
        self._keys: Ints = keys[order]
        self._at: Ints = np.repeat(words, counts)[order]
        self._vocabulary, self._starts = vocabulary, starts

    def near(self, word: str) -> Iterator[int]:
        """Yield the words one letter away from a word, by place in the vocabulary."""
        if not _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP:
            return
        codes = np.frombuffer(bytearray(codes_of(word)), dtype=np.uint8)
        keys = np.zeros(len(word) + 1, dtype=np.int64)
        _fill_shorter(codes, np.array((0, len(word)), np.int32), np.zeros(1, np.int64), keys)
        firsts = int_list(np.searchsorted(self._keys, keys).astype(np.int64))
        lasts = int_list(np.searchsorted(self._keys, keys, "right").astype(np.int64))
        spans = zip(firsts, lasts, strict=True)
        for at in {at for first, last in spans for at in int_list(self._at[first:last])}:
            if OSA.distance(word, self._word(at), score_cutoff=1) <= 1:
                yield at

    def _word(self, at: int) -> str:
        first, last = int_list(self._starts[at : at + 2])
        return text_of(memoryview(ints_of(self._vocabulary.letters)[first:last]))


@compiled
def _fill_shorter(letters: Wholes, starts: Wholes, words: Wholes, keys: Wholes) -> None:
    """Fill the keys of each of these words, and of what is left of it without each of its letters.

    Two different texts of up to 24 letters hardly ever have one key; who finds words by it looks.
    """
    at = 0
    for word in words:
        first, last = starts[word], starts[word + 1]
        for without in range(first, last + 1):
            key = 1
            for place in range(first, last):
                if place != without:
                    key = (key * LETTERS + letters[place]) % _KEYS
            keys[at] = key
            at += 1


def _stretch(pieces: Sequence[_Piece], at: int, words: Iterable[int]) -> tuple[int, int]:
    """Return the first and last piece around one that have the words, none of them twice."""
    missing = set(words) - pieces[at].words
    low = high = at
    for step in (1, -1):
        edge, number = at, at + step
        while 0 <= number < len(pieces) and abs(number - edge) <= _MOST_BETWEEN + 1 and missing:
            here, there = pieces[number], pieces[edge]
            gap = here.start - there.end if step > 0 else there.start - here.end
            if gap > MOST_GAP or here.section != pieces[at].section:
                break
            if not missing.isdisjoint(here.words):
                edge = number
                missing -= here.words
            number += step
        low, high = (edge, high) if step < 0 else (low, edge)
    return low, high


def _with_legal_forms(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of a name with the legal forms before and behind it."""
    form = normalise(text[start:end])
    words, codes = [word.text for word in form.words], form.legal_forms
    first, last = start, end
    for begin in _starts_before(text, start):
        longer = normalise(text[begin:end])
        if [word.text for word in longer.words] == words and longer.legal_forms != codes:
            first, codes = begin, longer.legal_forms
    for ahead in _ends_ahead(text, end):
        longer = normalise(text[first:ahead])
        if [word.text for word in longer.words] == words and longer.legal_forms != codes:
            last, codes = ahead, longer.legal_forms
    return first, last


def _starts_before(text: str, start: int) -> Iterator[int]:
    before = max(0, start - _FORM_LETTERS)
    found = [each for each in _PIECE.finditer(text, before, start) if not _is_small(each[0])]
    yield from (each.start() for each in found[: -_MOST_FORM_WORDS - 1 : -1])


def _ends_ahead(text: str, end: int) -> Iterator[int]:
    run = IS_EAST_ASIAN.match(text, end)
    if run is not None:
        yield from range(end + 2, end + min(_MOST_FORM_HAN, len(run[0])) + 1)
        return
    found = _PIECE.finditer(text, end, end + _FORM_LETTERS)
    for each in islice(found, _MOST_FORM_WORDS):
        if not _is_small(each[0]):
            yield each.end() + (text[each.end() : each.end() + 1] == ".")


def _is_small(printed: str) -> bool:
    """Return whether a word is one of the language rather than a legal form (FOR, in)."""
    word = printed.lower()
    return word in FUNCTION_WORDS or (printed == word and len(word) < _SHORT_FORM)


def _sums(values: Floats, starts: Ints) -> Floats:
    """Return the sums of the values from each start up to the next."""
    added = np.concatenate([np.zeros(1), np.cumsum(values)])
    return added[starts[1:]] - added[starts[:-1]]


# --- Names that stand in a text exactly as a list prints them, by all their letters.
#
# A single word is a name only where something says so: it is rare, the text has it in capitals as
# the list does, or it is all of a field of a message (`Consignee: Olivia`).

# Signs that are in no name. A line may end within one, a paragraph may not.
BREAK = re.compile(r"[;:!?\u3002\uff0c\uff1a\uff1b\uff01\uff1f]|\n\s*\n")
# The most words of a name, of which each East Asian character is one.
_MOST_WORDS, _MOST_CHARACTERS = 20, 32
_HIRAGANA = "\u3041-\u309f"
_WORD = re.compile(rf"[{EAST_ASIAN}]|[{_HIRAGANA}]+|(?:(?![{EAST_ASIAN}{_HIRAGANA}])[^\W_])+")
_IS_CHARACTER = re.compile(f"[{EAST_ASIAN}]")
# A word that may be a name of up to four letters; a single one is none.
_SHORT_WORD = re.compile(r"(?<![\w.'&/-])[^\W_]{2,4}(?![\w&/-]|[.'][^\W_])")
# Characters of Chinese sentences after which a name may begin: from, give, with, to, of, by …
_BEFORE_NAME = frozenset("由给給与與跟和及到向往对對从從在为為将將把被使让讓于於的是")


class _Word(NamedTuple):
    """A word, or East Asian character, where a name may begin; none crosses a `section`."""

    start: int
    end: int
    section: int
    is_character: bool
    may_begin: bool


class WholeNames:
    """The names of an index by all their letters, and short ones by their words."""

    def __init__(self, names: NameIndex) -> None:
        """Sort the keys of all names."""
        letters = ints_of(names.table[0].traits.same_letters)
        order = np.argsort(letters, kind="stable")
        kept = order[np.flatnonzero(cast("Flags", letters[order] != NO_KEY))]
        self._names, self._keys, self._at = names, letters[kept], kept
        identity = ints_of(names.table[0].traits.identity)
        self._short_at = np.flatnonzero(cast("Flags", letters == NO_KEY))
        self._short_at = self._short_at[np.argsort(identity[self._short_at], kind="stable")]
        self._short_keys = identity[self._short_at]

    def passages(self, text: str, case: Casing) -> Iterator[Passage]:
        """Yield the names that are in a text as a list prints them.

        One within a longer one is left out. One of common words must stand alone.
        """
        last, fields = 0, frozenset(_fields(text))
        yield from self._short_passages(text, case, fields)
        for start, end, letters in self._met(text, case):
            printed = text[start:end]
            if end <= last:
                continue
            is_field = (start, end) in fields
            listed = self._listed(letters, printed, case, is_field=is_field)
            least = case.least_score(start, end)
            if listed and (least is not None or is_field or case.stands_alone(start, end)):
                last = end
                yield Passage(
                    printed,
                    TextPlace(start=start, end=end),
                    listed,
                    PASSAGE_THRESHOLD if least is None else least,
                    is_part=False,
                    is_ship=case.is_ship(start),
                    is_whole=True,
                    is_ordinary=not is_field and case.is_ordinary_whole(normalise(printed)),
                )

    def _short_passages(
        self, text: str, case: Casing, fields: frozenset[tuple[int, int]]
    ) -> Iterator[Passage]:
        """Yield the names of up to four letters that something in the text says to be names.

        Such a name is all of a field, follows a word for ships, or is four rare letters in
        capitals among small letters.
        """
        words = (found.span() for found in _SHORT_WORD.finditer(text))
        for start, end in sorted({*fields, *words}):
            is_field, is_ship = (start, end) in fields, case.is_ship(start)
            if not (is_field or is_ship or case.is_mark(text[start:end])):
                continue
            form = normalise(text[start:end])
            first, last = (
                np.searchsorted(self._short_keys, identity_key(form), side)
                for side in ("left", "right")
            )
            if first < last:
                yield Passage(
                    text[start:end],
                    TextPlace(start=start, end=end),
                    frozenset(int_list(self._short_at[first:last])),
                    PASSAGE_THRESHOLD,
                    is_part=False,
                    is_ship=is_ship,
                    is_whole=True,
                    is_mark=not (is_field or is_ship),
                )

    def _met(self, text: str, case: Casing) -> list[tuple[int, int, int]]:
        """Return start, end and key of each run of words that a list prints, longest first."""
        words = list(_words(text, case))
        runs, keys = list[tuple[int, int]](), list[int]()
        for first, word in enumerate(words):
            if word.may_begin:
                letters, most = "", _MOST_CHARACTERS if word.is_character else _MOST_WORDS
                for each in words[first : first + most]:
                    if each.section != word.section:
                        break
                    piece = text[each.start : each.end]
                    letters += piece.lower() if piece.isascii() else printed_letters(piece)
                    if len(letters) >= FEWEST_LETTERS:
                        runs.append((word.start, each.end))
                        keys.append(key(letters + OF_LETTERS))
        asked = np.array(keys, dtype=np.int64)
        places = np.searchsorted(self._keys, asked).clip(0, max(len(self._keys) - 1, 0))
        met = (
            np.flatnonzero(cast("Flags", self._keys[places] == asked))
            if len(self._keys)
            else places[:0]
        )
        found = [(*runs[at], keys[at]) for at in int_list(met)]
        return sorted(found, key=lambda each: (each[0], -each[1]))

    def _listed(
        self, letters: int, printed: str, case: Casing, *, is_field: bool
    ) -> frozenset[int]:
        """Return the names with these letters, of a single word only those printed the same."""
        first, last = (np.searchsorted(self._keys, letters, side) for side in ("left", "right"))
        names, form = int_list(self._at[first:last]), normalise(printed)
        if is_field or len(form.words) + len(form.legal_forms) > 1:
            return frozenset(names)
        if not case.may_be_whole(form):
            return frozenset()
        shown = {name: self._names.form(name).printed for name in names}
        if not case.is_cased:
            return frozenset(name for name in names if shown[name].upper() == printed.upper())
        return frozenset(name for name in names if shown[name] == printed)


def _words(text: str, case: Casing) -> Iterator[_Word]:
    """Yield the words of a text and its East Asian characters, as each may begin a name."""
    last, before, section = 0, "", 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        section += BREAK.search(text, last, start) is not None
        is_character = found[0] > "\u3000" and _IS_CHARACTER.match(found[0]) is not None
        may_begin = case.may_begin(found[0])
        if is_character and start == last:
            may_begin = before in _BEFORE_NAME or _IS_CHARACTER.match(before) is None
        yield _Word(start, end, section, is_character, may_begin)
        last, before = end, found[0][-1]


# --- Fields of a message: what one is for says that a name is all that it has.

_TAG = r"^(?-i::\d\d[A-Z]?:[ \t]*+(?:/\S*+\s++)?+|/[A-Z]{3,8}/)"
_END = r"(?=[ \t]*+(?:[\n,;]|$))"


def _fields(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the content of each field begins and ends that has one line or part of one."""
    for found in _field().finditer(text):
        start, end = found.span("content")
        yield start, end


@cache
def _field() -> re.Pattern[str]:
    labels = dict(read_table("framing_words.txt", "abeyance_screening.engine.names.match"))[
        "before"
    ]
    words = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
    label = rf"{_TAG}|\b(?:{words})(?: name)?[ \t]*+:[ \t]*+"
    content = r"(?P<content>[^\W_][^\n,;:]{1,60}?)"
    return re.compile(rf"(?:{label}){content}{_END}", re.IGNORECASE | re.MULTILINE)
