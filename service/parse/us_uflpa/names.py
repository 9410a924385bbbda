"""Names of the UFLPA Entity List, with what is printed in brackets and behind them."""

import re
from collections.abc import Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Fact, Name, NameKind
from service.parse.printed_names import collect_names

_COUNTED = (
    r"(?:and|including) (?:an?|one|two|three|four|five|six|seven|eight|nine|ten) alias(?:es)?:"
)
_OTHER_NAMES = re.compile(rf"\((?={_COUNTED}|(?:also|formerly) known as\b)", re.IGNORECASE)
_MARK = re.compile(rf"(?:and )?(?:{_COUNTED}|(?P<how>also|formerly) known as:?)\s*", re.IGNORECASE)
# `and subsidiaries`, `, and Subsidiaries`, `and its subordinate and affiliated entities`.
_HEIRS = re.compile(
    r"(?!(?<=\s)\s),?\s++(?P<heirs>and (?:its )?(?:subsidiaries|affiliates"
    r"|(?:subordinate|affiliated)(?: and (?:subordinate|affiliated))? entities))$",
    re.IGNORECASE,
)
_UNKNOWN_WORDS = re.compile(r"\([a-z][^()]*")
# A list ends `; and X`, but some join two names by a bare `and`: only behind a legal form's full
# stop, for `Import and Export` and `Iron and Steel` are words of a name.
_BETWEEN = re.compile(
    r"(?!(?<=\s)\s)(?:\s*+;\s*+(?:and\s++)?"
    r"|(?<=\.)\s++and\s++(?=[A-Z])|\s++and\s++(?=(?:also|formerly) known))"
)


def printed_names(printed: str) -> tuple[tuple[Name, ...], tuple[Fact, ...]]:
    """The names of one entry, primary first, and whom else it reaches, as printed.

    `(including two aliases: X; and Y)` and `(also known as X; and formerly known as Y)` are
    other names; any other brackets belong to the name. `and subsidiaries` is the fact
    `extends_to`.

    Raises:
        RowRefusedError: words in brackets or behind them that nobody knows; its place is the
            entry as printed.
    """
    match = _OTHER_NAMES.search(printed)
    if match is None:
        text, heirs = _without_heirs(printed)
        inside = ""
    else:
        end = _closing(printed, match.start())
        inside = printed[match.end() : end]
        rest, heirs = _without_heirs(f"{printed[: match.start()].rstrip()}{printed[end + 1 :]}")
        text = printed[: match.start()].strip()
        if rest != text:
            raise RowRefusedError(printed, f"unknown words behind the names: {rest!r}")
    unknown = _UNKNOWN_WORDS.search(text)
    if unknown is not None:
        raise RowRefusedError(printed, f"unknown words in brackets: {unknown[0]!r}")
    facts = () if heirs is None else (Fact(kind="extends_to", value=heirs),)
    return collect_names(text, _others(inside)), facts


def _without_heirs(text: str) -> tuple[str, str | None]:
    match = _HEIRS.search(text)
    return (text, None) if match is None else (text[: match.start()], match["heirs"])


def _closing(text: str, opening: int) -> int:
    """Where the bracket that opens there closes; the end of the text if it never does."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    return len(text)


def _others(inside: str) -> Iterator[Name]:
    kind: NameKind = "alias"
    for piece in _BETWEEN.split(inside):
        mark = _MARK.match(piece)
        if mark is not None:
            kind = "former" if (mark["how"] or "").lower() == "formerly" else "alias"
        text = piece[0 if mark is None else mark.end() :].strip()
        if text:
            yield Name(text=text, kind=kind)
