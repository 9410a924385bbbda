r"""Build `russian/russian_nouns.txt`: common nouns of Russian, as firms without number are called.

uv run --with pymorphy3 --with pymorphy3-dicts-ru \
    python -m tools.quality.build_russian_nouns --words large_ru.msgpack.gz

There is no table of Russian firms whose licence lets its words be counted. But thousands of them
are called by a noun (alliance, leader, east), so a noun is no brand: it weighs as much as a word
that one of the counted names has. The nouns are those of OpenCorpora (CC BY-SA 3.0), by the
package pymorphy3-dicts-ru 2.4.417150.4580142 (MIT), that texts have at least once in a million and
a half words, by wordfreq 3.1.1 (code Apache-2.0, data CC BY-SA 4.0: `large_ru.msgpack.gz`). Left
out are names of organisations, persons and brands, what mostly names a person or a place, and
words of fewer than five Latin letters, which are words of other languages too.
"""

import argparse
import gzip
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import msgspec

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.scripts import spell_latin
from abeyance_screening.engine.names.form.token import read_lines
from abeyance_screening.engine.names.form.word_types import fold

_TARGET = Path("service/abeyance_screening/engine/names/form/data/russian/russian_nouns.txt")
_HEADER = """# Common nouns of Russian as canonical words, each counted as in one name.
# An adaptation of OpenCorpora (c) its contributors, https://opencorpora.org, CC BY-SA 3.0, by
# pymorphy3-dicts-ru 2.4.417150.4580142, and of wordfreq 3.1.1 (c) Robyn Speer, CC BY-SA 4.0.
# This file is under CC BY-SA 4.0, see LICENSE.txt.
# count: words. Built by tools/quality/build_russian_nouns.py on 1 December 2026; do not edit.
"""
_COUNT, _RAREST = 1, 620
_CYRILLIC = re.compile("[\\u0430-\\u044f\\u0451]+")
_SHORTEST = 5
# Grammemes of what is no common noun, and of what may be one besides.
_PROPER = frozenset({"Surn", "Patr", "Orgn", "Trad", "Abbr", "Init"})
_MOSTLY = frozenset({"Name", "Geox"})
_MOST_PROPER = 0.6
# Firms that the dictionary has as nouns.
_FIRMS = frozenset({"сбербанк", "аэрофлот", "открытие"})


class _Tag(Protocol):
    grammemes: frozenset[str]


class _Parse(Protocol):
    tag: _Tag
    score: float
    normal_form: str


class _Analyser(Protocol):
    def parse(self, word: str) -> Sequence[_Parse]: ...
    def word_is_known(self, word: str) -> bool: ...


class _Pymorphy(Protocol):
    def MorphAnalyzer(self, *, lang: str) -> _Analyser: ...  # noqa: N802


def main() -> None:
    """Read both sources and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=Path, required=True)
    path = cast("Path", parser.parse_args().words)
    pymorphy = cast("_Pymorphy", cast("object", import_module("pymorphy3")))
    # a word in the bucket n comes 10 ** (-n / 100) times in each word of a text
    raw = msgspec.msgpack.decode(gzip.decompress(path.read_bytes()), type=list[msgspec.Raw])
    buckets = [msgspec.msgpack.decode(each, type=list[str]) for each in raw[1 : _RAREST + 2]]
    analyser = pymorphy.MorphAnalyzer(lang="ru")
    words = (word for bucket in buckets for word in bucket)
    nouns = sorted(dict.fromkeys(_nouns(words, analyser)))
    total = next(read_lines("word_counts.txt"))
    runs = (" ".join(nouns[at : at + 100]) for at in range(0, len(nouns), 100))
    lines = [total, *(f"{_COUNT}: {run}" for run in runs)]
    _TARGET.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def _nouns(words: Iterator[str], analyser: _Analyser) -> Iterator[str]:
    for word in words:
        text = fold(spell_latin(word))
        if (
            _CYRILLIC.fullmatch(word) is not None
            and word not in _FIRMS
            and len(text) >= _SHORTEST
            and analyser.word_is_known(word)
            and _is_common_noun(word, analyser.parse(word))
        ):
            (canonical, *others) = normalise(word).words
            if not others and not canonical.is_trade_word and canonical.text == text:
                yield text


def _is_common_noun(word: str, parses: Sequence[_Parse]) -> bool:
    if any(each.tag.grammemes & _PROPER for each in parses):
        return False
    if sum(each.score for each in parses if each.tag.grammemes & _MOSTLY) > _MOST_PROPER:
        return False
    return any(
        {"NOUN", "nomn"} <= each.tag.grammemes
        and not each.tag.grammemes & _MOSTLY
        and _without_io(each.normal_form) == _without_io(word)
        for each in parses
    )


def _without_io(word: str) -> str:
    return word.replace("\u0451", "\u0435")


if __name__ == "__main__":
    main()
