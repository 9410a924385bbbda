"""Names: cleaning printed names, and finding the further names printed inside a name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from abeyance_screening.engine.lists.listing import Name, NameKind
from abeyance_screening.engine.lists.reading.countries import country_code, is_chinese_division

# --- The short name that a publisher prints in brackets at the end of a name.

# Words in brackets at the end that are legal forms or places, never a name of the party. A form
# missing here would be added as a name, and every question with `PJSC` would match.
_FORMS = (
    "AB AD AG AO AOOT AOZT APS AS BHD BV BVBA CJSC CO CORP CV DAO DD DMCC DOO DWC EHF EIRL EOOD "
    "EPE EST EURL FGUP FSUE FZC FZCO FZE FZ-LLC FZLLC GIE GMBH GUP IKE INC JSC KFT KG KGAA LDA "
    "LIMITED LLC LLP LP LTD LTDA NAO NPAO NV NYRT OAO OAOO OD ODO OHG OJSC OOD OOO OU OY OYJ PAO "
    "PJS PJSC PLC PLLC PRIVATE PSC PT PTE PTY PUE PUP PVT QFC QSC RUE RUP SA SAC SAE SAK SAL SAOC "
    "SAOG SARL SAS SCA SDN SE SIA SL SNC SP SPA SPC SPRL SRL SRO TBK TOO UAB UE UP VOF WLL ZAO ZAT"
)
_PLACES = "CN DPRK EU HK HKSAR IR KSA OFFSHORE PRC ROC ROK RU UAE UK US USA USSR"
_NO_NAMES = frozenset({*_FORMS.split(), *_PLACES.split(), "NGO"})
# Remarks on the name before the brackets.
_REMARKS = frozenset({"BIRTH NAME", "MAIDEN NAME", "THIRD"})
# `SMIC`, `NPO NIIP-NZIK`, `TsNIIMash`, `CETC 13`: words of at least two capitals, or numbers.
_SHORT_WORD = r"(?:[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|\d+)"
_SHORT_NAME = re.compile(rf"{_SHORT_WORD}(?:[ -]{_SHORT_WORD}){{0,2}}")
_SHORT_NAME_LENGTH = 16
# In a name all in capitals (OFAC, UN) capitals mean nothing, so a short name must be one word of
# this many letters, which occur in the name in that order and begin with its first letter.
_LETTERS = range(3, 9)
# Two letters mean too many things to be a name to search by.
_WEAK_LENGTH = 2
# The parent's name follows these: `20th Research Institute of China Electronic …`.
_PARENT = re.compile(
    r", | (?:of|under) (?:the )?|^\d+(?:st|nd|rd|th)? (?:Research )?Institute,? ", re.IGNORECASE
)
_SMALL_WORDS = frozenset({"a", "and", "at", "for", "in", "of", "on", "the", "under"})
# A word from its first letter on, including what follows an apostrophe.
_WORD = re.compile(r"[^\W\d_][\w'.\u2019]*")


def is_weak(text: str) -> bool:
    """Return whether a short name is too short to search by: `IA`, but not two Han letters."""
    return len(text) <= _WEAK_LENGTH and text.isascii()


def is_country(text: str) -> bool:
    """Return whether a text is a country's name; two letters are rather an abbreviation."""
    return len(text) > _WEAK_LENGTH and country_code(text) is not None


def is_place(text: str) -> bool:
    """Return whether a text is nothing but a place: a country, or a division of China.

    Cities are not among them: many a short name is one (`ALICANTE`, `SAFI`).
    """
    return is_country(text) or is_chinese_division(text)


def is_remark(inside: str) -> bool:
    """Return whether brackets hold a remark on the name: `Encep NURJAMAN (BIRTH NAME)`."""
    return inside in _REMARKS


