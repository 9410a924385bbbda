"""Find every listed name in a text, such as a payment message or a contract, with its place.

A text has far more words than a name, so three steps go before the comparison of names: the words
of the text are looked up in the vocabulary of the lists; the listed names of which it has nearly
all weight are kept; and where their words stand together, that passage is asked for like a name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import cast

import msgspec
import numpy as np
from rapidfuzz.distance import OSA

from service.names.form import normalise
from service.names.match import NameIndex
from service.names.match.joined import JoinedNames
from service.names.match.kernel import (
    Flags,
    Floats,
    Ints,
    float_list,
    floats_of,
    int_list,
    ints_of,
)
from service.names.matching import Word
from service.screening.answer import TextPlace
from service.screening.passage import (
    EAST_ASIAN,
    FUNCTION_WORDS,
    IS_EAST_ASIAN,
    MOST_GAP,
    Casing,
    Passage,
)
from service.screening.wholes import BREAK, Wholes

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
    """What an index of names needs to find them in texts; made once, when the first text comes."""

    def __init__(self, names: NameIndex) -> None:
        """Lay out the words of all names; some 0.5 s of CPU and 15 MB for 118,000 names."""
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
        self._slips = _Slips(names.places, self._rarest)
        self._wholes = Wholes(names)

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

    def __init__(self, places: Mapping[str, int], rarest: Floats) -> None:
        self._words = [
            word
            for word, place in places.items()
            if _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP and rarest[place] >= _LEAST_OF_SLIP
        ]
        self._places = places
        keys = [(hash(each), at) for at, word in enumerate(self._words) for each in _shorter(word)]
        table = np.array(keys, dtype=np.int64).reshape(-1, 2)
        order = np.argsort(table[:, 0], kind="stable")
        self._keys: Ints = table[order, 0]
        self._at: Ints = table[order, 1]

    def near(self, word: str) -> Iterator[int]:
        """Yield the words one letter away from a word, by place in the vocabulary."""
        if not _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP:
            return
        keys = np.array([hash(each) for each in _shorter(word)], dtype=np.int64)
        firsts = int_list(np.searchsorted(self._keys, keys).astype(np.int64))
        lasts = int_list(np.searchsorted(self._keys, keys, "right").astype(np.int64))
        spans = zip(firsts, lasts, strict=True)
        near = {at for first, last in spans for at in int_list(self._at[first:last])}
        for at in near:
            if OSA.distance(word, self._words[at], score_cutoff=1) <= 1:
                yield self._places[self._words[at]]


def _shorter(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _stretch(pieces: Sequence[_Piece], at: int, words: Iterable[int]) -> tuple[int, int]:
    """Return the first and last of the pieces around one that together have the words.

    A word that is there already ends the name, or begins it once more, and adds nothing.
    """
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
