"""Texts: checking that a file is a readable text, full-width letters, and numbered lists."""

import re
from collections.abc import Iterator
from typing import IO, NoReturn

import msgspec

from abeyance_screening.primitives.errors import ListRefusedError

# --- Double encoding: UTF-8 decoded as Windows-1252 or Latin-1, and encoded as UTF-8 again.

# What a continuation byte becomes: U+0080 to U+00BF, or the character of Windows-1252 there.
_FOLLOWING = (
    rb"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    rb"|\xe2(?:\x80[\x93\x94\x98-\x9a\x9c-\x9e\xa0-\xa2\xa6\xb0\xb9\xba]|\x82\xac|\x84\xa2))"
)
# The leading byte becomes a letter from A with circumflex on, and gives the number that follow.
_PATTERN = re.compile(
    rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3})"
    % (_FOLLOWING, _FOLLOWING, _FOLLOWING)
)
_TWICE_ENCODED_MARK = b"\xef\xbb\xbf"
_MARK_TWICE = _TWICE_ENCODED_MARK.decode("latin-1").encode()
_NO_FIRST_BYTE = bytes(range(0xC0))
# None of the real files of the lists, 2020 to 2026, in all scripts, has a single such pair; in a
# file that is encoded twice, all non-ASCII letters are in such pairs. A share of a quarter catches
# a file joined from both kinds; a minimum of two tolerates a single misprinted letter.
_LEAST = 2
_LEAST_SHARE = 0.25


def refuse_encoded_twice(list_code: str, content: bytes) -> None:
    """Refuse a file that is valid UTF-8 but was encoded twice, so that its names are garbled."""
    pairs = _Pairs()
    pairs.add(content)
    pairs.refuse(list_code)


class _Pairs:
    """The pairs that letters become when they are encoded twice, counted in a file."""

    def __init__(self) -> None:
        self._first, self._count, self._garbled, self._letters = b"", 0, 0, 0
        self._is_begun = self._has_mark = False

    def add(self, content: bytes) -> None:
        """Count the pairs of the next part of the file, which begins and ends between letters."""
        if not self._is_begun:
            self._is_begun = True
            self._has_mark = content.removeprefix(_TWICE_ENCODED_MARK).startswith(_MARK_TWICE)
        if content.isascii():
            return
        found = _PATTERN.findall(content)
        self._first = self._first or b"".join(found[:1])
        self._count += len(found)
        self._garbled += _letters(b"".join(found))
        self._letters += _letters(content)

    def refuse(self, list_code: str) -> None:
        """Refuse the file if it is encoded twice."""
        first, count = (_MARK_TWICE, 1) if self._has_mark else (self._first, self._count)
        is_few = count < _LEAST or self._garbled < _LEAST_SHARE * self._letters
        if is_few and not self._has_mark:
            return
        shown = first.decode("utf-8", "replace")
        more = f" and {count - 1} more like it" if count > 1 else ""
        reason = f"{shown!r} occurs in it{more}; UTF-8 is expected"
        raise ListRefusedError(list_code, f"the file is UTF-8 encoded twice, {reason}")


def _letters(content: bytes) -> int:
    """Count the non-ASCII letters by their leading bytes."""
    return len(content.translate(None, _NO_FIRST_BYTE))


# --- Other kinds of files: recognised by their first bytes, because file names are unreliable.

# The usual wrong files are a publisher's error page and a download that is still compressed.
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_PAGES = (b"<!doctype html", b"<html")
HTML_PAGE = "an HTML page"
OFFICE_FILE = "a workbook or another Office file"
MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# The name of a kind of file in a message, by the first bytes in lower case.
_OTHERS = {
    b"%pdf": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"pk\x03\x04": OFFICE_FILE,
    b"{": "a JSON file",
    b"[": "a JSON file",
    b"<": "an XML file of another kind",
}


_NUL = "the file holds a NUL character"
_NOT_UTF_8 = "the file is not UTF-8 (line {}, byte {})"
_BLOCK = 1 << 20


def name_other_file(content: bytes) -> str:
    """Name the kind of file that the content looks like, in words that can follow "is"."""
    if any(page in _start(content) for page in _PAGES):
        return HTML_PAGE
    return next(
        (words for magic, words in _OTHERS.items() if _start(content).startswith(magic)),
        "a text of another kind" if is_text(content) else "no text",
    )


def is_text(content: bytes) -> bool:
    """Return whether a file begins like readable text that is neither XML, HTML nor JSON."""
    start = _start(content)
    return b"\x00" not in start and not start.startswith(tuple(_OTHERS)) and bool(start)


def refuse_other_files(list_code: str, content: bytes) -> None:
    """Refuse a file that is clearly not a list.

    Gzip files and zip archives have been unpacked before (`files.unpacked`); any other compressed
    file is refused with the name of its format.
    """
    if not content.removeprefix(MARK).strip():
        _refuse(list_code, "the file is empty")
    _refuse_other_starts(list_code, content)
    refuse_encoded_twice(list_code, content)


def _refuse_other_starts(list_code: str, content: bytes) -> None:
    start = _start(content)
    if start.startswith(b"<") and any(page in start for page in _PAGES):
        _refuse(list_code, "the file is an HTML page")
    for magic, packing in _PACKED.items():
        if content.startswith(magic):
            _refuse(list_code, f"the file is packed ({packing}); unpack it first")
    if content.startswith(_WIDE):
        _refuse(list_code, "the file is UTF-16; UTF-8 is expected")


