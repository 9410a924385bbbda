"""Read Japan's export-ban lists: bodies in Russia, Belarus and third countries.

Source: https://www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia/russia.html
"""

import itertools
import operator
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.pdf import is_pdf, pdf_text
from abeyance_screening.engine.lists.reading.records import by_name, one_edition
from abeyance_screening.engine.lists.reading.texts import narrow, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    MOST_UNREAD,
    Rescued,
    may_hide_in,
    most_unread,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Lists and their numbered items.

LIST_CODE = "jp_meti_ru"
# Kana, Han and the punctuation used in Japanese names.
JAPANESE = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff65-\uff9f"
_SUBJECT = "輸出等に係る禁止措置の対象となる"
_NOTICE = re.compile(r"\((令和[^()]*告示[^()]*号)\)")
_DAY = re.compile(r"最終更新日\s*:\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_HEAD_LETTERS = 1_000
# The number of an item is followed by a Japanese name on the same line. At the start of a page it
# may directly follow the last letter of the page before.
_BEFORE, _AFTER = (
    r"(?:^|(?<=[^\d\s/-]))",
    rf"(?:[ ]+(?=[^\n]{{0,120}}[{JAPANESE}])|(?=[{JAPANESE}]))",
)
_NUMBER = re.compile(rf"{_BEFORE}(?P<number>[1-9]\d{{0,3}}){_AFTER}", re.MULTILINE)
_JAPANESE_LINE = re.compile(rf"^[^\n]{{0,120}}[{JAPANESE}]", re.MULTILINE)
_PAGE_NUMBER = re.compile(r"\n[ ]*+(?:-[ ]*+)?\d{1,4}[ ]*+-?[ \n]*+(?=\f)")
_ADDRESS = re.compile(r"所\s*在\s*地\s*:")


class Ban(msgspec.Struct, frozen=True):
    """One of the three lists.

    `programme` is the name of its file without the date; `country` is the code of the country to
    which all its bodies belong by the list's title, None for third countries.
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


class NumberedItem(msgspec.Struct, frozen=True):
    """One numbered item: the lines above its address, and the lines of the address.

    `unknown` are the labels that the reader does not know, each with the text after it. An item
    whose address cannot be found has all its lines in `head`, and a `fault`.
    """

    where: str
    number: int
    head: tuple[str, ...]
    address: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    fault: str | None = None


class BanText(msgspec.Struct, frozen=True):
    """The text of one list: `notice` is the act that makes it, `updated_on` the day it prints."""

    ban: Ban
    notice: str
    updated_on: date
    items: tuple[NumberedItem, ...]


class BanItem(msgspec.Struct, frozen=True):
    """An item with the list that it is on."""

    text: BanText
    item: NumberedItem


# --- The end of an item's Japanese name and the start of its English one.

ALIAS_WORD = r"別[称名]"
_DASH = r"\s*+[-\u2010-\u2015\u2212\u30fc\uff70]\s*+"
_AFTER_JOINT = r"(?<=[;:])|(?<=; and)|(?<=; or)"
# A sure bullet follows a semicolon, a colon or `; and`; a loose one may also begin any line.
SURE_BULLET = re.compile(
    rf"(?:{_AFTER_JOINT}|^(?<=;\n)|^(?<=:\n)|^(?<=; and\n)|\A){_DASH}", re.MULTILINE
)
LOOSE_BULLET = re.compile(rf"(?:^(?<!\n\n)|{_AFTER_JOINT}){_DASH}", re.MULTILINE)
# Typesetting separates Japanese from Latin letters and digits by a quarter of an em. Some programs
# read that as a space, others do not (`株式会社 UCW`, `株式会社UCW`). Japanese itself has no
# spaces. Its commas and quotes (、。〃〈 to 】) count as letters here.
_WRITTEN = rf"{JAPANESE}\u3001-\u3003\u3008-\u3011"
_GAP = re.compile(rf"(?<=[{_WRITTEN}])\s++|(?<!\s)\s++(?=[{_WRITTEN}])")
IS_JAPANESE = re.compile(rf"[{JAPANESE}]")
_ALIAS_MARK = re.compile(ALIAS_WORD)
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")
_ENGLISH = re.compile(r"\s*(?P<text>[\"\u201c]?[A-Z0-9].*)", re.DOTALL)
_SMALL_WORD = re.compile(r"[A-Za-z][a-z]+")
# The longest item of the lists has 700 letters above its address, with all its names.
_MOST_LETTERS = 7_000


# --- Names and aliases.

_ALIAS_LINE = re.compile(rf"{ALIAS_WORD}\s*:\s*")
# `設立年: 2001`; the lists have no label but those of the aliases and the address.
_LABEL = re.compile(rf"(?P<label>[{JAPANESE}]{{1,12}})\s*:\s*")
_ALIASES_IN_BRACKETS = re.compile(rf"{ALIAS_WORD}[、､,:\s]*")
# `, a.k.a., the following two aliases:`; also seen: `the follow`, `thefollowing`, `twoaliases`.
_FOLLOWING = re.compile(
    r"(?!(?<=\s)\s),?\s*+(?:a\.\s?k\.\s?a\.?,?\s*+)?(?:the\s*+)?"
    r"follow(?:ing)?\s*+(?P<count>[a-z]{1,20}?)\s*+alias(?:es)?\s*+:?",
    re.IGNORECASE,
)
_MARKS = "[、､]|及び"
_COUNT_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_COUNTS = {word: count for count, word in enumerate(_COUNT_WORDS.split(), start=1)}
# What joins a name to the next one, read from its end: `;`, `; and`, `, a.k.a.,` or `:`.
_JOINT_BACKWARDS = re.compile(r"(?:[;,:\s]++|dna(?=\s*+;)|\.?a\.k\.a(?=\s*+,))*+")
_ONLY_HAN = re.compile(r"[^\u3040-\u30ff]*[\u3400-\u9fff][^\u3040-\u30ff]*")
_PROSE = re.compile(r",? including |\. This includes ")
# Abbreviations whose own full stop ends a name.
_SHORT = re.compile(r"\b(?:Ltd|Co|Inc|Corp|Sti|Ști|St|A\.S|A\.Ș|L\.L\.C|J\.S\.C)\.", re.IGNORECASE)


class ItemNames(msgspec.Struct, frozen=True):
    """The names of one item; `remark` is the whole text where a name is followed by prose.

    Spaces between Japanese and Latin letters are removed, because programs that extract the text
    of a PDF file differ in them.
    """

    english: str
    japanese: str
    others: tuple[str, ...]
    remark: str | None


_HOME = "https://www.meti.go.jp/policy/external_economy/trade_control/"
SOURCE_URL = f"{_HOME}02_export/17_russia/russia.html"
INFORMATION_URL = f"{_HOME}01_seido/04_seisai/crimea.html"


def read_lists(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """Return all three lists as one edition, published on the day of the newest of them.

    All three are needed: an edition of one list would take the bodies of the others off. Item
    numbers change between editions, so ids are made from the English name. The lists print no day
    of designation for a body. A text cut exactly between two items cannot be distinguished from a
    whole one; every other cut is refused.
    """
    bans = [read_ban(_text(file)) for file in files]
    for ban in BANS:
        count = sum(each.ban == ban for each in bans)
        if count != 1:
            fault = "is missing; all three are needed" if count == 0 else "is given twice"
            raise ListRefusedError(LIST_CODE, f"the list of {ban.name} {fault}")
    ordered = sorted(bans, key=lambda each: BANS.index(each.ban))
    items = [BanItem(each, item) for each in ordered for item in each.items]
    keyed = by_name(read_records(items, _listing, _rescued))
    return one_edition(LIST_CODE, keyed, max(each.updated_on for each in bans))


def is_ban(text: str) -> bool:
    """Return whether a text begins like one of the lists."""
    return _SUBJECT in _without_blanks(text[:_HEAD_LETTERS])


def read_ban(text: str) -> BanText:
    """Return the list in a text, with all its items in printed order."""
    lines = _PAGE_NUMBER.sub("\n", narrow(text).replace("\r", "")).replace("\f", "\n")
    head = _without_blanks(lines[:_HEAD_LETTERS])
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
    last = items[-1]
    if last.fault is not None:
        raise RowRefusedError(last.where, last.fault)
    return BanText(ban, notice[1], _day(ban, day), items)


def read_names(item: NumberedItem) -> ItemNames:
    """Return the names of an item.

    Two layouts occur. Until 2025: `日本語名(別称、A及びB)`, then `Name, a.k.a., the following two
    aliases:` and a bullet for each. Since then: both names, then `別称:` with the Japanese and the
    English aliases, separated by semicolons.
    """
    body, aliases = _split_off_aliases(item.head)
    printed, lines = split_languages(item.where, body)
    japanese, inner = _split_off_brackets(printed)
    whole, announced = _english_names(lines)
    english, chinese = _split_off_brackets(whole)
    name = _PROSE.split(english, maxsplit=1)[0]
    is_prose = name != english
    before_prose = re.split(r"[(。]", japanese, maxsplit=1)[0] if is_prose else japanese
    return ItemNames(
        english=without_gaps(name),
        japanese=without_gaps(before_prose),
        others=tuple(map(without_gaps, (*inner, *chinese, *announced, *aliases))),
        remark=f"{without_gaps(japanese)} {without_gaps(english)}" if is_prose else None,
    )


def join_japanese(lines: Sequence[str]) -> str:
    """Join Japanese lines; a space is put only between two Latin words."""
    text = ""
    for line in lines:
        latin = text[-1:].isascii() and text[-1:].isalnum() and line[:1].isascii()
        text += f" {line}" if latin and line[:1].isalnum() else line
    return text


def split_languages(where: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the Japanese name on one line, and the lines of the English name.

    At the end of a page both names may be on one line.
    """
    letters = sum(map(len, lines))
    if letters > _MOST_LETTERS:
        reason = f"{letters:,} letters of names; {_MOST_LETTERS:,} is the limit"
        raise RowRefusedError(where, reason)
    end, depth = len(lines), 0
    for place, line in enumerate(lines):
        if place and depth <= 0 and not _is_japanese(line):
            end = place
            break
        depth += line.count("(") - line.count(")")
    japanese, english = join_japanese(lines[:end]), list(lines[end:])
    is_missing = not english or LOOSE_BULLET.match(english[0]) is not None
    cut = _start_of_english(japanese, is_missing=is_missing)
    if cut is not None:
        return japanese[:cut].rstrip(), [japanese[cut:].strip(), *english]
    if is_missing:
        raise RowRefusedError(where, "no English name follows the Japanese one")
    return japanese, english


def without_gaps(name: str) -> str:
    """Return the name without spaces next to Japanese letters; those between Latin words stay."""
    return _GAP.sub("", name)


def _text(file: GivenFile) -> str:
    if is_pdf(file.content):
        return f"{pdf_text(file.content)}\n\f"
    return read_text(LIST_CODE, file.content)


def _listing(record: BanItem) -> Listing:
    """Return the listing of an item; its id is "" until `give_ids` sets it."""
    text, item = record.text, record.item
    if item.fault is not None:
        raise RowRefusedError(item.where, item.fault)
    names = read_names(item)
    for label, value in item.unknown:
        note_unknown(item.where, f"label {label!r}", value, may_hide=may_hide_in(label))
    addresses = tuple(_address(printed) for printed in _addresses(item))
    codes = [text.ban.country, *(address.country for address in addresses)]
    others = (Name(text=each, kind="alias") for each in (names.japanese, *names.others))
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(names.english, others),
        entity_type="organisation",
        entry_id=str(item.number),
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        programmes=(text.ban.programme,),
        citations=(text.notice,),
        remarks=names.remark,
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def _rescued(record: BanItem) -> Rescued:
    """Return the names of an item that cannot be read, or all its lines where they are unclear."""
    try:
        read = read_names(record.item)
        names = [read.english, read.japanese, *read.others]
    except RowRefusedError:
        body, aliases = _split_off_aliases(record.item.head)
        japanese = join_japanese([line for line in body if IS_JAPANESE.search(line)])
        latin = (line for line in body if not IS_JAPANESE.search(line))
        english = [_bare(LOOSE_BULLET.sub("", line)) for line in latin]
        names = [*english[:1], _split_off_brackets(japanese)[0], *aliases, *english[1:]]
    return Rescued(
        names=every_name(map(without_gaps, names)),
        list_code=LIST_CODE,
        entry_id=str(record.item.number),
        entity_type="organisation",
        programmes=(record.text.ban.programme,),
    )


def _address(text: str) -> Address:
    """Return an address with the country at its end or before the postal code."""
    last = (part.strip(" .0123456789") for part in reversed(text.split(",")[-2:]))
    codes = [code for part in last if part and (code := country_code(part)) is not None]
    return Address(text=text, country="HK" if "HK" in codes else next(iter(codes), None))


def _addresses(item: NumberedItem) -> list[str]:
    """Split `A, Moscow, Russia; and B, Omsk, Russia.` into its addresses."""
    text = ""
    for line in item.address:
        text += line if text.endswith("-") else f" {line}"
    parts = (part.strip() for part in text.split(";"))
    return [bare for part in parts if (bare := part.removeprefix("and ").strip(" .,"))]


def _without_blanks(text: str) -> str:
    return "".join(narrow(text).split())


def _items(ban: Ban, text: str, begin: int) -> Iterator[NumberedItem]:
    """Yield the items; numbers that are not printed are noted."""
    starts = _starts(text, begin)
    numbers = [number for number, _ in starts]
    missing = len(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if missing > most_unread(len(numbers)):
        reason = f"{missing} numbers are missing in the list of {ban.name}"
        raise ListRefusedError(LIST_CODE, reason)
    ends = [*(start.start() for _, start in starts), len(text)][1:]
    for (number, start), end, then in zip(starts, ends, [*numbers, 0][1:], strict=True):
        body, where = text[start.end() : end], f"{ban.name}, No. {number}"
        if int(start["number"]) != number:
            note_unknown(where, "number out of order", start["number"])
        if then <= number + 1:
            yield _item(ban, number, body)
            continue
        cut = _start_without_number(body) if then == number + 2 else None
        yield _item(ban, number, body[:cut])
        if cut is not None:
            yield _item(ban, number + 1, body[cut:])
        note_unknown(
            where,
            "gap in the numbers",
            f"between No. {number} and No. {then}",
            may_hide=None if cut is not None else "name",
        )


def _starts(text: str, begin: int) -> list[tuple[int, re.Match[str]]]:
    """Return where the items begin, each with its number, of which a few may be missing.

    A number is passed over, as one within a name, where the expected one is printed after it. One
    that is printed again before the next is a misprint of the expected one.
    """
    found = list(_NUMBER.finditer(text, begin))
    numbers = [int(each["number"]) for each in found]
    last = {number: place for place, number in enumerate(numbers)}
    starts, expected = list[tuple[int, re.Match[str]]](), 1
    for place, each in enumerate(found):
        number, skipped = numbers[place], range(expected, numbers[place])
        is_ahead = bool(starts) and 0 < len(skipped) <= MOST_UNREAD
        if number != expected and (
            not is_ahead
            or any(last.get(one, -1) > place for one in skipped)
            or _ADDRESS.search(text, starts[-1][1].end(), each.start()) is None
        ):
            continue
        rest = itertools.takewhile(partial(operator.ne, number + 1), numbers[place + 1 :])
        starts.append((expected if number in rest else number, each))
        expected = starts[-1][0] + 1
    return starts


def _start_without_number(text: str) -> int | None:
    """Return where a second item begins without a number: at the name below the first address."""
    match list(_ADDRESS.finditer(text)):
        case [first, second]:
            begin = text.find("\n", first.end())
            line = _JAPANESE_LINE.search(text, begin + 1, second.start()) if begin > 0 else None
            return None if line is None else line.start()
        case _:
            return None


def _item(ban: Ban, number: int, text: str) -> NumberedItem:
    where = f"{ban.name}, No. {number}"
    head, *addresses = (_lines(part) for part in _ADDRESS.split(text))
    if len(addresses) > 1:
        reason = f"{len(addresses)} addresses (所在地): No. {number + 1} is missing or cut off"
        raise RowRefusedError(where, reason)
    unknown = list[tuple[str, str]]()
    head = _without_unknown(head, unknown)
    if not addresses:
        fault = "no address (所在地): the item is cut off, or its number is wrong"
        return NumberedItem(where, number, head, fault=fault)
    address = _without_unknown(addresses[0], unknown)
    return NumberedItem(where, number, head, address, tuple(unknown))


def _without_unknown(lines: Sequence[str], unknown: list[tuple[str, str]]) -> tuple[str, ...]:
    """Return the lines without those of unknown labels, which go up to the next known one."""
    known, is_known = list[str](), True
    for line in lines:
        label = _LABEL.match(line)
        if label is not None:
            is_known = _ALIAS_LINE.match(line) is not None
        if is_known:
            known.append(line)
        elif label is not None:
            unknown.append((label["label"], line[label.end() :]))
        else:
            words, text = unknown[-1]
            unknown[-1] = (words, f"{text} {line}")
    return tuple(known)


def _lines(text: str) -> list[str]:
    return [line for each in text.split("\n") if (line := " ".join(each.split()))]


def _day(ban: Ban, printed: re.Match[str]) -> date:
    try:
        return date(*map(int, printed.groups()))
    except ValueError:
        reason = f"the list of {ban.name}: no calendar has {printed[0]}"
        raise ListRefusedError(LIST_CODE, reason) from None


def _split_off_aliases(head: Sequence[str]) -> tuple[Sequence[str], list[str]]:
    """Return the lines before `別称:`, and the names after it."""
    for place, line in enumerate(head):
        mark = _ALIAS_LINE.match(line)
        if mark is not None:
            lines = [line[mark.end() :], *head[place + 1 :]]
            japanese = [text for text in lines if IS_JAPANESE.search(text)]
            english = [text for text in lines if not IS_JAPANESE.search(text)]
            names = [
                *_split(join_japanese(japanese), f"{_MARKS}|;"),
                *_split(_english(english), ";"),
            ]
            return head[:place], names
    return head, []


def _split(text: str, marks: str) -> list[str]:
    """Return the texts between the marks that are outside brackets and quotes."""
    parts, depth, start = list[str](), 0, 0
    for found in re.finditer(rf"[(「]|[)」]|{marks}", text):
        if found[0] in "(「":
            depth += 1
        elif found[0] in ")」":
            depth -= 1
        elif depth <= 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [part for each in (*parts, text[start:]) if (part := _bare(each))]


def _bare(text: str) -> str:
    """Return the name without what joins it to the next one, or ends the sentence."""
    joint = _JOINT_BACKWARDS.match(text[::-1])
    bare = text[: len(text) - (joint.end() if joint else 0)].lstrip()
    short = _SHORT.search(bare, max(len(bare) - 6, 0))
    return bare if short is not None and short.end() == len(bare) else bare.rstrip(".")


def _english(lines: Sequence[str]) -> str:
    """Join English lines; a word hyphenated at the end of a line is put back together."""
    text = ""
    for line in lines:
        text += line if text.endswith("-") and not text.endswith(" -") else f" {line}"
    return text.strip()


def _split_off_brackets(printed: str) -> tuple[str, list[str]]:
    """Split `名(中文)(別称、A、B及びC)` into the name and the others."""
    others = list[str]()
    while printed.endswith(")") and (opening := _opening(printed)) > 0:
        inside = printed[opening + 1 : -1].strip()
        if (mark := _ALIASES_IN_BRACKETS.match(inside)) is not None:
            for alias in _split(inside[mark.end() :], _MARKS):
                name, inner = _split_off_brackets(alias)
                others += [name, *inner]
        elif _ONLY_HAN.fullmatch(inside):
            others += _split(inside, "[、､]")
        else:
            break
        printed = printed[:opening].rstrip()
    return printed, others


def _opening(text: str) -> int:
    """Return the index where the bracket opens that ends the text, 0 where none does."""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return place
    return 0


def _english_names(lines: Sequence[str]) -> tuple[str, list[str]]:
    text = "\n".join(lines)
    mark = _FOLLOWING.search(text)
    if mark is None:
        return _bare(_english(lines)), []
    name = _english(text[: mark.start()].split("\n"))
    return _bare(name), _aliases(text[mark.end() :], _COUNTS.get(mark["count"].casefold()))


def _aliases(text: str, count: int | None) -> list[str]:
    """Return the names after that kind of bullet which yields the announced number."""
    aliases = list[str]()
    for bullet in (SURE_BULLET, LOOSE_BULLET):
        parts = (_english(part.split("\n")) for part in bullet.split(text))
        aliases = [alias for part in parts if (alias := _bare(part))]
        if len(aliases) == count:
            break
    return aliases


def _is_japanese(line: str) -> bool:
    """Return whether a line continues the Japanese name, with Japanese letters outside brackets.

    A line that begins with a bracket may have them inside: `(OOO) Microelectronic Production
    Complex` has none.
    """
    text = line if line.startswith("(") else _BRACKETS.sub("", line)
    return IS_JAPANESE.search(text) is not None


def _start_of_english(text: str, *, is_missing: bool) -> int | None:
    """Return the index where English begins in a Japanese line, None where it does not.

    After a closing bracket or quote any English is the other name. After a letter (`KB` in a
    Japanese name), it is the other name only if it is longer, or if the English name is otherwise
    missing.
    """
    depth = 0
    for place, letter in enumerate(text[:-1], start=1):
        depth += (letter == "(") - (letter == ")")
        if depth > 0 or not (letter in ")」" or IS_JAPANESE.match(letter)):
            continue
        rest = _ENGLISH.fullmatch(text[place:])
        if (
            rest is None
            or _is_japanese(rest["text"])
            or _ALIAS_MARK.search(rest["text"]) is not None
        ):
            continue
        words = len(_SMALL_WORD.findall(rest["text"]))
        if letter == ")" or is_missing or words > 1:
            return place
    return None


FORMATS = (
    Format(
        word="jp_meti_ru_pdf",
        source=LIST_CODE,
        title="list_russia_tokutei.pdf, list_belarus_tokutei.pdf and list_daisangoku_tokutei.pdf",
        tells=lambda file: is_pdf(file.content) or is_ban(file.head),
        read=read_lists,
        several=True,
    ),
)
"""METI's three lists together, as PDF files or as the text in them."""
