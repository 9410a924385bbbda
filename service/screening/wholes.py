"""Find names that stand in a text exactly as a list prints them, by all their letters.

A single word is a name only where something says so: it is rare, the text has it in capitals as
the list does, or it is all of a field of a message (`Consignee: Olivia`).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, cast

import numpy as np

from service.names.form import normalise
from service.names.form.token import read_table
from service.names.match import NameIndex
from service.names.match.kernel import Flags, int_list, ints_of
from service.names.match.words import (
    FEWEST_LETTERS,
    NO_KEY,
    OF_LETTERS,
    identity_key,
    key,
    printed_letters,
)
from service.screening.answer import TextPlace
from service.screening.passage import EAST_ASIAN, PASSAGE_THRESHOLD, Casing, Passage

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
    """A word of the text, or an East Asian character, and whether a name may begin there.

    No name goes on in the next `section`.
    """

    start: int
    end: int
    section: int
    is_character: bool
    may_begin: bool


class Wholes:
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
        yield from self._short_passages(text, case)
        last, fields = 0, frozenset(_fields(text))
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

    def _short_passages(self, text: str, case: Casing) -> Iterator[Passage]:
        """Yield the names of up to four letters that something in the text says to be names.

        Such a name is all of a field, follows a word for ships, or is four rare letters in
        capitals among small letters.
        """
        fields = frozenset(_fields(text))
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
    """Yield the words of a text and its East Asian characters, as each may begin a name.

    Such a name begins a run of characters, or follows a word of the sentence.
    """
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
    labels = dict(read_table("framing_words.txt", "service.names.match"))["before"]
    words = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
    label = rf"{_TAG}|\b(?:{words})(?: name)?[ \t]*+:[ \t]*+"
    content = r"(?P<content>[^\W_][^\n,;:]{1,60}?)"
    return re.compile(rf"(?:{label}){content}{_END}", re.IGNORECASE | re.MULTILINE)
