"""Read the annex of an announcement: numbered parties, sometimes in sections."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NoReturn

import msgspec

from abeyance_screening.engine.lists.cn_announcements.announcements import (
    NUMERAL,
    AnnouncedParty,
    NamesLine,
    PartyType,
    number_of,
    read_party,
    read_pieces,
)
from abeyance_screening.engine.lists.reading.unknown_parts import note_unknown, notes_are_taken
from abeyance_screening.primitives.errors import RowRefusedError

# --- Item numbers, in the styles that announcements use.

# Each style is a separate level: `(一)` runs under `一、企业`, and is never continued by `1.`.
_STYLES = {
    "1.": r"\d{1,3}\s?[.、](?!\d)",
    "1)": r"\d{1,3}\s?\)",
    "(1)": r"\(\d{1,3}\)",
    "①": "[①-⑳]",
    "一、": rf"{NUMERAL}{{1,3}}\s?[.、]",
    "(一)": rf"\({NUMERAL}{{1,3}}\)",
}
_MARKS = {style: re.compile(pattern) for style, pattern in _STYLES.items()}
ANY_MARK = "|".join(_STYLES.values())
_BARE = re.compile(r"(\d{1,3})(?:\s+(?P<text>\D.*))?")
BARE = "1"
# The characters that may precede the number of the next item on the same line.
_ITEM_ENDS = frozenset(") ;。,")


class AnnexItem(msgspec.Struct, frozen=True):
    """An item: its mark as printed, the style of its number, its number, and its text."""

    mark: str
    style: str
    number: int
    text: str


_DATE = r"\(?\d{4}年\d{1,2}月\d{1,2}日\)?"
_LIST_NAME = (
    r"(?:(?:出口管制)?(?:管控名单|关注名单)|反制裁?清单|"
    r"被列入不可靠实体清单的(?:\d+家)?\S{0,4}实体)"
)
_NUMBERED_HEADING = re.compile(r"附件?[\d一二三]?:?")
_HEADING = re.compile(
    rf"{_NUMBERED_HEADING.pattern}|(?:附件?[\d一二三]?[:\s]*+)?{_LIST_NAME}\s*+(?:{_DATE})?"
)
# The heading and the first item on one line.
_HEADED = re.compile(rf"(?P<heading>{_HEADING.pattern})\s*+(?P<items>(?:{ANY_MARK}).*)")
_BRANCH = re.compile(r"[-\u2013\u2014]\s*(?P<text>\S.*)")
_MORE = re.compile(r"(?P<kind>地址|邮编|邮政编码):\s*(?P<text>.+)")
_SECTION_COUNT = re.compile(r"\(共?计?(?P<count>\d+)[家名人个]\)")
_SECTIONS: dict[str, PartyType] = {
    "企业": "organisation",
    "机构": "organisation",
    "实体": "organisation",
    "公司": "organisation",
    "高级管理人员": "person",
    "机构人员": "person",
    "人员": "person",
    "个人": "person",
}
# Between the heading and the first item.
_ASIDE = re.compile(
    rf"{_DATE}|.{{0,12}}(?:名单|清单)|被列入.{{0,20}}实体|商务部|外交部|\(商务部代章\)|不可靠实体清单工作机制"
)
# The form of nearly every party: the Latin name in brackets after the Chinese one.
_PARTY = re.compile(r"(?=[^()]*[\u3400-\u9fff])[^()]*\([^()]*[A-Za-z]{2}.*")
_HIDDEN_PARTY = re.compile(r"[\u3400-\u9fff]\s*\([A-Z][^()]{2,}\)")


class AnnexParty(msgspec.Struct, frozen=True):
    """A party of the annex, with its address and the kind that its section gives it."""

    party: NamesLine
    address: str | None = None
    section: PartyType | Literal["unknown"] | None = None


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """The parties of an annex, and the evidence that they are complete.

    `text` is the announcement up to the last party. `is_numbered` is whether all parties have
    numbers that run from 1; `is_open` whether a further number without a party follows.
    """

    parties: list[AnnexParty]
    text: str
    is_numbered: bool
    is_open: bool


# --- Counts: the stated number of parties, compared with those that were read.

_NUMBER = rf"(?P<count>\d{{1,3}}|两|{NUMERAL}{{1,3}})"
_OF = r"(?:家|个(?=\S{0,6}(?:实体|企业|机构|公司|组织)))"
_PERSON = r"(?:名(?!单)|位|个(?=个?人)|人(?!民))"
# After these words comes the number of all parties; elsewhere it may be that of some.
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


class AnnouncementText(msgspec.Struct, frozen=True, kw_only=True):
    """The title and text of an announcement, in which it states its parties.

    `text` is everything up to the last party. `examples` are the names in its sentence.
    `is_numbered` is whether the parties have numbers that run from 1 and nothing follows.
    """

    title: str
    text: str
    examples: str
    is_numbered: bool


def read_annex(where: str, lines: Sequence[str]) -> Annex | None:
    """Return the parties below an annex's last heading, in printed order; None without any."""
    lines = [part for line in lines for part in _split_line(line)]
    start = _start(where, lines)
    if start is None:
        return None
    reader, end = _AnnexReader(where), start
    for end in range(start, len(lines) + 1):
        if end == len(lines) or not reader.read_line(lines[end], lines[end + 1 : end + 2]):
            break
    reader.check_rest(lines[end:])
    if not reader.parties:
        return None
    if end == len(lines):
        _check_last(where, [each.party for each in reader.parties])
    return Annex(
        parties=reader.parties,
        text="".join(lines[:end]),
        is_numbered=reader.is_numbered,
        is_open=reader.empty is not None,
    )


