"""What every list file must be before it is read: text, whole, and no error page."""

from typing import NoReturn

from service.model.errors import ListRefusedError
from service.parse.twice_encoded import refuse_encoded_twice

# A publisher's error page and a packed download are the two mix-ups that occur; told by their
# first bytes, because a file's name says nothing.
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
_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


# What else a file may be, told by its first bytes, as a message names it.
_OTHERS = {
    b"%pdf": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"pk\x03\x04": OFFICE_FILE,
    b"{": "a JSON file",
    b"[": "a JSON file",
    b"<": "an XML file of another kind",
}


def name_other_file(content: bytes) -> str:
    """What a file looks like, in words that stand behind "is"."""
    if any(page in _start(content) for page in _PAGES):
        return HTML_PAGE
    return next(
        (words for magic, words in _OTHERS.items() if _start(content).startswith(magic)),
        "a text of another kind" if is_text(content) else "no text",
    )


def is_text(content: bytes) -> bool:
    """Whether a file begins like readable text that is neither XML, HTML nor JSON."""
    start = _start(content)
    return b"\x00" not in start and not start.startswith(tuple(_OTHERS)) and bool(start)


def _start(content: bytes) -> bytes:
    return content[:512].removeprefix(_MARK).lstrip().lower()


def refuse_other_files(list_code: str, content: bytes) -> None:
    """Refuse what is plainly not a list.

    Gzip files and zip archives were opened before (`files.unpacked`); otherwise packed ones are
    named and refused.

    Raises:
        ListRefusedError: the file is empty, an HTML page, packed, UTF-16, or UTF-8 encoded
            twice (`refuse_encoded_twice`).
    """
    start = _start(content)
    if not content.removeprefix(_MARK).strip():
        _refuse(list_code, "the file is empty")
    if start.startswith(b"<") and any(page in start for page in _PAGES):
        _refuse(list_code, "the file is an HTML page")
    for magic, packing in _PACKED.items():
        if content.startswith(magic):
            _refuse(list_code, f"the file is packed ({packing}); unpack it first")
    if content.startswith(_WIDE):
        _refuse(list_code, "the file is UTF-16; UTF-8 is expected")
    refuse_encoded_twice(list_code, content)


def read_text(list_code: str, content: bytes) -> str:
    """The file as text; UTF-8 with or without a byte order mark.

    Raises:
        ListRefusedError: not a list file (`refuse_other_files`), not UTF-8, or with a NUL in it,
            printed or escaped, which no text of a list holds and no text column can store.
    """
    refuse_other_files(list_code, content)
    if b"\x00" in content or b"\\u0000" in content:
        _refuse(list_code, "the file holds a NUL character")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(list_code, f"the file is not UTF-8 (line {line}, byte {error.start})")


def _refuse(list_code: str, reason: str) -> NoReturn:
    raise ListRefusedError(list_code, reason)
