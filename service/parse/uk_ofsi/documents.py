"""Passports and national numbers of OFSI's list: numbers and remarks in cells of their own."""

import re
from collections.abc import Iterator

from service.model.listing import Fact, Identifier
from service.parse.numbered import split_numbered

# The layout of 2020 has the number in the text: `No: 592667 (Qatari passport …)`,
# `S335026 (False Indonesian)`, `Ration card no. 1729765`.
_NUMBER_IN_TEXT = re.compile(
    r"(?P<before>(?:[A-Za-z. ]{0,60}\b)?(?:[Pp]assport|[Nn]o|[Nn]umber)s?\b[.:]*\s*)?"
    r"(?P<number>[A-Z]{0,4}[ /-]?\d[\dA-Z/.-]{2,}[\dA-Z])[.,;:]*\s*(?P<behind>(?:[A-Za-z(].*)?)",
    re.DOTALL,
)


def read_documents(kind: str, numbers: str, details: str) -> Iterator[Identifier | Fact]:
    """The documents of one pair of cells, each number with what is said of it.

    Where the cells number their things differently, or there are no numbers, nothing is paired:
    the remarks are facts.
    """
    values, notes = split_numbered(numbers), split_numbered(details)
    if not values:
        yield from _from_texts(kind, notes)
        return
    paired = len(values) == len(notes)
    for value, note in zip(values, notes if paired else [""] * len(values), strict=True):
        if value:
            yield Identifier(kind=kind, value=value.rstrip("."), note=note or None)
        elif note:
            yield Fact(kind="document", value=f"{kind}: {note}")
    if not paired:
        yield from (Fact(kind="document", value=f"{kind}: {note}") for note in notes if note)


def _from_texts(kind: str, texts: list[str]) -> Iterator[Identifier | Fact]:
    for text in filter(None, texts):
        match = _NUMBER_IN_TEXT.fullmatch(text)
        if match is None:
            yield Fact(kind="document", value=f"{kind}: {text}")
        else:
            said = (match["before"] or "", match["behind"])
            note = " ".join(part.strip() for part in said if part.strip(" .:"))
            yield Identifier(kind=kind, value=match["number"].strip(), note=note or None)