def check_counts(
    where: str, parties: Sequence[AnnouncedParty], announcement: AnnouncementText
) -> None:
    """Refuse an announcement unless the parties that were read are shown to be all.

    Every stated number of all parties must be the number that was read. In addition, one of these
    must show that they are all: a stated number, numbers that run from 1, or a title that names
    each of them. If only the numbers from 1 show it, the parties that the text gives as examples
    must be among those read.
    """
    stated = [_is_stated(where, kind, parties, announcement.text) for kind in _ALL_COUNTS]
    if all(stated) or _is_in_title(parties, announcement.title):
        return
    if not announcement.is_numbered:
        reason = (
            f"{len(parties)} {'party' if len(parties) == 1 else 'parties'} could be read, and "
            "neither a number in the text, nor numbered items, nor the title shows that these are "
            "all; load the whole announcement"
        )
        raise RowRefusedError(where, reason)
    for example in _examples(announcement.examples):
        if not any(example in _plain(name) for party in parties for name in _names(party)):
            reason = (
                f"the announcement names {example!r}, which is not among the {len(parties)} "
                "parties that could be read"
            )
            raise RowRefusedError(where, reason)


def split_items(line: str) -> Iterator[str]:
    """Yield the items of a line: `1. A 2. B` holds `1. A` and `2. B`.

    A number begins an item only if it is the next one, and printed in the same style.
    """
    item = item_of(line)
    start = 0
    while item is not None:
        found = next(
            (
                mark
                for mark in _MARKS[item.style].finditer(line, start + 1)
                if _number(mark[0]) == item.number + 1 and line[mark.start() - 1] in _ITEM_ENDS
            ),
            None,
        )
        if found is None:
            break
        yield line[start : found.start()].strip()
        start = found.start()
        item = item_of(line[start:])
    yield line[start:]


def item_of(line: str) -> AnnexItem | None:
    """Return the item that a line begins; None where it begins with no number."""
    for style, pattern in _MARKS.items():
        found = pattern.match(line)
        if found is not None:
            return AnnexItem(found[0], style, _number(found[0]), line[found.end() :].strip())
    return None


def bare_item_of(line: str) -> AnnexItem | None:
    """Return the item of a line that is a number, or begins with a number and a space."""
    found = _BARE.fullmatch(line)
    if found is None:
        return None
    return AnnexItem(found[1], BARE, int(found[1]), (found["text"] or "").strip())


def refuse_count(where: str, stated: int, count: int) -> NoReturn:
    """Refuse an announcement that states another number of parties than could be read."""
    reason = f"the announcement states {stated} parties, and {count} could be read"
    raise RowRefusedError(where, reason)


