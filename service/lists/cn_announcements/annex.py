"""The list at the end of an announcement: numbered parties, maybe in sections."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NoReturn

import msgspec

from service.errors import RowRefusedError
from service.lists.cn_announcements.announcements import (
    NUMERAL,
    AnnouncedParty,
    NamesLine,
    PartyType,
    number_of,
    read_party,
)

# --- The numbers before items, in the ways in which announcements print them.

# Each way of numbering is a level of its own: under `一、企业` runs `(一)`, and never into `1.`.
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
# Before the number of the next item on the same line.
_BETWEEN_ITEMS = frozenset(") ;。,")


class AnnexItem(msgspec.Struct, frozen=True):
    """An item: its mark as printed, the way in which it is numbered, its number, and its text."""

    mark: str
    style: str
    number: int
    text: str


def item_of(line: str) -> AnnexItem | None:
    """The item that a line begins; None where it begins with no number."""
    for style, pattern in _MARKS.items():
        found = pattern.match(line)
        if found is not None:
            return AnnexItem(found[0], style, _number(found[0]), line[found.end() :].strip())
    return None


def bare_item_of(line: str) -> AnnexItem | None:
    """The item of a line that begins with a number and a space, or is nothing but a number."""
    found = _BARE.fullmatch(line)
    if found is None:
        return None
    return AnnexItem(found[1], BARE, int(found[1]), (found["text"] or "").strip())


def split_items(line: str) -> Iterator[str]:
    """The items of a line, each by itself: `1. A 2. B` → `1. A` and `2. B`.

    A number begins an item only where it is the one that follows, printed in the same way.
    """
    item = item_of(line)
    start = 0
    while item is not None:
        found = next(
            (
                mark
                for mark in _MARKS[item.style].finditer(line, start + 1)
                if _number(mark[0]) == item.number + 1 and line[mark.start() - 1] in _BETWEEN_ITEMS
            ),
            None,
        )
        if found is None:
            break
        yield line[start : found.start()].strip()
        start = found.start()
        item = item_of(line[start:])
    yield line[start:]


def _number(mark: str) -> int:
    printed = mark.strip("(). 、")
    if len(printed) == 1 and "①" <= printed <= "⑳":
        return int(unicodedata.numeric(printed))
    return number_of(printed) or 0


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
# A party as nearly every one is printed, its Latin name in brackets behind the Chinese one.
_PARTY = re.compile(r"(?=[^()]*[\u3400-\u9fff])[^()]*\([^()]*[A-Za-z]{2}.*")
_HIDDEN_PARTY = re.compile(r"[\u3400-\u9fff]\s*\([A-Z][^()]{2,}\)")


class AnnexParty(msgspec.Struct, frozen=True):
    """A party of the annex, with its address and the kind that its section tells."""

    party: NamesLine
    address: str | None = None
    section: PartyType | None = None


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """The parties of an annex, and what shows that they are all.

    `text` is the announcement up to the last of them. `is_numbered` is whether all have numbers
    that run from 1; `is_open` whether one more number follows that has no party.
    """

    parties: list[AnnexParty]
    text: str
    is_numbered: bool
    is_open: bool


def read_annex(where: str, lines: Sequence[str]) -> Annex | None:
    """The parties below the last heading of an annex, in printed order; None where none stand.

    Raises:
        RowRefusedError: the numbers do not run or have no name, a section is of an unknown kind or
            has another number of parties than it says, a line among the items is none, or parties
            stand in more than one annex.
    """
    lines = [part for line in lines for part in _parted(line)]
    start = _start(where, lines)
    if start is None:
        return None
    reader, end = _AnnexReader(where), start
    for end in range(start, len(lines) + 1):
        if end == len(lines) or not reader.take(lines[end], lines[end + 1 : end + 2]):
            break
    reader.end_before(lines[end:])
    if not reader.parties:
        return None
    return Annex(
        parties=reader.parties,
        text="".join(lines[:end]),
        is_numbered=reader.is_numbered,
        is_open=reader.empty is not None,
    )


def _parted(line: str) -> list[str]:
    """The line, or the heading and the items that stand on it, each by itself."""
    headed = _HEADED.fullmatch(line)
    if headed is not None:
        return [headed["heading"].strip(), *split_items(headed["items"])]
    return list(split_items(line))


def _start(where: str, lines: Sequence[str]) -> int | None:
    """The place of the first line below the last heading; None where no item or party follows.

    A list's name alone, as links to other pages have it, is a heading only if some follow.
    """
    headings = [place for place, line in enumerate(lines) if _HEADING.fullmatch(line)]
    for heading in reversed(headings):
        start = heading + 1
        while start < len(lines) and _ASIDE.fullmatch(lines[start]) and not item_of(lines[start]):
            start += 1
        following = lines[start] if start < len(lines) else ""
        if item_of(following) or bare_item_of(following) or _PARTY.fullmatch(following):
            for line in lines[headings[0] : heading]:
                if item_of(line) and _PARTY.fullmatch(line):
                    raise RowRefusedError(where, "parties stand in more than one annex")
            return start
        if _NUMBERED_HEADING.fullmatch(lines[heading]):
            return None
    return None


class _AnnexReader:
    """Takes the lines one by one, minding the numbers."""

    def __init__(self, where: str) -> None:
        self.parties: list[AnnexParty] = []
        self.is_numbered = True
        self.empty: AnnexItem | None = None
        self._where = where
        self._last = dict[str, int]()
        self._section: PartyType | None = None
        self._due: int | None = None
        self._section_start = 0

    def take(self, line: str, following: Sequence[str]) -> bool:
        """Read a line; False where the annex is over."""
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

    def end_before(self, rest: Sequence[str]) -> None:
        """The annex is over here; no item or party of it may come later.

        It must have as many parties as its last section says.
        """
        self._end_section()
        for line in rest:
            item = item_of(line)
            last = None if item is None else self._last.get(item.style)
            # the next number but one: the line that is none may have lost its own
            is_next = item is not None and last is not None and item.number - last in {1, 2}
            if is_next or _HIDDEN_PARTY.search(line):
                reason = f"an item follows a line that is none: {rest[0][:60]!r}"
                raise RowRefusedError(self._place(), reason)

    def _end_section(self) -> None:
        count = len(self.parties) - self._section_start
        if self._due is not None and self._due != count:
            reason = f"a section says {self._due} parties and has {count}"
            raise RowRefusedError(self._where, reason)
        self._due, self._section_start = None, len(self.parties)

    def _item(self, item: AnnexItem, following: Sequence[str]) -> bool:
        if self.empty is not None:
            self._refuse(f"number {self.empty.mark} has no name")
        expected = self._last.get(item.style, 0) + 1
        if item.number != expected:
            self._refuse(f"item {item.mark} stands where {expected} is due")
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
        """The item of a number without any mark, where it is the next one and a party follows."""
        item = bare_item_of(line)
        if item is None or item.number != self._last.get(BARE, 0) + 1 or not self.is_numbered:
            return None
        text = item.text or next(iter(following), "")
        return item if _PARTY.fullmatch(text) else None

    def _name_of_number(self, line: str) -> bool:
        """Read the name to a number that stands on the line before."""
        if not _PARTY.fullmatch(line):
            return False
        self.empty = None
        self._add(line)
        return True

    def _add(self, text: str) -> None:
        if text.endswith(("名单", "清单")):
            self._refuse(f"the name of a list stands where a party is due: {text[:60]!r}")
        self.parties.append(AnnexParty(read_party(self._place(), text), section=self._section))

    def _begin_section(self, item: AnnexItem) -> None:
        self._end_section()
        count = _SECTION_COUNT.search(item.text)
        name = _SECTION_COUNT.sub("", item.text).strip()
        if name not in _SECTIONS:
            raise RowRefusedError(self._where, f"unknown section {name!r}")
        self._section = _SECTIONS[name]
        self._due = None if count is None else int(count["count"])
        self._last = {item.style: item.number}

    def _add_to_address(self, text: str) -> None:
        last = self.parties[-1]
        # behind the street comes the postal code, which belongs before the country
        address = text if last.address is None else _with_code(last.address, text)
        self.parties[-1] = msgspec.structs.replace(last, address=address)

    def _place(self) -> str:
        return f"{self._where}, party {len(self.parties) + 1}"

    def _refuse(self, reason: str) -> NoReturn:
        raise RowRefusedError(self._place(), reason)


def _with_code(address: str, code: str) -> str:
    street, comma, country = address.rpartition(",")
    return f"{street}, {code.strip()}, {country.strip()}" if comma else f"{address} {code.strip()}"


# --- How many parties an announcement says it names, held against those that were read.

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


class AnnouncementText(msgspec.Struct, frozen=True, kw_only=True):
    """What an announcement says of its parties in its title and text.

    `text` is all of it up to the last party. `examples` are the names that its sentence gives.
    `is_numbered` is whether the parties have numbers that run from 1 and nothing follows.
    """

    title: str
    text: str
    examples: str
    is_numbered: bool


def check_counts(where: str, parties: Sequence[AnnouncedParty], named: AnnouncementText) -> None:
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


def _is_stated(where: str, kind: PartyType, parties: Sequence[AnnouncedParty], text: str) -> bool:
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


def _is_in_title(parties: Sequence[AnnouncedParty], title: str) -> bool:
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


def _names(party: AnnouncedParty) -> Iterator[str]:
    yield from filter(None, (party.name_zh, party.name_en))


def _plain(name: str) -> str:
    return _ADJUNCTS.sub("", name)
