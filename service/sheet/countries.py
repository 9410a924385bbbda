"""Countries as people write them in their tables: codes, and names in many languages."""

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast

from babel import Locale
from babel.core import get_global

from service.parse.countries import country_code

_LANGUAGES = (
    *("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "sv", "da", "fi", "nb"),
    *("ru", "uk", "bg", "el", "tr", "ja", "ko", "zh", "zh_Hant", "ar", "fa", "vi", "id"),
)
_ALPHA_3 = 3


@functools.lru_cache(maxsize=4096)
def country_in(printed: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country, None where the words name none or not one alone.

    Known are codes of two and three letters in any case, and names in English and the languages
    of the header words. A word that is two countries in two languages is none.
    """
    text = " ".join(printed.split())
    code = country_code(text) or country_code(text.upper())
    if code is not None:
        return code
    return _long_codes().get(text.upper()) or _names().get(_plain(text))


@functools.cache
def _long_codes() -> dict[str, str]:
    """`DEU` to `DE`."""
    aliases = cast("Mapping[str, Sequence[str]]", get_global("territory_aliases"))
    return {
        long: short[0]
        for long, short in aliases.items()
        if len(long) == _ALPHA_3
        and long.isalpha()
        and len(short) == 1
        and country_code(short[0]) == short[0]
    }


@functools.cache
def _names() -> dict[str, str]:
    names: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        territories = cast("Mapping[str, str]", Locale.parse(language).territories)
        for code, name in territories.items():
            if country_code(code) == code:
                names.setdefault(_plain(name), set()).add(code)
    return {name: codes.pop() for name, codes in names.items() if len(codes) == 1}


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name)
    return "".join(each for each in bare if not unicodedata.combining(each)).casefold()
