"""Hit cards: one for each name, with its listings and their measures, and why the name matched."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.measures.status import BITES
from service.names.matching import Explanation
from service.screening.answer import Hit
from service.web.badges import ActLink, links_to
from service.web.rows import Asking, MeasureRow
from service.wording import HitText, hit_text
from service.wording.hits import MET_BY, NAME_KINDS, manner
from service.wording.titles import country_name

_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "base": "starting value of any two names",
        "matched_words": "matching words",
        "query_covered": "share of your words that match",
        "rarest_word": "rarity of the rarest matching word",
        "whole_spelling": "similarity of the whole spellings",
        "listed_gap": "distinctive listed words without a match",
        "first_word": "same first word",
        "acronym": "one name is the acronym of the other",
        "spelled_out": "one name spells out the acronym in the other",
        "conflict": "contradicting words",
        "legal_form_conflict": "contradicting legal forms",
        "type_conflict": "legal form of a company, but the listing is not a company",
        "weak_alias": "alias that its publisher calls weak",
        "same_words": "the same words, or the same letters",
        "identical": "identical apart from upper and lower case and the like",
    }
)


class MarkedText(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a name, and whether it matched."""

    text: str
    is_marked: bool


class PairText(msgspec.Struct, frozen=True, kw_only=True):
    """Two words that matched, by which comparison, and its weight in log-odds."""

    query: str
    listed: str
    by: str
    similarity: str
    worth: str


class PartText(msgspec.Struct, frozen=True, kw_only=True):
    """One term of the score, with its weight in log-odds."""

    name: str
    worth: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """The arithmetic of a score, laid out: why a name matched."""

    pairs: tuple[PairText, ...]
    query_left: tuple[str, ...]
    listed_left: tuple[str, ...]
    parts: tuple[PartText, ...]
    total: str
    is_exact: bool


class CardEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of a card: its list, and a row for each measure that reaches it.

    `rows` are in force or may return, the most important first; `over` have ended. Where all
    measures have ended, they are the `rows`. `doubts` are those that the best listing of the card
    does not share.
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
    """One name with all listings that print it the same way, of the same countries."""

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


def mark_words(text: str, words: Iterable[str]) -> tuple[MarkedText, ...]:
    """Cut a text into pieces, and mark those that are one of the words in any case."""
    wanted = sorted({word for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return (MarkedText(text=text, is_marked=False),)
    pattern = re.compile("|".join(map(_whole, wanted)), re.IGNORECASE)
    return tuple(_pieces(text, pattern))


def words_met(hit: Hit) -> tuple[str, ...]:
    """Return the words of the listed name that matched, as printed."""
    return tuple(pair.listed for pair in hit.explanation.pairs)


def why(explanation: Explanation) -> Why:
    """Return the arithmetic of a score, to two decimals."""
    return Why(
        pairs=tuple(
            PairText(
                query=pair.query,
                listed=pair.listed,
                by=MET_BY[pair.by],
                similarity=f"{pair.similarity:.0%}",
                worth=f"{pair.worth:+.2f}",
            )
            for pair in explanation.pairs
        ),
        query_left=explanation.query_left_over,
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


def cards_of(hits: Iterable[Hit], asking: Asking) -> tuple[Card, ...]:
    """Return the hits as cards, in the order of the hits.

    On a card the highest score comes first, then measures in force, then the nearest change.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Hit]] = {}
    for hit in hits:
        key = (hit.listing.primary_name.casefold(), hit.listing.countries)
        groups.setdefault(key, []).append(hit)
    return tuple(_card(sorted(group, key=_place), asking) for group in groups.values())


def rows_of(cards: Iterable[Card]) -> Iterator[MeasureRow]:
    """Yield every row of these cards: in force, ended and conditional."""
    for card in cards:
        for entry in card.entries:
            yield from (*entry.rows, *entry.over, *entry.conditions)


def _whole(word: str) -> str:
    """Return a pattern for a whole word; in scripts without spaces it matches anywhere."""
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


def _card(hits: list[Hit], asking: Asking) -> Card:
    best = hits[0]
    texts = [hit_text(each, asking.chosen) for each in hits]
    words = words_met(best)
    return Card(
        name=mark_words(best.listing.primary_name, words),
        country_codes=best.listing.countries,
        countries=", ".join(map(country_name, best.listing.countries)),
        entity_type=best.listing.entity_type,
        score=best.score,
        how=NAME_KINDS[best.matched.kind],
        manner=manner(best),
        met=mark_words(best.matched.text, words),
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
        acts=links_to(text.acts),
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


def _place(hit: Hit) -> tuple[float, bool, date, str]:
    direct = [each for each in hit.measures if each.condition is None]
    changes = [each.next_change_on for each in direct if each.next_change_on is not None]
    bites = any(each.status in BITES for each in direct)
    return -hit.score, not bites, min(changes, default=date.max), hit.listing.list_code
