r"""Count words in the country that uses them most, and write `word_counts_by_country.txt`.

python -m tools.quality.build_country_words \
    --vietnam listing_companies_enhanced-2023.csv --vietnam-too symbols.json \
    --turkiye bist_companies_general.json --indonesia STOCKLIST.md --brazil b3Mapping.ts

Few of the companies counted in `word_counts.txt` are of these countries, so a word that every
tenth firm of Viet Nam has would be as rare as a brand. Here a word has the count that it would
have if a quarter of all names were like those of its country; a word in few names, and one that
mostly stands first, as brands and groups of companies do there, has none. The tables are of
exchanges:

- thinh-vu/vnstock, branch legacy, data/listing_companies_enhanced-2023.csv (MIT)
- ttqteo/vnstock-js, data/symbols.json (Apache-2.0)
- the package pykap 0.2.0, data/bist_companies_general.json (MIT)
- NeaByteLab/IDX-API, sample/STOCKLIST.md (MIT)
- tsubilhaga/IRParser, src/utils/b3Mapping.ts (MIT)

Only one half of the names is counted, by a hash of the name, so that the other can be asked for.
"""

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.token import read_lines

_TARGET = Path("service/abeyance_screening/engine/names/form/data/word_counts_by_country.txt")
_SHARE = 0.25
# From so few names a share cannot be told; so many names more are taken to lack the word.
_LEAST_COUNT, _OTHERS = 4, 1_000
# A word of so many firms is one of a trade, wherever it stands.
_COMMON = 0.02
_VIETNAMESE = re.compile("ty|hàng|đoàn|CTCP")
_NO_FIRM = re.compile(r"\b(?:etf|fund|futures|bond|quỹ|trái phiếu|chứng quyền)\b", re.IGNORECASE)
_BRAZILIAN = re.compile(r'"type":\s+"AÇÃO",\s+"name":\s+"([^"]+)"')
_HEAD = """# In how many names each canonical word is, if a quarter of all names were like those of
# the country that uses it most: firms on the exchanges of Viet Nam (thinh-vu/vnstock, MIT,
# 22 August 2023; ttqteo/vnstock-js, Apache-2.0, 8 August 2026), Türkiye (pykap 0.2.0, MIT,
# 12 March 2026), Indonesia (NeaByteLab/IDX-API, MIT, 25 February 2026) and Brazil
# (tsubilhaga/IRParser, MIT, 21 May 2025). A word has the greater of this count and that of
# word_counts.txt.
# count: words. Built by tools/quality/build_country_words.py on 1 December 2026; do not edit.
"""


def main() -> None:
    """Read the tables, count their words, and write ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("vietnam", "vietnam-too", "turkiye", "indonesia", "brazil"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    countries = (
        (*_vietnam(given.vietnam), *_vietnam_too(given.vietnam_too)),
        [row["name"] for row in json.loads(given.turkiye.read_bytes())],
        _indonesia(given.indonesia),
        [json.loads(f'"{name}"') for name in _BRAZILIAN.findall(given.brazil.read_text("utf-8"))],
    )
    total = int(next(read_lines("word_counts.txt")).removeprefix("names "))
    counts: Counter[str] = Counter()
    for names in countries:
        counts |= Counter(dict(_raised(list(_learnt(names)), total)))
    by_count: dict[int, list[str]] = {}
    for word, count in counts.items():
        by_count.setdefault(count, []).append(word)
    lines = [f"names {total}"]
    lines += [f"{each}: {' '.join(sorted(by_count[each]))}" for each in sorted(by_count)[::-1]]
    _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _vietnam(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [row["organName"] for row in csv.DictReader(lines)]


def _vietnam_too(path: Path) -> Iterator[str]:
    for row in json.loads(path.read_bytes()):
        name, english = row.get("companyName", ""), row.get("companyNameEn", "")
        if _VIETNAMESE.search(name) is not None and _NO_FIRM.search(english) is None:
            yield name


def _indonesia(path: Path) -> list[str]:
    rows = [line for line in path.read_text("utf-8").splitlines() if line.startswith("| <img")]
    return [row.split("|")[3].strip() for row in rows]


def _learnt(names: Iterable[str]) -> Iterator[str]:
    """Yield one half of the names, each once, without funds and bonds."""
    tidy = (" ".join(name.split()) for name in names if _NO_FIRM.search(name) is None)
    for name in {name.casefold(): name for name in tidy}.values():
        if not sha256(name.casefold().encode()).digest()[0] & 1:
            yield name


def _raised(names: Sequence[str], total: int) -> Iterator[tuple[str, int]]:
    """Yield the words that firms of a country share, each with its count among `total` names."""
    counts: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for name in names:
        words = [word.text for word in normalise(name).words]
        counts.update(set(words))
        first.update(words[:1])
    for word, count in counts.items():
        is_a_brand = count < _COMMON * len(names) and first[word] > count / 2
        if count >= _LEAST_COUNT and not is_a_brand and not word[0].isdigit():
            yield word, round(_SHARE * total * count / (len(names) + _OTHERS))


if __name__ == "__main__":
    main()