def is_short_name(inside: str, name: str) -> bool:
    """Return whether brackets hold a short name: an abbreviation, or the name's first words."""
    if len(inside) > _SHORT_NAME_LENGTH or inside.upper().replace(".", "") in _NO_NAMES:
        return False
    if is_beginning(inside, name) or is_country(inside):
        return is_beginning(inside, name)
    if name.isupper():
        return len(inside) in _LETTERS and inside[0] == name[0] and _is_within(inside, name)
    return _SHORT_NAME.fullmatch(inside) is not None


def is_beginning(inside: str, name: str) -> bool:
    """Return whether a short name is nothing but the name's first words."""
    return name.casefold().startswith(f"{inside.casefold()} ")


def is_of_parent(inside: str, name: str) -> bool:
    """Return whether a short name abbreviates the party's parent, named at the end of the name.

    Examples are `…, Russian Academy of Sciences (RAS)` and `… of China Electronic Technology
    Group Corp (CETC)`. Where the short name fits the whole name as well (`Beijing Institute of
    Business (BIB)`), the better fit decides, and for equal fits the party itself.
    """
    letters = "".join(letter for letter in inside.casefold() if letter.isalpha())
    whole = _fit(letters, name)
    parents = (name[mark.end() :] for mark in _PARENT.finditer(name))
    return max((_fit(letters, parent) for parent in parents), default=0) > whole


def _fit(letters: str, words: str) -> int:
    """Return 2 for exactly the words' initials, 1 for some of them from the first on, else 0."""
    initials = "".join(_initials(words))
    if not letters or letters[:1] != initials[:1]:
        return 0
    if letters == initials:
        return 2
    return int(_is_within(letters, initials))


def _initials(words: str) -> Iterator[str]:
    for word in _WORD.finditer(words):
        folded = word[0].casefold()
        if folded not in _SMALL_WORDS:
            yield folded[0]


def _is_within(inside: str, name: str) -> bool:
    """Return whether a name has the letters in that order, with or without others between."""
    letters = iter(name)
    return all(letter in letters for letter in inside)


# --- Names inside a name: after marks such as `a.k.a.`, in brackets, or after a separator.

# With full stops or slashes a mark may occur anywhere; bare (`aka`, `-AKA-`) only after other
# text, because a name may begin with AKA. No name begins with `DBA`.
_ALSO = re.compile(
    r"(?!(?<=\s)\s)(?P<open>[(\[])?\s*+(?:-\s*+)?(?<![A-Za-z])"
    r"(?P<word>[af](?:\.\s?k\.\s?a|/k/a)|d/?b/?a|also known as|formerly known as"
    r"|(?<=.)(?:akas|[af]ka))(?![A-Za-z])[.,:-]*+\s*+",
    re.IGNORECASE,
)
# A text without any of these, a bracket, a separator, a mark or a tail, is one plain name.
_NOT_PLAIN = re.compile(
    r"[;(\[:]|\b[af][./]?\s?k[./]?\s?as?\b|\bd[./]?\s?b[./]?\s?a\b|known as| and (?:any|its) "
    r"| including ",
    re.IGNORECASE,
)
# The separator of several names after `AKAS`: a comma, except one before a legal form.
_BETWEEN = re.compile(r",\s+(?!(?:inc|llc|ltd|limited|co|corp|gmbh|s\.?a|b\.?v)\b)", re.IGNORECASE)
_HEIRS = re.compile(
    r"(?!(?<=\s)\s)[;,]?\s++and "
    r"(?:any successor, sub-unit, or subsidiary thereof|its sub-units and successors)$"
)
_NATIONALITY = re.compile(
    r"(?<!\s)\s*+\([A-Z][A-Za-z ]* (?:entity|individual|national)\)$", re.IGNORECASE
)
_MEMBER = re.compile(r"\bAffiliated Entity:\s*|, and subordinate entity |\bentity:\s*")
# Longer texts after these words are descriptions of plants, not names of members.
_MEMBER_LENGTH = 90
# A party and a part of it: `Hamas including Izz al-Din al-Qassam Brigades`, `ハマス(…を含む)`.
# What follows may also be a paragraph on all of its units.
_INCLUDING = re.compile(
    r"(?P<name>[^:]*?\S)(?:,? including (?:its )?| ?\(including (?:its )?|\((?=[^()]*を含む\)$))"
    r"(?P<part>.*?)(?:を含む)?\)?"
)
_PART = re.compile(r"(?![a-z])[^.,()]{1,60}")
# The longest name on the lists has 383 letters. A text longer than this limit is no name and is
# not searched, because the search takes quadratic time.
_NAME_LENGTH = 1_000
_ENDS = " ,;\xa0"


