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


def read_loans(kana: str) -> list[str]:
    """What a word of another language may have been that kana spell, likeliest first.

    Kana put a vowel after each consonant and write `l` as `r` and final `v` as `f`: kuraifu may be
    Klaif, bazaruto Bazalt. The first vowel may be the word's own (Ruslan).
    """
    romanised = _NASAL.sub("m", romanise_kana(kana))
    first = _VOWEL.search(romanised)
    kept = first.end() if first is not None else 0
    whole = _ADDED.sub("", romanised)
    rest = romanised[:kept] + _ADDED.sub("", romanised[kept:])
    return list(dict.fromkeys([whole.replace("r", "l"), rest.replace("r", "l"), whole, rest]))


_VOWEL = re.compile("[aeiou]")
_ADDED = re.compile("(?<=[bcfghkmprsvz])u(?![aeiouy])|(?<=[td])o(?![aeiouy])")
_NASAL = re.compile("n(?=[bp])")
_LATIN = {mora: latin for latin, morae in read_table("kana.txt") for mora in morae}
_MORA = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))
