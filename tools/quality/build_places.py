"""List the places that may stand beside a name, and write `places.txt`.

python -m tools.quality.build_places --cities cities15000.txt

They are the large cities of GeoNames (CC BY 4.0) and the countries of CLDR (Unicode License), by
their English names. Smaller cities share their names with surnames and words; a place that the
tables of trade words take for one (Gaza, Belize) is left out.
"""

import argparse
from pathlib import Path

from babel import Locale

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import fold
from tools.quality.names import read_cities

_TARGET = Path("service/abeyance_screening/engine/names/match/data/places.txt")
_LARGE = 300_000
_SHORTEST = 4
# The codes of CLDR that are no country: two for tests, one unknown.
_NONE = frozenset({"XA", "XB", "ZZ"})
_HEAD = """# Cities of more than 300,000 people, from GeoNames (CC BY 4.0, https://www.geonames.org),
# and countries, from CLDR (Unicode License). Built by tools/quality/build_places.py; do not edit.
"""
_ALIKE, _SHORTEST_WORD = 3, 5


def main() -> None:
    """Read the cities and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=Path, required=True)
    large = [city for city in read_cities(parser.parse_args().cities) if city.population > _LARGE]
    names = {city.name for city in large} | set(country_names())
    kept = sorted(name for name in names if len(name) >= _SHORTEST and is_place(name))
    _TARGET.write_text(_HEAD + "".join(f"{name}\n" for name in kept), "utf-8")


def country_names() -> list[str]:
    """Return the English names of the countries of CLDR."""
    territories = Locale("en").territories
    return [str(territories[code]).partition(" (")[0] for code in codes_of_countries()]


def codes_of_countries() -> list[str]:
    """Return the codes of the countries of CLDR."""
    codes = map(str, Locale("en").territories)
    return [code for code in codes if len(code) == len("AA") and code not in _NONE]


def is_place(name: str) -> bool:
    """Return whether the words of a place are its own, or a trade word that means the place."""
    first, *others = normalise(name).words
    if others or not first.is_trade_word:
        return True
    is_alike = first.text[:_ALIKE] == fold(name.lower())[:_ALIKE]
    return is_alike and len(first.text) >= _SHORTEST_WORD


if __name__ == "__main__":
    main()
