"""Items as they are described: words, HS codes and entries of control lists, made comparable."""

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Literal

import msgspec

from abeyance_screening.engine.screening.trade.transaction import Item

# --- Text as it appears: without invisible characters, letters and digits in one form.

# Invisible characters outside the categories Cf and Cc. Source: Unicode Character Database,
# DerivedCoreProperties.txt, Default_Ignorable_Code_Point.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
# Cyrillic and Greek letters that look like Latin ones, in both cases.
_SMALL = {
    **dict(zip("авекмнорстухіјѕ", "abekmhopctyxijs", strict=True)),
    **dict(zip("αβεζηικνορτυχ", "abezhiknoptyx", strict=True)),
}
_LATIN = {
    ord(each(letter)): each(latin)
    for letter, latin in _SMALL.items()
    for each in (str.lower, str.upper)
}


def as_shown(text: str) -> str:
    """Return the text without invisible characters and without surrounding white space.

    Width and style are normalised, digits of any script become `0` to `9`, and letters of other
    scripts that look like Latin ones become Latin, so that two such texts can be compared with
    each other but not with a text that was not brought to this form.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    seen = unicodedata.normalize("NFKC", "".join(filter(_is_seen, text)))
    return "".join(map(_plain_digit, seen)).translate(_LATIN).strip()


def _is_seen(sign: str) -> bool:
    if sign.isspace():
        return True
    return unicodedata.category(sign) not in {"Cf", "Cc"} and _FILLERS.match(sign) is None


def _plain_digit(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


# --- Verdicts, ordered so that "any of" is the greatest and "all of" the least.


class Verdict(IntEnum):
    """How well a given fact meets a required one: the greater, the better."""

    NOT_MET = 0
    OPEN = 1
    MET = 2


# --- Codes of items: the Harmonised System and control lists.

HS_LENGTHS = (4, 6, 8, 10)
# Source: Harmonised System Convention, art. 3: the codes are the same worldwide down to the
# six-digit subheading; what follows is each country's own.
_SAME_EVERYWHERE = 6
_DASH = "\u2010-\u2015-"
# A comma or a dash before more than two digits separates two codes.
_HS = re.compile(f"[0-9]{{2}}(?:[. ]?[0-9]{{2}}|[,{_DASH}][0-9]{{2}}(?![0-9]))*[.]?")
_NO_DIGIT = re.compile("[^0-9]")
# `3A090.a.1`; a change between letter and number separates levels as well.
_CONTROL_CODE = re.compile(
    f"([0-9])[ {_DASH}]?([A-E])[ {_DASH}]?([0-9]{{3}})"
    f"((?:(?:[., {_DASH}]|(?<=[0-9]))[a-z](?:[., {_DASH}]?[0-9]{{1,3}}(?![0-9]))?)*)[.]?",
    re.IGNORECASE,
)
_LEVEL = re.compile("[a-z]|[0-9]+")
_HEAD = 5
EAR99 = "EAR99"
"""The class of what is under US export rules and on no entry of the Commerce Control List.

Source: 15 CFR 734.3(c).
"""
_EAR99 = re.compile(f"EAR[ {_DASH}]?99[.]?", re.IGNORECASE)

type Numbering = Literal["ccl", "shared", "own"]
"""What a control code says to an authority that does not name it.

