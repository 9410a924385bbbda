"""Counts in how many names each canonical word stands; writes `word_counts.txt`.

python -m tests.quality.build_word_counts --us CSL.json --un UN.xml --ordinary GLEIF.csv

Inputs are in the public domain or CC0. A listed party counts a word once, however many of its
names carry it, and for a fifth of an ordinary company: the list's many entries of one house (VTB,
Almaz) do not make its name a common word.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from service.normalise import normalise
from tests.quality.names import read_ordinary, read_un, read_us

_TARGET = Path("service/normalise/data/word_counts.txt")
_LISTED_SHARE = 0.2
# A word seen less often weighs as much as an unseen one, to within 0.08; leaving it out keeps the
# file small and keeps single aliases out of the weights.
_LEAST_COUNT = 1.5
_HEAD = """# How often a canonical word stands in a name: GLEIF legal names (CC0), and for a fifth
# each the parties of the US Consolidated Screening List (public domain) and the UN Security
# Council list.
# count: words. Built by tests/quality/build_word_counts.py; do not edit.
"""


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un", "ordinary"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    parties = read_us(options.us) + read_un(options.un)
    listed = count_words([[name for name, _ in party.names] for party in parties])
    ordinary = read_ordinary(options.ordinary)
    counts = {word: float(count) for word, count in count_words([n] for n in ordinary).items()}
    for word, count in listed.items():
        counts[word] = counts.get(word, 0.0) + _LISTED_SHARE * count
    write_counts(counts, len(ordinary) + _LISTED_SHARE * len(parties))


def count_words(groups: Iterable[list[str]]) -> Counter[str]:
    """How many groups of names carry each canonical word."""
    counts: Counter[str] = Counter()
    for names in groups:
        counts.update({word.text for name in names for word in normalise(name).words})
    return counts


def write_counts(counts: Mapping[str, float], total: float) -> None:
    """Write words of one count on one line, most frequent first."""
    by_count: dict[float, list[str]] = {}
    for word, count in counts.items():
        if count >= _LEAST_COUNT:
            by_count.setdefault(round(count, 1), []).append(word)
    lines = [f"names {total:.0f}"]
    lines += [f"{each:g}: {' '.join(sorted(by_count[each]))}" for each in sorted(by_count)[::-1]]
    _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
