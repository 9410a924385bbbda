"""The text of one of Japan's export-ban lists, taken apart into its numbered items."""

import re
from datetime import date

import msgspec

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.full_width import narrow

LIST_CODE = "jp_meti_ru"
# Kana, Han and the marks that stand in Japanese names.
JAPANESE = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff65-\uff9f"
_SUBJECT = "輸出等に係る禁止措置の対象となる"
_NOTICE = re.compile(r"\((令和[^()]*告示[^()]*号)\)")
_DAY = re.compile(r"最終更新日\s*:\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_HEAD_LETTERS = 1_000
# The number of an item has a Japanese name behind it on the same line. At the start of a page it
# may stand right behind the last letter of the page before.
_BEFORE, _BEHIND = (
    r"(?:^|(?<=[^\d\s/-]))",
    rf"(?:[ ]+(?=[^\n]{{0,120}}[{JAPANESE}])|(?=[{JAPANESE}]))",
)
_NUMBER = re.compile(rf"{_BEFORE}(?P<number>[1-9]\d{{0,3}}){_BEHIND}", re.MULTILINE)
_PAGE_NUMBER = re.compile(r"\n[ ]*+(?:-[ ]*+)?\d{1,4}[ ]*+-?[ \n]*+(?=\f)")
_ADDRESS = re.compile(r"所\s*在\s*地\s*:")


class Ban(msgspec.Struct, frozen=True):
    """One of the three lists.

    `programme` is the name of the file that holds it, without its date; `country` the one that
    all its bodies belong to by the list's title.
    """

    programme: str
    name: str
    title: str
    country: str | None


BANS = (
    Ban(
        "list_daisangoku_tokutei",
        "third countries",
        "ロシア連邦及びベラルーシ共和国以外の国の団体",
        None,
    ),
    Ban("list_russia_tokutei", "Russia", "ロシア連邦の団体", "RU"),
    Ban("list_belarus_tokutei", "Belarus", "ベラルーシ共和国の団体", "BY"),
)


class Item(msgspec.Struct, frozen=True):
    """One numbered item: the lines above its address, and those of the address."""

    where: str
    number: int
    head: tuple[str, ...]
    address: tuple[str, ...]


class BanText(msgspec.Struct, frozen=True):
    """One list as read: `notice` is the act that makes it, `updated_on` its own last day."""

    ban: Ban
    notice: str
    updated_on: date
    items: tuple[Item, ...]


def is_ban(text: str) -> bool:
    """Whether a text begins like one of the lists."""
    return _SUBJECT in _squeezed(text[:_HEAD_LETTERS])


def read_ban(text: str) -> BanText:
    """The list in a text, all of its items in printed order.

    Raises:
        ListRefusedError: none of the three lists, without its day, or without any item.
        RowRefusedError: the numbers of the items do not run on, or an item has not just one
            address; a text that is cut within an item shows there.
    """
    lines = _PAGE_NUMBER.sub("\n", narrow(text).replace("\r", "")).replace("\f", "\n")
    head = _squeezed(lines[:_HEAD_LETTERS])
    ban = next((each for each in BANS if _SUBJECT in head and each.title in head), None)
    if ban is None:
        reason = f"the text has the title of none of the lists ({_SUBJECT}…)"
        raise ListRefusedError(LIST_CODE, reason)
    day, notice = _DAY.search(lines), _NOTICE.search(head)
    if day is None or notice is None:
        what = "day (最終更新日)" if day is None else "notice (令和…告示第…号)"
        raise ListRefusedError(LIST_CODE, f"the list of {ban.name} prints no {what}")
    items = tuple(_items(ban, lines, day.end()))
    if not items:
        raise ListRefusedError(LIST_CODE, f"the list of {ban.name} has no items")
    return BanText(ban, notice[1], _day(ban, day), items)


def _items(ban: Ban, text: str, begin: int) -> list[Item]:
    starts = list[re.Match[str]]()
    for found in _NUMBER.finditer(text, begin):
        if int(found["number"]) == len(starts) + 1:
            starts.append(found)
    ends = [*(start.start() for start in starts), len(text)][1:]
    return [
        _item(ban, number, text[start.end() : end])
        for number, (start, end) in enumerate(zip(starts, ends, strict=False), start=1)
    ]


def _item(ban: Ban, number: int, text: str) -> Item:
    where = f"{ban.name}, No. {number}"
    head, *addresses = (tuple(_lines(part)) for part in _ADDRESS.split(text))
    if not addresses:
        reason = "no address (所在地): it is cut off, or its number is not its own"
        raise RowRefusedError(where, reason)
    address, *more = addresses
    if more:
        reason = f"{len(addresses)} addresses (所在地): No. {number + 1} is missing or cut off"
        raise RowRefusedError(where, reason)
    return Item(where, number, head, address)


def _lines(text: str) -> list[str]:
    return [line for each in text.split("\n") if (line := " ".join(each.split()))]


def _day(ban: Ban, printed: re.Match[str]) -> date:
    try:
        return date(*map(int, printed.groups()))
    except ValueError:
        reason = f"the list of {ban.name}: no calendar has {printed[0]}"
        raise ListRefusedError(LIST_CODE, reason) from None


def _squeezed(text: str) -> str:
    return "".join(narrow(text).split())
