"""Split a document into sentences, each with the field that it is in."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.places import FederalRegisterDocument

Place = Literal["title", "action", "abstract", "dates", "instruction"]

# A full stop ends a sentence when a capital or a bracket follows, except after the abbreviations
# that the documents use before names (`U.S. Government`, `Co., Ltd. (Huawei)`, `No. 7`).
SENTENCE_END = re.compile(
    r"(?<=\.)(?<!\bU\.S\.)(?<!\bE\.O\.)(?<!\bCo\.)(?<!\bLtd\.)(?<!\bInc\.)(?<!\bCorp\.)(?<!\bNo\.)"
    r"(?<!\bet al\.)(?<!\bSupp\.)\s+(?=[A-Z(])"
)
_DATES_END = re.compile(r"(?!(?<=\s)\s)\s*+•\s*+")


class Sentence(msgspec.Struct, frozen=True):
    """One sentence as printed, and the field that it is in."""

    place: Place
    text: str


def sentences_of(document: FederalRegisterDocument) -> Iterator[Sentence]:
    """Yield the title, the action, then the sentences of the summary and those of the dates."""
    yield Sentence("title", document.title)
    if document.action is not None:
        yield Sentence("action", document.action)
    for text in SENTENCE_END.split(document.abstract) if document.abstract else ():
        yield Sentence("abstract", text)
    for item in _DATES_END.split(document.dates) if document.dates else ():
        yield from (Sentence("dates", text) for text in SENTENCE_END.split(item) if text)
