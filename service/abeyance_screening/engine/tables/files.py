"""Files of tables before they are read: their encoding, and how large a workbook may be."""

import codecs
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from xml.parsers.expat import ExpatError, ParserCreate

import msgspec

from abeyance_screening.primitives.errors import BadInputError

# --- The encoding of a text file, detected only where there is no doubt.
#
# A name read in the wrong encoding is another name, which finds nothing and looks like an answer.

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
# The letters that Windows' code pages for Western, Central European and Turkish text have in the
# same place: a file with no others reads the same in each. The bytes of è, ñ or ø may be French,
# Czech or Turkish letters, which the bytes alone do not decide.
_SAME_IN_ALL = frozenset("ÁÂÄÇÉËÍÎÓÔÖÚÜßáâäçéëíîóôöúü")
_SIGNS = frozenset("«»§°©®·\u00a0")
# Windows' signs at lower codes are letters in the code pages of DOS, except an apostrophe inside a
# word and a dash between spaces.
_SIGNS_BELOW = re.compile(rb"(?<=[A-Za-z])\x92(?=[A-Za-z])|(?<= )\x96(?= )")
_RUSSIAN_SIGNS = _SIGNS | frozenset("“”„\u2019\u2013—…")
# Words in tables of parties in Russian and in Chinese. In similar encodings (Greek, KOI8, Korean,
# Japanese) the same bytes are plausible letters too, but not these words.
_RUSSIAN_WORDS = frozenset(
    {
        *("зао", "пао", "нао", "фгуп", "гуп", "общество", "ответственностью", "акционерное"),
        *("компания", "завод", "банк", "наименование", "название", "организация", "контрагент"),
        *("поставщик", "покупатель", "клиент", "страна", "россия", "адрес", "город", "доля"),
        *("инн", "огрн", "кпп", "владелец", "\u043e\u043e\u043e", "\u043e\u0430\u043e"),
    }
)
_CHINESE_WORDS = ("公司", "名称", "企业", "集团", "有限", "中国", "国家", "银行", "单位", "客户")
_RUSSIAN = frozenset(map(chr, (*range(0x410, 0x450), 0x401, 0x451, 0x2116)))
_WORD = re.compile(r"\w+")
_MIXED_CASE = re.compile("[\u0430-\u044f\u0451][\u0410-\u042f\u0401]")
_MIXED_SCRIPT = re.compile("[A-Za-z][\u0401-\u0451]|[\u0401-\u0451][A-Za-z]")
_ALONE = re.compile(rb"(?<![A-Za-z\x80-\xff])[\xc0-\xff]{2,}(?![A-Za-z\x80-\xff])")
_LONGEST_WESTERN_RUN = 3
# The lead bytes of GB 2312's first level, the 3,755 characters of ordinary writing.
_FIRST_LEVEL = range(0xB0, 0xD8)
_ORDINARY_SHARE = 0.6
_PAIR = 2
_GB_LEAD, _GB_TRAIL = 0xA1, 0xA1
_ASCII = 0x80


class DecodedText(msgspec.Struct, frozen=True):
    """A text and the name of the encoding it was read in."""

    text: str
    encoding: str