def read_text(list_code: str, content: bytes) -> str:
    """Decode a file as UTF-8, with or without a byte order mark."""
    refuse_other_files(list_code, content)
    if _holds_nul(content):
        _refuse(list_code, _NUL)
    text = content.removeprefix(MARK)
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        _refuse(list_code, _NOT_UTF_8.format(line, error.start))


def check_text(list_code: str, file: IO[bytes]) -> None:
    """Refuse a file that `read_text` refuses, and hold no more than some lines of it."""
    pairs, fault, is_empty, has_nul = _Pairs(), "", True, False
    line, start, mark = 1, 0, b""
    for block in _blocks_of_lines(file):
        if start == 0:
            _refuse_other_starts(list_code, block)
            mark = MARK if block.startswith(MARK) else b""
        is_empty = is_empty and not block.removeprefix(mark).strip()
        has_nul = has_nul or _holds_nul(block)
        pairs.add(block)
        try:
            block.decode()
        except UnicodeDecodeError as error:
            at = line + block.count(b"\n", 0, error.start)
            fault = fault or _NOT_UTF_8.format(at, start + error.start - len(mark))
        line, start = line + block.count(b"\n"), start + len(block)
    if is_empty:
        _refuse(list_code, "the file is empty")
    pairs.refuse(list_code)
    if has_nul or fault:
        _refuse(list_code, _NUL if has_nul else fault)


def lines_of(file: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Yield the number of each line, where it begins, and its bytes without their end.

    The first is without a byte order mark. Between two lines the file may be read elsewhere.
    """
    file.seek(0)
    start = len(MARK) if file.read(len(MARK)) == MARK else 0
    number = 0
    for block in _blocks_of_lines(file, start):
        for line in block.removesuffix(b"\n").split(b"\n"):
            number += 1
            yield number, start, line
            start += len(line) + 1


def _blocks_of_lines(file: IO[bytes], start: int = 0) -> Iterator[bytes]:
    """Yield a file from a place on in blocks of whole lines; the last line may have no end."""
    file.seek(start)
    while block := file.read(_BLOCK):
        if not block.endswith(b"\n"):
            block += file.readline()
        start += len(block)
        yield block
        file.seek(start)


def _holds_nul(content: bytes) -> bool:
    return b"\x00" in content or b"\\u0000" in content


def line_of(value: object) -> str:
    """Return a value of a JSON file on one line: "" for null, an object or a list as JSON."""
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return " ".join(str(value).split())
    return msgspec.json.encode(value).decode()


def _start(content: bytes) -> bytes:
    return content[:512].removeprefix(MARK).lstrip().lower()


def _refuse(list_code: str, reason: str) -> NoReturn:
    raise ListRefusedError(list_code, reason)


# --- Full-width letters, digits and brackets, as Chinese and Japanese texts print them.

_IDEOGRAPHIC_SPACE = 0x3000
_FIRST, _LAST, _AWAY = 0xFF01, 0xFF5E, 0xFEE0
_NARROW = {_IDEOGRAPHIC_SPACE: " "} | {
    code: chr(code - _AWAY) for code in range(_FIRST, _LAST + 1)
}


def narrow(text: str) -> str:
    """Return the text with full-width characters replaced by their ASCII equivalents.

    These are brackets, digits, Latin letters, punctuation such as colons, and the ideographic
    space. Kana, Han and other characters stay as printed. The length of the text does not change.
    """
    return text.translate(_NARROW)


# --- Numbered items in one cell.

# `(1) Syria (2) Iraq`, `1) Saudi Arabia 2) Qatar`, `a) General, b) Minister`.
_NUMBER_MARK = re.compile(r"(?:(?<=[\s.,;:])|^)\(?(\d{1,2}|[a-z])\)\s*")
_NOTHING = frozenset({"", "-", "--"})


def split_numbered(printed: str) -> list[str]:
    """Split a text into its numbered items, in printed order; an empty item (`(2) -`) is "".

    The numbers must run without a gap from the beginning of the text; any other text comes back
    whole. Only the punctuation between the items is removed.
    """
    text = printed.strip()
    marks = _running(text)
    if not marks:
        return [text] if text else []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = (text[mark.end() : end] for mark, end in zip(marks, ends, strict=True))
    return [_tidy(piece) for piece in pieces]


def filled_numbered(printed: str) -> list[str]:
    """Split a text into its numbered items as `split_numbered` does, without the empty ones."""
    return [piece for piece in split_numbered(printed) if piece]


def _running(text: str) -> list[re.Match[str]]:
    """Return the marks 1, 2, 3 … or a, b, c … of a text that begins with the first of them."""
    found = list[re.Match[str]]()
    for mark in _NUMBER_MARK.finditer(text):
        expected = _follows(found[-1][1]) if found else None
        if expected is None and (mark.start() > 0 or mark[1] not in {"1", "a"}):
            return []
        if expected is None or (mark[1] == expected and not _closes(text, found[-1], mark)):
            found.append(mark)
    return found


def _closes(text: str, before: re.Match[str], mark: re.Match[str]) -> bool:
    """Return whether the mark's bracket only closes one in the text: `a) Iraq (see b)`."""
    between = text[before.end() : mark.start()]
    return not mark[0].startswith("(") and between.count("(") > between.count(")")


def _follows(mark: str) -> str:
    return str(int(mark) + 1) if mark.isdigit() else chr(ord(mark) + 1)


def _tidy(piece: str) -> str:
    text = piece.strip(" \t\n\r\xa0,;")
    # `Libya.` loses its full stop; abbreviations such as `Co.` and `St.` keep theirs.
    if text.endswith(".") and not re.search(r"(?:\.\S*|\b\w{1,3})\.$", text):
        text = text[:-1]
    return "" if text.rstrip(" .") in _NOTHING else text
