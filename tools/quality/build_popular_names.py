"""Build `popular_names.txt`: given names and surnames that many people of a country have.

python -m tools.quality.build_popular_names

The names are those of the package Faker (PyPI; Daniele Faraglia and contributors; MIT), which
fills forms with them, of the countries below.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import cast

from abeyance_screening.engine.names.form import normalise

_TARGET = Path("service/abeyance_screening/engine/names/match/data/popular_names.txt")
_HEAD = """\
# Given names and surnames that many people of a country have, as words that are compared. Source:
# the package Faker {version} (PyPI; Daniele Faraglia and contributors; MIT). Built by
# tools/quality/build_popular_names.py; do not edit.
"""
_COUNTRIES = (
    "ar_AA az_AZ de_DE en_IN en_PK en_US es_CO es_MX fa_IR fr_DZ fr_FR hr_HR id_ID it_IT pl_PL "
    "pt_BR ro_RO ru_RU tr_TR uk_UA uz_UZ vi_VN"
)
_NAMES = ("first_name", "last_name")
_SHORTEST, _ON_LINE = 2, 12


def main() -> None:
    """Write the words of all names, each once."""
    names = sorted({word for country in _COUNTRIES.split(" ") for word in _words(country)})
    lines = (" ".join(names[at : at + _ON_LINE]) for at in range(0, len(names), _ON_LINE))
    head = _HEAD.format(version=version("faker"))
    _TARGET.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def _words(country: str) -> Iterator[str]:
    provider = vars(import_module(f"faker.providers.person.{country}").Provider)
    for attribute, names in provider.items():
        if attribute.startswith(_NAMES) and not callable(names):
            for name in cast("Iterable[str]", names):
                for word in normalise(name).words:
                    if len(word.text) >= _SHORTEST and word.text.isalpha():
                        yield word.text


if __name__ == "__main__":
    main()
