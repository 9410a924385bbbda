"""How Han characters are read: in Mandarin, in Korean and in Japanese.

The tables are made from Unihan by tests/quality/build_han_tables.py; Japanese names have a table
of their own, because no rule reads them.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from anyascii import anyascii

from service.model.fold import fold
from service.normalise.hangul import customary, romanise_hangul
from service.normalise.kana import read_loans, romanise_kana
from service.normalise.table import read_lines, read_table
from service.normalise.token import MOST_READINGS

Language = Literal["chinese", "han", "japanese", "korean"]
"""What a name in Han characters is in; `han` where nothing in it says so."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3041-\u30ff"
HANGUL = "\uac00-\ud7a3"

# A company is called 公司 in Chinese and 会社 in Korean; 株式会社 is Japanese.
_TELLING: tuple[tuple[Language, re.Pattern[str]], ...] = (
    ("korean", re.compile(f"[{HANGUL}]|朝鲜|平壤|韩国|高丽|工场|人民军|总局|企业所")),
    ("japanese", re.compile(f"[{KANA}]|(?:株式|有限|合同|合资)会社|制作所")),
    ("korean", re.compile("会社")),
    ("chinese", re.compile("公司|集团")),
)
_FULL_NAME = 3
# The words of company names are few; brands come again with each name of a group.
_CACHED_WORDS = 1 << 14
_REPEATED = re.compile("(.)\u3005")
# A syllable that closes before the next one: nichi + san is nissan, butsu + san bussan.
_CLOSING = re.compile("(?:tsu|chi) ([kst])|(?:tsu|chi) (h)|ku (k)")


def simplify(printed: str) -> str:
    """The same characters, simplified, one for one; a repetition mark is what it repeats."""
    return _REPEATED.sub(r"\1\1", printed.translate(_FOLDING))


def tell_language(simplified: str) -> Language:
    """The language that a whole name in Han characters, kana or Hangul shows itself to be in."""
    for language, pattern in _TELLING:
        if pattern.search(simplified) is not None:
            return language
    return "han"


def is_full_name(word: str) -> bool:
    """Whether a run of one script is as long as a person's name and begins with a surname."""
    return len(word) == _FULL_NAME and word[0] in _SURNAMES


def split_names(word: str) -> list[str]:
    """A Japanese brand as its words: the names of the table that it holds and what is between."""
    parts: list[str] = []
    start = 0
    for found in _NAMES_INSIDE.finditer(word):
        parts += [word[start : found.start()], found[0]]
        start = found.end()
    return [part for part in (*parts, word[start:]) if part]


@lru_cache(_CACHED_WORDS)
def read_word(simplified: str, language: Language) -> tuple[str, tuple[str, ...]]:
    """The folded main reading of a word of one script and the others, likeliest first.

    The main reading is never empty: what no table reads becomes its codes.
    """
    readings = [fold(reading) for reading in _read(simplified, language) if reading]
    main, *others = dict.fromkeys(readings) or [_codes(simplified)]
    return main, tuple(others[:MOST_READINGS])


def _read(word: str, language: Language) -> list[str]:
    if _IS_HANGUL.match(word) is not None:
        return _read_hangul(word)
    if _IS_KANA.match(word) is not None:
        return [romanise_kana(word), *read_loans(word)]
    return _READ_HAN[language](word)


def _read_any(word: str) -> list[str]:
    main, *others = _mandarin(word)
    north, _, *kim = [*_korean(word), "", ""][:3]
    return [main, north, *kim, _japanese(word), *others]


def _read_hangul(word: str) -> list[str]:
    return [*romanise_hangul(word), customary(word)]


def _mandarin(word: str) -> list[str]:
    """Pinyin; once more with the other reading of the first character that has one."""
    first = [_PINYIN.get(letter) or _other(letter) for letter in word]
    readings = ["".join(first).replace("v", "u")]
    if any("v" in syllable for syllable in first):
        readings.append("".join(first))
    for place, letter in enumerate(word):
        second = _SECOND_PINYIN.get(letter)
        if second is not None:
            readings.append("".join([*first[:place], second, *first[place + 1 :]]))
    return readings


def _korean(word: str) -> list[str]:
    """Northern and Southern; a surname Kim is tried where gold stands first."""
    first = "".join(_KOREAN.get(letter, "") for letter in word)
    if len(first) != len(word):
        return []
    second = _SECOND_KOREAN.get(word[0])
    others = romanise_hangul(second + first[1:])[:1] if second is not None else ()
    return [*romanise_hangul(first), *others]


def _japanese(word: str) -> str:
    return "".join(_JAPANESE_NAMES.get(part) or _on(part) for part in split_names(word))


def _on(word: str) -> str:
    """The on-reading, character by character."""
    syllables = (_ON.get(letter) or _other(letter) for letter in word)
    return _CLOSING.sub(_close, " ".join(syllables)).replace(" ", "")


def _close(found: re.Match[str]) -> str:
    initial = found[1] or found[3]
    return initial * 2 if initial else "pp"


def _other(letter: str) -> str:
    return "".join(each for each in anyascii(letter).lower() if "a" <= each <= "z")


def _codes(word: str) -> str:
    return "u" + "".join(f"{ord(letter):x}" for letter in word)


def _read_letters(name: str, column: int) -> dict[str, str]:
    return {
        letter: reading
        for reading, columns in (line.split(": ", 1) for line in read_lines(name))
        for letter in columns.split(" | ")[column]
    }


_FOLDING = {
    ord(letter): simplified
    for simplified, (letters,) in read_table("han_folding.txt")
    for letter in letters
}
_PINYIN = _read_letters("han_pinyin.txt", 0)
_SECOND_PINYIN = _read_letters("han_pinyin.txt", 1)
# What Chinese characters are read as, a syllable each.
SYLLABLES = frozenset(_PINYIN.values())
_KOREAN = _read_letters("han_korean.txt", 0)
_SECOND_KOREAN = _read_letters("han_korean.txt", 1)
_ON = _read_letters("han_japanese.txt", 0)
_JAPANESE_NAMES = {
    simplify(name): latin for latin, names in read_table("han_names.txt") for name in names
}
_NAMES_INSIDE = re.compile(
    "|".join(sorted((name for name in _JAPANESE_NAMES if len(name) > 1), key=len, reverse=True))
)
_SURNAMES = frozenset(
    surname for _, surnames in read_table("surnames_han.txt") for surname in surnames
)
_IS_HANGUL = re.compile(f"[{HANGUL}]")
_IS_KANA = re.compile(f"[{KANA}]")
_READ_HAN: dict[Language, Callable[[str], list[str]]] = {
    "chinese": _mandarin,
    "han": _read_any,
    "japanese": lambda word: [_japanese(word), *_mandarin(word)],
    "korean": lambda word: [*_korean(word), *_mandarin(word)[:1]],
}
