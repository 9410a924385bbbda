"""Rows of measures with status and lane; listings that were found, and why their names matched."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Self

import msgspec

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.board import (
    MeasureBoard,
    Span,
    spans_of_listing,
    spans_of_measure,
)
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.names.match_types import Explanation
from abeyance_screening.engine.screening.answer import Hit, PartyBeside, PartyHit
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.wording import HitText, MeasureText, hit_text, measure_text
from abeyance_screening.engine.wording.hits import (
    MET_BY,
    NAME_KINDS,
    THROUGH_PARTY,
    manner,
    score_in_words,
)
from abeyance_screening.engine.wording.notes import OwnDay, own_day_of
from abeyance_screening.engine.wording.shapes import (
    ActLink,
    Badge,
    Clock,
    Lane,
    Scale,
    badge_of,
    lane_of,
    links_to,
    months_from,
    stretch_around,
)
from abeyance_screening.engine.wording.titles import country_name
from abeyance_screening.platform.pages.frame import Frame
from abeyance_screening.primitives.days import Days, plural

# Months before and after the days of a question in which changes of a status are looked for.
_LOOK_BACK, _LOOK_AHEAD = -15, 8
LANE_WIDTH = 400.0

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
        "common_words": "nothing but common words in common",
        "type_conflict": "legal form of a company, but the listing is not a company",
        "weak_alias": "alias that its publisher calls weak",
        "same_words": "the same words, or the same letters",
        "cut": "the listed name, cut where a message has no room for more",
        "framed": "the whole listed name, with only words of an address around it",
        "identical": "identical apart from upper and lower case and the like",
        "initials": "initials of the given names",
        "other_syllables": "another syllable, so another East Asian name",
        "read_loosely": "another script, and not the same syllables",
        "other_beginning": "names that begin with another sound",
        "other_type": "not a person, and only some of the names",
        "given_name_alone": "nothing but a given name in common",
        "one_word_alone": "nothing but one word in common with what may be a person's name",
        "brand_alone": "nothing but a brand in common, beside a word that no such firm has",
        "other_sex": "given name and surname of the other sex",
        "later_names": "nothing but the later of two surnames and of two given names in common",
        "one_name_of_two": "one name of two in common, and the other is another name",
        "other_characters": "not one Chinese character in common",
        "own_script": "a person's name in a script that is read in several ways",
        "one_of_the_names": "not all of what may be a person's names",
        "popular_names": "names that many people have, and another name besides",
        "attached": "the same name but for a word like Group, or a place",
        "other_letters": "a short name with another letter",
        "sense_alone": "another name that means the same",
        "near_alone": "a firm of one short word that is only like a listed one",
        "read_again": "read otherwise than it is written",
        "part_of_field": "met by a part of the field alone",
    }
)


class MeasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on the day: its words, badge and acts, and the spans of its lane.

    `today` is the badge of today where today's status differs, and `own_today` the day of that
    status where it is not the page's day.
    """

    anchor: str
    text: MeasureText
    badge: Badge
    acts: tuple[ActLink, ...]
    today: Badge | None
    own_today: OwnDay | None
    spans: tuple[Span, ...]
    clock: Clock

    @property
    def measure(self) -> MeasureOnDay:
        """Return the measure that the row is about."""
        return self.text.measure

    def lane(self, scale: Scale) -> Lane:
        """Return the lane of the measure on the common scale of the page."""
        events = (*self.measure.disputed, *self.measure.upcoming)
        announced = [each for each in events if each.kind.startswith("announce")]
        return lane_of(self.spans, scale, self.clock, announced)


def owned_in_words(rules: Iterable[MeasureRow]) -> str:
    """Return by which ownership rules a name is reached through its owners; empty for none."""
    named = [f"{each.text.title} ({_lowered(each.badge.brief)})" for each in rules]
    if not named:
        return ""
    return f"Reached through its owners by {plural(len(named), 'rule')}: {', '.join(named)}."


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


