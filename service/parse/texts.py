"""What every list file must be before it is read: text, whole, and no error page."""

from typing import NoReturn

from service.model.errors import ListRefusedError

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
_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def refuse_other_files(list_code: str, content: bytes) -> None:
    """Refuse what is plainly not a list.

    No publisher sends these lists packed other than by HTTP's own content encoding, so a packed
    file is named and refused, never opened.

    Raises:
        ListRefusedError: the file is empty, an HTML page, packed, or UTF-16.
    """
    start = content[:512].removeprefix(_MARK).lstrip().lower()
    if not content.removeprefix(_MARK).strip():
        _refuse(list_code, "the file is empty")
    if start.startswith(b"<") and any(page in start for page in _PAGES):
        _refuse(list_code, "the file is an HTML page")
    for magic, packing in _PACKED.items():
        if content.startswith(magic):
            _refuse(list_code, f"the file is packed ({packing}); unpack it first")
    if content.startswith(_WIDE):
        _refuse(list_code, "the file is UTF-16; UTF-8 is expected")


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
