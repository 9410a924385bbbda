"""The Entity cell of the list: a party's names and addresses, told apart by lines and prose."""

import re
from collections.abc import Iterator

import msgspec

from service.model.listing import Name
from service.parse.printed_names import split_names
from service.parse.us_bis_el.name_ends import end_of_name, is_address, split_name

# `, a.k.a., the following three aliases:`; its aliases come after it, each behind a dash.
_ALIASES_FOLLOW = re.compile(
    r"(?!(?<=\s)\s)[,;]?\s*+\(?(?P<mark>a\.?k\.?a|f\.?k\.?a|(?:also|formerly) known as)\b[.,]*+"
    r"\s++(?:and\s++)?the\s++following\s++(?:[\w-]++\s++){0,3}?(?:alias(?:es)?|names?)\s*+"
    r"(?P<end>[:;,.]|$)",
    re.IGNORECASE,
)
# `X, a.k.a. Y, 5 Main Street`: the aliases are not counted, and stand in the run of words.
_ALSO = re.compile(r",\s*(?P<mark>[af])\.k\.a\.?,?:?\s+(?!the following)", re.IGNORECASE)
# A dash that opens an alias stands at the start of a line or behind the end of what came before.
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
# What announces addresses and members, and says nothing else.
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


class PrintedParty(msgspec.Struct, frozen=True, kw_only=True):
    """One party of an Entity cell.

    `title` is its whole name as other publications of the list print it, with the parent before a
    member (`CETC 13. Subordinate Institution - HSRI`) and the units that a ministry's entry takes
    in; `name` is the name alone. `scope` are words on whom else the entry reaches, `alias_notes`
    what stands in brackets among the aliases and is none.
    """

    title: str
    name: str
    aliases: tuple[Name, ...]
    addresses: tuple[str, ...]
    scope: tuple[str, ...]
    cross_references: tuple[str, ...]
    alias_notes: tuple[str, ...] = ()


def read_parties(text: str) -> tuple[PrintedParty, ...]:
    """The parties of an Entity cell, its own first, then those listed in it as its members.

    `text` has the cell's line breaks as newlines. Aliases stand in lines behind dashes, addresses
    in lines of their own or behind the name; two addresses are parted by `; and`. The first
    party has an empty name if the cell says none.
    """
    references = tuple(" ".join(each[1].split()) for each in _CROSS_REFERENCE.finditer(text))
    lines = _lines(_CROSS_REFERENCE.sub("", text) if references else text)
    heading = next((at for at, line in enumerate(lines) if _HEADING.fullmatch(line)), len(lines))
    head = _party(lines[:heading], references)
    members = list[PrintedParty]()
    prefix = ""
    for block in _blocks(lines[heading:]):
        if (found := _HEADING.fullmatch(block[0])) is not None:
            prefix = f"{head.name}. {_MEMBER_KINDS[found['kind'].lower()]}"
            continue
        member = _party(block, ())
        members.append(msgspec.structs.replace(member, title=prefix + member.title))
    return (head, *members)


def split_addresses(text: str) -> tuple[str, ...]:
    """The addresses of a run of words, in order and without repeats."""
    pieces = (_LABEL.sub("", _AND_AHEAD.sub("", piece)) for piece in split_names(text))
    addresses = (piece.strip(" ,;").removesuffix(".").rstrip(" ,") for piece in pieces)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _lines(text: str) -> list[str]:
    """The lines that say something, each alias on one of its own behind an em dash."""
    lines = list[str]()
    for line in text.split("\n"):
        tidy = " ".join(line.split())
        follow = _announcement(tidy)
        opening, rest = (tidy[: follow.end()], tidy[follow.end() :]) if follow else ("", tidy)
        first, *aliases = _DASH.split(rest) if _HAS_DASH.search(rest) else [rest]
        lines += [f"{opening}{first}".strip(), *(f"—{alias}" for alias in aliases)]
    return [line for line in lines if line.strip(" .,;—")]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """The lines of each heading and each member.

    A member ends with its address: behind its name, behind its last alias, or on the line after
    its aliases.
    """
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


def _party(lines: list[str], references: tuple[str, ...]) -> PrintedParty:
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
        name, behind = end_of_name(first[: follow.start()]), first[follow.end() :].strip(" ,;")
        names, tail = _aliases(dashed, follow["mark"], has_address=bool(plain or behind))
        return _make(name, name, names, [behind, tail, *plain], heirs, references)
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
) -> PrintedParty:
    notes = tuple(name.text for name in aliases if _ALL_IN_BRACKETS.fullmatch(name.text))
    joined = "; ".join(text for text in (_unannounced(each) for each in addresses) if text)
    return PrintedParty(
        title=title,
        name=name,
        aliases=tuple(name for name in aliases if name.text not in notes),
        addresses=split_addresses(joined),
        scope=scope,
        cross_references=references,
        alias_notes=notes,
    )


def _aliases(dashed: list[str], mark: str, *, has_address: bool) -> tuple[list[Name], str]:
    """The aliases, and the address that may stand behind the last one for want of a line."""
    texts, address = [_alias_text(line) for line in dashed], ""
    if dashed and not has_address:
        texts[-1], address = _split_alias(dashed[-1])
    kind = "former" if mark.lower().startswith("f") else "alias"
    return [Name(text=text, kind=kind) for text in texts if text], address


def _announcement(line: str) -> re.Match[str] | None:
    """`a.k.a., the following two aliases:`; most lines have not even one of its words."""
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
    """Name, aliases in the same run of words, and address of `X, a.k.a. Y, 5 Main Street`.

    Where address lines follow, only what surely is an address is one here.
    """
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
