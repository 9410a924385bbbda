"""Read words as lists romanise them: Pinyin for Wade-Giles, the North's Korean for the South's.

A table has a line for each piece of a syllable (`data/romanisations.txt`). A word is read only if
all of it is syllables, and only as a word that a list, an ordinary company or a trade has.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from abeyance_screening.engine.names.form.scripts import spell_latin
from abeyance_screening.engine.names.form.slips import IsKnown, in_case_of, is_word
from abeyance_screening.engine.names.form.token import read_table

type Pieces = Mapping[str, Sequence[str]]
# How the letters from a place in a word on may be listed, if a piece of this number begins there.
type _Known = dict[tuple[int, int], Sequence[str]]

_APOSTROPHES = re.compile("['`\u2018\u2019\u02bb\u02bc]")
_WORD = re.compile(r"[^\W\d_]+(?:['`\u2018\u2019\u02bb\u02bc-][^\W\d_]+)*")
# A letter with a mark, or a sign between two letters.
_MARKED = re.compile("[\u00c0-\u024f]|[^\\W\\d_]['`\u2018\u2019\u02bb\u02bc-][^\\W\\d_]")
_SHORTEST, _LONGEST, _LONGEST_SURNAME = 5, 24, 6
# So many readings of the rest of a word are kept, likeliest first.
_MOST_READINGS, _LONGEST_PIECE = 256, 7
# Of each word, once for each system.
_CACHED_WORDS = 1 << 10


class _System(NamedTuple):
    """Pieces of a syllable in order, by how others spell them.

    `first` are pieces that begin a word alone, with the place of the piece that follows each.
    A word `begins` with three syllables, or is fewer: most words of other languages do not. The
    pattern looks no further, as one of all syllables would try each way to part a long word.
    """

    begins: re.Pattern[str]
    pieces: Sequence[Pieces]
    first: Sequence[tuple[Pieces, int]]


def romanised_otherwise(printed: str, strange: Sequence[str], is_known: IsKnown) -> Iterable[str]:
    """Return a name as a list may romanise it, mostly in no way: `Hsiao-ming` as Xiaoming.

    One word at least must be one of the strange, which nobody has, or have marks or signs within
    and be strange without them. Short words, surnames mostly, stay in one form and are read with
    it in another.
    """
    long = [word for word in strange if len(word) >= _SHORTEST]
    if _MARKED.search(printed) is not None:
        words: list[str] = _WORD.findall(printed)
        long += [word for word in words if _is_strange(word, is_known)]
    spelled = [*map(_spelled, long)]
    texts: dict[str, None] = {}
    for system in _systems() if long else ():
        if any(map(system.begins.match, spelled)):
            texts |= dict.fromkeys(_read(printed, long, system, is_known))
    return texts


def _read(
    printed: str, strange: Sequence[str], system: _System, is_known: IsKnown
) -> Iterator[str]:
    listed = {word: _as_listed(word, system, is_known) for word in strange}
    if any(word != other for word, other in listed.items()):
        yield _WORD.sub(lambda found: listed.get(found[0], found[0]), printed)
        words: list[str] = _WORD.findall(printed)
        for word in words:
            if len(word) <= _LONGEST_SURNAME:
                listed.setdefault(word, _as_listed(word, system, is_known))
        yield _WORD.sub(lambda found: listed.get(found[0], found[0]), printed)


def _is_strange(word: str, is_known: IsKnown) -> bool:
    """Return whether nobody has a word with marks or signs within, as it is without them."""
    if _MARKED.search(word) is None:
        return False
    letters = spell_latin(word)
    return len(letters) >= _SHORTEST and letters.isalpha() and not is_word(letters, is_known)


def _as_listed(word: str, system: _System, is_known: IsKnown) -> str:
    """Return a word as a list has it most likely, or as it is."""
    spelled = _spelled(word)
    if len(spelled) > _LONGEST or system.begins.match(spelled) is None:
        return word
    letters = spelled.replace("'", "")
    readings = _readings(spelled, system)
    listed = next((each for each in readings if is_word(each, is_known)), letters)
    return word if listed == letters else in_case_of(word, listed)


@lru_cache(_CACHED_WORDS)
def _spelled(word: str) -> str:
    """Return a word in small letters without marks, with an apostrophe for each sign like one."""
    return "'".join(map(spell_latin, _APOSTROPHES.split(word.replace("-", ""))))


def _readings(spelled: str, system: _System) -> Iterator[str]:
    """Yield how the letters of a word may be listed, likeliest first."""
    known: _Known = {(len(spelled), 0): ("",)}
    for piece in system.first:
        yield from _continued(spelled, 0, piece, system, known)
    yield from _rest(spelled, (0, 0), system, known)


def _rest(spelled: str, place: tuple[int, int], system: _System, known: _Known) -> Sequence[str]:
    """Return how the letters from a place on, which this piece begins, may be listed."""
    if place not in known:
        at, piece = place
        following = (piece + 1) % len(system.pieces)
        found = _continued(spelled, at, (system.pieces[piece], following), system, known)
        known[place] = [*islice(found, _MOST_READINGS)]
    return known[place]


def _continued(
    spelled: str, at: int, piece: tuple[Pieces, int], system: _System, known: _Known
) -> Iterator[str]:
    """Yield what a piece that begins here may be, with each way to read the letters after it."""
    pieces, following = piece
    for end in range(min(len(spelled), at + _LONGEST_PIECE), at - 1, -1):
        for listed in pieces.get(spelled[at:end], ()):
            for after in _rest(spelled, (end, following), system, known):
                yield listed + after


@cache
def _systems() -> Sequence[_System]:
    tables: dict[str, dict[str, dict[str, list[str]]]] = {}
    for key, spellings in read_table("romanisations.txt"):
        system, place, listed = key.replace("-", "").split(" ")
        pieces = tables.setdefault(system, {}).setdefault(place, {})
        for spelled in spellings:
            pieces.setdefault(spelled.replace("-", ""), []).append(listed)
    return [_system(table) for table in tables.values()]


def _system(table: Mapping[str, Pieces]) -> _System:
    pieces = [table[place] for place in sorted(table) if place.isdigit()]
    first = [(table[place], int(place[-1])) for place in sorted(table) if not place.isdigit()]
    syllable = "".join(map(_any_of, pieces))
    alone = (_any_of(piece) + "".join(map(_any_of, pieces[after:])) for piece, after in first)
    begun = "|".join((*alone, syllable))
    begins = re.compile(f"(?:{begun})(?:{syllable}(?:{syllable}|$)|$)")
    return _System(begins, pieces, first)


def _any_of(spelled: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(spelled, key=len, reverse=True)))})"