def _split_line(line: str) -> list[str]:
    """Return a line, or the heading and the items on it, as separate lines."""
    headed = _HEADED.fullmatch(line)
    if headed is not None:
        return [headed["heading"].strip(), *split_items(headed["items"])]
    return list(split_items(line))


def _check_last(where: str, parties: Sequence[NamesLine]) -> None:
    """Refuse a text whose last line is not one party, or lacks the Latin name of all others."""
    *others, last = parties
    is_short = bool(others) and last.en is None and all(each.en for each in others)
    if is_short or last.fault is not None:
        raise RowRefusedError(where, "the text may be cut off in its last party")


def _start(where: str, lines: Sequence[str]) -> int | None:
    """Return the first line below the last heading that items follow; None without one."""
    headings = [place for place, line in enumerate(lines) if _HEADING.fullmatch(line)]
    for heading in reversed(headings):
        start = heading + 1
        while start < len(lines) and _ASIDE.fullmatch(lines[start]) and not item_of(lines[start]):
            start += 1
        following = lines[start] if start < len(lines) else ""
        if item_of(following) or bare_item_of(following) or _PARTY.fullmatch(following):
            for line in lines[headings[0] : heading]:
                if item_of(line) and _PARTY.fullmatch(line):
                    raise RowRefusedError(where, "parties are in more than one annex")
            return start
        if _NUMBERED_HEADING.fullmatch(lines[heading]):
            return None
    return None


class _AnnexReader:
    """Reads the lines of an annex one by one and checks their numbers."""

    def __init__(self, where: str) -> None:
        self.parties: list[AnnexParty] = []
        self.is_numbered = True
        self.empty: AnnexItem | None = None
        self._where = where
        self._last = dict[str, int]()
        self._section: PartyType | Literal["unknown"] | None = None
        self._stated_count: int | None = None
        self._section_start = 0

    def read_line(self, line: str, following: Sequence[str]) -> bool:
        """Read a line; return False if it is after the end of the annex."""
        item = item_of(line) or self._bare_item(line, following)
        if item is not None:
            return self._item(item, following)
        if self.empty is not None:
            return self._name_of_number(line)
        more, branch = _MORE.fullmatch(line), _BRANCH.fullmatch(line)
        if more is not None and self.parties:
            self._add_to_address(more["text"])
        elif branch is not None and self.parties:
            party = read_party(self._place(), branch["text"])
            if party.en != self.parties[-1].party.en:
                self.parties.append(AnnexParty(party, section=self._section))
        elif not self._last and _PARTY.fullmatch(line):
            self.is_numbered = False
            self.parties.append(AnnexParty(read_party(self._place(), line)))
        else:
            return False
        return True

    def check_rest(self, rest: Sequence[str]) -> None:
        """Refuse an item or party after the end, or a wrong count in the last section."""
        self._end_section()
        for line in rest:
            item = item_of(line)
            last = None if item is None else self._last.get(item.style)
            # or the next number but one: the unreadable line may have lost its number
            is_next = item is not None and last is not None and item.number - last in {1, 2}
            if is_next or _HIDDEN_PARTY.search(line):
                reason = f"an item follows a line that is not an item: {rest[0][:60]!r}"
                raise RowRefusedError(self._place(), reason)

    def _end_section(self) -> None:
        count = len(self.parties) - self._section_start
        if self._stated_count is not None and self._stated_count != count:
            reason = f"a section states {self._stated_count} parties, and {count} could be read"
            raise RowRefusedError(self._where, reason)
        self._stated_count, self._section_start = None, len(self.parties)

    def _item(self, item: AnnexItem, following: Sequence[str]) -> bool:
        if self.empty is not None:
            self._refuse(f"number {self.empty.mark} has no name")
        expected = self._last.get(item.style, 0) + 1
        if item.number != expected:
            self._refuse(f"item {item.mark} is given where {expected} is expected")
        if not self.is_numbered:
            self._refuse(f"item {item.mark} follows parties without a number")
        self._last[item.style] = item.number
        below = item_of(following[0]) if following else None
        is_above = below is not None and below.style != item.style and below.number == 1
        if is_above and item.text:
            self._begin_section(item)
        elif item.text:
            self._add(item.text)
        else:
            self.empty = item
        return True

    def _bare_item(self, line: str, following: Sequence[str]) -> AnnexItem | None:
        """Return the item of a number without a mark, if it is the next and a party follows."""
        item = bare_item_of(line)
        if item is None or item.number != self._last.get(BARE, 0) + 1 or not self.is_numbered:
            return None
        text = item.text or next(iter(following), "")
        return item if _PARTY.fullmatch(text) else None

    def _name_of_number(self, line: str) -> bool:
        """Read the name that belongs to a number on the line before."""
        if not _PARTY.fullmatch(line):
            return False
        self.empty = None
        self._add(line)
        return True

    def _add(self, text: str) -> None:
        if text.endswith(("名单", "清单")):
            self._refuse(f"the name of a list is given where a party is expected: {text[:60]!r}")
        self.parties.append(AnnexParty(self._party(text), section=self._section))

    def _party(self, text: str) -> NamesLine:
        """Read a party, or keep all pieces of its line where notes are taken."""
        try:
            return read_party(self._place(), text)
        except RowRefusedError as error:
            if not notes_are_taken():
                raise
            return read_pieces(text, error.reason)

    def _begin_section(self, item: AnnexItem) -> None:
        self._end_section()
        count = _SECTION_COUNT.search(item.text)
        name = _SECTION_COUNT.sub("", item.text).strip()
        if name not in _SECTIONS:
            note_unknown(self._where, "section of an annex", name, may_hide="kind")
        self._section = _SECTIONS.get(name, "unknown")
        self._stated_count = None if count is None else int(count["count"])
        self._last = {item.style: item.number}

    def _add_to_address(self, text: str) -> None:
        last = self.parties[-1]
        # the postal code is printed after the address, and belongs before the country
        address = text if last.address is None else _with_code(last.address, text)
        self.parties[-1] = msgspec.structs.replace(last, address=address)

    def _place(self) -> str:
        return f"{self._where}, party {len(self.parties) + 1}"

    def _refuse(self, reason: str) -> NoReturn:
        raise RowRefusedError(self._place(), reason)


