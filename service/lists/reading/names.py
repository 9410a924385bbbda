"""Names as printed, and the further names that a publisher prints inside a name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from service.lists.listing import Name, NameKind
from service.lists.reading.countries import country_code

# --- The short name that a publisher prints in closing brackets behind a name.

# Words in closing brackets that are legal forms or places, never a name of the party. An unknown
# one adds a name: `PJSC` would be found by everybody.
_FORMS = (
    "AB AD AG AO AOOT AOZT APS AS BHD BV BVBA CJSC CO CORP CV DAO DD DMCC DOO DWC EHF EIRL EOOD "
    "EPE EST EURL FGUP FSUE FZC FZCO FZE FZ-LLC FZLLC GIE GMBH GUP IKE INC JSC KFT KG KGAA LDA "
    "LIMITED LLC LLP LP LTD LTDA NAO NPAO NV NYRT OAO OAOO OD ODO OHG OJSC OOD OOO OU OY OYJ PAO "
    "PJS PJSC PLC PLLC PRIVATE PSC PT PTE PTY PUE PUP PVT QFC QSC RUE RUP SA SAC SAE SAK SAL SAOC "
    "SAOG SARL SAS SCA SDN SE SIA SL SNC SP SPA SPC SPRL SRL SRO TBK TOO UAB UE UP VOF WLL ZAO ZAT"
)
_PLACES = "CN DPRK EU HK HKSAR IR KSA OFFSHORE PRC ROC ROK RU UAE UK US USA USSR"
_NO_NAMES = frozenset({*_FORMS.split(), *_PLACES.split(), "NGO"})
# What is said of the name before the brackets.
_REMARKS = frozenset({"BIRTH NAME", "MAIDEN NAME", "THIRD"})
# `SMIC`, `NPO NIIP-NZIK`, `TsNIIMash`, `CETC 13`: words of at least two capitals, or numbers.
_SHORT_WORD = r"(?:[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|\d+)"
_SHORT_NAME = re.compile(rf"{_SHORT_WORD}(?:[ -]{_SHORT_WORD}){{0,2}}")
_SHORT_NAME_LENGTH = 16
# In a name all of capitals (OFAC, UN) capitals tell nothing, so there a short name must be one
# word whose letters stand in the name in that order, from its first letter on.
_LETTERS = range(3, 9)
# Two letters mean too many things to be a name that one is found by.
_WEAK_LENGTH = 2
# Behind these the parent is named: `20th Research Institute of China Electronic …`.
_PARENT = re.compile(
    r", | (?:of|under) (?:the )?|^\d+(?:st|nd|rd|th)? (?:Research )?Institute,? ", re.IGNORECASE
)
_SMALL_WORDS = frozenset({"a", "and", "at", "for", "in", "of", "on", "the", "under"})
# A word from its first letter on; what stands behind an apostrophe belongs to it.
_WORD = re.compile(r"[^\W\d_][\w'.\u2019]*")


def is_weak(text: str) -> bool:
    """Whether a short name is too short to be searched by: `IA`, but not two Han letters."""
    return len(text) <= _WEAK_LENGTH and text.isascii()


def is_country(text: str) -> bool:
    """Whether a text is a country's name; one of two letters is as often an abbreviation."""
    return len(text) > _WEAK_LENGTH and country_code(text) is not None


def is_remark(inside: str) -> bool:
    """Whether brackets say something of the name before them: `Encep NURJAMAN (BIRTH NAME)`."""
    return inside in _REMARKS


def is_short_name(inside: str, name: str) -> bool:
    """Whether brackets hold a short name: an abbreviation, or the name's first words."""
    if len(inside) > _SHORT_NAME_LENGTH or inside.upper().replace(".", "") in _NO_NAMES:
        return False
    if is_beginning(inside, name) or is_country(inside):
        return is_beginning(inside, name)
    if name.isupper():
        return len(inside) in _LETTERS and inside[0] == name[0] and _stands_in(inside, name)
    return _SHORT_NAME.fullmatch(inside) is not None


def is_beginning(inside: str, name: str) -> bool:
    """Whether a short name is nothing but the name's first words."""
    return name.casefold().startswith(f"{inside.casefold()} ")