def read_text(content: bytes, encoding: str | None) -> DecodedText:
    """Return the text of a file, decoded by `encoding` or, with None, by the only possible one.

    UTF-8 and UTF-16 are recognised by their bytes; GB18030, cp1251 and cp1252 by their letters,
    where no other reading is possible.

    Raises:
        BadInputError: `encoding` is unknown, or the file is not in that encoding; or `encoding`
            is None and more than one is possible.
    """
    if encoding is not None:
        return _named(content, encoding)
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return DecodedText(_decoded(content, codec, name), name)
    if b"\x00" in content:
        return _without_mark(content)
    try:
        return DecodedText(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return _guessed(content)


def stream_encoding(head: bytes, encoding: str | None, *, is_whole: bool) -> tuple[str, str]:
    """Return the codec of a text by its beginning, which ends with a line, and what it is called.

    Letters later on may decide against a guess, so that a text that goes on and is neither UTF-8
    nor UTF-16 must have its encoding named.
    """
    name = read_text(head, encoding).encoding
    match name:
        case "UTF-8" | "utf-8":
            return "utf-8-sig", name
        case "UTF-16":
            marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            is_little = head[1::2].count(0) > 0
            return "utf-16" if marked else "utf-16-le" if is_little else "utf-16-be", name
        case _ if encoding is None and not is_whole:
            reason = f"is not UTF-8, and its beginning alone does not decide that it is {name}"
            raise BadInputError("encoding", f"{reason}. Name the encoding")
        case _:
            return name, name


def _named(content: bytes, encoding: str) -> DecodedText:
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        raise BadInputError("encoding", f"{encoding!r} is no known encoding") from None
    name = "utf-8-sig" if codec.name == "utf-8" else codec.name
    return DecodedText(_decoded(content, name, encoding).removeprefix("\ufeff"), codec.name)


def _decoded(content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except LookupError:
        raise BadInputError("encoding", f"{name!r} is no encoding of text") from None
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        line = content[: int(place)].count(b"\n") + 1
        raise BadInputError("encoding", f"line {line} cannot be read as {name}") from None


def _without_mark(content: bytes) -> DecodedText:
    """Decode UTF-16 without a byte order mark: the zero bytes of ASCII are all on one side."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if even and odd:
        raise BadInputError("file", "has zero bytes, so it is no text")
    codec = "utf-16-le" if odd else "utf-16-be"
    return DecodedText(_decoded(content, codec, "UTF-16"), "UTF-16")


def _guessed(content: bytes) -> DecodedText:
    """Decode a file by the only encoding in which its letters make sense."""
    found = [name for name, could_be in _COULD_BE.items() if could_be(content)]
    if len(found) == 1:
        return DecodedText(content.decode(found[0]), found[0])
    raise BadInputError("encoding", _doubt(content, found))


def _doubt(content: bytes, found: list[str]) -> str:
    line = next(each for each in content.splitlines() if not each.isascii())
    place = content[: content.index(line)].count(b"\n") + 1
    near = _HIGH_RUNS.search(line)
    start = max(0, (near.start() if near else 0) - 10)
    readings = found or ["cp1252", "cp1250", "cp1251", "gb18030"]
    shown = ", ".join(
        f"{line[start : start + 24].decode(each, 'replace').strip()!r} in {each}"
        for each in readings
    )
    why = f"is not UTF-8, and more than one encoding is possible; line {place} has {shown}"
    return f"{why}. Name the encoding"


def _is_western(content: bytes) -> bool:
    """Return whether a text reads the same in every Windows code page with Latin letters."""
    letters = _SIGNS_BELOW.sub(b" ", content)
    return all(
        set(run.group().decode("cp1252", "replace")) <= _SAME_IN_ALL | _SIGNS
        and len(run.group()) <= _LONGEST_WESTERN_RUN
        for run in _HIGH_RUNS.finditer(letters)
    ) and not _is_all_high_words(letters)


def _is_all_high_words(content: bytes) -> bool:
    """Return whether there are words without any ASCII letter, as in other scripts."""
    return _ALONE.search(content) is not None


def _is_russian(content: bytes) -> bool:
    """Return whether all letters beyond ASCII are Russian, with words of Russian tables."""
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        return False
    beyond = (letter for letter in text if ord(letter) >= _ASCII)
    return (
        all(letter in _RUSSIAN or letter in _RUSSIAN_SIGNS for letter in beyond)
        and not _RUSSIAN_WORDS.isdisjoint(_WORD.findall(text.casefold()))
        and _MIXED_CASE.search(text) is None
        and _MIXED_SCRIPT.search(text) is None
    )


def _is_chinese(content: bytes) -> bool:
    """Return whether all bytes beyond ASCII are pairs of GB 2312, most of them common ones."""
    runs = [run.group() for run in _HIGH_RUNS.finditer(content)]
    if any(len(run) % _PAIR for run in runs):
        return False
    pairs = [run[at : at + _PAIR] for run in runs for at in range(0, len(run), _PAIR)]
    if any(lead < _GB_LEAD or trail < _GB_TRAIL for lead, trail in pairs):
        return False
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    if not any(word in text for word in _CHINESE_WORDS):
        return False
    return sum(pair[0] in _FIRST_LEVEL for pair in pairs) >= _ORDINARY_SHARE * len(pairs)


_COULD_BE: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {"gb18030": _is_chinese, "cp1251": _is_russian, "cp1252": _is_western}
)


# --- Limits on the size of a workbook, checked part by part before openpyxl reads the workbook.
#
# A few kilobytes of a workbook can unpack to millions of rows, texts or styles, each of which
# costs openpyxl a hundred times as much as counting it does.

_CHUNK_BYTES = 262_144
# The elements inside a cell, at most four of them; they are as cheap as the cell is expensive.
_OF_A_CELL = frozenset({"v", "f", "is", "t"})
_MOST_OF_A_CELL = 4
# Excel allows 65,490 cell formats in a workbook, whatever the size of the table.
_MOST_STYLES = 100_000


class WorkbookLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The most that a workbook may contain.

    `unpacked_bytes` are the bytes of all its parts, `rows` include blank ones, `texts` are the
    shared strings. `others` are all other elements: styles, links, rich text, phonetic readings.
    """

    unpacked_bytes: int
    rows: int
    cells: int
    texts: int
    others: int


# The limits for a table that a user reads on their own machine: the rows of Excel, and as many
# cells as a list may have (`engine.lists.reading.tables`).
ANY_SIZE = WorkbookLimits(
    unpacked_bytes=400_000_000, rows=1_048_576, cells=5_000_000, texts=5_000_000, others=2_000_000
)


def check_room(content: bytes, room: WorkbookLimits) -> None:
    """Check a workbook against limits, and stop at the first that it exceeds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > room.unpacked_bytes:
            reason = f"unpacks to {size:,} bytes; at most {room.unpacked_bytes:,} are allowed"
            raise BadInputError("file", reason)
        counting = _Counting(room)
        for member in members:
            counting.count(archive, member)


class _Counting:
    """A counter of the elements in all parts, by their names without namespace prefix."""

    def __init__(self, room: WorkbookLimits) -> None:
        self._counts = Counter[str]()
        self._others = 0
        self._most = {
            "row": (room.rows, "rows, blank ones among them"),
            "c": (room.cells, "cells"),
            "si": (room.texts, "texts"),
            "xf": (_MOST_STYLES, "cell styles"),
        } | dict.fromkeys(_OF_A_CELL, (room.cells * _MOST_OF_A_CELL, "texts in its cells"))
        self._most_others = room.others

    def count(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Count the elements of one part, up to the first error: a picture is no XML."""
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                try:
                    parser.Parse(chunk)
                except ExpatError:
                    return

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        limit = self._most.get(name)
        if limit is None:
            self._others += 1
            if self._others > self._most_others:
                self._refuse(self._most_others, "styles, links and other marks")
            return
        self._counts[name] += 1
        if self._counts[name] > limit[0]:
            self._refuse(*limit)

    def _refuse(self, most: int, what: str) -> None:
        reason = f"holds more than {most:,} {what}; copy the rows you need into a new workbook"
        raise BadInputError("file", reason)
