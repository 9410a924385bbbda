"""Hit cards: one a name, with a row for each listing; each list speaks for itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.measures.status import BITES
from service.names.matching import Explanation
from service.screening.answer import Hit
from service.web.badges import ActLink, acts_of
from service.web.rows import Asking, MeasureRow
from service.wording import HitText, hit_text
from service.wording.hits import MET_BY, NAME_KINDS, manner
from service.wording.titles import country_name

# --- Names with the words marked that met, and what of a match is worth telling.

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


class MarkedText(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a name, and whether it met."""

    text: str
    is_marked: bool


class PairText(msgspec.Struct, frozen=True, kw_only=True):
    """Two words that met, by what, and what that was worth in the score's own units."""

    asked: str
    listed: str
    by: str
    similarity: str
    worth: str


class PartText(msgspec.Struct, frozen=True, kw_only=True):
    """One term of the score."""

    name: str
    worth: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a name matched: the score's own arithmetic, laid out."""

    pairs: tuple[PairText, ...]
    asked_left: tuple[str, ...]
    listed_left: tuple[str, ...]
    parts: tuple[PartText, ...]
    total: str
    is_exact: bool


def marked(text: str, words: Iterable[str]) -> tuple[MarkedText, ...]:
    """The text in pieces, those marked that are one of the words, whatever their case."""
    wanted = sorted({word for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return (MarkedText(text=text, is_marked=False),)
    pattern = re.compile("|".join(map(_whole, wanted)), re.IGNORECASE)
    return tuple(_pieces(text, pattern))


def words_met(hit: Hit) -> tuple[str, ...]:
    """The words of the listed name that met, as printed."""
    return tuple(pair.listed for pair in hit.explanation.pairs)


def why(explanation: Explanation) -> Why:
    """The arithmetic of a score, to two decimals."""
    return Why(
        pairs=tuple(
            PairText(
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
            PartText(
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


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[MarkedText]:
    place = 0
    for found in pattern.finditer(text):
        if found.start() > place:
            yield MarkedText(text=text[place : found.start()], is_marked=False)
        yield MarkedText(text=found[0], is_marked=True)
        place = found.end()
    if place < len(text):
        yield MarkedText(text=text[place:], is_marked=False)


class CardEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of a card: where it stands, and a row for each measure behind it.

    `rows` bite or may come back, the most telling first; `over` are those beside them that ended.
    Where all of them ended they are the rows. `doubts` are told of this listing and not of the
    card's best.
    """

    listing_id: str
    list_code: str
    title: str
    authority: str
    entry_id: str | None
    score: float
    acts: tuple[ActLink, ...]
    rows: tuple[MeasureRow, ...]
    over: tuple[MeasureRow, ...]
    conditions: tuple[MeasureRow, ...]
    remark: str | None
    text: HitText
    doubts: tuple[str, ...]
    is_known: bool


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One name with all listings that print it so, of the same country."""

    name: tuple[MarkedText, ...]
    country_codes: tuple[str, ...]
    countries: str
    entity_type: str | None
    score: float
    how: str
    manner: str
    met: tuple[MarkedText, ...]
    is_own_name: bool
    why: Why
    doubts: tuple[str, ...]
    entries: tuple[CardEntry, ...]


def cards_of(hits: Iterable[Hit], asking: Asking) -> tuple[Card, ...]:
    """The hits as cards, in their order; of equal scores what bites now stands first."""
    groups: dict[tuple[str, tuple[str, ...]], list[Hit]] = {}
    for hit in hits:
        key = (hit.listing.primary_name.casefold(), hit.listing.countries)
        groups.setdefault(key, []).append(hit)
    return tuple(_card(sorted(group, key=_place), asking) for group in groups.values())


def rows_of(cards: Iterable[Card]) -> Iterator[MeasureRow]:
    """Every row of these cards."""
    for card in cards:
        for entry in card.entries:
            yield from (*entry.rows, *entry.over, *entry.conditions)


def _place(hit: Hit) -> tuple[float, bool, date, str]:
    direct = [each for each in hit.measures if each.condition is None]
    changes = [each.next_change_on for each in direct if each.next_change_on is not None]
    bites = any(each.status in BITES for each in direct)
    return -hit.score, not bites, min(changes, default=date.max), hit.listing.list_code


def _card(hits: list[Hit], asking: Asking) -> Card:
    best = hits[0]
    texts = [hit_text(each, asking.chosen) for each in hits]
    words = words_met(best)
    return Card(
        name=marked(best.listing.primary_name, words),
        country_codes=best.listing.countries,
        countries=", ".join(map(country_name, best.listing.countries)),
        entity_type=best.listing.entity_type,
        score=best.score,
        how=NAME_KINDS[best.matched.kind],
        manner=manner(best),
        met=marked(best.matched.text, words),
        is_own_name=best.matched.kind == "primary",
        why=why(best.explanation),
        doubts=texts[0].agreements_in_sentences,
        entries=tuple(
            _entry(hit, text, texts[0], asking) for hit, text in zip(hits, texts, strict=True)
        ),
    )


def _entry(hit: Hit, text: HitText, best: HitText, asking: Asking) -> CardEntry:
    prints = (hit.listing, *(copy.listing for copy in hit.copies))
    direct = [asking.row_of(each, prints) for each in text.direct]
    live = tuple(row for row in direct if row.measure.force != "ended")
    ended = tuple(row for row in direct if row.measure.force == "ended")
    return CardEntry(
        listing_id=hit.listing.id,
        list_code=hit.listing.list_code,
        title=text.list_title,
        authority=text.authority,
        entry_id=text.entry_id,
        score=hit.score,
        acts=acts_of(hit.listing.citations),
        rows=live or ended,
        over=ended if live else (),
        conditions=tuple(asking.row_of(each, prints) for each in text.conditions),
        remark=hit.listing.remarks,
        text=text,
        doubts=tuple(
            each
            for each in text.agreements_in_sentences
            if each not in best.agreements_in_sentences
        ),
        is_known=hit.standing.known,
    )
