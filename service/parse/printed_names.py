"""Names as printed, and the further names that a publisher prints inside a name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from service.model.listing import Name, NameKind

# Words in closing brackets that are places or legal forms, never another name of the party. The
# list holds what the US lists print there; an unknown one only adds a name that nobody searches.
_NO_NAMES = frozenset(
    {"USA", "UAE", "UK", "HK", "PRC", "DPRK", "LLC", "CJSC", "OJSC", "JSC", "PJS", "FZC", "FZE"}
    | {"PVT", "LTD", "INC", "NGO", "OFFSHORE", "CO", "AG", "SA"}
)
# `SMIC`, `NPO NIIP-NZIK`, `TsNIIMash`, `CETC 13`: words of at least two capitals, or numbers.
_SHORT_WORD = r"(?:[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|\d+)"
_SHORT_NAME = re.compile(rf"{_SHORT_WORD}(?:[ -]{_SHORT_WORD}){{0,2}}")
_SHORT_NAME_LENGTH = 16
# In a name all of capitals (OFAC, UN) capitals tell nothing, so there a short name must be one
# word whose letters stand in the name in that order, from its first letter on.
_LETTERS = range(3, 9)
# Dotted anywhere, bare (`aka`, `-AKA-`) only behind something: a name may begin with AKA.
_ALSO = re.compile(
    r"(?P<open>[(\[])?\s*-?\s*(?<![A-Za-z])"
    r"(?P<word>[af]\.\s?k\.\s?a|(?<=.)[af]ka)(?![A-Za-z])[.,:-]*\s*",
    re.IGNORECASE,
)
# Nothing to look for: no bracket, no separator, no mark, no tail. Nine names in ten.
_PLAIN = re.compile(
    r"(?!.*(?:[;(\[:]|[af]\.?\s?k\.?\s?a\b| and (?:any|its) )).*", re.IGNORECASE | re.DOTALL
)
_HEIRS = re.compile(
    r"[;,]?\s+and (?:any successor, sub-unit, or subsidiary thereof|its sub-units and successors)$"
)
_NATIONALITY = re.compile(r"\s*\([A-Z][A-Za-z ]* (?:entity|individual|national)\)$", re.IGNORECASE)
_MEMBER = re.compile(r"\bAffiliated Entity:\s*|, and subordinate entity |\bentity:\s*")
# Longer texts behind these words are descriptions of plants, not names of members.
_MEMBER_LENGTH = 90
# The longest name on the lists has 383 letters. Nothing is looked for in a longer text than
# this: it is no name, and the search takes time by the square of the length.
_NAME_LENGTH = 1_000


def collect_names(primary: str, others: Iterable[Name]) -> tuple[Name, ...]:
    """The primary name first, then the others in order, then what is printed inside them.

    A name whose text stands already is dropped, by exact comparison alone. Names taken out of a
    name carry its kind, at most `alias`; those marked `f.k.a.` are `former`.
    """
    first = Name(text=tidy(primary), kind="primary")
    printed = [first, *others]
    inner = [found for name in printed for found in names_inside(name)]
    kept: dict[str, Name] = {}
    for name in (*printed, *inner):
        if name.text:
            kept.setdefault(name.text, name)
    return tuple(kept.values())


def tidy(printed: str) -> str:
    """The text trimmed, a line break inside it as one space; other spacing stays as printed."""
    return " ".join(line.strip() for line in printed.split("\n") if line.strip()).strip(" ;\xa0")


def split_names(printed: str) -> list[str]:
    """Several names in one text, parted by semicolons outside brackets; blank ones left out.

    Where brackets do not pair, every semicolon parts: a slip in one name must not run all those
    behind it together.
    """
    parts, depth, start = list[str](), 0, 0
    for place, letter in enumerate(printed):
        depth += (letter in "([") - (letter in ")]")
        if letter == ";" and depth == 0:
            parts.append(printed[start:place])
            start = place + 1
    texts = [*parts, printed[start:]] if depth == 0 else printed.split(";")
    return [part for text in texts if (part := tidy(text))]


def names_inside(name: Name) -> Iterator[Name]:
    """The names that one printed name holds besides itself.

    Taken out are: names after a semicolon; names marked `a.k.a.` or `f.k.a.`; the name before
    `and any successor …` or `(PRC entity)`; a member named after `Affiliated Entity:`; the short
    name in closing brackets (`… Corporation (SMIC)`) and the name before it; the other spelling
    in brackets where one of the two is not in Latin script. Brackets that hold a place, a legal
    form or a branch give nothing: their words belong to the name.
    """
    if len(name.text) > _NAME_LENGTH:
        return
    kind: NameKind = "alias" if name.kind == "primary" else name.kind
    for text, former in _pieces(name.text):
        piece_kind: NameKind = "former" if former else kind
        for spelling in dict.fromkeys((text, *_spellings(text))):
            if spelling != name.text and len(spelling) > 1:
                yield Name(text=spelling, kind=piece_kind, language=name.language)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The separate names in a text, each with whether it is a former one."""
    if _PLAIN.fullmatch(text):
        yield text, False
        return
    for part in split_names(_NATIONALITY.sub("", _HEIRS.sub("", text))):
        yield from _marked_pieces(part)


