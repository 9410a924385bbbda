"""Names with the words marked that met, and what of a match is worth telling."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from service.model.answer import Hit
from service.model.matching import Explanation
from service.wording.hits import MET_BY

_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "base": "where any two names start",
        "matched_words": "words that met",
        "query_covered": "how much of your words met",
        "rarest_word": "how rare the rarest of them is",
        "whole_spelling": "how alike the whole spellings are",
        "listed_gap": "telling listed words that met nothing",
        "first_word": "the first word",
        "acronym": "one is the other's acronym",
        "spelled_out": "one spells the other's acronym out",
        "conflict": "words that contradict",
        "legal_form_conflict": "legal forms that contradict",
        "type_conflict": "a company's form, and no company",
        "weak_alias": "its publisher calls the alias weak",
        "same_words": "the very same words, or the very same letters",
        "identical": "identical but for case and the like",
    }
)


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a name, and whether it met."""

    text: str
    is_marked: bool


class PairShown(msgspec.Struct, frozen=True, kw_only=True):
    """Two words that met, by what, and what that was worth in the score's own units."""

    asked: str
    listed: str
    by: str
    similarity: str
    worth: str


class PartShown(msgspec.Struct, frozen=True, kw_only=True):
    """One term of the score."""

    name: str
    worth: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a name matched: the score's own arithmetic, laid out."""

    pairs: tuple[PairShown, ...]
    asked_left: tuple[str, ...]
    listed_left: tuple[str, ...]
    parts: tuple[PartShown, ...]
    total: str
    is_exact: bool


def marked(text: str, words: Iterable[str]) -> tuple[Piece, ...]:
    """The text in pieces, those marked that are one of the words, whatever their case."""
    wanted = sorted({word for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return (Piece(text=text, is_marked=False),)
    pattern = re.compile("|".join(map(_whole, wanted)), re.IGNORECASE)
    return tuple(_pieces(text, pattern))


def words_met(hit: Hit) -> tuple[str, ...]:
    """The words of the listed name that met, as printed."""
    return tuple(pair.listed for pair in hit.explanation.pairs)


def why(explanation: Explanation) -> Why:
    """The arithmetic of a score, to two decimals."""
    return Why(
        pairs=tuple(
            PairShown(
                asked=pair.query,
                listed=pair.listed,
                by=MET_BY[pair.by],
                similarity=f"{pair.similarity:.0%}",
                worth=f"{pair.worth:+.2f}",
            )
            for pair in explanation.pairs
        ),
        asked_left=explanation.query_left_over,
        listed_left=explanation.listed_left_over,
        parts=tuple(
            PartShown(
                name=_PARTS.get(part.name, part.name.replace("_", " ")),
                worth=f"{part.log_odds:+.2f}",
            )
            for part in explanation.parts
            if part.log_odds
        ),
        total=f"{explanation.log_odds:+.2f}",
        is_exact=explanation.exact,
    )


def _whole(word: str) -> str:
    """The word alone, not inside another; scripts without blanks may have it anywhere."""
    escaped = re.escape(word)
    return rf"(?<!\w){escaped}(?!\w)" if word.isascii() else escaped


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    place = 0
    for found in pattern.finditer(text):
        if found.start() > place:
            yield Piece(text=text[place : found.start()], is_marked=False)
        yield Piece(text=found[0], is_marked=True)
        place = found.end()
    if place < len(text):
        yield Piece(text=text[place:], is_marked=False)
