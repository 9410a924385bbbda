"""Spells kana in Latin letters: Hepburn, long vowels short, as company names print them."""

import re

from service.normalise.table import read_table

_KATAKANA = re.compile("[\u30a1-\u30f6]")
_TO_HIRAGANA = 0x60
_LONG = re.compile("ー|(?<=o)u|(?<=u)u|(?<=o)o")
_DOUBLED = re.compile("っ([a-z])")


def romanise_kana(kana: str) -> str:
    """A run of kana in `a-z`; what no table spells is left out."""
    plain = _KATAKANA.sub(lambda found: chr(ord(found[0]) - _TO_HIRAGANA), kana)
    spelled = _MORA.sub(lambda found: _LATIN[found[0]], plain)
    doubled = _DOUBLED.sub(r"\1\1", spelled).replace("cch", "tch")
    return "".join(letter for letter in _LONG.sub("", doubled) if "a" <= letter <= "z")


_LATIN = {mora: latin for latin, morae in read_table("kana.txt") for mora in morae}
_MORA = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))
