"""Counts in how many names each canonical word stands; writes `word_counts.txt`.

python -m tests.quality.build_word_counts --us CSL.json --un UN.xml --ordinary GLEIF.csv …

Inputs are in the public domain or CC0. Of the lists only persons count, a word once for each
however many of their names carry it: given names are common words, in companies' names too. What
listed organisations are called is what is looked for, and their many entries of one house (VTB,
Almaz) do not make its name a common word.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from service.normalise import normalise
from tests.quality.names import read_ordinary, read_un, read_us

_TARGET = Path("service/normalise/data/word_counts.txt")
# A word seen less often weighs as much as an unseen one, to within 0.06; leaving it out keeps the
# file small and keeps single aliases out of the weights.
_LEAST_COUNT = 2
_HEAD = """# How often a canonical word stands in a name: GLEIF legal names (CC0), registrants of
# the SEC (US public domain), persons of the US Consolidated Screening List (public domain) and of
# the UN Security Council list.
# count: words. Built by tests/quality/build_word_counts.py; do not edit.
"""


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, nargs="+", required=True)
    options = parser.parse_args()
    parties = read_us(options.us) + read_un(options.un)
    persons = [party for party in parties if party.entity_type == "person"]
    groups = [[name for name, _ in person.names] for person in persons]
    groups += [[name] for path in options.ordinary for name in read_ordinary(path)]
    write_counts(count_words(groups), len(groups))


def count_words(groups: Iterable[list[str]]) -> Counter[str]:
    """How many groups of names carry each canonical word."""
    counts: Counter[str] = Counter()
    for names in groups:
        counts.update({word.text for name in names for word in normalise(name).words})
    return counts


def write_counts(counts: Mapping[str, int], total: int) -> None:
    """Write words of one count on one line, most frequent first."""
    by_count: dict[int, list[str]] = {}
    for word, count in counts.items():
        if count >= _LEAST_COUNT:
            by_count.setdefault(count, []).append(word)
    lines = [f"names {total}"]
    lines += [f"{each}: {' '.join(sorted(by_count[each]))}" for each in sorted(by_count)[::-1]]
    _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
