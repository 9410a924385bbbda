"""A standing answer: what is kept of the answer about one counterparty, to tell what changes."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from abeyance_screening.engine.lists.listing import Address, Identifier, Listing
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.answer import CounterpartyResult, Hit

DEFAULT_LEADS = (30, 7, 1)
"""How many days ahead of a change it is told, unless the counterparty says otherwise."""
# Scores are told to two places; what is kept has a little more, and no noise of the last bit.
_SCORE_PLACES = 6


class StandingMeasure(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A measure that reaches a hit, with its status when it was last looked at.

    `lead` is the smallest of the counterparty's lead days within which the next change now lies;
    None where it lies further ahead, or none is known.
    """

    id: str
    status: StatusWord
    since: date | None
    until: date | None
    next_on: date | None
    next_to: StatusWord | None
    lead: int | None


class StandingFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an entry prints in one field, value by value."""

    field: str
    values: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The values in a form that does not depend on how they are printed."""
        return frozenset(map(printless, self.values))


class StandingHit(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A listing that a counterparty, or an owner of it, may be.

    `owner` is None for the counterparty itself, else the id of the owner, or its name without one.
    """

    listing_id: str
    list_code: str
    owner: str | None
    name: str
    matched: str
    score: float
    facts: tuple[StandingFact, ...]
    measures: tuple[StandingMeasure, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What tells the hit from others of the same counterparty."""
        return self.listing_id, self.owner or ""


class StandingAnswer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All hits of a counterparty and its owners, in the order of their keys.

    `is_sure` is False where something in the question may hide a listed party, so that finding
    nothing says nothing.
    """

    is_sure: bool = True
    hits: tuple[StandingHit, ...] = ()

    @property
    def listings(self) -> tuple[str, ...]:
        """The ids of the listings that are hit, each once, in order."""
        return tuple(dict.fromkeys(each.listing_id for each in self.hits))

    @property
    def own_hits(self) -> int:
        """How many hits the counterparty itself has."""
        return sum(each.owner is None for each in self.hits)


def standing_of(
    result: CounterpartyResult, leads: Sequence[int] = DEFAULT_LEADS
) -> StandingAnswer:
    """Return what is kept of an answer, which must have been asked for with the highest limit."""
    owners = () if result.ownership is None else result.ownership.owners
    doubts = (*result.warnings, *(each for owner in owners for each in owner.warnings))
    hits = [_hit(each, None, leads) for each in result.hits]
    for owner in owners:
        hits += [_hit(each, owner.id or owner.name, leads) for each in owner.hits]
    return StandingAnswer(
        not any(each.may_hide for each in doubts), tuple(sorted(hits, key=lambda each: each.key))
    )


def standing_measures(
    measures: Iterable[MeasureOnDay], leads: Sequence[int]
) -> tuple[StandingMeasure, ...]:
    """Return what is kept of the measures of a hit, in the order of their ids."""
    return tuple(_measure(each, leads) for each in sorted(measures, key=lambda each: each.id))


def listing_facts(listing: Listing) -> tuple[StandingFact, ...]:
    """Return the fields by which a person decides whether an entry is the counterparty."""
    return tuple(_facts(listing))


def printless(text: str) -> str:
    """Return a text without what only its print decides: case, spaces, punctuation, width.

    A text of nothing else stays as it is.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, plain)) or plain


def _hit(hit: Hit, owner: str | None, leads: Sequence[int]) -> StandingHit:
    return StandingHit(
        hit.listing.id,
        hit.listing.list_code,
        owner,
        hit.listing.primary_name,
        hit.matched.text,
        round(hit.score, _SCORE_PLACES),
        listing_facts(hit.listing),
        standing_measures(hit.measures, leads),
    )


def _facts(listing: Listing) -> Iterator[StandingFact]:
    fields: tuple[tuple[str, Iterable[str | None]], ...] = (
        ("names", (each.text for each in listing.names)),
        ("entity_type", (listing.entity_type,)),
        ("identifiers", map(_identifier, listing.identifiers)),
        ("addresses", map(_address, listing.addresses)),
        ("countries", listing.countries),
        ("birth_dates", (each.value for each in listing.facts if each.kind == "date_of_birth")),
        ("licence_requirement", (listing.licence_requirement,)),
        ("licence_review_policy", (listing.licence_review_policy,)),
    )
    for name, values in fields:
        printed = tuple(dict.fromkeys(each for each in values if each))
        if printed:
            yield StandingFact(name, printed)


def _identifier(identifier: Identifier) -> str:
    return f"{identifier.kind} {identifier.value}"


def _address(address: Address) -> str:
    return address.text


def _measure(measure: MeasureOnDay, leads: Sequence[int]) -> StandingMeasure:
    return StandingMeasure(
        measure.id,
        measure.status,
        measure.since,
        measure.until,
        measure.next_change_on,
        measure.next_change_to,
        lead_of(measure.next_change_on, measure.as_of, leads),
    )


def lead_of(on: date | None, today: date, leads: Sequence[int]) -> int | None:
    """Return the smallest of some lead days within which a day lies; None beyond all of them."""
    if on is None:
        return None
    ahead = (on - today) // timedelta(days=1)
    return min((each for each in leads if 0 <= ahead <= each), default=None)
