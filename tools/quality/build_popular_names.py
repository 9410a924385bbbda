"""Build `popular_names.txt`: given names and surnames that many people of a country have.

python -m tools.quality.build_popular_names FORENAMES.csv SURNAMES.csv

The inputs are `common-forenames-by-country.csv` and `common-surnames-by-country.csv` of
sigpwned/popular-names-by-country-dataset (CC0; what national statistics say, as of July 2023).
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

from abeyance_screening.engine.names.form import normalise

_TARGET = Path("service/abeyance_screening/engine/names/match/data/popular_names.txt")
_HEAD = """\
# Given names and surnames that many people of a country have, as words that are compared. Source:
# sigpwned/popular-names-by-country-dataset, commit eb62e13 of 2023-07-16 (CC0). Built by
# tools/quality/build_popular_names.py; do not edit.
"""
_SPELLINGS = ("Localized Name", "Romanized Name")
_SHORTEST, _ON_LINE = 2, 12


def main() -> None:
    """Write the words of both files, each once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs=2, type=Path)
    names = sorted({word for path in parser.parse_args().files for word in _words(path)})
    lines = (" ".join(names[at : at + _ON_LINE]) for at in range(0, len(names), _ON_LINE))
    _TARGET.write_text(_HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def _words(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for spelling in _SPELLINGS:
                for word in normalise(row[spelling]).words:
                    if len(word.text) >= _SHORTEST and word.text.isalpha():
                        yield word.text


if __name__ == "__main__":
    main()
