"""Read the parties that Chinese announcements name, on four lists not published as such.

These are the Unreliable Entity List, the Export Control Control List, its Watch List, and the
countermeasure list under the Anti-Foreign Sanctions Law.

Source: https://aqygzj.mofcom.gov.cn/flzc/gzjgfxwj/index.html
Source: https://www.mfa.gov.cn/web/wjb_673085/zfxxgk_674865/gknrlb/fzcqdcs/
"""

import re
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from typing import NoReturn, override

import msgspec

from abeyance_screening.engine.lists.cn_announcements.annex import (
    Annex,
    AnnexParty,
    AnnouncementText,
    bare_item_of,
    check_counts,
    item_of,
    read_annex,
    refuse_count,
)
from abeyance_screening.engine.lists.cn_announcements.announcements import (
    FORMAT_MARK,
    NUMERAL,
    SOURCE,
    AnnouncedParty,
    Announcement,
    ChineseList,
    PageParty,
    PartyType,
    listings_of,
    number_of,
    parse_collection,
    read_party,
    read_sentence,
)
from abeyance_screening.engine.lists.edition import ParsedDelta
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.texts import narrow, read_text, refuse_other_files
from abeyance_screening.primitives.errors import ListRefusedError

__all__ = ["FORMATS", "SOURCE", "parse_collection", "parse_pages"]


# --- One announcement, from its web page or from text copied from the page.

_DAY = r"(\d{4})年0?(\d{1,2})月0?(\d{1,2})日"
_ADDRESS = re.compile(r"https?://\S+")
_LISTS: dict[str, ChineseList] = {
    "不可靠实体清单": "cn_uel",
    "出口管制管控名单": "cn_ecl",
    "关注名单": "cn_wl",
    "反制清单": "cn_afsl",
    "反制措施": "cn_afsl",
}
_TITLE = re.compile(
    r".*(?:列入(?:不可靠实体清单|出口管制管控名单|关注名单|反制清单)"
    r"|采取(?:不可靠实体清单(?:处理)?|反制)措施).*"
)
_CHANGES = re.compile("暂停|停止|移出|撤销|取消|终止|修改|延长")
_MECHANISM = "不可靠实体清单工作机制"
_COUNTRIES = {"美国": "US", "日本": "JP", "台湾地区": "TW", "加拿大": "CA", "立陶宛": "LT"}
_NUMBERS = (
    (
        re.compile(r"商务部公告(?P<year>\d{4})年第(?P<number>\d+)号"),
        "MOFCOM Announcement {} No. {}",
    ),
    (
        re.compile(
            r"不可靠实体清单工作机制(?:公告)?\s*[\u3014\[](?P<year>\d{4})[\u3015\]]第?(?P<number>\d+)号"
        ),
        "UEL Working Mechanism Announcement [{}] No. {}",
    ),
    (
        re.compile(rf"商务部令\s*(?P<year>{NUMERAL}{{4}}|\d{{4}})年\s*第\s*(?P<number>\d+)\s*号"),
        "MOFCOM Order {} No. {}",
    ),
    (re.compile(r"外交部令\s*第\s*(?P<number>\d+)\s*号"), "MFA Order No. {1}"),
)
_ANNOUNCED = (
    re.compile(rf"【发文日期】\s*{_DAY}"),
    re.compile(rf"\({_DAY}中华人民共和国(?:外交部|商务部)令"),
    re.compile(rf"(?:外交部|商务部|代章\))\s*{_DAY}"),
)
_FROM_DAY = re.compile(
    rf"自\s*{_DAY}(?:(?P<hour>\d{{1,2}})时(?P<minute>\d{{1,2}})分)?起(?:正式)?[实施]行?"
)
_FROM_NOW = re.compile(r"自(?:公布|发布)之日起(?:正式)?(?:实施|施行)")
_DECIDED = re.compile(
    rf"决定将(?P<names>.+?)(?:等(?P<count>\d+|{NUMERAL}{{1,3}})[家个][^、列]{{0,60}})?列入"
)
# A single name; a text with words that join several names, or that mean a kind of party, is not.
_ONE_NAME = re.compile(
    r"关于对(?P<name>[^、等和及]{2,40}?)(?<!企业|机构|人员|实体|个人)采取反制措施的决定"
)
_ANNEX_MENTION = re.compile(r"见附件|后附|^附(?:件[\d一二三]?)?(?::.*)?$", re.MULTILINE)
_SIGNED = re.compile(r"\(?\d{4}年\d{1,2}月\d{1,2}日\)?")
_NO_ENTRY = re.compile(r"对其(?:本人)?(?:及直系亲属)?不予签发签证")
_AUTHORITIES = {"cn_uel": "UEL Working Mechanism (MOFCOM)", "cn_ecl": "MOFCOM", "cn_wl": "MOFCOM"}