def is_of_parent(inside: str, name: str) -> bool:
    """Whether a short name abbreviates the party's parent, named at the end of the name.

    `Russian Academy of Sciences (RAS)` behind a comma, or `of China Electronic Technology Group
    Corp (CETC)`. Where it fits the whole name as well (`Beijing Institute of Business (BIB)`), the
    better fit wins, and the party itself where both fit alike.
    """
    letters = "".join(letter for letter in inside.casefold() if letter.isalpha())
    whole = _fit(letters, name)
    parents = (name[mark.end() :] for mark in _PARENT.finditer(name))
    return max((_fit(letters, parent) for parent in parents), default=0) > whole


def _fit(letters: str, words: str) -> int:
    """2 for just the words' first letters, 1 for some of them from the first on, 0 for neither."""
    initials = "".join(_initials(words))
    if not letters or letters[:1] != initials[:1]:
        return 0
    if letters == initials:
        return 2
    return int(_stands_in(letters, initials))


def _initials(words: str) -> Iterator[str]:
    for word in _WORD.finditer(words):
        folded = word[0].casefold()
        if folded not in _SMALL_WORDS:
            yield folded[0]


def _stands_in(inside: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in inside)


# Dotted or with strokes anywhere, bare (`aka`, `-AKA-`) only behind something: a name may begin
# with AKA. `DBA` begins none.
_ALSO = re.compile(
    r"(?!(?<=\s)\s)(?P<open>[(\[])?\s*+(?:-\s*+)?(?<![A-Za-z])"
    r"(?P<word>[af](?:\.\s?k\.\s?a|/k/a)|d/?b/?a|also known as|formerly known as"
    r"|(?<=.)(?:akas|[af]ka))(?![A-Za-z])[.,:-]*+\s*+",
    re.IGNORECASE,
)
# Nothing to look for without one of these: a bracket, a separator, a mark, a tail.
_NOT_PLAIN = re.compile(
    r"[;(\[:]|\b[af][./]?\s?k[./]?\s?as?\b|\bd[./]?\s?b[./]?\s?a\b|known as| and (?:any|its) ",
    re.IGNORECASE,
)
# What a row of names behind `AKAS` is parted by: no comma that stands before a legal form.
_BETWEEN = re.compile(r",\s+(?!(?:inc|llc|ltd|limited|co|corp|gmbh|s\.?a|b\.?v)\b)", re.IGNORECASE)
_HEIRS = re.compile(
    r"(?!(?<=\s)\s)[;,]?\s++and "
    r"(?:any successor, sub-unit, or subsidiary thereof|its sub-units and successors)$"
)
_NATIONALITY = re.compile(
    r"(?<!\s)\s*+\([A-Z][A-Za-z ]* (?:entity|individual|national)\)$", re.IGNORECASE
)
_MEMBER = re.compile(r"\bAffiliated Entity:\s*|, and subordinate entity |\bentity:\s*")
# Longer texts behind these words are descriptions of plants, not names of members.
_MEMBER_LENGTH = 90
# The longest name on the lists has 383 letters. Nothing is looked for in a longer text than
# this: it is no name, and the search takes time by the square of the length.
_NAME_LENGTH = 1_000
_ENDS = " ,;\xa0"


def collect_names(primary: str, others: Iterable[Name]) -> tuple[Name, ...]:
    """The primary name first, then the others in order, then what is printed inside them.

    A name whose text stands already is dropped, by exact comparison alone. Names taken out of a
    name carry its kind, at most `alias`; those marked `f.k.a.` are `former`. A mark that begins
    one of the others (`DBA Behover`) is cut off it.
    """
    first = Name(text=tidy(primary), kind="primary")
    printed = [first, *map(_without_mark, others)]
    inner = [found for name in printed for found in names_inside(name)]
    kept: dict[str, Name] = {}
    for name in (*printed, *inner):
        if name.text:
            kept.setdefault(name.text, name)
    return tuple(kept.values())