def collect_names(primary: str, others: Iterable[Name]) -> tuple[Name, ...]:
    """Return the primary name, then the others in order, then the names printed inside them.

    A name whose exact text is already there is dropped. Names found inside a name have the kind
    of that name, but `alias` inside a primary name; those marked `f.k.a.` are `former`. A mark at
    the beginning of one of the others (`DBA Behover`) is removed.
    """
    first = Name(text=tidy(primary), kind="primary")
    printed = [first, *map(_without_mark, others)]
    inner = [found for name in printed for found in names_inside(name)]
    kept: dict[str, Name] = {}
    for name in (*printed, *inner):
        if name.text:
            kept.setdefault(name.text, name)
    return tuple(kept.values())


def every_name(printed: Iterable[str]) -> list[str]:
    """Return names as `collect_names` would, to keep a record by; the first is the primary one."""
    texts = [text for text in printed if tidy(text)]
    others = (Name(text=text, kind="alias") for text in texts[1:])
    return [name.text for name in collect_names(texts[0], others)] if texts else []


def names_inside(name: Name) -> Iterator[Name]:
    """Yield the names that one printed name contains, other than itself.

    These are: names after a semicolon; names marked `a.k.a.`, `f.k.a.`, `d.b.a.` or in words;
    the name before `and any successor …` or `(PRC entity)`; a party and the part of it that it
    includes (`Hamas including …`); a member named after `Affiliated
    Entity:`; the short name in brackets at the end (`… Corporation (SMIC)`), unless it abbreviates
    the parent named there, and the name before the brackets; the other spelling in brackets where
    one of the two is not in Latin script. Brackets with a place, a legal form or a branch yield
    nothing: their words belong to the name. A country is no name; an alias of two letters is a
    weak alias.
    """
    if len(name.text) > _NAME_LENGTH:
        return
    kind: NameKind = "alias" if name.kind == "primary" else name.kind
    for text, former in _pieces(name.text):
        for spelling in dict.fromkeys((text, *_spellings(text))):
            if spelling != name.text and len(spelling) > 1 and not is_country(spelling):
                found = Name(text=spelling, kind=kind, language=name.language)
                yield _with_kind(found, is_former=former)


def tidy(printed: str) -> str:
    """Return the text trimmed, with a line break or tab as one space; other spacing is kept.

    A comma at the end is removed, and so is a closing bracket without an opening one:
    `JSC AOMZ).`.
    """
    lines = printed.replace("\t", " ").split("\n")
    text = " ".join(line.strip() for line in lines if line.strip()).strip(" ;\xa0").rstrip(_ENDS)
    more, end = text.count(")") - text.count("("), len(text)
    while more > 0 and text.endswith((")", ")."), 0, end):
        end, more = end - 1 - text.endswith(".", 0, end), more - 1
        while end > 0 and text[end - 1] in _ENDS:
            end -= 1
    return text[:end]


def split_names(printed: str) -> list[str]:
    """Split a text into names separated by semicolons outside brackets, without blank ones.

    Where brackets do not pair, every semicolon separates: a misprint in one name must not join
    all the names after it.
    """
    parts, depth, start = list[str](), 0, 0
    for place, letter in enumerate(printed):
        depth += (letter in "([") - (letter in ")]")
        if letter == ";" and depth == 0:
            parts.append(printed[start:place])
            start = place + 1
    texts = [*parts, printed[start:]] if depth == 0 else printed.split(";")
    return [part for text in texts if (part := tidy(text))]


