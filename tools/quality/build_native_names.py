"""List names of listed firms in their own script, and write `native_names.txt`.

python -m tools.quality.build_native_names --brands nsi.json --labels wikidata.json

The files are `dist/json/nsi.json` and `dist/wikidata/wikidata.json` of the package
name-suggestion-index (BSD-3-Clause): brands and operators as OpenStreetMap knows them, with their
names by language and their item of Wikidata, whose English label the second file has. A brand is a
listed firm if one of its names in Latin letters is the whole of a listed name of the lists that
come with the program, a rare word or several, and if it is at home in a country of the entry. Left
out are names that find the entry without the table.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from babel import Locale
from babel.core import get_global

from abeyance_screening.bench.plain_folding import script_of
from abeyance_screening.bench.reading import read_listings
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import NameIndex, score_forms
from abeyance_screening.engine.names.match_types import IndexedName
from abeyance_screening.engine.screening.name_variants import question_forms

_TARGET = Path("service/abeyance_screening/engine/names/form/data/native_names.txt")
_HEAD = """\
# Names of listed firms in their own script: name: the name that a list prints | language | its
# item of Wikidata. From name-suggestion-index, (c) its contributors, BSD-3-Clause, see
# native_names_LICENSE.txt. Built by tools/quality/build_native_names.py; do not edit.
"""
_LAST_LATIN = "\u024f"
_FIELDS = frozenset({"name", "brand", "operator", "short", "official"})
_NO_NATIVE = frozenset({"Latin", ""})
_ANYWHERE = "001"
_LIKELY = get_global("likely_subtags")
# A single word must be rare and long, else it is a name of many.
_LEAST, _SHORTEST = 0.9, 5
# A name that meets the entry at this score needs no table.
_MET = 0.9


class Places(msgspec.Struct):
    """Where a brand is: codes of countries, `001` for the world, and files of other places."""

    include: list[str | float | list[float]] = []


class Item(msgspec.Struct, rename={"places": "locationSet"}):
    """A brand as one kind of place, by the tags of OpenStreetMap."""

    tags: dict[str, str]
    places: Places


class Group(msgspec.Struct):
    """The brands of one kind of place."""

    items: list[Item] = []


class Meta(msgspec.Struct):
    """The version of the file, and when it was made."""

    version: str
    generated: str


class BrandFile(msgspec.Struct, rename={"meta": "_meta"}):
    """`nsi.json`."""

    meta: Meta
    nsi: dict[str, Group]


class Label(msgspec.Struct):
    """What is taken of an item of Wikidata."""

    label: str = ""


class LabelFile(msgspec.Struct):
    """`wikidata.json`."""

    wikidata: dict[str, Label]


class Brand(NamedTuple):
    """A brand: its item of Wikidata, its names by script, its places.

    `native` has the language of each name, empty where its tag names none.
    """

    number: str
    latin: list[str]
    native: dict[str, str]
    places: set[str]


class ListedName(NamedTuple):
    """A listed name: its legal forms, and the countries of its entry."""

    forms: tuple[str, ...]
    places: set[str]


def main() -> None:
    """Read the brands and the lists, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brands", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    given = parser.parse_args()
    source = msgspec.json.decode(given.brands.read_bytes(), type=BrandFile)
    labels = msgspec.json.decode(given.labels.read_bytes(), type=LabelFile).wikidata
    brands = _brands((item for group in source.nsi.values() for item in group.items), labels)
    rows = sorted(set(_rows(brands, _listed())))
    day = source.meta.generated[:10]
    text = f"source: name-suggestion-index {source.meta.version} | {day}\n"
    _TARGET.write_text(_HEAD + text + "".join(f"{row}\n" for row in rows), "utf-8")


