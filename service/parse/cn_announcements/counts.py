"""How many parties an announcement says it names, held against those that were read."""

import re
from collections.abc import Iterator, Sequence
from typing import NoReturn

import msgspec

from service.model.errors import RowRefusedError
from service.parse.cn_announcements.announcements import Party, PartyType
from service.parse.cn_announcements.numerals import NUMERAL, number_of

_NUMBER = rf"(?P<count>\d{{1,3}}|两|{NUMERAL}{{1,3}})"
_OF = r"(?:家|个(?=\S{0,6}(?:实体|企业|机构|公司|组织)))"
_PERSON = r"(?:名(?!单)|位|个(?=个?人)|人(?!民))"
# Behind these words stands the number of all parties; elsewhere it may be that of some.
_ALL = r"(?:等|上述|以下|下列|将|对|(?<!\()共计?)\s*"
_ALL_COUNTS: dict[PartyType, re.Pattern[str]] = {
    "organisation": re.compile(_ALL + _NUMBER + _OF),
    "person": re.compile(_ALL + _NUMBER + _PERSON),
}
_SOME_COUNTS: dict[PartyType, re.Pattern[str]] = {
    "organisation": re.compile(r"(?<!\d)(?P<count>\d{1,3})" + _OF),
    "person": re.compile(r"(?<!\d)(?P<count>\d{1,3})" + _PERSON),
}
_TWO = "两"
_BETWEEN = re.compile(r"、|和|以及|及")
_IN_TITLE = re.compile(r"(?:将|对)(?P<names>.+)(?:列入|采取)")
_ADJUNCTS = re.compile(r"参与.{1,24}?的|美国|加拿大|日本|公司|集团|及其\S*|\s|\([^()]*\)")


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What an announcement says of its parties in its title and text.

    `text` is all of it up to the last party. `examples` are the names that its sentence gives.
    `is_numbered` is whether the parties have numbers that run from 1 and nothing follows.
    """

    title: str
    text: str
    examples: str
    is_numbered: bool


def check_counts(where: str, parties: Sequence[Party], named: Named) -> None:
    """Every number of all parties that is stated must be that of those read, and one thing agree.

    That is a stated number, numbers that run from 1, or a title that names each of them. Where
    numbers alone tell, the parties that the text gives as examples must be among them.

    Raises:
        RowRefusedError: a stated number is another, or nothing shows that these are all.
    """
    shown = [_is_stated(where, kind, parties, named.text) for kind in _ALL_COUNTS]
    if all(shown) or _is_in_title(parties, named.title):
        return
    if not named.is_numbered:
        reason = (
            f"{len(parties)} {'party' if len(parties) == 1 else 'parties'} could be read, and "
            "neither a number that the text states, nor numbering, nor the title shows that these "
            "are all"
        )
        raise RowRefusedError(where, reason)
    for example in _examples(named.examples):
        if not any(example in _plain(name) for party in parties for name in _names(party)):
            reason = (
                f"it names {example!r}, which is none of the {len(parties)} that could be read"
            )
            raise RowRefusedError(where, reason)


def refuse_count(where: str, due: int, count: int) -> NoReturn:
    """Refuse an announcement that names another number of parties than could be read."""
    raise RowRefusedError(where, f"it names {due} parties, and {count} could be read")


def _is_stated(where: str, kind: PartyType, parties: Sequence[Party], text: str) -> bool:
    """Whether the text states how many parties of a kind there are, or none are to be stated."""
    count = sum(party.entity_type == kind for party in parties)
    stated = list(_stated(_ALL_COUNTS[kind], text))
    for due in stated:
        if due != count:
            refuse_count(where, due, count)
    largest = max(_stated(_SOME_COUNTS[kind], text), default=0)
    return bool(stated) or largest == count or not count


def _stated(counts: re.Pattern[str], text: str) -> Iterator[int]:
    for found in counts.finditer(text):
        number = 2 if found["count"] == _TWO else number_of(found["count"])
        if number is not None:
            yield number


def _is_in_title(parties: Sequence[Party], title: str) -> bool:
    """Whether the title names every party, and no others."""
    found = _IN_TITLE.search(title)
    if found is None:
        return False
    words = _plain(found["names"])
    for party in sorted(parties, key=lambda each: -len(each.name_zh or each.name_en or "")):
        name = next((each for each in map(_plain, _names(party)) if each and each in words), None)
        if name is None:
            return False
        words = words.replace(name, "", 1)
    return not _BETWEEN.sub("", words)


def _examples(sentence: str) -> Iterator[str]:
    """The names in a sentence before `等`, as far as they may be held against others."""
    for name in _BETWEEN.split(_ADJUNCTS.sub("", sentence.partition("等")[0])):
        if _plain(name):
            yield _plain(name)


def _names(party: Party) -> Iterator[str]:
    yield from filter(None, (party.name_zh, party.name_en))


def _plain(name: str) -> str:
    return _ADJUNCTS.sub("", name)
