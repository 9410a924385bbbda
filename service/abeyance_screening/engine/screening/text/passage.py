"""A passage of a text that may be a listed name, and how its letters speak for and against it."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise, ordinary_words
from abeyance_screening.engine.names.form.token import read_lines, read_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match.name_keys import GIVEN_NAMES
from abeyance_screening.engine.screening.answer import TextPlace

# The lowest score of a passage: every word of a text is asked about, so that by chance alone a
# text has a thousand times as many passages as a name.
PASSAGE_THRESHOLD = 0.85
# How much of a word's and of a name's weight must be there: a word never seen in any name has 1.
_LEAST_OF_WORD, _LEAST_OF_NAME = 0.8, 1.0
_LEAST_BESIDE_TRADE, _LEAST_BESIDE_FORM, _SMALL = 0.75, 0.6, 0.4
# A name of common words (China Telecom) must be the same.
_THE_SAME = 0.97
# A single word is a name if it is nearly the same.
_ALMOST_ALONE = 0.9
# A single word of another script that sounds shorter is an article (Al).
_FEWEST_SOUNDS = 3
# A name of fewer letters must be the same.
_SHORT_BRAND = 5
# The letters of a mark, a short brand in capitals; three are an abbreviation of many things.
_MARK = 4
# The share of small letters from which on a text has its names in capitals.
_CASED = 0.5
EAST_ASIAN = "\u3005\u3007\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
IS_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]+")
# The characters between two words of a name.
MOST_GAP = 36
# Words that a table of legal forms has as well, in some language.
FUNCTION_WORDS = frozenset(
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
_CRAFT = frozenset[EntityType | None]({"vessel", "aircraft"})
_BEFORE_SHIP = re.compile(
    r"(?:\b(?:m/[vty]|m\.?[vt]\.?|vessel|ship|tanker|l[np]g/c)\b\W{0,3}"
    r"|судно\W{0,3}|[船轮]\W{0,2})$",
    re.IGNORECASE,
)
_NEAR = 16
# The words before and after a passage; a legal form may be in brackets, (Pty) Ltd.
_LAST_WORD = re.compile(r"(?<![^\W_])([^\W_]++)[ '&.-]++$")
_NEXT_WORD = re.compile(r"\.?[ '&-]+([^\W_]+)")
_REST_OF_FORM = re.compile(r"[.)]{0,2}[ '&-]+[^\W_]+")


class Passage(msgspec.Struct, frozen=True):
    """A passage of a text that may be a listed name, and the names (by position) that it may be.

    `least` is the lowest score with which it is one. `is_part` means that it is a part of a run of
    Han characters that sounds like a name: one only if the list prints these characters. `is_ship`
    means that a word for ships is before it, `is_whole` that a list prints all of these letters,
    and `is_ordinary` that they are one word of the language or a given name, which only a ship may
    have for its name (HUMANITY). `is_mark` means that they are a few capitals, no person's name.
    """

    printed: str
    place: TextPlace
    names: frozenset[int]
    least: float
    is_part: bool
    is_ship: bool
    is_whole: bool = False
    is_ordinary: bool = False
    is_mark: bool = False

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
            return name in self.names and self._may_be(entity_type)
        if name not in self.names or score < (
            _THE_SAME if len(form.joined) < _SHORT_BRAND else self.least
        ):
            return False
        if len(form.words) == 1 and entity_type not in {None, "organisation"} and not self.is_ship:
            return False
        if self.is_part and IS_EAST_ASIAN.search(listed_form.printed) is None:
            return False
        ours = {word.text for word in form.words}
        return self.least < _THE_SAME or ours == {word.text for word in listed_form.words}

    def _may_be(self, entity_type: EntityType | None) -> bool:
        """Return whether letters that are all of a listed name may name an entry of a type."""
        if self.is_mark and entity_type == "person":
            return False
        return entity_type in _CRAFT or self.is_ship or not self.is_ordinary


class Casing:
    """How a text writes names: in capitals, if it has small letters for the rest."""

    def __init__(self, text: str, words: Iterable[str]) -> None:
        """Take a text and its words."""
        letters = [letter for letter in text if letter.isupper() or letter.islower()]
        small = sum(map(str.islower, letters))
        self._text = text
        self.is_cased = small > _CASED * len(letters) and small < len(letters)
        self._small = frozenset(filter(str.islower, words))

    def least_score(self, start: int, end: int) -> float | None:
        """Return the lowest score with which a passage is a name; None if it can be none.

        Their letters decide, and how rare their words are.
        """
        printed = self._text[start:end]
        form = normalise(printed)
        if self.is_cased and not self._is_in_capitals(form.words):
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
        return not (self.is_cased and word.islower())

    def may_be_whole(self, form: ComparisonForm) -> bool:
        """Return whether a single word with the letters of a listed name may be that name.

        A word of letters and digits is a mark (YV2849). In a text without small letters a word
        must be no place, because it may be any of a sentence.
        """
        printed = form.printed
        if any(map(str.isdigit, printed)) and any(map(str.isalpha, printed)):
            return True
        if self.is_cased:
            return printed.isupper() or not self.is_ordinary(form)
        return not self.is_ordinary(form) and printed.lower() not in _places()

    def is_ordinary(self, form: ComparisonForm) -> bool:
        """Return whether a name is one word of the language, a given name, or common in names."""
        printed, word = form.printed.lower(), form.words[0]
        is_known = printed in _common_words() or printed in self._small
        is_one = len(form.words) + len(form.legal_forms) == 1
        return is_one and (is_known or word.text in GIVEN_NAMES or word.weight < _LEAST_OF_WORD)

    def is_ordinary_whole(self, form: ComparisonForm) -> bool:
        """Return whether a name with the letters of a listed one may only be that of a ship.

        A rare word of a text without small letters may be a surname, which says who nobody is.
        """
        is_one = len(form.words) + len(form.legal_forms) == 1
        is_in_capitals = not self.is_cased and form.printed.lower() != form.printed.upper()
        return self.is_ordinary(form) or (is_one and is_in_capitals)

    def is_mark(self, word: str) -> bool:
        """Return whether a word of four rare letters is in capitals among small letters."""
        if not (self.is_cased and len(word) == _MARK and word.isupper() and word.isalpha()):
            return False
        return not self.is_ordinary(normalise(word))

    def stands_alone(self, start: int, end: int) -> bool:
        """Return whether no word beside a passage may belong to the same name.

        In a text with small letters such a word begins with a capital.
        """
        before = _LAST_WORD.search(self._text, max(0, start - MOST_GAP), start)
        after = _NEXT_WORD.match(self._text, end)
        return not any(
            found is not None and self._may_belong(found[1]) for found in (before, after)
        )

    def _may_belong(self, word: str) -> bool:
        if word.lower() in FUNCTION_WORDS or not self.may_begin(word):
            return False
        return not self.is_cased or word.isupper() or word.lower() not in _common_words()

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
        after = _REST_OF_FORM.match(self._text, end)
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


@cache
def _common_words() -> frozenset[str]:
    """Return words that alone name nobody, however rare they are in the names of companies."""
    return ordinary_words().union(
        read_words("common_words.txt", "abeyance_screening.engine.screening.text")
    )


@cache
def _places() -> frozenset[str]:
    return frozenset(
        place.lower()
        for place in read_lines("places.txt", "abeyance_screening.engine.names.match")
    )
