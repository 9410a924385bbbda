"""Brings one word of any script to Latin letters and digits.

Cyrillic has its own table; every other script goes through `anyascii`. A word that mixes Cyrillic
letters with Latin look-alikes is first made one script.
"""

import re

from anyascii import anyascii

from service.normalise.table import read_table

_NOTHING = "-"
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_NOT_SPELLED = re.compile("[^a-z0-9]+")


def spell_latin(word: str) -> str:
    """One word in lower case `a-z0-9`, never empty: what no table can spell becomes its codes."""
    one_script = _unmix(word)
    if _CYRILLIC.search(one_script) is not None:
        one_script = one_script.lower().translate(_CYRILLIC_LATIN)
    spelled = _NOT_SPELLED.sub("", anyascii(one_script).lower())
    return spelled or "u" + "".join(f"{ord(letter):x}" for letter in word)


def _unmix(word: str) -> str:
    """Turn look-alike letters of the rarer script into those of the more frequent one."""
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if cyrillic == 0 or latin == 0:
        return word
    return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)


def _read_letters() -> dict[int, str]:
    return {
        ord(letter): "" if latin == _NOTHING else latin
        for latin, letters in read_table("cyrillic.txt")
        for letter in letters
    }


_CYRILLIC_LATIN = _read_letters()
_TO_CYRILLIC = {ord(latin): same[0] for latin, same in read_table("lookalikes.txt")}
_TO_LATIN = {ord(same): latin for latin, (same,) in read_table("lookalikes.txt")}
