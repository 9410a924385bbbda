"""Losses: what an edition lost of the names and numbers by which its entries are found.

A file may have every entry and still be cut: OFAC's set without its ALT file has all parties and
a fifth of their further names. What is compared are the entries that both editions have, so that
neither new entries nor those that left hide or make a loss.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from service.model.edition import ListedNames
from service.model.listing import NameKind

# Between two true editions of a list as much as 6.0 % of the further names went (OFSI, April 2020
# to May 2022), and 6.9 % of one kind (weak aliases of the SSI List, 2020 to 2022); in half a year
# or a day next to none. OFAC's set without ALT has lost 83 %.
LARGEST_LOSS_OF_NAMES = 0.12
# So few may go from any list: the UN struck the four names in Ethiopic script that it had.
FEW = 5
# So many entries of a type may leave while others come: 6 of the 17 firms of OFAC's MBS List did
# from 2022 to 2026, and 40 persons came.
FEW_OF_TYPE = 10
_KINDS: Mapping[NameKind, str] = {
    "alias": "aliases",
    "weak_alias": "weak aliases",
    "former": "former names",
}
_FURTHER = "names beside the primary one"
_NUMBERS = "numbers"


def losses(
    before: Mapping[str, ListedNames],
    after: Mapping[str, ListedNames],
    largest_loss: float,
    *,
    count_numbers: bool,
) -> Iterator[str]:
    """What is lost beyond what is plausible, in words, the gravest first.

    `largest_loss` is the share of a list's entries that may go at once. Numbers count only where
    `count_numbers`: two formats of one list need not print the same ones.
    """
    had, lost = Counter[str](), Counter[str]()
    for listing_id in before.keys() & after.keys():
        held, holds = _held(before[listing_id]), _held(after[listing_id])
        had.update(held)
        lost.update(_lost(held, holds))
    if not count_numbers:
        del lost[_NUMBERS]
    for what in sorted(lost, key=lambda each: (each != _FURTHER, -lost[each], each)):
        if lost[what] > FEW and lost[what] > had[what] * LARGEST_LOSS_OF_NAMES:
            fewer = what if what == _NUMBERS else "names"
            yield (
                f"suddenly fewer {fewer}: the entries that are on it still had {had[what]:,} "
                f"{what} and have lost {lost[what]:,} of them; at most "
                f"{LARGEST_LOSS_OF_NAMES:.0%} may go at once"
            )
    yield from _lost_in_all(before, after, largest_loss)
    yield from _lost_types(before, after, largest_loss)


def _held(listed: ListedNames) -> Counter[str]:
    """How many names of each kind and script a listing has, and how many numbers."""
    held = Counter[str]({_FURTHER: len(listed.names) - 1, _NUMBERS: listed.number_count})
    for name in listed.names:
        if name.kind in _KINDS:
            held[_KINDS[name.kind]] += 1
        if not name.text.isascii():
            held.update(f"names in {script} letters" for script in _scripts(name.text))
    return held


def _lost(held: Counter[str], holds: Counter[str]) -> Counter[str]:
    """What a listing has fewer of; an alias that is called a weak one now is not lost."""
    lost = held - holds
    for kind in _KINDS.values():
        lost[kind] = min(lost[kind], lost[_FURTHER])
    return lost


def _lost_in_all(
    before: Mapping[str, ListedNames], after: Mapping[str, ListedNames], largest_loss: float
) -> Iterator[str]:
    """Whether further names are gone where no entry tells: all have got new ids."""
    had, has = _further(before.values()), _further(after.values())
    expected = had * _share_left(before, after)
    if expected - has > FEW and has < expected * (1 - largest_loss):
        yield (
            f"suddenly fewer names: {has:,} {_FURTHER} on {len(after):,} entries after {had:,} on "
            f"{len(before):,}; at most {largest_loss:.0%} may go at once"
        )


def _lost_types(
    before: Mapping[str, ListedNames], after: Mapping[str, ListedNames], largest_loss: float
) -> Iterator[str]:
    """Whether entries of one type are gone, more than of the list as a whole.

    One that is said to be of another type is not gone.
    """
    had = Counter(each.entity_type for each in before.values())
    has = Counter(each.entity_type for each in after.values())
    gone = Counter(before[each].entity_type for each in before.keys() - after.keys())
    for kind in sorted(each for each in gone if each is not None):
        expected = had[kind] * _share_left(before, after)
        lost = min(gone[kind], expected - has[kind])
        if lost > FEW_OF_TYPE and lost > expected * largest_loss:
            yield (
                f"suddenly fewer entries of type {kind}: {has[kind]:,} after {had[kind]:,}; at "
                f"most {largest_loss:.0%} may go at once"
            )


def _share_left(before: Mapping[str, ListedNames], after: Mapping[str, ListedNames]) -> float:
    """How many entries there are for each that was there before, 1 at most."""
    return min(1.0, len(after) / len(before)) if before else 0.0


def _further(listed: Iterable[ListedNames]) -> int:
    return sum(len(each.names) - 1 for each in listed)


def _scripts(text: str) -> set[str]:
    """The scripts of its letters as Unicode names them, without Latin and marks between letters.

    Full-width Latin letters are Latin: a publisher's typesetting, and not another name.
    """
    letters = unicodedata.normalize("NFKC", text)
    return {_script(letter) for letter in letters if letter.isalpha()} - {"Latin", "Modifier"}


@cache
def _script(letter: str) -> str:
    """`Cyrillic`, `Arabic`, `Han`."""
    name = unicodedata.name(letter, "unnamed").replace("-", " ").replace("CJK", "HAN")
    return name.split()[0].capitalize()
