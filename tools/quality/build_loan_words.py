"""Build `loan_words.txt`: how English words of company names sound, spelled letter by letter.

python -m tools.quality.build_loan_words --cmudict cmudict.dict

Cyrillic, kana and Hangul print English words by their sound: Drive Trade is Draiv Treid. The
pronunciations are those of the CMU Pronouncing Dictionary (BSD-2-Clause), of the words that
ordinary company names have (`word_counts.txt`). Left out are sounds so near to the word's own
spelling that matching meets them as a similar spelling.
"""

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path

from rapidfuzz.distance import OSA

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.token import read_lines
from abeyance_screening.engine.names.form.word_types import fold

_TARGET = Path("service/abeyance_screening/engine/names/form/data/loan_words.txt")
_HEADER = (
    "# sound: English words of company names that sound so when spelled letter by letter,\n"
    "# likeliest first. From the CMU Pronouncing Dictionary, (c) 1993-2015 Carnegie Mellon\n"
    "# University (BSD, see cmudict_LICENSE.txt).\n"
    "# Built by tools/quality/build_loan_words.py; do not edit.\n"
)
# The letters for each sound, as Russian writes them, in Latin; several where it varies.
_LETTERS = {
    "AA": "o a", "AE": "e a", "AO": "o", "AW": "au", "AY": "ai", "EH": "e", "EY": "ei", "IH": "i",
    "IY": "i", "OW": "o ou", "OY": "oi", "UH": "u", "UW": "u", "ER": "er",
    "B": "b", "CH": "ch", "D": "d", "DH": "z", "F": "f", "G": "g", "HH": "h", "JH": "dzh",
    "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ng", "P": "p", "R": "r", "S": "s", "SH": "sh",
    "T": "t", "TH": "t s", "V": "v", "W": "v u", "Y": "y", "Z": "z", "ZH": "zh",
}  # fmt: skip
_VOWEL_LETTERS = re.compile("[aeiouy]+")
_SILENT_E = re.compile("(?<=[^aeiouy])e$")
_FEWEST_LETTERS = 3
_MOST_SPELLINGS = 8
# Spellings at least so alike meet each other without a table.
_ALIKE = 0.86
_MOST_WORDS = 2


def main() -> None:
    """Read the pronunciations and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmudict", type=Path, required=True)
    source: Path = parser.parse_args().cmudict
    counts = _read_counts()
    table: dict[str, dict[str, float]] = {}
    for word, sounds in _read(source.read_text(encoding="utf-8").splitlines()):
        folded, count = fold(word), _count(word, counts)
        if count > 0.0 and len(word) >= _FEWEST_LETTERS:
            for spelling in _spell(word, sounds):
                if OSA.normalized_similarity(spelling, folded) < _ALIKE:
                    table.setdefault(spelling, {})[word] = count
    rows = list[str]()
    for sound, words in sorted(table.items()):
        likeliest = sorted(words, key=lambda each: -words[each])
        rows.append(f"{sound}: {' | '.join(likeliest[:_MOST_WORDS])}\n")
    _TARGET.write_text(_HEADER + "".join(rows), encoding="utf-8")


def _read_counts() -> dict[str, float]:
    lines = list(read_lines("word_counts.txt"))[1:]
    pairs = (line.split(": ") for line in lines)
    return {word: float(count) for count, words in pairs for word in words.split(" ")}


def _count(word: str, counts: Mapping[str, float]) -> float:
    """Return how many names have a word; none has letters that are no word."""
    words = normalise(word).words if word.isalpha() else ()
    return counts.get(words[0].text, 0.0) if len(words) == 1 else 0.0


def _read(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for line in lines:
        word, *sounds = line.partition("#")[0].split()
        yield re.sub(r"\(\d\)$", "", word), sounds


def _spell(word: str, sounds: Sequence[str]) -> set[str]:
    """Return the spellings of a word by its sounds; a weak vowel is written as in the word."""
    written: list[str] = _VOWEL_LETTERS.findall(_SILENT_E.sub("", word))
    vowels = [sound for sound in sounds if sound[-1].isdigit()]
    agree, place = len(vowels) == len(written), 0
    letters: list[list[str]] = []
    for sound in sounds:
        some = _LETTERS.get(sound.rstrip("012"), "a").split(" ")
        if sound[-1].isdigit():
            if agree and sound in {"AH0", "IH0"}:
                some = [written[place][0]]
            elif agree and sound.startswith("ER"):
                some = [f"{written[place][0]}r", "er"]
            elif agree and sound.startswith("AA"):
                some = [written[place][0]]
            place += 1
        letters.append(some)
    return {fold("".join(each)) for each in islice(product(*letters), _MOST_SPELLINGS)}


if __name__ == "__main__":
    main()