def _with_code(address: str, code: str) -> str:
    street, comma, country = address.rpartition(",")
    return f"{street}, {code.strip()}, {country.strip()}" if comma else f"{address} {code.strip()}"


def _is_stated(where: str, kind: PartyType, parties: Sequence[AnnouncedParty], text: str) -> bool:
    """Return whether the text states the number of parties of a kind, or there are none of it."""
    count = sum(party.entity_type == kind for party in parties)
    of_no_kind = sum(party.entity_type is None for party in parties)
    stated = list(_numbers(_ALL_COUNTS[kind], text))
    for number in stated:
        if not count <= number <= count + of_no_kind:
            refuse_count(where, number, count)
    largest = max(_numbers(_SOME_COUNTS[kind], text), default=0)
    return bool(stated) or largest == count or not count


def _numbers(counts: re.Pattern[str], text: str) -> Iterator[int]:
    for found in counts.finditer(text):
        number = 2 if found["count"] == _TWO else number_of(found["count"])
        if number is not None:
            yield number


def _is_in_title(parties: Sequence[AnnouncedParty], title: str) -> bool:
    """Return whether the title names every party, and no others."""
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


def _plain(name: str) -> str:
    return _ADJUNCTS.sub("", name)


def _names(party: AnnouncedParty) -> Iterator[str]:
    yield from filter(None, (party.name_zh, party.name_en))


def _examples(sentence: str) -> Iterator[str]:
    """Yield the names in a sentence before `等` that can be compared with those of parties."""
    for name in _BETWEEN.split(_ADJUNCTS.sub("", sentence.partition("等")[0])):
        if _plain(name):
            yield _plain(name)


def _number(mark: str) -> int:
    printed = mark.strip("(). 、")
    if len(printed) == 1 and "①" <= printed <= "⑳":
        return int(unicodedata.numeric(printed))
    return number_of(printed) or 0
