"""What a person has to look at: one row for each counterparty and party that it may be.

A party is one company over several lists, so that ten listings of it are one row. A counterparty
that meets nothing has one row, too, which says how much that is worth.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Literal

import msgspec

from service.measures.measure import SEVERITY
from service.measures.on_day import MeasureOnDay
from service.measures.status import BITES, ENDED, StatusWord
from service.screening.answer import (
    CounterpartyResult,
    FoundParty,
    Hit,
    PartyHit,
    PartyResult,
    ScreeningHead,
    TextAnswer,
)
from service.tables.counterparties import ReadRow, UnreadableRow
from service.wording import (
    MeasureText,
    effect_in_words,
    hit_text,
    list_title,
    measure_text,
    plain_badge,
)

type RowKind = Literal["hit", "owner", "unreadable", "doubt", "none"]

NO_STATUS = "Status not on record — treat as restricted"
# The kinds of row from those that most need a look to those that need none.
_KINDS: tuple[RowKind, ...] = ("hit", "owner", "unreadable", "doubt", "none")
_OVER = 2
_OVER_WORDS: frozenset[StatusWord] = frozenset({*ENDED, "not_known"})


class PartyRowMeasure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measure that reaches a party, by which of its lists, with its status on the day in words.

    `condition` is a question: the measure reaches the party only if the answer is yes.
    """

    id: str
    title: str
    authority: str
    status: StatusWord
    badge: str
    effect: str
    sentence: str
    lists: tuple[str, ...]
    own_day: str | None = None
    condition: str | None = None
    until: date | None = None
    next_change_on: date | None = None
    next_change_to: str | None = None


class PartyRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One counterparty and one party that it, or an owner of it, may be.

    `kind` is `hit`, `owner` for a party that only an owner may be, `unreadable` for a row that
    could not be screened, `doubt` for a counterparty that cannot be answered because of what its
    row says, and `none` for one without any hit. `place` is a sort key: the worst comes first, and
    the parties of a counterparty stay together. `why` says how the name met, or why there is no
    answer. `listings` are those that the question met, `through` those that only their party
    brings. `measures` come in order: those that are over last, certain before conditional, the
    most severe first. `unshown` counts the listings that were found and are beyond the limit.
    """

    place: str
    row: int
    counterparty_id: str | None
    counterparty: str
    kind: RowKind
    outcome: str
    as_of: date | None = None
    owner: str | None = None
    party_id: str | None = None
    party: str | None = None
    countries: tuple[str, ...] = ()
    why: str | None = None
    score: float | None = None
    lists: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    measures: tuple[PartyRowMeasure, ...] = ()
    unshown: int = 0

    @property
    def needs_review(self) -> bool:
        """Whether a person has to look at it."""
        return self.kind != "none"

    @property
    def worst(self) -> PartyRowMeasure | None:
        """The first of the measures; None where none reaches the party."""
        return self.measures[0] if self.measures else None

    @property
    def badge(self) -> str | None:
        """The badge of the first measure; a party without a measure counts as restricted."""
        if self.worst is not None:
            return self.worst.badge
        return NO_STATUS if self.party_id is not None else None


def party_rows(
    read: ReadRow, result: CounterpartyResult, answer: ScreeningHead | TextAnswer
) -> tuple[PartyRow, ...]:
    """Return the rows of one counterparty, at least one, the worst first."""
    first = PartyRow(
        place="",
        row=read.number,
        counterparty_id=read.counterparty.id,
        counterparty=read.counterparty.name,
        kind="none",
        outcome=result.outcome,
        as_of=answer.as_of,
    )
    rows = [*_found(first, result, answer.as_of), *_through_owners(first, result, answer.as_of)]
    return _placed(rows or [_nothing(first, result)])


def unanswered(row: UnreadableRow) -> PartyRow:
    """Return the row for a row of the table that could not be screened."""
    (placed,) = _placed(
        [
            PartyRow(
                place="",
                row=row.number,
                counterparty_id=row.id,
                counterparty=row.name or "",
                kind="unreadable",
                outcome="unreadable",
                why=row.reason,
            )
        ]
    )
    return placed


def worst_first(rows: Iterable[PartyRow]) -> list[PartyRow]:
    """Return the rows in order: the worst first, those of one counterparty together."""
    return sorted(rows, key=lambda each: each.place)


def _nothing(first: PartyRow, result: CounterpartyResult) -> PartyRow:
    doubts = "; ".join(each.reason for each in result.warnings if each.may_hide)
    kind: RowKind = "doubt" if doubts else "none"
    return msgspec.structs.replace(first, kind=kind, why=doubts or None)


def _found(first: PartyRow, result: PartyResult, as_of: date) -> Iterator[PartyRow]:
    unshown = max(0, result.total - len(result.hits))
    for place, (party, hits) in enumerate(_parties(result)):
        row = _of_party(first, party, hits, as_of)
        yield msgspec.structs.replace(row, unshown=0 if place else unshown)


def _through_owners(
    first: PartyRow, result: CounterpartyResult, as_of: date
) -> Iterator[PartyRow]:
    for owner in () if result.ownership is None else result.ownership.owners:
        for row in _found(first, owner, as_of):
            yield msgspec.structs.replace(row, kind="owner", owner=owner.name)


def _parties(result: PartyResult) -> Iterator[tuple[FoundParty | None, list[Hit]]]:
    """Yield each party with its hits, best first; an old answer has hits without a party."""
    known = {member.listing_id: each for each in result.parties for member in each.members}
    grouped: dict[str, tuple[FoundParty | None, list[Hit]]] = {}
    for hit in result.hits:
        party = known.get(hit.listing.id)
        key = hit.listing.id if party is None else party.id
        grouped.setdefault(key, (party, []))[1].append(hit)
    yield from grouped.values()


def _of_party(
    first: PartyRow, party: FoundParty | None, hits: Sequence[Hit], as_of: date
) -> PartyRow:
    best = max(hits, key=lambda each: each.score)
    text = hit_text(best, as_of)
    through = () if party is None else party.through
    shown = (*hits, *through)
    countries = (country for each in shown for country in each.listing.countries)
    return msgspec.structs.replace(
        first,
        kind="hit",
        party_id=best.listing.id if party is None else party.id,
        party=best.listing.primary_name,
        countries=tuple(dict.fromkeys(countries)),
        why="; ".join(filter(None, (text.matched, *text.agreements, text.unlisted))),
        score=best.score,
        lists=tuple(dict.fromkeys(list_title(each.listing.list_code) for each in shown)),
        listings=tuple(each.listing.id for each in hits),
        through=tuple(each.listing.id for each in through),
        measures=_measures(shown, as_of),
    )


def _measures(shown: Iterable[Hit | PartyHit], as_of: date) -> tuple[PartyRowMeasure, ...]:
    """Return the measures of all listings, each status once with the lists it comes from."""
    found: dict[tuple[str, StatusWord], tuple[MeasureOnDay, list[str]]] = {}
    for each in shown:
        for measure in each.measures:
            _, lists = found.setdefault((measure.id, measure.status), (measure, []))
            lists.append(list_title(each.listing.list_code))
    ordered = sorted(found.values(), key=lambda each: _severity(each[0]))
    return tuple(
        _measure(measure_text(measure, as_of), dict.fromkeys(lists)) for measure, lists in ordered
    )


def _measure(text: MeasureText, lists: Iterable[str]) -> PartyRowMeasure:
    measure = text.measure
    becomes = measure.next_change_to
    return PartyRowMeasure(
        id=measure.id,
        title=text.title,
        authority=measure.authority,
        status=measure.status,
        badge=text.badge,
        effect=effect_in_words(measure),
        sentence=text.sentence,
        lists=tuple(lists),
        own_day=None if text.own_day is None else text.own_day.line,
        condition=text.question,
        until=measure.until,
        next_change_on=measure.next_change_on,
        next_change_to=None if becomes is None else plain_badge(becomes),
    )


def _severity(measure: MeasureOnDay) -> tuple[bool, bool, int, int, str]:
    """Return a sort key: what is over comes last, certain before conditional, then by effect."""
    force, unsure = _force(measure.status), measure.condition is not None
    effects = [SEVERITY[each.kind] for each in measure.effect]
    return force == _OVER, unsure, force, min(effects, default=len(SEVERITY)), measure.id


def _force(status: StatusWord) -> int:
    """Return 0 for a status that binds, 1 for one that may bind again, `_OVER` for the others."""
    return 0 if status in BITES else _OVER if status in _OVER_WORDS else 1


def _placed(rows: Iterable[PartyRow]) -> tuple[PartyRow, ...]:
    """Return the rows of one counterparty in order, each with its place among all rows."""
    keyed = sorted(((_urgency(each), each) for each in rows), key=lambda each: each[0])
    worst = keyed[0][0]
    return tuple(
        msgspec.structs.replace(each, place=f"{worst}-{each.row:09d}-{number:05d}")
        for number, (_, each) in enumerate(keyed)
    )


def _urgency(row: PartyRow) -> str:
    """Return a sort key: the kind of row, whether anything binds, then how well the name met."""
    worst = row.worst
    force = 0 if worst is None else _force(worst.status)
    unsure = worst is not None and worst.condition is not None
    # of two without a hit, the one that the lists were too old for comes first
    answered = row.outcome == "no_hits"
    met = 1 - (row.score or 0.0)
    return f"{_KINDS.index(row.kind)}{int(answered)}{force}{int(unsure)}{met:.4f}"


def counterparties_of(rows: Iterable[PartyRow]) -> Iterator[list[PartyRow]]:
    """Yield the rows of each counterparty; they must stand together."""
    for _, group in groupby(rows, key=lambda each: each.row):
        yield list(group)