def _brands(items: Iterable[Item], labels: Mapping[str, Label]) -> Iterator[Brand]:
    """Yield each brand that has an item of Wikidata and a name in another script.

    One without a name in Latin letters has the label of its item.
    """
    for item in items:
        number = item.tags.get("brand:wikidata") or item.tags.get("operator:wikidata")
        names = list(_names(item.tags))
        native = {name: language for language, name in names if script_of(name) not in _NO_NATIVE}
        if number is not None and native:
            latin = [name for _, name in names if _is_latin(name)]
            latin = latin or [labels[number].label if number in labels else ""]
            places = set(map(str, item.places.include))
            yield Brand(number, list(dict.fromkeys(latin)), native, places)


def _names(tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names of an item, each with the language of its tag, empty where it has none."""
    for tag, value in tags.items():
        field, *rest = tag.split(":")
        if field in _FIELDS and not {"wikidata", "type", "wikipedia"} & set(rest):
            language = rest[-1] if rest and rest[-1] != "short" else ""
            yield from ((language, name.strip()) for name in value.split(";"))


def _is_latin(name: str) -> bool:
    return script_of(name) == "Latin" and not any(letter > _LAST_LATIN for letter in name)


def _listed() -> dict[str, list[ListedName]]:
    """Return the listed firms' names by their words."""
    found = defaultdict[str, list[ListedName]](list)
    for edition in {each.source: each for each in bundled_editions()}.values():
        for listing in read_listings(read_bundled(edition), edition.source):
            if listing.entity_type in {None, "organisation"}:
                places = {code.lower() for code in listing.countries} or {_ANYWHERE}
                for form in (normalise(name.text) for name in listing.names):
                    if _is_latin(form.printed) and _is_telling(form):
                        found[_words(form)].append(ListedName(form.legal_forms, places))
    return found


def _is_telling(form: ComparisonForm) -> bool:
    words = form.words
    if len(words) != 1:
        return len(words) > 1
    is_rare = words[0].weight >= _LEAST and not words[0].is_trade_word
    return is_rare and len(form.joined) >= _SHORTEST


def _words(form: ComparisonForm) -> str:
    return " ".join(sorted(set(form.spelled)))


def _rows(brands: Iterable[Brand], listed: Mapping[str, list[ListedName]]) -> Iterator[str]:
    for brand in brands:
        for latin in brand.latin:
            form = normalise(latin)
            if not any(_is_listed(brand, form, name) for name in listed.get(_words(form), ())):
                continue
            for native, code in brand.native.items():
                if _is_whole(native, latin) and not _meets(native, latin):
                    language = _language(code, native, brand.places)
                    yield f"{native}: {latin} | {language} | {brand.number}"


def _is_listed(brand: Brand, form: ComparisonForm, listed: ListedName) -> bool:
    """Return whether a brand with the words of a listed name has its legal form and country."""
    is_other = form.legal_forms and listed.forms and form.legal_forms != listed.forms
    is_near = _ANYWHERE in brand.places | listed.places or bool(brand.places & listed.places)
    return not is_other and is_near


def _is_whole(native: str, latin: str) -> bool:
    """Return whether a name is more than a common word of a longer one (Avangard, of a bank).

    Letters that change case and words with spaces between them show that.
    """
    if native.isupper() or not any(map(str.islower, native)):
        return True
    return len(normalise(native).words) >= len(normalise(latin).words)


def _meets(native: str, listed: str) -> bool:
    form = normalise(listed)
    index = NameIndex.build([IndexedName(0, 0, "primary", form)])
    heard = index.heard(" ".join([word.printed for word in normalise(native).words]))
    asked = (*question_forms(native), *(normalise(name.printed) for name in heard))
    return score_forms(asked, (form,)) >= _MET


def _language(code: str, native: str, places: Iterable[str]) -> str:
    """Return the language of a name: that of its tag, or of a country where it is at home."""
    likely = (_LIKELY.get(f"und_{place.upper()}", "") for place in sorted(places))
    code = code or next(likely, "")
    name = Locale("en").languages.get(code.partition("-")[0].partition("_")[0])
    return str(name or script_of(native))


if __name__ == "__main__":
    main()
