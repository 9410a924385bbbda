"""Find every listed name in a text, such as a payment message or a contract, with its place.

A text has far more words than a name, so three steps go before the comparison of names: the words
of the text are looked up in the vocabulary of the lists; the listed names of which it has nearly
all weight are kept; and where their words stand together, that passage is asked for like a name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import cast

import msgspec
import numpy as np
from rapidfuzz.distance import OSA

from service.lists.listing import EntityType
from service.names.form import normalise, ordinary_words
from service.names.form.token import read_words
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
from service.names.match.words import GIVEN_NAMES, NO_KEY, OF_LETTERS, key, printed_letters
from service.names.matching import ComparisonForm, Word
from service.screening.answer import TextPlace

# The lowest score of a passage: every word of a text is asked about, so that by chance alone a
# text has a thousand times as many passages as a name.
PASSAGE_THRESHOLD = 0.85
# How much of a listed name's weight must be there, and how much weight that must be: a word never
# seen in any name has 1.
_SHARE, _LEAST_OF_WORD, _LEAST_OF_NAME = 0.75, 0.8, 1.0
_LEAST_BESIDE_TRADE, _LEAST_BESIDE_FORM, _SMALL = 0.75, 0.6, 0.4
# A name of common words (China Telecom) must be the same.
_THE_SAME = 0.97
# A single word is a name if it is nearly the same.
_ALMOST_ALONE = 0.9
# A single word of another script that sounds shorter is an article (Al).
_FEWEST_SOUNDS = 3
# A name of fewer letters must be the same.
_SHORT_BRAND = 5
_LEAST_OF_LISTED = 0.65
# Words before the last of a phrase that is one word of a name (research and production centre).
_MOST_IN_PHRASE = 4
# Words between two of a name's own (of, and, a legal form), how many of its places are tried, and
# the characters between two words of a name.
_MOST_BETWEEN, _MOST_PLACES, _MOST_GAP = 3, 1000, 36
# Words that may be misspelt, in letters; a shorter one resembles too many others.
_SHORTEST_SLIP, _LONGEST_SLIP = 5, 24
_LEAST_OF_SLIP = 0.3
# The share of small letters from which on a text has its names in capitals.
_CASED = 0.5
# A legal form after a name belongs to its place: at most so many words or Han characters.
_MOST_FORM_WORDS, _MOST_FORM_HAN, _FORM_LETTERS, _SHORT_FORM = 4, 8, 40, 3
# Words that a table of legal forms has as well, in some language.
_FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "if",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "so",
        "the",
        "this",
        "to",
        "was",
        "were",
        "with",
    ]
)
# Parts of a run of East Asian characters that no table splits; such a part may be a brand.
_PARTS = range(2, 5)
_EAST_ASIAN = "\u3005\u3007\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_OTHER = rf"(?![{_EAST_ASIAN}])\w"
_PIECE = re.compile(rf"[{_EAST_ASIAN}]+|(?:{_OTHER})+(?:[.'\u2019&-](?:{_OTHER})+)*")
_IS_EAST_ASIAN = re.compile(f"[{_EAST_ASIAN}]+")
_BEFORE_SHIP = re.compile(
    r"(?:\b(?:m/[vty]|m\.?[vt]\.?|vessel|ship|tanker|l[np]g/c)\b\W{0,3}"
    r"|судно\W{0,3}|[船轮]\W{0,2})$",
    re.IGNORECASE,
)
_NEAR = 16
# Words of a name that a list prints so, and the words before and after a passage.
_MOST_WORDS = 20
_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"(?<![^\W_])([^\W_]++)[ '&.-]++$")
_NEXT_WORD = re.compile(r"\.?[ '&-]+([^\W_]+)")
# Signs that are in no name. A line may end within one, a paragraph may not.
_BREAK = re.compile(r"[;:!?\u3002\uff0c\uff1a\uff1b\uff01\uff1f]|\n\s*\n")
# Fifty letters and their marks without a space; not a code or an address, which have others.
_UNSPLIT = re.compile(rf"(?:(?![{_EAST_ASIAN}\d_])\w[\u0e31-\u0e4e\u1000-\u109f]*+){{50,}}+")


class Passage(msgspec.Struct, frozen=True):
    """A passage of a text that may be a listed name, and the names (by position) that it may be.

    `least` is the lowest score with which it is one. `is_part` means that it is a part of a run of
    Han characters that sounds like a name: one only if the list prints these characters. `is_ship`
    means that a word for ships is before it, `is_whole` that a list prints all of these letters,
    and `is_ordinary` that they are one word of the language or a given name, which only a ship may
    have for its name (HUMANITY).
    """

    printed: str
    place: TextPlace
    names: frozenset[int]
    least: float
    is_part: bool
    is_ship: bool
    is_whole: bool = False
    is_ordinary: bool = False

    def is_met(
        self,
        listed: tuple[int, ComparisonForm, EntityType | None],
        form: ComparisonForm,
        score: float,
    ) -> bool:
        """Return whether a listed name that a form of the passage meets with a score is there.

        `listed` is its position, its form and the type of its entry.
        A single word is the name of no person, and of a ship only where a word for ships is before
        it: many have ordinary names. As a list prints it, it may be.
        """
        name, listed_form, entity_type = listed
        if self.is_whole:
            is_craft = entity_type in {"vessel", "aircraft"}
            return name in self.names and (is_craft or self.is_ship or not self.is_ordinary)
        if name not in self.names or score < (
            _THE_SAME if len(form.joined) < _SHORT_BRAND else self.least
        ):
            return False
        if len(form.words) == 1 and entity_type not in {None, "organisation"} and not self.is_ship:
            return False
        if self.is_part and _IS_EAST_ASIAN.search(listed_form.printed) is None:
            return False
        ours = {word.text for word in form.words}
        return self.least < _THE_SAME or ours == {word.text for word in listed_form.words}


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
        self._wholes = _Wholes(names)

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
        case = _Case(text, pieces)
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
            section += _BREAK.search(text, before, start) is not None
            if _IS_EAST_ASIAN.fullmatch(found[0]):
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


class _Wholes:
    """Names by all their letters, so that one that stands in a text exactly is found."""

    def __init__(self, names: NameIndex) -> None:
        letters = ints_of(names.table[0].traits.same_letters)
        order = np.argsort(letters, kind="stable")
        kept = order[np.flatnonzero(cast("Flags", letters[order] != NO_KEY))]
        self._names, self._keys, self._at = names, letters[kept], kept

    def passages(self, text: str, case: "_Case") -> Iterator[Passage]:
        """Yield the names of five letters or more that are in a text as a list prints them.

        One within a longer one is left out. One of common words must stand alone.
        """
        last = 0
        for start, end, letters in self._met(text, case):
            printed = text[start:end]
            if end <= last or _BREAK.search(printed) is not None:
                continue
            listed = self._listed(letters, printed, case)
            least = case.least_score(start, end)
            if listed and (least is not None or case.stands_alone(start, end)):
                last = end
                yield Passage(
                    printed,
                    TextPlace(start=start, end=end),
                    listed,
                    PASSAGE_THRESHOLD if least is None else least,
                    is_part=False,
                    is_ship=case.is_ship(start),
                    is_whole=True,
                    is_ordinary=case.is_ordinary(normalise(printed)),
                )

    def _met(self, text: str, case: "_Case") -> list[tuple[int, int, int]]:
        """Return start, end and key of each run of words that a list prints, longest first."""
        words = list(_WORD.finditer(text))
        runs, keys = list[tuple[int, int]](), list[int]()
        for first, word in enumerate(words):
            if case.may_begin(word[0]):
                letters = ""
                for each in words[first : first + _MOST_WORDS]:
                    letters += each[0].lower() if each[0].isascii() else printed_letters(each[0])
                    runs.append((word.start(), each.end()))
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

    def _listed(self, letters: int, printed: str, case: "_Case") -> frozenset[int]:
        """Return the names with these letters, of a single word only those printed the same."""
        first, last = (np.searchsorted(self._keys, letters, side) for side in ("left", "right"))
        names, form = int_list(self._at[first:last]), normalise(printed)
        if len(form.words) + len(form.legal_forms) > 1:
            return frozenset(names)
        return frozenset(
            name
            for name in names
            if self._names.form(name).printed == printed and case.may_be_whole(form)
        )


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


class _Case:
    """How a text writes names: in capitals, if it has small letters for the rest."""

    def __init__(self, text: str, pieces: Sequence[_Piece]) -> None:
        letters = [letter for letter in text if letter.isupper() or letter.islower()]
        small = sum(map(str.islower, letters))
        self._text, self._pieces = text, pieces
        self._is_cased = small > _CASED * len(letters) and small < len(letters)
        self._small = {self._printed(piece) for piece in pieces if self._printed(piece).islower()}

    def least_score(self, start: int, end: int) -> float | None:
        """Return the lowest score with which a passage is a name; None if it can be none.

        Their letters decide, and how rare their words are.
        """
        printed = self._text[start:end]
        form = normalise(printed)
        if self._is_cased and not self._is_in_capitals(form.words):
            return None
        telling = [word for word in form.words if not word.is_trade_word]
        if len(telling) > 1 and sum(word.weight for word in telling) >= _LEAST_OF_NAME:
            return PASSAGE_THRESHOLD
        is_alone = len(form.words) == 1 and not form.legal_forms
        if is_alone and self._begins_legal_form(start, end):
            return None
        if len(telling) == 1 and self._may_be_brand(telling[0], start, alone=is_alone):
            return _ALMOST_ALONE if is_alone else PASSAGE_THRESHOLD
        whole = sum(word.weight for word in form.words)
        least = _LEAST_BESIDE_FORM if telling and form.legal_forms else _LEAST_OF_NAME
        return (
            _THE_SAME if len(form.words) + len(form.legal_forms) > 1 and whole >= least else None
        )

    def may_begin(self, word: str) -> bool:
        """Return whether a word may be the first of a name."""
        return not (self._is_cased and word.islower())

    def may_be_whole(self, form: ComparisonForm) -> bool:
        """Return whether a single word, printed as a list prints it, may be that name."""
        return self._is_cased and (form.printed.isupper() or not self.is_ordinary(form))

    def is_ordinary(self, form: ComparisonForm) -> bool:
        """Return whether a name is one word of the language, a given name, or common in names."""
        printed, word = form.printed.lower(), form.words[0]
        is_known = printed in _common_words() or printed in self._small
        is_one = len(form.words) + len(form.legal_forms) == 1
        return is_one and (is_known or word.text in GIVEN_NAMES or word.weight < _LEAST_OF_WORD)

    def stands_alone(self, start: int, end: int) -> bool:
        """Return whether no word beside a passage may belong to the same name.

        In a text with small letters such a word begins with a capital.
        """
        before = _LAST_WORD.search(self._text, max(0, start - _MOST_GAP), start)
        after = _NEXT_WORD.match(self._text, end)
        return not any(
            found is not None and self._may_belong(found[1]) for found in (before, after)
        )

    def _may_belong(self, word: str) -> bool:
        if word.lower() in _FUNCTION_WORDS or not self.may_begin(word):
            return False
        return not self._is_cased or word.isupper() or word.lower() not in _common_words()

    def is_ship(self, start: int) -> bool:
        """Return whether a word for ships is before a place."""
        return _BEFORE_SHIP.search(self._text, max(0, start - _NEAR), start) is not None

    def _is_in_capitals(self, words: Sequence[Word]) -> bool:
        """Return whether most of the weight of words is in capitals, or has no case."""
        whole = sum(word.weight for word in words)
        small = sum(word.weight for word in words if word.printed.islower())
        return small <= _SMALL * whole

    def _begins_legal_form(self, start: int, end: int) -> bool:
        """Return whether a word and the next one are a legal form (PTY LTD)."""
        after = _NEXT_WORD.match(self._text, end)
        return (
            after is not None and len(normalise(f"x {self._text[start : after.end()]}").words) == 1
        )

    def _may_be_brand(self, word: Word, start: int, *, alone: bool) -> bool:
        if self.is_ship(start):
            return True
        printed = word.printed.lower()
        if not printed.isascii() and len(word.text) < _FEWEST_SOUNDS:
            return False
        if word.weight < (_LEAST_OF_WORD if alone else _LEAST_BESIDE_TRADE):
            return False
        return printed not in _common_words() and printed not in self._small

    def _printed(self, piece: _Piece) -> str:
        return self._text[piece.start : piece.end]


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
            if gap > _MOST_GAP or here.section != pieces[at].section:
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
    run = _IS_EAST_ASIAN.match(text, end)
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
    return word in _FUNCTION_WORDS or (printed == word and len(word) < _SHORT_FORM)


@cache
def _common_words() -> frozenset[str]:
    """Return words that alone name nobody, however rare they are in the names of companies."""
    return ordinary_words().union(read_words("common_words.txt", "service.screening"))


def _sums(values: Floats, starts: Ints) -> Floats:
    """Return the sums of the values from each start up to the next."""
    added = np.concatenate([np.zeros(1), np.cumsum(values)])
    return added[starts[1:]] - added[starts[:-1]]