class PageContext(msgspec.Struct, frozen=True, kw_only=True):
    """The context of all rows of a page: the register, the days asked about, and today."""

    board: MeasureBoard
    days: Days
    now: Days
    chosen: date
    today: date

    @classmethod
    def of(cls, board: MeasureBoard, frame: Frame) -> Self:
        """Return the context of the rows of the page with this frame."""
        return cls(
            board=board,
            days=frame.days,
            now=frame.days_now,
            chosen=frame.chosen,
            today=frame.today,
        )

    @property
    def is_today(self) -> bool:
        """Whether the page shows today as it is known today."""
        return self.days == self.now

    def row(self, measure: MeasureOnDay, prints: Sequence[Listing] = ()) -> MeasureRow:
        """Return the row of a measure.

        `prints` are the listings of the entry that it reaches, empty where it reaches none.
        """
        return self.row_of(measure_text(measure, self.chosen), prints)

    def row_of(self, text: MeasureText, prints: Sequence[Listing] = ()) -> MeasureRow:
        """Return the row of a measure whose text is at hand; `prints` as in `row`."""
        measure = text.measure
        listing = self._reached(measure, prints)
        now = self._now(measure, listing)
        today = self.now.of(measure.jurisdiction)[0]
        return MeasureRow(
            anchor=f"m-{measure.id}" if listing is None else f"l-{listing.id}-{measure.id}",
            text=text,
            badge=badge_of(measure),
            acts=links_to(text.acts),
            today=None if now is None else badge_of(now),
            own_today=None if now is None else own_day_of(now, self.today),
            spans=self._spans(measure, listing),
            clock=Clock(chosen=measure.as_of, today=today, checked_until=measure.checked_until),
        )

    def scale(self, rows: Iterable[MeasureRow], width: float = LANE_WIDTH) -> Scale:
        """Return one scale for all these rows, so that one ruler fits all their lanes."""
        first, last = stretch_around(self.chosen, self.today, changes_of(rows))
        return Scale(first=first, last=last, width=width)

    def _reached(self, measure: MeasureOnDay, prints: Sequence[Listing]) -> Listing | None:
        """Return the first print that the measure reaches, else the first one."""
        if len(prints) < 2:  # noqa: PLR2004 - one print is the one it reaches
            return next(iter(prints), None)
        for each in prints:
            if any(measure.id == found.id for found in self.board.register.attached_to(each)):
                return each
        return prints[0]

    def _now(self, measure: MeasureOnDay, listing: Listing | None) -> MeasureOnDay | None:
        """Return the measure today where its status differs; else None."""
        if self.is_today:
            return None
        if listing is None:
            now = self.board.one(measure.id, self.now)
        else:
            now = self.board.reaching(measure.id, listing, self.now)
        return None if now.status == measure.status else now

    def _spans(self, measure: MeasureOnDay, listing: Listing | None) -> tuple[Span, ...]:
        stretch = (
            months_from(min(self.chosen, self.today), _LOOK_BACK),
            months_from(max(self.chosen, self.today), _LOOK_AHEAD),
        )
        if listing is None:
            return spans_of_measure(self.board, measure.id, self.days, stretch)
        return spans_of_listing(self.board, measure.id, listing, self.days, stretch)


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
    """One listing of a party: its list, how its name met, and what the entry prints.

    Of a listing that the question does not meet and its party brings, `score` and `why` are None,
    `kind` and `met` empty. `kind` says what sort of name met. `doubts` are what else in the
    question speaks for or against it. `is_certain` is whether its name is the one asked about,
    word for word, or a number of it met.
    """

    listing_id: str
    list_code: str
    title: str
    authority: str
    entry_id: str | None
    name: tuple[MarkedText, ...]
    countries: str
    entity_type: str | None
    score: float | None
    kind: str
    manner: str
    met: tuple[MarkedText, ...]
    why: Why | None
    doubts: tuple[str, ...]
    acts: tuple[ActLink, ...]
    remark: str | None
    text: HitText
    is_known: bool
    is_certain: bool
    number_met: bool

    @property
    def strength(self) -> str | None:
        """Return how well it meets the question; None where only its party does."""
        if self.score is None:
            return None
        return score_in_words(self.score, number_met=self.number_met)

    @property
    def says(self) -> tuple[str, ...]:
        """Return what there is to say of the entry beside its measures, in sentences."""
        said = (self.text.unlisted, self.text.gone, self.text.no_measure, *self.text.licence)
        return tuple(filter(None, said))


class RelatedLink(msgspec.Struct, frozen=True, kw_only=True):
    """Another party beside one: its id, its name, and why it is there."""

    id: str
    name: str
    reason: str


def beside(others: Iterable[PartyBeside], index: ListingIndex) -> Iterator[RelatedLink]:
    """Yield other parties with their names, those that the index has."""
    for each in others:
        entry = index.by_id(each.party)
        if entry is not None:
            yield RelatedLink(id=each.party, name=entry.primary_name(0), reason=each.reason)


def changes_of(rows: Iterable[MeasureRow]) -> tuple[date, ...]:
    """Return the days on which the status of any row changes, ascending, each once."""
    return tuple(sorted({span.first for row in rows for span in row.spans[1:]}))


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


def entry_of(hit: Hit | PartyHit, as_of: date) -> CardEntry:
    """Return one listing, which the question meets or its party brings, on the day `as_of`."""
    text, listing = hit_text(hit, as_of), hit.listing
    own = hit if isinstance(hit, Hit) else None
    words = () if own is None else words_met(own)
    return CardEntry(
        listing_id=listing.id,
        list_code=listing.list_code,
        title=text.list_title,
        authority=text.authority,
        entry_id=text.entry_id,
        name=mark_words(listing.primary_name, words),
        countries=", ".join(map(country_name, listing.countries)),
        entity_type=listing.entity_type,
        score=None if own is None else own.score,
        kind="" if own is None else NAME_KINDS[own.matched.kind],
        manner=THROUGH_PARTY if own is None else manner(own),
        met=() if own is None else mark_words(own.matched.text, words),
        why=None if own is None else why(own.explanation),
        doubts=text.agreements_in_sentences,
        acts=links_to(text.acts),
        remark=listing.remarks,
        text=text,
        is_known=hit.standing.known,
        is_certain=own is not None
        and (own.explanation.exact or bool(own.corroboration.identifiers)),
        number_met=own is not None and bool(own.corroboration.identifiers),
    )


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
