"""Group hits by party, and bring the listings of these parties that the question does not meet."""

from collections.abc import Collection, Iterable, Sequence

from service.days import Days
from service.lists.listing import Listing
from service.measures.measure import SEVERITY
from service.measures.on_day import MeasureOnDay
from service.measures.status import BITES, ENDED, StatusWord
from service.screening.answer import (
    Coverage,
    FoundParty,
    Hit,
    PartyAnswer,
    PartyHit,
    PartyMeasure,
    PartyMember,
    PartyProfile,
)
from service.screening.parties.table import PartyTable


def found_party(
    table: PartyTable,
    party: str,
    hits: Sequence[Hit],
    through: Sequence[PartyHit],
    met: Collection[str],
) -> FoundParty:
    """Return a party with its hits, best first, and what they bring.

    `met` are the ids of all listings that the question meets, shown or not.
    """
    profile = profile_of(table, party, (*hits, *through), met)
    return FoundParty(
        id=profile.id,
        name=profile.name,
        entity_type=profile.entity_type,
        members=profile.members,
        names=profile.names,
        countries=profile.countries,
        identifiers=profile.identifiers,
        measures=profile.measures,
        evidence=profile.evidence,
        perhaps=profile.perhaps,
        related=profile.related,
        score=max(each.score for each in hits),
        through=tuple(through),
    )


def party_answer(
    profile: PartyProfile, listings: Sequence[PartyHit], days: Days, coverage: Coverage
) -> PartyAnswer:
    """Return a party with its listings on a day and the state of their lists."""
    return PartyAnswer(
        id=profile.id,
        name=profile.name,
        entity_type=profile.entity_type,
        members=profile.members,
        names=profile.names,
        countries=profile.countries,
        identifiers=profile.identifiers,
        measures=profile.measures,
        evidence=profile.evidence,
        perhaps=profile.perhaps,
        related=profile.related,
        as_of=days.as_of,
        known_at=days.known_at,
        listings=tuple(listings),
        coverage=coverage,
    )


def profile_of(
    table: PartyTable, party: str, shown: Sequence[Hit | PartyHit], met: Collection[str]
) -> PartyProfile:
    """Return who a party is, by those of its listings that are shown, at least one."""
    listings = [each.listing for each in shown]
    return PartyProfile(
        id=party,
        name=listings[0].primary_name,
        entity_type=next((each.entity_type for each in listings if each.entity_type), None),
        members=_members(table, party, listings, met),
        names=_each(name.text for each in listings for name in each.names),
        countries=_each(country for each in listings for country in each.countries),
        identifiers=_each(
            f"{number.kind}: {number.value}" for each in listings for number in each.identifiers
        ),
        measures=_measures(shown),
        evidence=table.links(party),
        perhaps=table.perhaps(party),
        related=table.related(party),
    )


def _members(
    table: PartyTable, party: str, listings: Iterable[Listing], met: Collection[str]
) -> tuple[PartyMember, ...]:
    shown = {each.id for each in listings}
    return tuple(
        PartyMember(
            listing_id=each,
            list_code=each.partition("-")[0],
            found_by="question" if each in met else "party" if each in shown else None,
        )
        for each in table.members(party)
    )


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _measures(shown: Iterable[Hit | PartyHit]) -> tuple[PartyMeasure, ...]:
    """Return the measures of all listings, most severe first; those of one status together."""
    found: dict[tuple[str, StatusWord], tuple[MeasureOnDay, list[str]]] = {}
    for each in shown:
        for measure in each.measures:
            _, listings = found.setdefault((measure.id, measure.status), (measure, []))
            listings.append(each.listing.id)
    ordered = sorted(found.values(), key=lambda each: _severity(each[0]))
    return tuple(
        PartyMeasure(
            id=measure.id,
            title=measure.title,
            authority=measure.authority,
            status=measure.status,
            effect=measure.effect,
            condition=measure.condition,
            listings=tuple(listings),
        )
        for measure, listings in ordered
    )


def _severity(measure: MeasureOnDay) -> tuple[int, int, str]:
    """Return a sort key: what binds, then what may again, then what has ended; then by effect."""
    binds = 0 if measure.status in BITES else 2 if measure.status in ENDED else 1
    effects = [SEVERITY[each.kind] for each in measure.effect]
    return binds, min(effects, default=len(SEVERITY)), measure.id
