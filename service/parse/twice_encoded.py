"""UTF-8 that was taken for Windows-1252 or Latin-1 on its way and encoded once more."""

import re

from service.model.errors import ListRefusedError

# What the second byte of a letter becomes: U+0080 to U+00BF, or what Windows-1252 has there.
_FOLLOWING = (
    rb"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    rb"|\xe2(?:\x80[\x93\x94\x98-\x9a\x9c-\x9e\xa0-\xa2\xa6\xb0\xb9\xba]|\x82\xac|\x84\xa2))"
)
# The first byte becomes a letter from A with circumflex on, and tells how many follow.
_PATTERN = re.compile(
    rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3})"
    % (_FOLLOWING, _FOLLOWING, _FOLLOWING)
)
_MARK = b"\xef\xbb\xbf"
_MARK_TWICE = _MARK.decode("latin-1").encode()
_NO_FIRST_BYTE = bytes(range(0xC0))
# None of the real files of the lists, 2020 to 2026, in all scripts, has a single such pair; in one
# that is encoded twice, all letters beyond ASCII are in them. A quarter leaves room for a file
# that was put together of both, two for a publisher's slip in a single letter.
_LEAST = 2
_LEAST_SHARE = 0.25


def refuse_encoded_twice(list_code: str, content: bytes) -> None:
    """Refuse a file that decodes, but to garbled names.

    Raises:
        ListRefusedError: it begins with a byte order mark encoded twice, or of its letters beyond
            ASCII too many are like the two that an e with acute becomes.
    """
    if content.removeprefix(_MARK).startswith(_MARK_TWICE):
        found = [_MARK_TWICE]
    else:
        found = _PATTERN.findall(content)
        garbled = _letters(b"".join(found))
        if len(found) < _LEAST or garbled < _LEAST_SHARE * _letters(content):
            return
    shown = found[0].decode("utf-8", "replace")
    more = f" and {len(found) - 1} more like it" if len(found) > 1 else ""
    reason = f"the file is UTF-8 encoded twice, {shown!r} stands in it{more}; UTF-8 is expected"
    raise ListRefusedError(list_code, reason)


def _letters(content: bytes) -> int:
    """How many letters beyond ASCII the bytes are, by the first byte of each."""
    return len(content.translate(None, _NO_FIRST_BYTE))
