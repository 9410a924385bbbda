"""The remarks of OFAC's older files, in which much is said that the newer ones have apart."""

import re
from collections.abc import Iterator

import msgspec

from service.model.listing import Name, NameKind
from service.parse.us_ofac.kinds import kind_ahead
from service.parse.us_ofac.said import Said, is_number

# The longest remark of a primary file; what is longer goes on in the comments.
LONGEST_REMARK = 1_000
_ALIAS = re.compile(r"([afn])\.k\.a\. (?P<quote>['\"]?)(?P<name>.+)(?P=quote)")
_DOCUMENT = re.compile(
    r"(?P<value>.+?)(?: \((?P<country>[^()]+)\))?"
    r"(?: issued (?P<issued>[\w ]+?))?(?: expires (?P<expires>[\w ]+))?"
)
# Where the last part ends so, OFAC's full stop is also the name's own.
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.[A-Z]|\b(?:Bhd|Co|Corp|Inc|Ltd|Ltda))$", re.IGNORECASE)
_LINKED = re.compile(r"\(?(Linked To:) (.+?)\)?")


class Remark(msgspec.Struct, frozen=True):
    """What a remark says: further names, and all that can be told apart by its kind."""

    names: tuple[Name, ...]
    said: tuple[Said, ...]


def is_cut(remark: str) -> bool:
    """Whether a remark is as long as they get and lacks OFAC's full stop, so more must follow."""
    return len(remark) >= LONGEST_REMARK and not remark.endswith(".")


def read_remark(remark: str) -> Remark:
    """The parts of a remark that have a known kind; the others stay with the remark alone.

    Names in a remark are weak aliases: strong ones have their own file or element. Of a remark
    that is cut the last part is left out, because half a number is a wrong one.
    """
    ended = remark.removesuffix(".")
    parts = (remark if _ABBREVIATED.search(ended) else ended).split("; ")
    if is_cut(remark):
        parts.pop()
    names, said = list[Name](), list[Said]()
    for part in parts:
        text = part.strip().removeprefix("alt. ")
        alias = _ALIAS.fullmatch(text)
        if alias is not None:
            kind: NameKind = "former" if alias[1] == "f" else "weak_alias"
            names.append(Name(text=alias["name"].strip(), kind=kind))
        else:
            said += _said(text)
    return Remark(tuple(names), tuple(said))


def linked_to(remark: str) -> Iterator[Said]:
    """Whom a remark of the classic XML links the party to: `(Linked To: ROSTEC)`."""
    for part in remark.split("; "):
        match = _LINKED.fullmatch(part.strip().removesuffix("."))
        if match is not None:
            yield Said(kind=match[1], value=match[2])


def _said(text: str) -> Iterator[Said]:
    kind = kind_ahead(text)
    if kind is None:
        return
    value = " ".join(text[len(kind) :].split())
    plain = Said(kind=kind, value=value)
    match = _DOCUMENT.fullmatch(value) if is_number(plain) else None
    if match is None:
        yield plain
        return
    yield Said(kind=kind, **match.groupdict())
