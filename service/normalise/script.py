"""Brings one word of any script to Latin letters and digits.

Cyrillic and Greek have tables of their own; every other script goes through `anyascii`. A word
that mixes Cyrillic or Greek letters with Latin look-alikes is first made one script.
"""

import re

from anyascii import anyascii

from service.normalise.greek import spell_greek
from service.normalise.table import read_table

_NOTHING = "-"
_CYRILLIC = re.compile("[\u0400-\u052f]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_LATIN = re.compile("[A-Za-z]")
_NOT_SPELLED = re.compile("[^a-z0-9]+")
# Thai and Lao write these vowels before the consonant that they are spoken after.
_VOWEL_FIRST = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])|([\u0ec0-\u0ec4])([\u0e81-\u0eae])")
# The adjective of a town: Omskiy is of Omsk, Smolenskaya of Smolensk.
_OF_TOWN = re.compile("(?<=[^aeiouy])sk(?:i?y|yy|aya|oe|ie|ogo|oy|ikh|omu|om|im)$")
_GHE, _CHI = "\u0433", "\u03c7"
_UKRAINIAN = re.compile("[ґєіїў]")


def spell_latin(word: str) -> str:
    """One word in lower case `a-z0-9`, never empty: what no table can spell becomes its codes."""
    one_script = _unmix(word)
    if _CYRILLIC.search(one_script) is not None:
        one_script = one_script.lower().translate(_CYRILLIC_LATIN)
    if _GREEK.search(one_script) is not None:
        one_script = spell_greek(one_script)
    one_script = _VOWEL_FIRST.sub(r"\2\1\4\3", one_script)
    spelled = _NOT_SPELLED.sub("", anyascii(one_script).lower())
    return spelled or "u" + "".join(f"{ord(letter):x}" for letter in word)


def other_spellings(word: str) -> list[str]:
    """Other ways to spell a word in Cyrillic or Greek: none for most words."""
    lower = word.lower()
    others: list[str] = []
    if _CYRILLIC.search(lower) is not None:
        others.append(_OF_TOWN.sub("sk", spell_latin(lower)))
        if _UKRAINIAN.search(lower) is not None:
            others.append(spell_latin(lower.replace(_GHE, "h")))
    elif _CHI in lower:
        others.append(spell_latin(lower.replace(_CHI, "h")))
    return others


def _unmix(word: str) -> str:
    """Turn look-alike letters of the rarer script into those of the more frequent one.

    Where that leaves two scripts and the other way leaves one, the other way.
    """
    latin = len(_LATIN.findall(word))
    if latin == 0 or word.isascii():
        return word
    script, table = (_CYRILLIC, _TO_CYRILLIC) if _CYRILLIC.search(word) else (_GREEK, _TO_GREEK)
    others = len(script.findall(word))
    if others == 0:
        return word
    as_other, as_latin = word.translate(table), word.translate(_TO_LATIN)
    if others >= latin:
        mixed = _LATIN.search(as_other) is not None and script.search(as_latin) is None
        return as_latin if mixed else as_other
    mixed = script.search(as_latin) is not None and _LATIN.search(as_other) is None
    return as_other if mixed else as_latin


def _read_letters() -> dict[int, str]:
    return {
        ord(letter): "" if latin == _NOTHING else latin
        for latin, letters in read_table("cyrillic.txt")
        for letter in letters
    }


_CYRILLIC_LATIN = _read_letters()
_PAIRS = [(latin, same) for latin, (same,) in read_table("lookalikes.txt")]
_TO_CYRILLIC = {ord(latin): same for latin, same in _PAIRS if _CYRILLIC.match(same)}
_TO_GREEK = {ord(latin): same for latin, same in _PAIRS if _GREEK.match(same)}
_TO_LATIN = {ord(same): latin for latin, same in _PAIRS}