def last_brackets(text: str) -> tuple[str, str]:
    """Split `X (Y)` into `X` and `Y`; the second is "" without paired brackets at the end."""
    if not text.endswith(")"):
        return text, ""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return text[:place].strip(), text[place + 1 : -1].strip()
    return text, ""


def is_latin(text: str) -> bool:
    """Return whether every letter of the text is Latin."""
    if text.isascii():
        return True
    letters = (letter for letter in text if letter.isalpha())
    return all(
        unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER")) for letter in letters
    )


def _without_mark(name: Name) -> Name:
    """Turn `f.k.a. X` into the former name `X`; a text that is only a mark is unchanged."""
    mark = _ALSO.match(name.text)
    if mark is None or mark["open"] or mark.end() == len(name.text):
        return name
    kind: NameKind = "former" if _is_former_mark(mark) else name.kind
    return msgspec.structs.replace(name, text=name.text[mark.end() :], kind=kind)


def _is_former_mark(mark: re.Match[str]) -> bool:
    return mark["word"][0] in "fF"


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the separate names in a text, each with whether it is a former name."""
    if _NOT_PLAIN.search(text) is None:
        yield text, False
        return
    whole = _INCLUDING.fullmatch(text)
    if whole is not None and _MEMBER.search(text) is None:
        yield from _pieces(whole["name"])
        if _PART.fullmatch(whole["part"]):
            yield whole["part"], False
        return
    for part in split_names(_NATIONALITY.sub("", _HEIRS.sub("", text))):
        yield from _marked_pieces(part)


def _marked_pieces(part: str) -> Iterator[tuple[str, bool]]:
    """Yield the names around and after marks: `X (f.k.a. Y) Z` is `X Z`, and `Y` as former."""
    rest, found = part, list[tuple[str, bool]]()
    while (mark := _ALSO.search(rest)) is not None and rest[mark.end() :].strip():
        end = _end_of_marked(rest, mark)
        is_former = _is_former_mark(mark)
        marked = rest[mark.end() : end].rstrip(" ,-")
        texts = _BETWEEN.split(marked) if mark["word"].casefold() == "akas" else [marked]
        names = (name for text in texts for name in split_names(text))
        inner = (piece for name in names for piece in _marked_pieces(name))
        found += ((name, is_former or inner_former) for name, inner_former in inner)
        rest = f"{rest[: mark.start()].rstrip(' ,-')} {rest[end:].lstrip(')] ')}".strip()
    if rest:
        yield rest, False
    yield from found


def _with_kind(name: Name, *, is_former: bool) -> Name:
    if is_former:
        return msgspec.structs.replace(name, kind="former")
    if name.kind == "alias" and is_weak(name.text):
        return msgspec.structs.replace(name, kind="weak_alias")
    return name


def _end_of_marked(text: str, mark: re.Match[str]) -> int:
    """Return where the name after a mark ends: with the mark's bracket, or at the next mark."""
    if mark["open"]:
        return _closing(text, mark.start())
    following = _ALSO.search(text, mark.end())
    return len(text) if following is None else following.start()


def _closing(text: str, opening: int) -> int:
    """Return the place of the closing bracket for an opening one, or the end of the text."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth == 0:
            return place
    return len(text)


def _spellings(text: str) -> Iterator[str]:
    """Yield the other spellings and short names that are printed within one name."""
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


def _short_names(inside: str, name: str) -> Iterator[str]:
    """Yield the short name in brackets, unless it is a remark, a place or too short."""
    if is_remark(inside) or is_place(inside):
        return
    if is_of_parent(inside, name):
        yield from _spellings(name.rpartition(", ")[0])
    elif not (is_weak(inside) and is_beginning(inside, name)):
        yield inside
