"""Build `cc_cedict/han_senses.txt`: what words in Han characters mean in English.

python -m tools.quality.build_han_senses --cedict cedict_1_0_ts_utf-8_mdbg.txt.gz

The source is CC-CEDICT (CC BY-SA 4.0), of which this is an adaptation: a word of two to six
characters, simplified, with up to three senses of one or two English words each. Of a longer sense
the proper name at its front is kept ("Cambrian geological period"). Names have capitals. Left out
are verbs, remarks, phrases, and senses that only repeat the word's sound.
"""

import argparse
import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from abeyance_screening.engine.names.form.east_asia import simplify

_TARGET = Path("service/abeyance_screening/engine/names/form/data/cc_cedict/han_senses.txt")
_HEADER = (
    "# English senses of words in Han characters: word: sense | sense …\n"
    "# An adaptation of CC-CEDICT (c) MDBG and contributors, https://cc-cedict.org, edition\n"
    "# {date}. Licensed under CC BY-SA 4.0, see LICENSE.txt beside this file. Changed: shortened\n"
    "# and selected by tools/quality/build_han_senses.py; do not edit.\n"
)
_LINE = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/\s*")
_DATE = re.compile(r"#! date=(\S+)")
_WORD = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,6}")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ARTICLE = re.compile(r"^(?:the|an?) ")
_REMARK = re.compile(
    r"(?:to |CL:|(?:old )?variant|see |also |abbr|erhua|surname |used |same as|lit\. |fig\. )"
)
_SENSE = re.compile("[A-Za-z]{2,}(?:[ -][A-Za-z]{2,})?")
_PROPER = re.compile("[A-Z][a-z]{3,}(?= [a-z])")
_ACRONYM = re.compile("[A-Z]{3}")
_FEWEST_LETTERS = 4
_MOST_SENSES = 3


def main() -> None:
    """Read the dictionary and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cedict", type=Path, required=True)
    source: Path = parser.parse_args().cedict
    lines = gzip.decompress(source.read_bytes()).decode().splitlines()
    date = next(found[1] for found in map(_DATE.match, lines) if found is not None)
    table = _collect(lines)
    rows = [f"{word}: {' | '.join(some)}\n" for word, some in sorted(table.items())]
    _TARGET.parent.mkdir(exist_ok=True)
    _TARGET.write_text(_HEADER.format(date=date[:10]) + "".join(rows), encoding="utf-8")


def _collect(lines: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for found in filter(None, map(_LINE.fullmatch, lines)):
        word = simplify(found[1])
        if _WORD.fullmatch(word) is None:
            continue
        sound = re.sub("[^a-z]", "", found[2].lower().replace("u:", "u"))
        kept = table.setdefault(word, [])
        kept += [each for each in _senses(found[3], sound) if each not in kept]
        del kept[_MOST_SENSES:]
    return {word: some for word, some in table.items() if some}


def _senses(text: str, sound: str) -> Iterator[str]:
    for part in re.split("[/;]| or ", text):
        sense = _ASIDE.sub("", part).strip()
        if _REMARK.match(sense) is not None:
            continue
        sense = _ARTICLE.sub("", sense.partition(",")[0].replace("'s", "s"))
        proper = _PROPER.match(sense)
        if _SENSE.fullmatch(sense) is None and proper is not None:
            sense = proper[0]
        letters = re.sub("[ -]", "", sense.lower())
        is_long = len(letters) >= _FEWEST_LETTERS or _ACRONYM.fullmatch(sense) is not None
        if _SENSE.fullmatch(sense) is not None and is_long and letters != sound:
            yield (sense if sense.istitle() or sense.isupper() else sense.lower()).replace(
                "-", " "
            )


if __name__ == "__main__":
    main()
