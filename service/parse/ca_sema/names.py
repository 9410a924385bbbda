"""The names in a record of the Canadian list, whose texts mix languages and separators."""

import re
from collections.abc import Iterator

from service.model.listing import Name, NameKind
from service.parse.printed_names import is_latin, split_names, tidy

# `Iranian Army/Armée iranienne`: the French half, told by what English names do not have. Other
# strokes belong to a name: `MEC Steel Mills (Hmaw Bi/Pyi/Ywama)`.
_FRENCH_WORDS = r"[àâçèéêëîïôùûœ]|\b(?:de|des|du|la|les|et|aux?)\b|\b[dl]['\u2019]"
_NO_ENGLISH = re.compile(_FRENCH_WORDS, re.IGNORECASE)
_FRENCH = re.compile(
    rf"{_FRENCH_WORDS}|\b(?:agence|institut|force|banque|garde|centre|service)\b", re.IGNORECASE
)
# `X (New Oil Company)`: brackets of three words and more, of which the first has a capital, hold
# the name in another language; one or two words are a place or a brand.
_IN_BRACKETS = re.compile(r"(?P<name>.*\S)\s*\((?P<inside>[A-Z][^()\s]*(?: [^()\s]+){2,})\)")
_LAST_NAME_IN_BRACKETS = re.compile(
    r"(?=[^()]*+\([^()]++\)$)(?P<name>[^()]+(?<! ))\s*+\((?P<inside>[^()]++)\)"
)
_ALSO_KNOWN = re.compile(r"\b(?:also )?known as:?\s+|\bALIAS:\s*", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"(?!(?<=\s)\s)[(,;]?\s*+\b"
    r"(?P<language>Arabic|Belaruss?ian|Burmese|Chinese|Dari|English|Farsi|French|Hebrew|Korean"
    r"|Pashto|Persian|Russian|Spanish|Ukrainian)\s*+:\s*+"
)
_OR = re.compile(r"(?<!\s)\s++(?:or|/)\s++")
_AND = re.compile(r"(?<!\s)\s++and\s++")
# What stands behind a comma and is no name: `KVZ-Remservis, AO`, `Air Bagan Holdings, Ltd.`; in
# other letters, a few capitals.
_LEGAL_FORM = re.compile(
    r"(?:Ltd|Limited|Inc|Co|Corp|LLC|LLP|PLC|LP|AG|GmbH|S\.?A|[COP]?JSC|[ZOP]?AO|OOO|TOV|F[GS]UP)"
    r"\b\.?(?: (?:Ltd|LLC|Co)\b\.?)?",
    re.IGNORECASE,
)
_LEGAL_FORM_LENGTH = 4
_ARTICLE = re.compile(r"^(?:the |l['\u2019])")


def entity_names(printed: str) -> tuple[str, list[Name]]:
    """The name of an organisation or ship, and those that stand beside it in the same text."""
    english, french = _halves(_ALSO_KNOWN.sub("a.k.a. ", printed))
    others = [Name(text=french, kind="alias")] if french is not None else []
    others += [Name(text=text, kind="alias") for text in _bracketed(english)]
    return english, others


def person_names(given: str | None, last: str | None) -> tuple[str, list[Name]]:
    """`Given LAST`, and the name with the surname that stands in brackets: `DIKIY (DIKY)`."""
    brackets = _LAST_NAME_IN_BRACKETS.fullmatch(last or "")
    if brackets is None:
        return " ".join(filter(None, (given, last))), []
    first, second = (" ".join(filter(None, (given, brackets[part]))) for part in (1, 2))
    return first, [Name(text=second, kind="alias")]


def alias_names(lines: tuple[str, ...], *, is_person: bool) -> Iterator[Name]:
    """The aliases of a record, parted by what parts them.

    That is a line break, a semicolon, ` or `, a stroke between spaces or before the French, the
    name of a language with a colon; ` and ` between names not in Latin letters; and a comma,
    unless what follows is a legal form or begins in small letters, as one name's words do. One
    word alone is a weak alias of a person: a given name, a surname or a nom de guerre.
    """
    for line in lines:
        for text, language in _spoken(_ALSO_KNOWN.sub(";", line)):
            for piece in _pieces(text):
                kind: NameKind = "weak_alias" if is_person and " " not in piece else "alias"
                yield Name(text=piece, kind=kind, language=language)


def _spoken(line: str) -> Iterator[tuple[str, str | None]]:
    """`X, Russian: Y` → `X`, and `Y` with its language."""
    start, language = 0, None
    for mark in _LANGUAGE.finditer(line):
        yield line[start : mark.start()], language
        start, language = mark.end(), mark["language"]
    yield line[start:], language


def _pieces(text: str) -> Iterator[str]:
    for part in split_names(text):
        for alternative in _OR.split(part):
            for side in filter(None, _halves(alternative)):
                for name in _commas(side):
                    yield from filter(None, map(_closed, _parted(name)))


def _parted(name: str) -> list[str]:
    """The halves of a name, or what ` and ` parts where no side is in Latin letters."""
    sides = _AND.split(name)
    if not any(map(is_latin, sides)):
        return sides
    return [half for half in _halves(name) if half is not None]


def _commas(text: str) -> list[str]:
    """The names between commas outside brackets; the text whole where they part no names."""
    names, start, depth = list[str](), 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth <= 0 and not _is_legal_form(_after(text, place)):
            names.append(text[start:place].strip())
            start = place + 1
    names.append(text[start:].strip())
    begun = (_ARTICLE.sub("", name) for name in names[1:])
    return [text] if any(name[:1].islower() for name in begun) else names


def _is_legal_form(text: str) -> bool:
    if is_latin(text):
        return _LEGAL_FORM.fullmatch(text) is not None
    return text.isupper() and len(text) <= _LEGAL_FORM_LENGTH


def _after(text: str, comma: int) -> str:
    end = text.find(",", comma + 1)
    return text[comma + 1 : None if end < 0 else end].strip()


def _halves(text: str) -> tuple[str, str | None]:
    """`Iranian Army/Armée iranienne` → both; the text and None where a stroke parts no halves."""
    english, stroke, french = _outer(text).partition("\0")
    if not stroke or "\0" in french or not _FRENCH.search(french) or _NO_ENGLISH.search(english):
        return tidy(text), None
    return tidy(english), tidy(french)


def _outer(text: str) -> str:
    """The text with the strokes outside brackets marked."""
    depth, letters = 0, list[str]()
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        letters.append("\0" if letter == "/" and depth == 0 else letter)
    return "".join(letters)


def _bracketed(name: str) -> tuple[str, ...]:
    match = _IN_BRACKETS.fullmatch(name)
    if match is None or "/" in match["inside"]:
        return ()
    return match["name"], match["inside"]


def _closed(text: str) -> str:
    """The text without brackets that have lost their other half; blank where nothing is left."""
    whole = text.strip(" ,;")
    if whole.count("(") > whole.count(")"):
        whole = whole.removeprefix("(")
    elif whole.count(")") > whole.count("("):
        whole = whole.removesuffix(")")
    return whole.strip(" ,;") if any(map(str.isalnum, whole)) else ""