To `ccl`, whose list is the Commerce Control List, it says which entry the item is on, or with
EAR99 that it is on none. To `shared`, whose list is numbered in the same way, EAR99 says nothing.
To `own`, whose list is numbered in another way, no code that it does not name says anything.
"""


def read_hs(text: str) -> str | None:
    """Return the digits of an HS code; None if the characters or the length are wrong.

    Full stops, spaces, commas and dashes may separate pairs of digits.
    """
    shown = as_shown(text)
    digits = _NO_DIGIT.sub("", shown)
    return digits if _HS.fullmatch(shown) and len(digits) in HS_LENGTHS else None


def read_control_code(text: str) -> str | None:
    """Return an entry of a control list in one spelling, `3A090.a.1`, or EAR99, or None."""
    shown = as_shown(text)
    if _EAR99.fullmatch(shown) is not None:
        return EAR99
    found = _CONTROL_CODE.fullmatch(shown)
    if found is None:
        return None
    category, group, number, levels = found.groups()
    return ".".join(_levels(f"{category}{group}{number}{levels}"))


def compare_hs(given: str, wanted: str) -> Verdict:
    """Compare a code with the beginning of a code, both digits only.

    If the two agree in the first six digits and differ after them, the result is open: the later
    digits count differently in each country.
    """
    verdict = begins(given, wanted)
    if verdict is Verdict.NOT_MET and given[:_SAME_EVERYWHERE] == wanted[:_SAME_EVERYWHERE]:
        return Verdict.OPEN
    return verdict


def compare_control_code(given: str, wanted: str) -> Verdict:
    """Compare an entry with one that includes all below it: `3A090.a` meets `3A090`."""
    return begins(_levels(given), _levels(wanted))


def begins(given: Sequence[str], wanted: Sequence[str]) -> Verdict:
    """Return met if all that is wanted is given, open if what is given is only its beginning."""
    shared = min(len(given), len(wanted))
    if given[:shared] != wanted[:shared]:
        return Verdict.NOT_MET
    return Verdict.OPEN if shared < len(wanted) else Verdict.MET


def _levels(code: str) -> tuple[str, ...]:
    return code[:_HEAD].upper(), *_LEVEL.findall(code[_HEAD:].lower())


# --- Words of a description: whether it contains the name of a class.

# Kana, Han and Hangul: written without reliable spaces.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_HAS_CJK = re.compile(f"[{_CJK}]")
_WORD = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
# The accents of Latin, Greek and Cyrillic; the marks of other scripts are letters.
_LAST_ACCENT = "\u036f"
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
_SHORTEST_SINGULAR = 3


# Between two names, so that no phrase goes from one to the next.
_END = "\n"


class Phrase(msgspec.Struct, frozen=True):
    """The name of a class in a form to search for.

    `words` are the forms of each word in order. `run` is set instead if the name has Chinese,
    Japanese or Korean in it: its letters alone, to be found anywhere.
    """

    words: tuple[frozenset[str], ...]
    run: str | None


class Description:
    """A description split once, to search for many phrases in it."""

    def __init__(self, printed: str, names: Iterable[str] = ()) -> None:
        """Split a description; `names` are other names of what it names, searched as well."""
        self.printed = printed.strip()
        words = [word for each in (printed, *names) for word in (*_words(each), _END)]
        self._run = "".join(words)
        self._places: defaultdict[str, set[int]] = defaultdict(set)
        for place, word in enumerate(words):
            for form in _forms(word):
                self._places[form].add(place)

    def has(self, called: str) -> bool:
        """Return whether these words are in the description, one after another.

        Case, accents and simple plurals do not matter. A phrase without letter or digit is never
        found.
        """
        phrase = _phrase(called)
        if phrase.run is not None:
            return phrase.run in self._run
        if not phrase.words:
            return False
        ends = self._at(phrase.words[0])
        for word in phrase.words[1:]:
            ends = {place + 1 for place in ends} & self._at(word)
        return bool(ends)

    def _at(self, forms: frozenset[str]) -> set[int]:
        return {place for form in forms for place in self._places.get(form, ())}


def in_one_spelling(called: str) -> str:
    """Return a name so that case, accents, hyphens and simple plurals make no difference."""
    return " ".join(min(_forms(word), key=len) for word in _words(called))


# The items of the shipped register are named by some thousand phrases.
@functools.lru_cache(maxsize=16_384)
def _phrase(called: str) -> Phrase:
    words = _words(called)
    run = "".join(words) if _HAS_CJK.search(called) else None
    return Phrase(tuple(map(_forms, words)), run)


def _words(printed: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", printed.casefold())
    bare = "".join(
        letter for letter in apart if letter > _LAST_ACCENT or unicodedata.combining(letter) == 0
    )
    return _WORD.findall(as_shown(bare).casefold())


def _forms(word: str) -> frozenset[str]:
    """Return the word and whatever it may be the plural of; words that share a form match."""
    singulars = {
        word.removesuffix(ending) + instead
        for ending, instead in _PLURALS
        if word.endswith(ending) and not word.endswith("ss")
    }
    return frozenset({word} | {each for each in singulars if len(each) >= _SHORTEST_SINGULAR})


# --- An item as it is typed: an HS code, a control code or words, recognised by its form.

_CODE = "(?:[ -]?(?:codes?|numbers?|no[.]?))?[:. ]*"
_CALLED_HS = re.compile(
    f"(?<![a-z])(?:HTSUS|HTS|HS|TARIC|CN(?=[ -]?code)){_CODE}(?=[0-9])", re.IGNORECASE
)
_CALLED_CONTROL_CODE = re.compile(f"ECCN{_CODE}(?=[^ ])", re.IGNORECASE)
_HS_AMID_WORDS = re.compile("(?<![0-9.,])[0-9]{4}[.][0-9]{2}(?![0-9])")
_CONTROL_CODE_AMID_WORDS = re.compile(
    f"(?<![0-9a-z])(?:[0-9][A-E][0-9]{{3}}(?![0-9]|[a-z]{{2}})|EAR[ {_DASH}]?99(?![0-9a-z]))",
    re.IGNORECASE,
)
_ALMOST_CONTROL_CODE = re.compile(
    "[0-9][A-E](?:[0-9]{2}|[0-9]{4})(?:[.][a-z0-9.]*)?", re.IGNORECASE
)
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")
# A number of the Chemical Abstracts Service, of which the last digit checks the others; nobody
# parts the digits of a customs code in this way.
_CAS = re.compile("([0-9]{2,7})-([0-9]{2})-([0-9])")


def item_from(text: str) -> Item:
    """Return the item that is meant; its code is not checked yet and may be invalid.

    A text is a code if it is called one (`HS 2846.90`, `ECCN 3A090`), has digits and no letter, is
    written like an entry of a control list, or is EAR99. So is a text that only looks like a code,
    or contains one among words: as words it would find nothing. Every other text is words, and so
    is a CAS number (`79099-07-3`), which names a chemical.
    """
    shown = as_shown(text)
    called_hs, called_control_code = _CALLED_HS.match(shown), _CALLED_CONTROL_CODE.match(shown)
    if called_hs is not None:
        return Item(hs=shown[called_hs.end() :])
    if called_control_code is not None:
        return Item(control_code=shown[called_control_code.end() :])
    if _looks_like_hs(shown):
        return Item(hs=shown)
    if _looks_like_control_code(shown):
        return Item(control_code=shown)
    return Item(description=text.strip())


def _is_cas(shown: str) -> bool:
    """Return whether a text is a CAS number. Source: CAS, Check Digit Verification."""
    found = _CAS.fullmatch(shown)
    if found is None:
        return False
    digits = reversed(found[1] + found[2])
    return sum(place * int(digit) for place, digit in enumerate(digits, 1)) % 10 == int(found[3])


def _looks_like_hs(shown: str) -> bool:
    if _is_cas(shown):
        return False
    only_digits = any(map(str.isdigit, shown)) and not any(map(str.isalpha, shown))
    return (
        only_digits
        or read_hs(shown.translate(_LETTERS_FOR_DIGITS)) is not None
        or any(each.search(shown) for each in (_CALLED_HS, _HS_AMID_WORDS))
    )


def _looks_like_control_code(shown: str) -> bool:
    retyped = shown.translate(_LETTERS_FOR_DIGITS)
    return (
        read_control_code(retyped) is not None
        or _ALMOST_CONTROL_CODE.fullmatch(retyped) is not None
        or _CONTROL_CODE_AMID_WORDS.search(shown) is not None
    )
