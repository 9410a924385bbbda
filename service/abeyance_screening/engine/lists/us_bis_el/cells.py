"""The parties in the prose of an Entity cell: names, aliases, addresses and members."""

import re
from collections.abc import Iterator

import msgspec

from abeyance_screening.engine.lists.listing import Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.names import split_names

# --- The border between a party's name and its address in one run of words.

# Words that may follow a comma inside a name: `Sun Co., Ltd.`, `Corporation, Limited (CSSC) 12th`.
_FORM = (
    r"(?:Ltd|Limited|Co|Company|Corp|Corporation|Inc|Incorporated|LLC|L\.L\.C|LLP|L\.L\.P|LP|PLC"
    r"|GmbH|AG|KG|BV|B\.V|NV|N\.V|SA|S\.A|SAL|S\.A\.L|SARL|S\.A\.R\.L|SRL|S\.R\.L|SpA|S\.p\.A|AS"
    r"|A\.S|A\.Ş|OY|AB|OU|OÜ|UAB|SIA|FZE|FZC|FZCO|FZ-LLC|FZ LLC|FZLLC|DMCC|DWC-LLC|EST|Pty|PTE|Pvt"
    r"|\(Pvt\.?\)|\(Private\)|Private|Sdn|Bhd|OOO|OAO|ZAO|AO|PAO|NAO|PT|FSUE|FGUP|JSC|PJSC|OJSC"
    r"|CJSC|PSC|SPC|SE|Limited Liability Company|(?:Public )?Joint[ -]Stock Company|Jr|Sr|II|III)"
)
_STARTS_AS_FORM = re.compile(rf"{_FORM}(?![A-Za-z])", re.IGNORECASE)
# A name keeps the full stop after its last word where that word is an abbreviation.
_ABBREVIATED = re.compile(
    r"(?:^|[\s,.(&])(?:Ltd|Co|Corp|Inc|Pvt|Pte|Pty|Bros|Jr|Sr|Est|Mfg|Intl|Elec|Ind|Tech|Tic|San|Sti|"
    r"Şti|(?:[A-Z]\.)*[A-Z]|S\.p\.A)\.$",
    re.IGNORECASE,
)
# Words that occur in no name of an organisation.
_SURELY_ADDRESS = re.compile(
    r"\b(?:flat|room|rm|floor|bldg|suite|block|c/o|p\.?\s?o\.?\s?box|apt|apartment|sitesi|caddesi|"
    r"sokak|mahallesi|hotel|chambers|street|road)\b\.?|\b(?:building|ave|avenue|st|rd)\.?$",
    re.IGNORECASE,
)
_ADDRESS_WORD = re.compile(
    r"\b(?:str|st\.|avenue|ave|lane|highway|blvd|boulevard|prospekt|prospect|ul|ulitsa|ulica|"
    r"building|bld|ste|unit|tower|house|villa|plaza|office|shop|warehouse|box|district|dist|"
    r"province|oblast|region|krai|raion|city of|county|village|town|zone|park|area|sector|market|"
    r"square|mall|via|rue|strasse|straße|cad|cadde|sok|mah|mahalle|bulvari|embankment|"
    r"naberezhnaya|nab|shosse|pereulok|lok|jalan|jln|no|industrial estate|near|opposite|"
    r"municipality|autonomous|kowloon|wanchai|located)\b\.?",
    re.IGNORECASE,
)
# A part with one of these words names an organisation, and not a town.
_BODY = (
    r"company|corporation|institute|institution|academy|sciences|university|college|branch|bureau|"
    r"department|ministry|enterprise|plant|factory|laborator(?:y|ies)|laboratoria|association|"
    r"organi[sz]ation|foundation|agency|committee|commission|systems|technolog(?:y|ies)|"
    r"electronics|industries|works|services|trading|shipyard|division|holding|concern|forces|"
    r"brothers|sons|partners|affiliate|subsidiary|entity|importers|exporters"
)
_BODY_WORD = re.compile(
    rf"\b(?:{_BODY})\b|\bcent(?:er|re) (?:of|for)\b|"
    r"\b(?:research|scientific|science|design|technical|production|engineering|supercomputing|"
    r"test\w*)(?: and \w+)? cent(?:er|re)\b",
    re.IGNORECASE,
)
# `31 Research Institute`, `711 Aircraft Repair Plant (711 ARZ)`, `Plant No. 20`
_NUMBERED_BODY = re.compile(
    rf"\d+(?:st|nd|rd|th)? (?:[\w-]+ ){{0,3}}(?:{_BODY})\b.*|.*\b(?:plant|factory)(?: no\.?)? \d+",
    re.IGNORECASE,
)
# `53 Leninsky Prospekt`; not a bare number, which follows a street or a town.
_STREET_START = re.compile(r"(?:No\.?\s*)?\d[\w/-]*\s+[A-Za-z]{3}")
_SENTENCE_END = re.compile(r"(?<=[A-Za-z0-9)]{2})\.\s+(?=[A-Z0-9])")


