"""Build `arabic_names.txt`: words of names in Arabic script, and how lists spell them in Latin.

python -m tools.quality.build_arabic_names --un UN.xml --uk ConList.xlsx

Inputs are the UN Security Council's consolidated list and the United Kingdom's (Open Government
Licence); both print names in their original script. A word is paired with those words of the same
entry's Latin names that can be a reading of it: its consonants and long vowels in order, with
short vowels anywhere.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from openpyxl import load_workbook

from abeyance_screening.engine.names.form.scripts import ARABIC, simplify_arabic
from abeyance_screening.engine.names.form.tokens import split_tokens
from abeyance_screening.engine.names.form.word_types import fold
from tools.quality.names import read_un_scripts

_TARGET = Path("service/abeyance_screening/engine/names/form/data/arabic_names.txt")
_HEAD = """# Words of names in Arabic script: how the UN Security Council and the United Kingdom
# (Open Government Licence) spell them in Latin letters, most frequent first.
# Built by tools/quality/build_arabic_names.py; do not edit.
"""
_WORD = re.compile(f"[{ARABIC}]+")
_PREFIXES = ("عبدال", "وال", "\u0627ل")
_ARTICLES = frozenset({"al", "el", "ul", "as", "ad", "ar", "an", "at", "az", "abd", "ibn"})
# The Latin spellings of each Arabic letter, and of the short vowels, which are not written.
_SHORT = "[aeiou]*"
_SPELLED = {
    "\u0627": "[ae]+", "ع": "[aeiou]*", "و": "(?:[ou]+|w+|v)",
    "ي": "(?:[iey]+|ai|ay|aye|j)", "خ": "(?:kh|k|h)", "ج": "(?:dj|j|g)",
    "ش": "(?:sh|ch|sch)", "چ": "(?:ch|tch)", "ث": "(?:th|s|t)", "س": "(?:s|c)+", "ص": "s+",
    "ذ": "(?:dh|d|z|th)", "ظ": "(?:z|dh|d|th)", "ض": "(?:d|dh|z)+", "ز": "z+", "د": "d+",
    "ژ": "(?:zh|j)", "غ": "(?:gh|g)", "ق": "(?:q|k|g|gh)+", "ك": "(?:k|c|ck)+", "گ": "g+",
    "ت": "t+", "ط": "t+", "ب": "b+", "پ": "p+", "ف": "(?:f|ph)+", "ر": "r+", "ل": "l+",
    "م": "m+", "ن": "n+", "ح": "h+", "\u0647": "h+", "ں": "n",
}  # fmt: skip
_AT_START = {"\u0627": "[aeiou]+", "و": "(?:w|v|ou|o|u)", "ي": "(?:y|i|j)"}
_AT_END = {"\u0647": "(?:ah|a|eh|e|h|at|et|iya|iyya)", "ي": "(?:[iyea]+|ee)"}
# The fewest entries that must agree on a spelling, and their least share of the word's entries.
_LEAST_ENTRIES = 2
_LEAST_SHARE = 0.04
_MOST_SPELLINGS = 5


def main() -> None:
    """Read the lists, pair their words, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--un", type=Path, required=True)
    parser.add_argument("--uk", type=Path, required=True)
    options = parser.parse_args()
    entries = [*read_un_scripts(options.un), *read_uk_scripts(options.uk)]
    _TARGET.write_text(_HEAD + "\n".join(pair_words(entries)) + "\n", encoding="utf-8")


def read_uk_scripts(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Read the names of each group of ConList.xlsx in the original script and in Latin."""
    rows = load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    next(rows)
    head = [str(cell) for cell in next(rows)]
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for row in rows:
        cells = {name: str(cell) for name, cell in zip(head, row, strict=True) if cell}
        original, latin = groups.setdefault(cells["Group ID"], ([], []))
        latin.append(" ".join(cells.get(f"Name {part}", "") for part in (1, 2, 3, 4, 5, 6)))
        original.append(cells.get("Name Non-Latin Script", ""))
    yield from groups.values()


def pair_words(entries: Iterable[tuple[list[str], list[str]]]) -> Iterator[str]:
    """Yield the lines of the table, by word."""
    counts: dict[str, Counter[str]] = {}
    for original, latin in entries:
        words = {word for name in original for word in _arabic_words(name)}
        spellings = {word for name in latin for word in _latin_words(name)}
        for word in words:
            pattern = _readings(word)
            met = (spelling for spelling in spellings if pattern.fullmatch(spelling) is not None)
            counts.setdefault(word, Counter()).update(met)
    for word in sorted(counts):
        kept = list(_keep(counts[word]))
        if kept:
            yield f"{word}: {' | '.join(kept)}"


def _keep(spellings: Counter[str]) -> Iterator[str]:
    """Yield the most frequent spellings, one of those that fold alike."""
    least = max(_LEAST_ENTRIES, _LEAST_SHARE * spellings.total())
    seen: set[str] = set()
    for spelling, count in sorted(spellings.items(), key=lambda item: (-item[1], item[0])):
        if count >= least and fold(spelling) not in seen and len(seen) < _MOST_SPELLINGS:
            seen.add(fold(spelling))
            yield spelling


def _arabic_words(name: str) -> Iterator[str]:
    for found in _WORD.findall(name):
        word = simplify_arabic(found)
        for prefix in _PREFIXES:
            if word.startswith(prefix) and len(word) > len(prefix) + 1:
                word = word.removeprefix(prefix)
                break
        yield word


def _latin_words(name: str) -> Iterator[str]:
    for token in split_tokens(name):
        if token.spelled.isascii() and token.spelled.isalpha() and token.spelled not in _ARTICLES:
            yield token.spelled


def _readings(word: str) -> re.Pattern[str]:
    """Return a pattern of all Latin spellings that an Arabic word may have."""
    parts = [_SPELLED.get(letter, "") for letter in word]
    parts[-1] = _AT_END.get(word[-1], parts[-1])
    parts[0] = _AT_START.get(word[0], parts[0])
    return re.compile(_SHORT.join(parts))


if __name__ == "__main__":
    main()
