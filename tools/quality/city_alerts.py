"""Count the alerts of made-up firms that have their city's name, over the bundled lists.

python -m tools.quality.city_alerts --ordinary GLEIF.csv

Firms are made up of a city, the first word of an ordinary company of any country, and a trade as
firms there print it ("Dalian Weber Machinery Co., Ltd."). The companies that tables are fitted on
include few of these countries, so `fit_tables` gets made-up ones too, with other brands than those
asked for here. Where a list has a plant of that city and trade ("Tula Machine-Building Plant"), an
alert is right.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.reading import read_ordinary
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.names.form import normalise, normalise_all
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from tools.quality.bundled_trials import bundled_parties

# By country: cities, trades as its firms print them, and the number of firms to make up.
_PLACES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "China": (
        "Tianjin Beijing Shanghai Hangzhou Shenzhen Guangzhou Wuhan Chengdu Nanjing Qingdao",
        (
            "Technology Co., Ltd.",
            "Trading Co., Ltd.",
            "Electronics Co., Ltd.",
            "International Trade Co., Ltd.",
            "Machinery Co., Ltd.",
            "Import and Export Co., Ltd.",
            "New Materials Co., Ltd.",
        ),
        1_500,
    ),
    "Russia": (
        "Moscow Novosibirsk Omsk Kazan Samara Perm Tula Izhevsk Tomsk Rostov Chelyabinsk",
        ("Trading House LLC", "Electronics JSC", "Instrument Plant", "Logistics LLC"),
        400,
    ),
    "Iran": (
        "Tehran Isfahan Shiraz Tabriz Mashhad",
        ("General Trading", "Shipping Company", "Industries", "Petrochemical Company"),
        400,
    ),
}
_SHORTEST, _LONGEST = 5, 10
_BRAND = 0.99


def main() -> None:
    """Ask for all firms, and print how many alert."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ordinary", type=Path, required=True)
    path: Path = parser.parse_args().ordinary
    ordinary, index = read_ordinary(GivenFile(path.name, path.read_bytes())), _index()
    for country, firms in make_up(ordinary, 1).items():
        alerts = [firm for firm in firms if _alerts(index, firm)]
        print(f"{country}: {len(alerts)} of {len(firms)} alert, as {'; '.join(alerts[:3])}")


def make_up(ordinary: Sequence[str], half: int) -> dict[str, list[str]]:
    """Make up firms by country, with every second brand, from the first (0) or second (1) on."""
    brands = list(_brands(ordinary))[half::2]
    return {
        country: list(islice(_firms(cities.split(), brands, trades), most))
        for country, (cities, trades, most) in _PLACES.items()
    }


def _brands(ordinary: Sequence[str]) -> Iterator[str]:
    """Yield first words of ordinary companies that no counted company shares, in a fixed order."""
    for name in sorted(ordinary, key=digest):
        first = name.split()[0] if name.split() else ""
        if first.isascii() and first.isalpha() and _SHORTEST <= len(first) <= _LONGEST:
            words = normalise(first).words
            if words and words[0].weight >= _BRAND:
                yield first


def _firms(cities: Sequence[str], brands: Sequence[str], trades: Sequence[str]) -> Iterator[str]:
    called = [(city, trade) for city in cities for trade in trades]
    for (city, trade), brand in zip(cycle(called), brands, strict=False):
        yield f"{city} {brand} {trade}"


def _index() -> NameIndex:
    listed, other = bundled_parties()
    return NameIndex.build(
        [
            IndexedName(place, 0, name.kind, form, party.entity_type)
            for place, party in enumerate((*listed, *other))
            for name in party.names
            for form in normalise_all(name.text)
        ]
    )


def _alerts(index: NameIndex, firm: str) -> bool:
    return bool(index.matches(normalise(firm), lists=None, threshold=DEFAULT_THRESHOLD))


if __name__ == "__main__":
    main()
