"""The list at the end of an announcement: numbered parties, maybe in sections."""

import re
from collections.abc import Sequence

import msgspec

from service.model.errors import RowRefusedError
from service.parse.cn_announcements.announcements import PartyType
from service.parse.cn_announcements.names import PrintedParty, read_party
from service.parse.cn_announcements.numerals import NUMERAL, number_of

_HEADING = re.compile(r"附件?[\d一二三]?:?|反制裁?清单|被列入不可靠实体清单的外国实体")
_ITEM = re.compile(
    rf"(?P<mark>\d{{1,3}}\s*[.、](?!\d)|\({NUMERAL}{{1,3}}\)|{NUMERAL}{{1,3}}、)\s*(?P<text>.*)"
)
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
_ASIDE = re.compile(r"\(\d{4}年\d{1,2}月\d{1,2}日\)|.{0,12}(?:名单|清单)|被列入.{0,20}实体")


class AnnexParty(msgspec.Struct, frozen=True):
    """A party of the annex, with its address and the kind that its section tells."""

    party: PrintedParty
    address: str | None = None
    section: PartyType | None = None


def read_annex(where: str, lines: Sequence[str]) -> list[AnnexParty]:
    """The parties below the last heading of an annex, in printed order; () where there is none.

    Raises:
        RowRefusedError: the numbers do not run, a section is of an unknown kind or has another
            number of parties than it says, or a line among the items is none.
    """
    start = max((n for n, line in enumerate(lines, 1) if _HEADING.fullmatch(line)), default=None)
    if start is None:
        return []
    body = lines[start:]
    while body and _ASIDE.fullmatch(body[0]) and not _ITEM.match(body[0]):
        body = body[1:]
    reader = _Reader(where)
    for place, line in enumerate(body):
        following = body[place + 1] if place + 1 < len(body) else ""
        if not reader.take(line, following):
            reader.end_before(body[place:])
            break
    reader.end_section()
    return reader.parties


class _Reader:
    """Takes the lines one by one, minding the numbers."""

    def __init__(self, where: str) -> None:
        self.parties: list[AnnexParty] = []
        self._where = where
        self._last = dict[str, int]()
        self._section: PartyType | None = None
        self._due: int | None = None
        self._section_start = 0

    def take(self, line: str, following: str) -> bool:
        """Read a line; False where the annex is over."""
        item = _ITEM.fullmatch(line)
        if item is not None:
            return self._item(item["mark"], item["text"].strip(), following)
        more, branch = _MORE.fullmatch(line), _BRANCH.fullmatch(line)
        if more is not None and self.parties:
            self._add_to_address(more["text"])
        elif branch is not None and self.parties:
            party = read_party(self._place(), branch["text"])
            if party.en != self.parties[-1].party.en:
                self.parties.append(AnnexParty(party, section=self._section))
        elif not self.parties and not self._last and re.match(r"\S+\([A-Z]", line):
            # a single party goes without a number
            self.parties.append(AnnexParty(read_party(self._place(), line)))
        else:
            return False
        return True

    def end_before(self, rest: Sequence[str]) -> None:
        """The annex is over here; no item of it may come later."""
        for line in rest:
            item = _ITEM.match(line)
            last = None if item is None else self._last.get(_level(item["mark"]))
            # the next number but one: the line that is none may have lost its own
            if item is not None and last is not None and _number(item["mark"]) - last in {1, 2}:
                reason = f"an item follows a line that is none: {rest[0][:60]!r}"
                raise RowRefusedError(self._place(), reason)

    def end_section(self) -> None:
        """A section is over: it must have as many parties as it says."""
        count = len(self.parties) - self._section_start
        if self._due is not None and self._due != count:
            reason = f"a section says {self._due} parties and has {count}"
            raise RowRefusedError(self._where, reason)
        self._due, self._section_start = None, len(self.parties)

    def _item(self, mark: str, text: str, following: str) -> bool:
        level, number = _level(mark), _number(mark)
        expected = self._last.get(level, 0) + 1
        if number != expected:
            raise RowRefusedError(self._place(), f"item {mark} stands where {expected} is due")
        self._last[level] = number
        below = _ITEM.match(following)
        if below is not None and _level(below["mark"]) == "()" and level != "()":
            self._begin_section(text)
        elif text:
            party = read_party(self._place(), text)
            self.parties.append(AnnexParty(party, section=self._section))
        return True

    def _begin_section(self, text: str) -> None:
        self.end_section()
        count = _SECTION_COUNT.search(text)
        name = _SECTION_COUNT.sub("", text).strip()
        if name not in _SECTIONS:
            raise RowRefusedError(self._where, f"unknown section {name!r}")
        self._section = _SECTIONS[name]
        self._due = None if count is None else int(count["count"])
        self._last.pop("()", None)

    def _add_to_address(self, text: str) -> None:
        last = self.parties[-1]
        # behind the street comes the postal code, which belongs before the country
        address = text if last.address is None else _with_code(last.address, text)
        self.parties[-1] = msgspec.structs.replace(last, address=address)

    def _place(self) -> str:
        return f"{self._where}, party {len(self.parties) + 1}"


def _with_code(address: str, code: str) -> str:
    street, comma, country = address.rpartition(",")
    return f"{street}, {code.strip()}, {country.strip()}" if comma else f"{address} {code.strip()}"


def _level(mark: str) -> str:
    if mark.startswith("("):
        return "()"
    return "1." if mark[0].isascii() else "一、"


def _number(mark: str) -> int:
    return number_of(mark.strip("(). 、")) or 0
