"""Listings for tests of parties, made from what each test is about."""

from collections.abc import Iterable

import msgspec

from abeyance_screening.engine.lists.listing import (
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
)
from abeyance_screening.engine.names.form import normalise_all
from abeyance_screening.engine.screening.parties.join import (
    Grouping,
    join_parties,
    write_request,
    write_traits,
)
from abeyance_screening.engine.screening.parties.joined_party import JoinedParty, PartyKnown
from abeyance_screening.engine.screening.parties.traits import CurrentListing, NamedForms


def listed(
    listing_id: str,
    *names: str,
    entity_type: EntityType | None = "organisation",
    countries: str = "",
    numbers: Iterable[tuple[str, str]] = (),
    facts: Iterable[tuple[str, str]] = (),
    remarks: str | None = None,
) -> Listing:
    """Return a listing; `listing_id` is `<list_code>-<key>`, the first name the primary one."""
    code, _, key = listing_id.rpartition("-")
    return Listing(
        id=listing_id,
        list_code=code,
        entry_id=key,
        names=tuple(
            Name(text=text, kind="alias" if place else "primary")
            for place, text in enumerate(names)
        ),
        entity_type=entity_type,
        countries=tuple(countries.split()),
        identifiers=tuple(Identifier(kind=kind, value=value) for kind, value in numbers),
        facts=tuple(Fact(kind=kind, value=value) for kind, value in facts),
        remarks=remarks,
    )


def under(programme: str, listing: Listing) -> Listing:
    """Return a listing as one under a programme."""
    return msgspec.structs.replace(listing, programmes=(programme,))


def _named(name: Name) -> NamedForms:
    return NamedForms(kind=name.kind, forms=normalise_all(name.text))


def current(listings: Iterable[Listing]) -> list[CurrentListing]:
    """Return listings as the index gives them."""
    return [(each, tuple(map(_named, each.names))) for each in listings]


def joined(*listings: Listing, splits: Iterable[frozenset[str]] = ()) -> Grouping:
    """Join listings into parties, by what is written for a process that joins."""
    request = write_request(write_traits(current(listings)), tuple(splits))
    parties = msgspec.msgpack.decode(join_parties(request), type=list[JoinedParty])
    members = {each.id: each.members for each in parties}
    of_several = {listing_id for some in members.values() for listing_id in some}
    members |= {each.id: (each.id,) for each in listings if each.id not in of_several}
    known = {each.id: msgspec.msgpack.decode(each.beside, type=PartyKnown) for each in parties}
    return Grouping(
        members=members,
        party_of={listing_id: party for party, some in members.items() for listing_id in some},
        links={party: each.links for party, each in known.items() if each.links},
        perhaps={party: each.perhaps for party, each in known.items() if each.perhaps},
        related={party: each.related for party, each in known.items() if each.related},
        owners={party: each.owners for party, each in known.items() if each.owners},
    )
