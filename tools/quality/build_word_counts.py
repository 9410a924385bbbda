r"""Count in how many names each canonical word is, and write `word_counts.txt`.

python -m tools.quality.build_word_counts --us CSL.json --un UN.xml --ordinary GLEIF.csv … \
    --cities cities15000.txt

Lists and companies are in the public domain or CC0. Of the lists only persons are counted, each
word once a person: given names are common words, in companies' names too. Listed organisations are
not counted, because many entries of one group (VTB, Almaz) do not make its name a common word.

Many companies of Tianjin and Tula have the city in their name, but few of the companies counted
are Chinese, Russian or Iranian. So the name of a large city, as GeoNames prints it (CC BY 4.0),
has at least the count of a word of weight 0.65, and that of a country, of which the same is true
(Yemen, Nigeria), at least the count of a word of weight 0.72.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.token import read_table
from tools.quality.build_places import country_names, is_place
from tools.quality.names import City, read_cities, read_ordinary, read_un, read_us

_TARGET = Path("service/abeyance_screening/engine/names/form/data/word_counts.txt")
# A rarer word has the weight of an unseen one, to within 0.06; leaving it out keeps the file small
# and single aliases out of the weights.
_LEAST_COUNT = 2
# A city of this many people has many companies with its name.
_LARGE = 200_000
_SHORTEST_PLACE = 4
_MOST_OF_PLACE, _MOST_OF_COUNTRY = 0.65, 0.72
# Countries where firms print their city in Cyrillic.
_IN_CYRILLIC = frozenset({"RU", "BY", "UA", "KZ", "KG", "UZ", "TJ", "TM", "MN", "RS", "MK", "BG"})
_CYRILLIC = re.compile("[\u0400-\u04ff -]+")
_HEAD = """# In how many names each canonical word is: GLEIF legal names (CC0), registrants of
# the SEC (US public domain), persons of the US Consolidated Screening List (public domain) and of
# the UN Security Council list; names of large cities, from GeoNames (CC BY 4.0), and of countries,
# from CLDR (Unicode License), count more.
# count: words. Built by tools/quality/build_word_counts.py; do not edit.
"""


def main() -> None:
    """Read the names, count their words, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un", "cities"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, nargs="+", required=True)
    options = parser.parse_args()
    parties = read_us(options.us) + read_un(options.un)
    persons = [party for party in parties if party.entity_type == "person"]
    groups = [[name for name, _ in person.names] for person in persons]
    groups += [[name] for path in options.ordinary for name in read_ordinary(path)]
    counts = count_words(groups)
    raise_counts(counts, place_words(read_cities(options.cities)), len(groups), _MOST_OF_PLACE)
    raise_counts(counts, country_words(), len(groups), _MOST_OF_COUNTRY)
    write_counts(counts, len(groups))


def count_words(groups: Iterable[list[str]]) -> Counter[str]:
    """Return the number of groups of names that have each canonical word."""
    counts: Counter[str] = Counter()
    for names in groups:
        counts.update({word.text for name in names for word in normalise(name).words})
    return counts


def place_words(cities: Iterable[City]) -> set[str]:
    """Return the canonical words of large cities, and of the places in `han_places.txt`.

    Only names of one word are used, because the words of others (New York) may be common ones.
    """
    names = [latin for latin, _ in read_table("han_places.txt")]
    for city in cities:
        if city.population >= _LARGE:
            names.append(city.name)
            if city.country in _IN_CYRILLIC:
                names += filter(_CYRILLIC.fullmatch, city.other_names)
    forms = [normalise(name).words for name in names]
    alone = [words[0].text for words in forms if len(words) == 1]
    return {word for word in alone if len(word) >= _SHORTEST_PLACE}


def country_words() -> set[str]:
    """Return the canonical words of the countries of CLDR that have one word in English."""
    names = [name for name in country_names() if " " not in name and is_place(name)]
    words = [normalise(name).words[0].text for name in names]
    return {word for word in words if len(word) >= _SHORTEST_PLACE}


def raise_counts(counts: Counter[str], words: Iterable[str], total: int, weight: float) -> None:
    """Give words at least the count, among so many names, of a word of this weight."""
    least = round(total ** (1.0 - weight))
    for word in words:
        counts[word] = max(counts[word], least)


def write_counts(counts: Mapping[str, int], total: int) -> None:
    """Write the words with the same count on one line, the most frequent first."""
    by_count: dict[int, list[str]] = {}
    for word, count in counts.items():
        if count >= _LEAST_COUNT:
            by_count.setdefault(count, []).append(word)
    lines = [f"names {total}"]
    lines += [f"{each}: {' '.join(sorted(by_count[each]))}" for each in sorted(by_count)[::-1]]
    _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
