"""Names as they are compared for erasing, and the text of what a column holds."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal
from unicodedata import normalize

from abeyance_screening.primitives import zstd
from abeyance_screening.primitives.errors import BadInputError

type Encoding = Literal["text", "json", "zstd json", "msgpack"]
"""How a column holds text; `json` may lack pieces, `msgpack` is in zstd where it is long."""

# A single letter is in nearly everything.
_LEAST = 2
_ZSTD = b"\x28\xb5\x2f\xfd"
_ESCAPES = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_BLANKS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def fold(text: str) -> str:
    """Return a text in NFC, without case, and with one space for each run of whitespace."""
    return " ".join(normalize("NFC", normalize("NFC", text).casefold()).split())


def read_names(field: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return names folded, each once.

    Raises:
        BadInputError: There is none, or one is too short or has the character NUL.
    """
    read = tuple(dict.fromkeys(map(fold, names)))
    if not read or min(map(len, read)) < _LEAST:
        raise BadInputError(field, f"is empty, or shorter than {_LEAST} letters")
    if any("\0" in each for each in read):
        raise BadInputError(field, "has the character NUL, which nothing here can hold")
    return read


def is_within(content: bytes, encoding: Encoding, names: Sequence[str]) -> bool:
    """Return whether a column holds one of some folded names."""
    text = fold(_text_of(content, encoding))
    return any(name in text for name in names)


def _text_of(content: bytes, encoding: Encoding) -> str:
    """Return the text of a column; of JSON its strings as they were before they were escaped.

    Pieces of JSON are no documents, so that nothing here parses one. What is no text, such as the
    lengths in msgpack, becomes a sign that is in no name.
    """
    if encoding != "text" and content.startswith(_ZSTD):
        content = zstd.decompress(content)
    text = content.decode("utf-8", "replace")
    if encoding in {"json", "zstd json"} and "\\" in text:
        text = _ESCAPES.sub(_unescaped, text)
        # a letter beyond the first 65,536 is escaped as two halves
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _unescaped(escape: re.Match[str]) -> str:
    code, letter = escape.groups()
    return _BLANKS.get(letter, letter) if code is None else chr(int(code, 16))
