"""Hit cards: one a name, with a row for each listing; each list speaks for itself."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from service.model.answer import Hit
from service.model.on_day import MeasureOnDay
from service.model.status import BITES
from service.web.acts import Act, acts_of, years_of
from service.web.dates import day
from service.web.licences import licence_notes, licence_sentence
from service.web.marks import Piece, Why, how_it_met, manner, marked, why, words_met
from service.web.notes import LISTED_THEN, Note
from service.web.rows import Asking, Row
from service.web.titles import country_name, list_authority, list_title

_OF_THE_ENTRY = frozenset({"listing_day_not_recorded", "listed_then_not_known"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of a card: where it stands, and a row for each measure behind it.

    `rows` bite or may come back, the most telling first; `over` are those beside them that ended.
    Where all of them ended they are the rows.
    """

    listing_id: str
    list_code: str
    title: str
    authority: str
    entry_id: str | None
    score: float
    acts: tuple[Act, ...]
    rows: tuple[Row, ...]
    over: tuple[Row, ...]
    conditions: tuple[Row, ...]
    remark: str | None
    gone: str | None
    is_known: bool


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One name with all listings that print it so, of the same country."""

    name: tuple[Piece, ...]
    country_codes: tuple[str, ...]
    countries: str
    entity_type: str | None
    score: float
    how: str
    manner: str
    met: tuple[Piece, ...]
    is_own_name: bool
    why: Why
    doubts: tuple[str, ...]
    entries: tuple[Entry, ...]


def cards_of(hits: Iterable[Hit], asking: Asking) -> tuple[Card, ...]:
    """The hits as cards, in their order; of equal scores what bites now stands first."""
    groups: dict[tuple[str, tuple[str, ...]], list[Hit]] = {}
    for hit in hits:
        key = (hit.listing.primary_name.casefold(), hit.listing.countries)
        groups.setdefault(key, []).append(hit)
    return tuple(_card(sorted(group, key=_place), asking) for group in groups.values())


def rows_of(cards: Iterable[Card]) -> Iterator[Row]:
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
    words = words_met(best)
    return Card(
        name=marked(best.listing.primary_name, words),
        country_codes=best.listing.countries,
        countries=", ".join(map(country_name, best.listing.countries)),
        entity_type=best.listing.entity_type,
        score=best.score,
        how=how_it_met(best),
        manner=manner(best),
        met=marked(best.matched.text, words),
        is_own_name=best.matched.kind == "primary",
        why=why(best.explanation),
        doubts=tuple(_doubts(best)),
        entries=tuple(_entry(hit, asking) for hit in hits),
    )


def _doubts(hit: Hit) -> Iterator[str]:
    """What else the question said that agrees, or speaks against it."""
    agrees = hit.corroboration
    told = (("country", agrees.countries), ("type", agrees.entity_type))
    yield from (f"The {what} {word}." for what, word in told if word != "unknown")
    for each in agrees.identifiers_differ:
        asked, listed = ", ".join(each.asked), ", ".join(each.listed)
        yield f"Another {each.kind}: you gave {asked}, it has {listed}."


def _entry(hit: Hit, asking: Asking) -> Entry:
    prints = (hit.listing, *(copy.listing for copy in hit.copies))
    direct = [asking.row(each, prints) for each in hit.measures if each.condition is None]
    direct = [_own(row, hit, is_first=not place) for place, row in enumerate(direct)]
    live = tuple(row for row in direct if row.measure.force != "ended")
    ended = tuple(row for row in direct if row.measure.force == "ended")
    conditions = [_of_the_rule(each) for each in hit.measures if each.condition is not None]
    return Entry(
        listing_id=hit.listing.id,
        list_code=hit.listing.list_code,
        title=list_title(hit.listing.list_code),
        authority=list_authority(hit.listing.list_code),
        entry_id=hit.listing.entry_id,
        score=hit.score,
        acts=acts_of(hit.listing.citations),
        rows=live or ended,
        over=ended if live else (),
        conditions=tuple(asking.row(each, prints) for each in conditions),
        remark=hit.listing.remarks,
        gone=_gone(hit),
        is_known=hit.standing.known,
    )


def _of_the_rule(measure: MeasureOnDay) -> MeasureOnDay:
    """A condition without what is said of the entry that brings it: that stands with the entry."""
    flags = tuple(each for each in measure.flags if each not in _OF_THE_ENTRY)
    return msgspec.structs.replace(measure, flags=flags)


def _own(row: Row, hit: Hit, *, is_first: bool) -> Row:
    """The row with what the entry itself says: first of licences, and whether it was listed."""
    sentence, notes = row.sentence, row.notes
    if "listed_then_not_known" in row.measure.flags:
        notes = (_membership(hit), *(each for each in notes if each.label != LISTED_THEN))
    if is_first and hit.licence is not None and _speaks_of_licences(row.measure):
        sentence = licence_sentence(hit.licence)
        notes = (*(Note(label=None, text=each) for each in licence_notes(hit.licence)), *notes)
    return msgspec.structs.replace(row, sentence=sentence, notes=notes)


def _speaks_of_licences(measure: MeasureOnDay) -> bool:
    return measure.status == "in_force" and any(
        effect.kind == "licence_required" for effect in measure.effect
    )


def _membership(hit: Hit) -> Note:
    text = (
        f"Not known: read from the edition of {day(hit.standing.first_seen_on)}, which prints no "
        "day for it."
    )
    years = years_of(hit.listing.citations)
    if years:
        since = f" The oldest act it cites is of {years[0]}."
        return Note(label=LISTED_THEN, text=text + since)
    return Note(label=LISTED_THEN, text=text)


def _gone(hit: Hit) -> str | None:
    """When a party left its list, and how we know; None while it stands there."""
    standing = hit.standing
    if standing.state == "listed":
        return None
    if standing.left_on is not None:
        return f"Taken off on {day(standing.left_on)}."
    if standing.left_by is not None:
        return f"Gone from the edition of {day(standing.left_by)}."
    return "It has left the list."
