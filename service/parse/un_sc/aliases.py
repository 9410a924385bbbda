"""The aliases of a party of the UN list, and what is said of them."""

import re
from collections.abc import Iterator

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Fact, Name, NameKind
from service.parse.elements import ElementRow
from service.parse.printed_names import split_names

_QUALITIES: dict[str, NameKind] = {
    "Good": "alias",
    "a.k.a.": "alias",
    "Low": "weak_alias",
    "f.k.a.": "former",
}
_FORMERLY = ("previously listed as", "formerly listed as")
_ORIGINAL_SCRIPT = "original script"
# `Mohammad Sabet b) M. Javad Kareemi Sabet`: the letters of a list that was run together.
_LETTER = re.compile(r"(?:^|(?<!\s)\s++)[a-h]\)\s++")
# What the note should say and the name does: `X born in 1963`, `X (combat name)`.
_SAID = re.compile(
    r"(?!(?<=\s)\s)(?:,?\s++\b(?P<born>born (?:in|on|\d).*)"
    r"|\s*+\((?P<aside>(?:previously|formerly) listed as|false identity [^()]*+"
    r"|(?:birth|combat) name|[A-Z]{3}\.\d{3})\))$",
    re.IGNORECASE | re.DOTALL,
)


class _Alias(msgspec.Struct, frozen=True):
    text: str
    said: str | None


def read_aliases(row: ElementRow, tag: str) -> tuple[list[Name], list[Fact]]:
    """The names of the alias elements, and what else those say.

    An alias element without a name is the UN's place for a further date of birth.

    Raises:
        RowRefusedError: a name of an unknown quality.
    """
    found, facts = list[Name](), list[Fact]()
    for alias in row.rows(f"{tag}_ALIAS"):
        note = alias.find("NOTE")
        names, said = _names(alias, note)
        born = [alias.find(f"{what}_OF_BIRTH") for what in ("DATE", "CITY", "COUNTRY")]
        alias.close()
        found += [*names, *_in_script(note, names)]
        facts += said
        if told := ", ".join(filter(None, (*born, note))):
            facts.append(_note(names[0].text if names else "", told))
    return found, facts


def _names(alias: ElementRow, note: str | None) -> tuple[list[Name], list[Fact]]:
    """The names of one element, and what is said inside them."""
    printed, quality = alias.find("ALIAS_NAME"), alias.find("QUALITY")
    if printed is None:
        return [], []
    if quality not in _QUALITIES:
        raise RowRefusedError(alias.where, f"QUALITY: unknown {quality!r}")
    aliases = list(_apart(printed))
    former = _is_former(note)
    names = [
        Name(
            text=each.text,
            kind="former" if former or _is_former(each.said) else _QUALITIES[quality],
        )
        for each in aliases
    ]
    return names, [_note(each.text, each.said) for each in aliases if each.said is not None]


def _apart(printed: str) -> Iterator[_Alias]:
    for piece in split_names(printed):
        for part in filter(None, _LETTER.split(piece)):
            match = _SAID.search(part)
            text = part if match is None else part[: match.start()]
            said = None if match is None else match["born"] or match["aside"]
            yield _Alias(text.lstrip(") ,").strip(), said)


def _is_former(said: str | None) -> bool:
    return (said or "").casefold().startswith(_FORMERLY)


def _in_script(note: str | None, names: list[Name]) -> Iterator[Name]:
    """`original script: X`, of the kind of the name that it is noted of."""
    script = (note or "").removeprefix(f"{_ORIGINAL_SCRIPT}:").strip()
    if names and note is not None and script != note:
        yield Name(text=script, kind=names[0].kind, language=_ORIGINAL_SCRIPT)


def _note(name: str, told: str) -> Fact:
    return Fact(kind="alias_note", value=f"{name}: {told}" if name else told)