def split_name(text: str) -> tuple[str, str]:
    """Split `Sun Co., Ltd., 5 Main Street, Beijing, China` into name and rest, "" for no rest.

    The Entity List separates the two by nothing but a comma. A part after a comma belongs to the
    name if it is a legal form or names an organisation (`Russian Academy of Sciences`), and to
    the address if it has a number or an address word, or is a country. Any other part counts as a
    town unless a street follows immediately. Of the 2,001 names that an edition of 2022 prints
    separately from their addresses, 97 % are recovered after joining the two.
    """
    parts = list(_end_parts(text))
    place = 1
    while place < len(parts) and _continues(parts, place):
        place += 1
    name, rest = ", ".join(parts[:place]), ", ".join(parts[place:])
    name, ahead = _split_at_sentence(name)
    return name, ", ".join(filter(None, (ahead, rest)))


def is_address(text: str) -> bool:
    """Return whether a text certainly is an address: it has a digit, or ends with a country."""
    return any(letter.isdigit() for letter in text) or country_at_end(text) is not None


def end_of_name(text: str) -> str:
    """Return a name without the punctuation that separates it from what follows."""
    name = text.strip(" ,;:\u00a0")
    while name.endswith(".") and _ABBREVIATED.search(name) is None:
        name = name[:-1].rstrip(" ,;")
    return name


def country_at_end(address: str) -> str | None:
    """Return the code of the country at the end of an address, or None.

    The country is the text after the last comma, or the last words of it.
    """
    words = address.rpartition(",")[2].strip(" .").split()
    ends = (" ".join(words[-count:]) for count in range(len(words), 0, -1))
    return next(filter(None, map(_country, ends)), None)