def tidy(printed: str) -> str:
    """The text trimmed, a line break or tab inside it as one space; other spacing stays.

    A comma at the end goes too, and a closing bracket there that nothing opens: `JSC AOMZ).`.
    """
    lines = printed.replace("\t", " ").split("\n")
    text = " ".join(line.strip() for line in lines if line.strip()).strip(" ;\xa0").rstrip(_ENDS)
    while text.endswith((")", ").")) and text.count(")") > text.count("("):
        text = text.removesuffix(".")[:-1].rstrip(_ENDS)
    return text


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

    Taken out are: names after a semicolon; names marked `a.k.a.`, `f.k.a.`, `d.b.a.` or in words;
    the name before `and any successor …` or `(PRC entity)`; a member named after `Affiliated
    Entity:`; the short name in closing brackets (`… Corporation (SMIC)`) and the name before it,
    where it is not short for the parent named there; the other spelling in brackets where one of
    the two is not in Latin script. Brackets that hold a place, a legal form or a branch give
    nothing: their words belong to the name. A country is no name; an alias of two letters is a
    weak one.
    """
    if len(name.text) > _NAME_LENGTH:
        return
    kind: NameKind = "alias" if name.kind == "primary" else name.kind
    for text, former in _pieces(name.text):
        for spelling in dict.fromkeys((text, *_spellings(text))):
            if spelling != name.text and len(spelling) > 1 and not is_country(spelling):
                found = Name(text=spelling, kind=kind, language=name.language)
                yield _weighed(found, is_former=former)


def _weighed(name: Name, *, is_former: bool) -> Name:
    if is_former:
        return msgspec.structs.replace(name, kind="former")
    if name.kind == "alias" and is_weak(name.text):
        return msgspec.structs.replace(name, kind="weak_alias")
    return name


def _without_mark(name: Name) -> Name:
    """`f.k.a. X` → `X`, a former name; what is nothing but a mark stays as it is."""
    mark = _ALSO.match(name.text)
    if mark is None or mark["open"] or mark.end() == len(name.text):
        return name
    kind: NameKind = "former" if _says_former(mark) else name.kind
    return msgspec.structs.replace(name, text=name.text[mark.end() :], kind=kind)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The separate names in a text, each with whether it is a former one."""
    if _NOT_PLAIN.search(text) is None:
        yield text, False
        return
    for part in split_names(_NATIONALITY.sub("", _HEIRS.sub("", text))):
        yield from _marked_pieces(part)


def _marked_pieces(part: str) -> Iterator[tuple[str, bool]]:
    """`X (f.k.a. Y) Z` → `X Z`, and `Y` as a former name."""
    rest, found = part, list[tuple[str, bool]]()
    while (mark := _ALSO.search(rest)) is not None and rest[mark.end() :].strip():
        end = _end_of_marked(rest, mark)
        former = _says_former(mark)
        said = rest[mark.end() : end].rstrip(" ,-")
        texts = _BETWEEN.split(said) if mark["word"].casefold() == "akas" else [said]
        names = (name for text in texts for name in split_names(text))
        inner = (piece for name in names for piece in _marked_pieces(name))
        found += ((name, former or said_former) for name, said_former in inner)
        rest = f"{rest[: mark.start()].rstrip(' ,-')} {rest[end:].lstrip(')] ')}".strip()
    if rest:
        yield rest, False
    yield from found


def _end_of_marked(text: str, mark: re.Match[str]) -> int:
    """Where the name behind a mark ends: with the mark's bracket, or at the next mark."""
    if mark["open"]:
        return _closing(text, mark.start())
    following = _ALSO.search(text, mark.end())
    return len(text) if following is None else following.start()


def _says_former(mark: re.Match[str]) -> bool:
    return mark["word"][0] in "fF"


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
    name, inside = last_brackets(text.replace("(original script)", ""))
    if not inside or not name:
        return
    if is_short_name(inside, name):
        yield name
        yield from _short_names(inside, name)
    elif ";" in inside or is_latin(inside) != is_latin(name):
        yield name
        yield from split_names(inside.removeprefix("original script:"))
        yield from _spellings(name)


def last_brackets(text: str) -> tuple[str, str]:
    """`X (Y)` → `X` and `Y`; nothing inside where none stand at the end, or they do not pair."""
    if not text.endswith(")"):
        return text, ""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return text[:place].strip(), text[place + 1 : -1].strip()
    return text, ""


def _short_names(inside: str, name: str) -> Iterator[str]:
    """The short name; none if it says nothing; if it is the parent's, the one before it."""
    if is_remark(inside):
        return
    if is_of_parent(inside, name):
        yield from _spellings(name.rpartition(", ")[0])
    elif not (is_weak(inside) and is_beginning(inside, name)):
        yield inside


def is_latin(text: str) -> bool:
    """Whether every letter of the text is Latin."""
    if text.isascii():
        return True
    letters = (letter for letter in text if letter.isalpha())
    return all(
        unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER")) for letter in letters
    )
