"""The countries that a nationality or an address names, in Japanese or in English."""

import functools
import re
from collections.abc import Iterator, Mapping

from babel import Locale

from service.lists.reading.countries import country_code

# Spellings of the list that CLDR lacks.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE",),
    "CD": ("コンゴ民主共和国",),
    "CI": ("コートジボワール",),
    "CN": ("中華人民共和国",),
    "GB": ("英国", "連合王国"),
    "GE": ("グルジア",),
    "IL": ("イスラエル国",),
    "KP": ("朝鮮民主主義人民共和国", "DPRK"),
    "KR": ("大韓民国",),
    "KW": ("クウェート",),
    "LY": ("リビア国",),
    "MK": ("マケドニア",),
    "MM": ("ビルマ",),
    "PS": ("パレスチナ",),
    "RU": ("ロシア連邦",),
    "SY": ("シリア・アラブ共和国",),
    "TR": ("トルコ",),
    "US": ("米国", "アメリカ"),
    "VN": ("ベトナム",),
    "YE": ("イエメン",),
}
_KANA = r"\u30a1-\u30fa\u30fc"
_SEPARATORS = re.compile(r"[;,、/]|\([a-z]\)|\n")


def countries_in(text: str) -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-2 codes of the countries named, in order and without repeats.

    Japanese names count wherever they stand as words (`北朝鮮平壌特別市`); English ones only as a
    whole part between commas, from the end on, because a street may have a country's name.
    """
    japanese = [_codes()[found[0]] for found in _pattern().finditer(text)]
    return tuple(dict.fromkeys((*japanese, *_english(text))))


def _english(text: str) -> Iterator[str]:
    parts = [part.strip(" .0123456789") for part in _SEPARATORS.split(text)]
    for part in reversed(parts):
        code = country_code(part) if part else None
        # two capitals in an address are rather a state or a district
        if code is not None and (part != code or part == text.strip()):
            yield code


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return a pattern of all names, the longest first, with no kana before or after them."""
    names = sorted(_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![{_KANA}])(?:{'|'.join(map(re.escape, names))})(?![{_KANA}])")


@functools.cache
def _codes() -> dict[str, str]:
    territories = Locale("ja").territories
    names = {
        _without_aside(f"{territories[code]}"): f"{code}"
        for code in territories
        if country_code(f"{code}") == code
    }
    return names | {name: code for code, more in _SPELLINGS.items() for name in more}


def _without_aside(name: str) -> str:
    """Return CLDR's name without what follows in brackets: `ミャンマー (ビルマ)`."""
    return name.partition("(")[0].strip()