class _Head(msgspec.Struct, frozen=True):
    """What the announcement states about itself."""

    list_code: ChineseList
    title: str
    number: str
    number_zh: str
    id: str
    authority: str
    announced_on: date


# --- The text of a page, whether HTML or copied from the screen.

_HTML = re.compile(r"(?:<!doctype html|<html|<body|<div|<p[\s>])", re.IGNORECASE)
_BEGIN = re.compile(r"<html[\s>]", re.IGNORECASE)
_END = re.compile(r"</html\s*>", re.IGNORECASE)
# Separates a number that the page generates for an item from the text of the item.
_AFTER_NUMBER = "\ue000"
_UNSEEN = frozenset({"script", "style", "noscript", "title", "head", "select", "template"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "nav", "ol", "p", "section"}
    | {"table", "tbody", "td", "th", "tr", "ul"}
)
_LIST_TAGS = frozenset({"ol", "ul"})


def read_page(lines: list[str]) -> Announcement:
    """Return the announcement on a page's lines, with the parties of its annex or its sentence."""
    own = _from_title(lines)
    head, text = _head(own, "".join(lines)), "".join(own)
    annex = read_annex(head.id, own)
    if annex is None and _ANNEX_MENTION.search("\n".join(own)):
        _refuse(f"{head.id}: no party could be read in its annex; load the page with the annex")
    printed = _in_text(head, text) if annex is None else annex.parties
    if not printed:
        _refuse(f"{head.id}: no party could be read in an annex or a sentence")
    # a ban on entry against the only party shows that it is a person
    is_person = len(printed) == 1 and _NO_ENTRY.search(text) is not None
    kind: PartyType = "person" if is_person else "organisation"
    parties = tuple(_party(head, place, each, kind) for place, each in enumerate(printed, 1))
    check_counts(head.id, parties, _announcement_text(own, annex))
    address = next(filter(None, map(_ADDRESS.fullmatch, lines[:5])), None)
    hour = _FROM_DAY.search(text)
    effective_on = _effective_on(head, text, hour)
    return Announcement(
        id=head.id,
        list=head.list_code,
        number=head.number,
        number_zh=head.number_zh,
        title_zh=head.title,
        authority=head.authority,
        announced_on=head.announced_on,
        effective_on=effective_on,
        effective_at=_hour(effective_on, hour),
        source_url=None if address is None else address[0],
        parties=parties,
    )


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a page from top to bottom, without blank ones.

    Full-width letters, digits and brackets become ASCII. Items of a numbered list (`<ol>`) get
    their numbers, unless they print their own.
    """
    text = _decode(content)
    if is_page(text):
        if _BEGIN.search(text) and not _END.search(text):
            raise ListRefusedError(SOURCE, "the page is cut off (no </html> in it)")
        parser = _Parser()
        try:
            parser.feed(text)
            parser.close()
        except (AssertionError, ValueError) as error:
            raise ListRefusedError(SOURCE, f"not readable as HTML: {error}") from None
        text = "\n".join(map(_with_one_number, "".join(parser.parts).splitlines()))
    lines = (" ".join(narrow(line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def is_announcement(text: str) -> bool:
    """Return whether a text has the title of an announcement that names parties."""
    return any(_TITLE.fullmatch(line.strip()) for line in text.splitlines())


def is_page(text: str) -> bool:
    """Return whether a text is HTML."""
    return _HTML.search(text[:2_000]) is not None


def _from_title(lines: list[str]) -> list[str]:
    """Return the lines from the announcement's own title on, the last before its first day."""
    title, day = None, False
    for place, line in enumerate(lines):
        near = f"{lines[place - 1]}\n{line}" if place else line
        day = any(each.search(near) for each in _ANNOUNCED)
        if _TITLE.fullmatch(line):
            title = place
        if day and title is not None:
            break
    if title is None:
        _refuse("the file is not an announcement that puts parties on one of the lists")
    if not day:
        _refuse(f"the announcement prints no day: {lines[title][:80]}")
    return lines[title:]


