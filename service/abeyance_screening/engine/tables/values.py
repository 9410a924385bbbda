"""What a cell holds by its text alone, a country or a name, and what a column of cells holds."""

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast

from babel import Locale
from babel.core import get_global

from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.names.form import normalise

_LANGUAGES = (
    *("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "sv", "da", "fi", "nb"),
    *("ru", "uk", "bg", "el", "tr", "ja", "ko", "zh", "zh_Hant", "ar", "fa", "vi", "id"),
)
_ALPHA_3 = 3

# A column is judged by so many of its first filled cells.
LOOKED_AT = 200
# A column holds names if such a share of its cells are companies with their legal form: fewer than
# in columns of companies of any country, more than in notes that mention one now and then.
_COMPANIES = 0.2
# Names of persons and companies without a legal form: nearly all cells are some capitalised words,
# and few come twice. A column of towns or of staff has the same few again and again.
_CAPITALISED, _DISTINCT, _LEAST = 0.8, 0.5, 3
_MOST_WORDS, _LEAST_WORDS, _MOST_LETTERS = 7, 2, 90
_MOST_DIGITS = 4
_SMALL_WORDS = frozenset(
    {"von", "van", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "al"}
    | {"el", "bin", "ibn", "bint", "abu", "ben", "of", "and", "und", "et", "y", "e", "&", "the"}
)


@functools.lru_cache(maxsize=4096)
def country_in(printed: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country, None where the text is not exactly one.

    Codes of two and three letters in any case are known, and names in English and the languages
    of the header words. A word that means two countries in two languages is none.
    """
    text = " ".join(printed.split())
    code = country_code(text) or country_code(text.upper())
    if code is not None:
        return code
    return _long_codes().get(text.upper()) or _names().get(_plain(text))


def is_company(text: str) -> bool:
    """Return whether a text is a company's name for certain: some words with a legal form."""
    words = text.split()
    if len(text) > _MOST_LETTERS or len(words) > _MOST_WORDS or not text[:1].isalnum():
        return False
    if text.isascii() and len(words) < _LEAST_WORDS:
        return False
    return sum(map(str.isdigit, text)) <= _MOST_DIGITS and bool(_form_of(text))


def is_capitalised(text: str) -> bool:
    """Return whether a text may be the name of a person or a company: a few words in capitals."""
    if len(text) > _MOST_LETTERS or any(map(str.isdigit, text)):
        return False
    words = text.replace(",", " ").split()
    words = [each for each in words if each.casefold() not in _SMALL_WORDS]
    return _LEAST_WORDS <= len(words) <= _MOST_WORDS and all(
        (each[0].isupper() and any(map(str.isalpha, each[1:]))) or _is_initial(each)
        for each in words
    )


class ColumnLook:
    """Tells from the first filled cells of a column whether it holds names of parties.

    The more cells, the surer it is: three kinds of ship in a row may be names, 200 are not. Of
    several names in a cell the first is looked at.
    """

    def __init__(self, *, has_hint: bool = False) -> None:
        """Start without cells; with a hint, such as a role in the header, one name is enough."""
        self._least = 1 if has_hint else _LEAST
        self._seen = self._companies = self._capitalised = 0
        self._different = set[str]()

    @property
    def is_over(self) -> bool:
        """Whether further cells do not matter."""
        return self._seen >= LOOKED_AT

    @property
    def holds_names(self) -> bool:
        """Whether the cells so far look like names."""
        has_companies = self._companies >= max(1, _COMPANIES * self._seen)
        return has_companies or (
            self._seen >= self._least
            and self._capitalised >= _CAPITALISED * self._seen
            and len(self._different) >= _DISTINCT * self._seen
        )

    def see(self, text: str) -> None:
        """Look at one more cell, which is not blank."""
        self._seen += 1
        text = text.partition(";")[0].strip() or text
        self._different.add(text.casefold())
        self._companies += is_company(text)
        self._capitalised += is_capitalised(text)


@functools.lru_cache(maxsize=4096)
def _form_of(text: str) -> bool:
    form = normalise(text)
    return bool(form.legal_forms) and bool(form.words)


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 and word[0].isupper()


@functools.cache
def _long_codes() -> dict[str, str]:
    """Return the two-letter codes by three-letter code: `DE` by `DEU`."""
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