def _end_parts(text: str) -> Iterator[str]:
    """Yield the parts between commas outside brackets."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth <= 0:
            if part := text[start:place].strip():
                yield part
            start = place + 1
    yield text[start:].strip()


def _continues(parts: list[str], place: int) -> bool:
    """Return whether the part at a place still belongs to the name."""
    part = parts[place]
    if _STARTS_AS_FORM.match(part) is not None or part.startswith("("):
        return True
    if _is_address_part(part):
        return False
    if _BODY_WORD.search(part) is not None:
        return True
    return place + 1 < len(parts) and _STREET_START.match(parts[place + 1]) is not None


def _is_address_part(part: str) -> bool:
    if _country(part) is not None or _SURELY_ADDRESS.search(part) is not None:
        return True
    if any(letter.isdigit() for letter in part):
        return _NUMBERED_BODY.fullmatch(part) is None
    return _ADDRESS_WORD.search(part) is not None and _BODY_WORD.search(part) is None


def _split_at_sentence(text: str) -> tuple[str, str]:
    """Split `SMIC Beijing. No. 18 Wen Chang Road`, where a full stop replaces the comma."""
    for end in _SENTENCE_END.finditer(text):
        ahead, rest = text[: end.start() + 1], text[end.end() :]
        if _ABBREVIATED.search(ahead) is None and _starts_address(rest):
            return end_of_name(ahead), rest
    return end_of_name(text), ""


def _starts_address(text: str) -> bool:
    """Return whether a text begins with an address, and not with a numbered organisation."""
    first = next(_end_parts(text))
    sure = _SURELY_ADDRESS.search(first) is not None or _BODY_WORD.search(first) is None
    return sure and is_address(text) and _is_address_part(first)


def _country(text: str) -> str | None:
    bare = text.strip(" .")
    # Two letters may be a US state as well as a country.
    return None if len(bare) <= len("UK") and bare != "UK" else country_code(bare)


# --- The parties of an Entity cell, with their aliases, addresses and members.

# `, a.k.a., the following three aliases:`; the aliases follow, each after a dash.
_ALIASES_FOLLOW = re.compile(
    r"(?!(?<=\s)\s)[,;]?\s*+\(?(?P<mark>a\.?k\.?a|f\.?k\.?a|(?:also|formerly) known as)\b[.,]*+"
    r"\s++(?:and\s++)?the\s++following\s++(?:[\w-]++\s++){0,3}?(?:alias(?:es)?|names?)\s*+"
    r"(?P<end>[:;,.]|$)",
    re.IGNORECASE,
)
# `X, a.k.a. Y, 5 Main Street`: the number of aliases is not given, and they are within the text.
_ALSO = re.compile(r",\s*(?P<mark>[af])\.k\.a\.?,?:?\s+(?!the following)", re.IGNORECASE)
# A dash that introduces an alias is at the beginning of a line or after closing punctuation.
_DASH = re.compile(
    r"(?:^|(?<=[:;,.]))\s*(?:and\b\s*)?\u2014\s*"
    r"|(?:^|(?<=[:;]))\s*(?:and\b\s*)?[\u2013-]\s*(?=\S)"
)
_HAS_DASH = re.compile("[\u2013\u2014-]")
_AND = re.compile(r"(?!(?<=\s)\s)[;,]?\s*+\b(?:and|or)$", re.IGNORECASE)
_AND_AHEAD = re.compile(r"^and\b\s*", re.IGNORECASE)
_ALL_IN_BRACKETS = re.compile(r"\([^()]*\)")
_CROSS_REFERENCE = re.compile(
    r"(?<!\s)\s*+\(\s*+(see\s++(?:also|alternate|alt\.?)\b[^()]*+)\)", re.IGNORECASE
)
_HEIRS = re.compile(
    r"(?!(?<=\s)\s),?\s++(?:and|including|to include) ((?:any|all|its) [^.;()]{0,60}?"
    r"\b(?:subsidiar(?:y|ies)|successors?|sub-units?|affiliates|branches)\b[^.,;()]{0,60})",
    re.IGNORECASE,
)
# `, including the Armed Forces of Belarus and all operating units wherever located. This …`
_SCOPE = re.compile(r",\s+(?=including the )")
_HEADING = re.compile(
    r"(?P<kind>Affiliated Entit|Subordinate Institution|Subordinate Entit)(?:y|ies|s)?\s*:?",
    re.IGNORECASE,
)
_MEMBER_KINDS = {
    "affiliated entit": "Affiliated Entity: ",
    "subordinate institution": "Subordinate Institution - ",
    "subordinate entit": "Subordinate Entity - ",
}
# Words that only announce addresses and members.
_ANNOUNCED = re.compile(
    r"(?!(?<=\s)\s),?\s*+(?:and\s++)?(?:to include\s++)?(?:the following addresses?"
    r"|the following (?:[\w-]++ )?"
    r"(?:affiliated entit|subordinate (?:institution|entit))(?:y|ies|s)?)"
    r"(?:\s++and\s++the following "
    r"(?:[\w-]++ )?(?:affiliated entit|subordinate (?:institution|entit))(?:y|ies|s)?)?"
    r"\s*+(?::\s*+)?$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:Alt(?:ernate|\.)?\s+)?Address(?:es)?(?:\s+(?:for|of)\s+.{1,120}?)?\s*:\s*", re.IGNORECASE
)


class EntityParty(msgspec.Struct, frozen=True, kw_only=True):
    """One party of an Entity cell.

    `title` is the whole name as other publications of the list print it, with the parent before a
    member (`CETC 13. Subordinate Institution - HSRI`) and with the units that a ministry's entry
    includes; `name` is the name alone. `scope` are the printed words on whom else the entry
    reaches. `alias_notes` are remarks in brackets that are printed among the aliases.
    """

    title: str
    name: str
    aliases: tuple[Name, ...]
    addresses: tuple[str, ...]
    scope: tuple[str, ...]
    cross_references: tuple[str, ...]
    alias_notes: tuple[str, ...] = ()


def read_parties(text: str) -> tuple[EntityParty, ...]:
    """Return the parties of an Entity cell: the entry's own party first, then its members.

    `text` has the cell's line breaks as newlines. Aliases are on lines with a leading dash,
    addresses on separate lines or after the name; two addresses are separated by `; and`. The
    first party has an empty name if the cell gives none.
    """
    references = tuple(" ".join(each[1].split()) for each in _CROSS_REFERENCE.finditer(text))
    lines = _lines(_CROSS_REFERENCE.sub("", text) if references else text)
    heading = next((at for at, line in enumerate(lines) if _HEADING.fullmatch(line)), len(lines))
    head = _party(lines[:heading], references)
    members = list[EntityParty]()
    prefix = ""
    for block in _blocks(lines[heading:]):
        if (found := _HEADING.fullmatch(block[0])) is not None:
            prefix = f"{head.name}. {_MEMBER_KINDS[found['kind'].lower()]}"
            continue
        member = _party(block, ())
        members.append(msgspec.structs.replace(member, title=prefix + member.title))
    return (head, *members)


def split_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in a text, in order and without repeats."""
    pieces = (_LABEL.sub("", _AND_AHEAD.sub("", piece)) for piece in split_names(text))
    addresses = (piece.strip(" ,;").removesuffix(".").rstrip(" ,") for piece in pieces)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _lines(text: str) -> list[str]:
    """Return the lines that are not empty, with each alias on its own line after an em dash."""
    lines = list[str]()
    for line in text.split("\n"):
        tidy = " ".join(line.split())
        follow = _announcement(tidy)
        opening, rest = (tidy[: follow.end()], tidy[follow.end() :]) if follow else ("", tidy)
        first, *aliases = _DASH.split(rest) if _HAS_DASH.search(rest) else [rest]
        lines += [f"{opening}{first}".strip(), *(f"—{alias}" for alias in aliases)]
    return [line for line in lines if line.strip(" .,;—")]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each heading and each member, which ends with an address."""
    block = list[str]()
    for line in lines:
        if _HEADING.fullmatch(line) is not None or (block and _is_complete(block, line)):
            if block:
                yield block
            block = []
        block.append(line)
    if block:
        yield block


def _is_complete(block: list[str], line: str) -> bool:
    last = block[-1]
    if line.startswith("—"):
        return False
    if _HEADING.fullmatch(last) is not None:
        return True
    if last.startswith("—"):
        return bool(_split_alias(last)[1])
    return _announcement(last) is None and (len(block) > 1 or bool(split_name(last)[1]))


def _party(lines: list[str], references: tuple[str, ...]) -> EntityParty:
    first = lines[0] if lines else ""
    heirs = tuple(each[1] for each in _HEIRS.finditer(first))
    first = _unannounced(_HEIRS.sub("", first) if heirs else first)
    follow = _announcement(first)
    dashed = [line for line in lines[1:] if line.startswith("—")]
    plain = [line for line in lines[1:] if not line.startswith("—")]
    scope = _SCOPE.split(first, maxsplit=1)
    if len(scope) > 1:
        whole = " ".join((first, *plain))
        heirs = (*heirs, whole[len(scope[0]) :].strip(" ,"))
        return _make(whole, scope[0], [], [], heirs, references)
    if follow is not None:
        name, rest = end_of_name(first[: follow.start()]), first[follow.end() :].strip(" ,;")
        names, tail = _aliases(dashed, follow["mark"], has_address=bool(plain or rest))
        return _make(name, name, names, [rest, tail, *plain], heirs, references)
    name, names, address = _run_of_words(first, lines_follow=any(map(is_address, plain)))
    more, tail = _aliases(dashed, "a.k.a", has_address=bool(plain or address))
    return _make(name, name, [*names, *more], [address, tail, *plain], heirs, references)


def _make(
    title: str,
    name: str,
    aliases: list[Name],
    addresses: list[str],
    scope: tuple[str, ...],
    references: tuple[str, ...],
) -> EntityParty:
    notes = tuple(name.text for name in aliases if _ALL_IN_BRACKETS.fullmatch(name.text))
    joined = "; ".join(text for text in (_unannounced(each) for each in addresses) if text)
    return EntityParty(
        title=title,
        name=name,
        aliases=tuple(name for name in aliases if name.text not in notes),
        addresses=split_addresses(joined),
        scope=scope,
        cross_references=references,
        alias_notes=notes,
    )


def _aliases(dashed: list[str], mark: str, *, has_address: bool) -> tuple[list[Name], str]:
    """Return the aliases, and the address that may follow the last one on its line."""
    texts, address = [_alias_text(line) for line in dashed], ""
    if dashed and not has_address:
        texts[-1], address = _split_alias(dashed[-1])
    kind = "former" if mark.lower().startswith("f") else "alias"
    return [Name(text=text, kind=kind) for text in texts if text], address


def _announcement(line: str) -> re.Match[str] | None:
    """Find words such as `a.k.a., the following two aliases:` in a line."""
    return _ALIASES_FOLLOW.search(line) if "following" in line.lower() else None


def _unannounced(line: str) -> str:
    return _ANNOUNCED.sub("", line) if "following" in line.lower() else line


def _alias_text(line: str) -> str:
    text = _unannounced(line.lstrip("—- "))
    return end_of_name(_AND.sub("", text.strip(" ;,")))


def _split_alias(line: str) -> tuple[str, str]:
    text = _unannounced(line.lstrip("—- "))
    name, address = split_name(text)
    return (name, address) if address and is_address(address) else (_alias_text(line), "")


def _run_of_words(text: str, *, lines_follow: bool) -> tuple[str, list[Name], str]:
    """Split `X, a.k.a. Y, 5 Main Street` into name, aliases and address."""
    pieces = _ALSO.split(text)
    *whole, last = pieces[0::2]
    marks = pieces[1::2]
    name, address = split_name(last)
    if lines_follow and not is_address(address):
        name, address = end_of_name(last), ""
    texts = [*map(end_of_name, whole), name]
    aliases = [
        Name(text=alias, kind="former" if mark.lower() == "f" else "alias")
        for alias, mark in zip(texts[1:], marks, strict=True)
    ]
    return texts[0], aliases, address