def _refuse(reason: str) -> NoReturn:
    raise ListRefusedError(SOURCE, reason)


def _head(lines: list[str], page: str) -> _Head:
    title, whole = lines[0], "".join(lines)
    if _CHANGES.search(title) is not None:
        reason = "the announcement only changes measures, which the measure register holds"
        _refuse(f"{reason}: {title[:80]}")
    list_code: ChineseList = next(code for words, code in _LISTS.items() if words in title)
    announced = next(filter(None, (each.search(whole) for each in _ANNOUNCED)), None)
    # an order prints its number above the title of its decision
    found = _number(whole) or _number(page)
    if announced is None or found is None:
        what = "day" if announced is None else "number"
        _refuse(f"the announcement prints no {what}: {title[:80]}")
    match, words = found
    number = int(match["number"])
    year = number_of(match.groupdict().get("year") or "") or 0
    day = _day(announced.groups())
    is_mfa = "外交部令" in match[0]
    prefix = list_code.replace("_", "-")
    key = f"mfa-{day}" if is_mfa else f"mofcom-{year}-{number}"
    return _Head(
        list_code=list_code,
        title=title.removeprefix(match[0]).removeprefix(_MECHANISM).strip(),
        number=words.format(year, number),
        number_zh="".join(match[0].split()),
        id=f"{prefix}-{key}" if list_code == "cn_afsl" else f"{prefix}-{year}-{number}",
        authority=_AUTHORITIES.get(list_code, "MFA" if is_mfa else "MOFCOM"),
        announced_on=day,
    )


def _number(text: str) -> tuple[re.Match[str], str] | None:
    """Return the match of the number in a text, and the English form to fill in."""
    for pattern, words in _NUMBERS:
        match = pattern.search(text)
        if match is not None:
            return match, words
    return None


def _day(printed: tuple[str, ...]) -> date:
    try:
        return date(*map(int, printed))
    except ValueError:
        _refuse(f"no calendar has {'-'.join(printed)}")


def _in_text(head: _Head, text: str) -> list[AnnexParty]:
    decided = _DECIDED.search(text)
    if decided is not None:
        if "等" in decided["names"]:
            _refuse(f"{head.id}: the sentence names some of the parties, not all of them")
        parties, count = read_sentence(head.id, decided["names"], head.title)
        for stated in filter(None, (count, number_of(decided["count"] or ""))):
            if stated != len(parties):
                refuse_count(head.id, stated, len(parties))
        return [AnnexParty(party) for party in parties]
    one = _ONE_NAME.search(head.title)
    return [] if one is None else [AnnexParty(read_party(head.id, one["name"]))]


def _party(head: _Head, place: int, printed: AnnexParty, kind: PartyType) -> AnnouncedParty:
    party = printed.party
    countries = [code for words, code in _COUNTRIES.items() if words in head.title]
    own_kind = "person" if party.is_person else kind
    return PageParty(
        number=place,
        name_en=party.en,
        name_zh=party.zh,
        aliases=party.pieces,
        unknown=party.unknown,
        fault=party.fault,
        entity_type=None if printed.section == "unknown" else printed.section or own_kind,
        country=countries[0] if len(countries) == 1 else None,
        address=printed.address,
        description=party.description,
        note=party.note,
    )


def _announcement_text(own: list[str], annex: Annex | None) -> AnnouncementText:
    decided = _DECIDED.search("".join(own))
    return AnnouncementText(
        title=own[0],
        text=_until_signed(own) if annex is None else annex.text,
        examples="" if decided is None else decided["names"],
        is_numbered=annex is not None and annex.is_numbered and not annex.is_open,
    )


def _until_signed(own: list[str]) -> str:
    """Return the announcement without what the page has below its day."""
    decided = next((place for place, line in enumerate(own) if "决定" in line), 0)
    signed = (place for place, line in enumerate(own) if _SIGNED.fullmatch(line))
    return "".join(own[: next((place for place in signed if place > decided), len(own))])


def _effective_on(head: _Head, text: str, hour: re.Match[str] | None) -> date:
    """Return the first day on which an announcement applies: its own day, or one that it names."""
    if _FROM_NOW.search(text) is not None:
        return head.announced_on
    if hour is None:
        _refuse(f"{head.id}: the announcement does not state from which day it applies")
    return _day(hour.groups()[:3])