def _marked_pieces(part: str) -> Iterator[tuple[str, bool]]:
    """`X (f.k.a. Y) Z` → `X Z`, and `Y` as a former name."""
    rest, found = part, list[tuple[str, bool]]()
    while (mark := _ALSO.search(rest)) is not None and rest[mark.end() :].strip():
        if mark["open"]:
            end = _closing(rest, mark.start())
        else:
            following = _ALSO.search(rest, mark.end())
            end = len(rest) if following is None else following.start()
        said = rest[mark.end() : end].rstrip(" ,-")
        former = mark["word"][0] in "fF"
        inner = (piece for name in split_names(said) for piece in _marked_pieces(name))
        found += ((name, former or said_former) for name, said_former in inner)
        rest = f"{rest[: mark.start()].rstrip(' ,-')} {rest[end:].lstrip(')] ')}".strip()
    if rest:
        yield rest, False
    yield from found


def _closing(text: str, opening: int) -> int:
    """Where the bracket that opens there closes; the end of the text if it never does."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth == 0:
            return place
    return len(text)


def _spellings(text: str) -> Iterator[str]:
    """Other ways one name is printed in the same breath."""
    member = _MEMBER.split(text, maxsplit=1)
    if len(member) > 1 and len(member[1]) <= _MEMBER_LENGTH:
        yield member[1]
        yield from _spellings(member[1])
        return
    if not text.endswith(")"):
        return
    name, inside = _last_bracket(text.replace("(original script)", ""))
    if not inside or not name:
        return
    if _is_short_name(inside, name):
        yield name
        yield inside
    elif ";" in inside or is_latin(inside) != is_latin(name):
        yield name
        yield from split_names(inside.removeprefix("original script:"))
        yield from _spellings(name)


def _last_bracket(text: str) -> tuple[str, str]:
    """`X (Y)` → `X` and `Y`; nothing inside where the brackets do not pair."""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return text[:place].strip(), text[place + 1 : -1].strip()
    return text, ""


def _is_short_name(inside: str, name: str) -> bool:
    """Whether brackets hold the party's short name: an abbreviation, or the name's first words."""
    if inside.upper() in _NO_NAMES or len(inside) > _SHORT_NAME_LENGTH:
        return False
    if name.casefold().startswith(f"{inside.casefold()} "):
        return True
    if name.isupper():
        return len(inside) in _LETTERS and inside[0] == name[0] and _stands_in(inside, name)
    return _SHORT_NAME.fullmatch(inside) is not None


def _stands_in(inside: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in inside)


def is_latin(text: str) -> bool:
    """Whether every letter of the text is Latin."""
    if text.isascii():
        return True
    letters = (letter for letter in text if letter.isalpha())
    return all(
        unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER")) for letter in letters
    )
