"""Counts in how many names each canonical word stands; writes `word_counts.txt`.

python -m tests.quality.build_word_counts --us CSL.json --un UN.xml --ordinary GLEIF.csv

Inputs are in the public domain or CC0. A listed party counts a word once, however many of its
names carry it.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from service.normalise import normalise
from tests.quality.names import read_ordinary, read_un, read_us

_TARGET = Path("service/normalise/data/word_counts.txt")
# A word seen in fewer names weighs as much as an unseen one, to within 0.04; leaving it out keeps
# the file small and keeps single aliases out of the weights.
_LEAST_COUNT = 3
_HEAD = """# In how many names a canonical word stands, of those counted: parties of the US
# Consolidated Screening List (public domain) and the UN Security Council list, and GLEIF legal
# names (CC0).
# count: words. Built by tests/quality/build_word_counts.py; do not edit.
"""


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un", "ordinary"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    parties = read_us(options.us) + read_un(options.un)
    groups = [[name for name, _ in party.names] for party in parties]
    groups += [[name] for name in read_ordinary(options.ordinary)]
    write_counts(count_words(groups), len(groups))


def count_words(groups: Iterable[list[str]]) -> Counter[str]:
    """How many groups of names carry each canonical word."""
    counts: Counter[str] = Counter()
    for names in groups:
        counts.update({word.text for name in names for word in normalise(name).words})
    return counts


def write_counts(counts: Counter[str], total: int) -> None:
    """Write words of one count on one line, most frequent first."""
    by_count: dict[int, list[str]] = {}
    for word, count in counts.items():
        if count >= _LEAST_COUNT:
            by_count.setdefault(count, []).append(word)
    lines = [f"names {total}"]
    lines += [f"{count}: {' '.join(sorted(by_count[count]))}" for count in sorted(by_count)[::-1]]
    _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
