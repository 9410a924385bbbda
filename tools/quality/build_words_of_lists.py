"""List the words that lists print beside several brands, and write `words_of_lists.txt`.

python -m tools.quality.build_words_of_lists

A word of a listed organisation says which part of a group it is, or what it does, if it stands
beside different rare words (Photonics, Force, Satellite, Xinjiang). The lists are those that come
with the program. Names of countries in the larger languages, from CLDR (Unicode License), are
written beside brands as well. Words of trades are not needed here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel import Locale

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import Word
from tools.quality.build_places import codes_of_countries
from tools.quality.bundled_trials import bundled_parties

_TARGET = Path("service/abeyance_screening/engine/names/match/data/words_of_lists.txt")
_HEAD = """# Words that lists print beside three different brands or more, and names of countries
# in several languages, from CLDR (Unicode License). Do not edit: built by
# tools/quality/build_words_of_lists.py.
"""
# A word counts for another firm beside a brand if it is at least so long and rare, see `brand.py`.
_SHORTEST, _LEAST = 4, 0.5
_BRAND, _BRANDS = 0.75, 3
_LANGUAGES = (
    *("de", "fr", "es", "it", "pt", "nl", "pl", "tr", "sv", "da", "nb", "fi", "cs", "ro", "hu"),
    *("id", "vi"),
)
_A_LINE = 12


def main() -> None:
    """Read the lists and write the table."""
    words = sorted({*_words_beside_brands(), *_countries()})
    lines = (" ".join(words[at : at + _A_LINE]) for at in range(0, len(words), _A_LINE))
    _TARGET.write_text(_HEAD + "".join(f"{line}\n" for line in lines), "utf-8")


def _words_beside_brands() -> Iterator[str]:
    """Yield the words of organisations that stand beside several different rare words."""
    listed, other = bundled_parties()
    brands = defaultdict[str, set[str]](set)
    for party in (*listed, *other):
        if party.entity_type in {None, "organisation"}:
            for name in party.names:
                _note(normalise(name.text).words, brands)
    yield from (word for word, some in brands.items() if len(some) >= _BRANDS)


def _note(words: Iterable[Word], brands: dict[str, set[str]]) -> None:
    """Note the longest rare word beside each word of a name."""
    kept = [word for word in words if not word.is_trade_word]
    for word in filter(_may_say_something, kept):
        rare = [each.text for each in kept if each.weight >= _BRAND and each.text != word.text]
        if rare:
            brands[word.text].add(max(rare, key=lambda text: (len(text), text)))


def _may_say_something(word: Word) -> bool:
    is_latin = word.printed.isascii() and word.printed.isalpha()
    return is_latin and len(word.printed) >= _SHORTEST and word.weight >= _LEAST


def _countries() -> Iterator[str]:
    for language in _LANGUAGES:
        names = Locale(language).territories
        for code in codes_of_countries():
            for word in normalise(str(names.get(code, ""))).words:
                if not word.is_trade_word and len(word.text) >= _SHORTEST and word.text.isalpha():
                    yield word.text


if __name__ == "__main__":
    main()