def _hour(effective_on: date, match: re.Match[str] | None) -> str | None:
    if match is None or match["hour"] is None:
        return None
    return f"{effective_on}T{int(match['hour']):02}:{int(match['minute']):02}:00+08:00"


def _decode(content: bytes) -> str:
    text = _as_printed(content)
    if not is_page(text or content.decode("utf-8-sig", "replace")):
        return read_text(SOURCE, content if text is None else text.encode())
    refuse_other_files(SOURCE, b"-" + content)
    if text is None:
        _refuse("the page is not UTF-8, nor an announcement in GB18030; save it as UTF-8")
    return text


def _as_printed(content: bytes) -> str | None:
    """Decode UTF-8, or GB18030, which ministries still print, where that makes it readable."""
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    with suppress(UnicodeDecodeError):
        text = content.decode("gb18030")
        return text if is_announcement(narrow(text)) else None
    return None


class _Parser(HTMLParser):
    """Collects the visible text, with a line break around every block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0
        # the next number of each open list, None where it is not numbered
        self._lists: list[int | None] = []
        self._given: int | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in _LIST_TAGS:
            self._lists.append(_first_number(dict(attrs)) if tag == "ol" else None)
        if tag == "li" and self._lists:
            self._begin_item(dict(attrs).get("value"))

    @override
    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in _LIST_TAGS and self._lists:
            _ = self._lists.pop()
        if tag == "li" or tag in _LIST_TAGS:
            self._given = None

    @override
    def handle_data(self, data: str) -> None:
        """Add text, its line breaks replaced by spaces."""
        if self._unseen:
            return
        if self._given is not None and data.strip():
            self.parts.append(f"{self._given}. {_AFTER_NUMBER}")
            self._given = None
        self.parts.append(" ".join(data.replace(_AFTER_NUMBER, "").split("\n")))

    def _begin_item(self, value: str | None) -> None:
        """Number an item, before its first text, if its list is numbered."""
        number = self._lists[-1]
        if number is not None and value is not None and value.isdecimal():
            number = int(value[:4])
        self._given = number
        self._lists[-1] = None if number is None else number + 1


def _first_number(attributes: dict[str, str | None]) -> int | None:
    """Return the first number of a numbered list; None if it counts down or is not a number."""
    start = attributes.get("start") or "1"
    return None if "reversed" in attributes or not start.isdecimal() else int(start[:4])


def _with_one_number(line: str) -> str:
    """Return a line with one number: its own if it prints one, else the page's number for it."""
    given, mark, printed = line.rpartition(_AFTER_NUMBER)
    own = narrow(printed).strip()
    if not mark or item_of(own) is not None:
        return printed
    bare = bare_item_of(own)
    return f"{given}{bare.text}" if bare and given.strip() == f"{bare.number}." else given + own


# --- The files.


_PAGE_LENGTH = 400_000
_COLLECTION, _PAGE = "cn_announcements_json", "cn_announcement_page"


def parse_pages(files: tuple[GivenFile, ...]) -> tuple[ParsedDelta, ...]:
    """Return what official announcements add to each list; they take nothing off a list.

    The day of each list is that of its newest announcement among the files.
    """
    announcements = [read_page(lines_of(file.content)) for file in files]
    lists = listings_of(announcements)
    return tuple(
        ParsedDelta(
            list_code=list_code,
            published_on=max(
                each.announced_on for each in announcements if each.list == list_code
            ),
            put=listings,
            gone=(),
            follows=(_COLLECTION, _PAGE),
        )
        for list_code, listings in lists.items()
    )


def _is_collection(file: GivenFile) -> bool:
    return file.head.startswith("{") and FORMAT_MARK in file.head


def _is_page(file: GivenFile) -> bool:
    if _is_collection(file):
        return False
    begin = file.content[:_PAGE_LENGTH]
    return is_announcement(narrow(_as_printed(begin) or begin.decode("utf-8", "replace")))


FORMATS = (
    Format(
        word=_COLLECTION,
        source=SOURCE,
        title="announcements gathered as JSON",
        tells=_is_collection,
        read=one_file(parse_collection),
    ),
    Format(
        word=_PAGE,
        source=SOURCE,
        title="official announcements, each as its page or as text",
        tells=_is_page,
        read=parse_pages,
        several=True,
    ),
)
"""A collection of all announcements, or single ones that are added to it."""
