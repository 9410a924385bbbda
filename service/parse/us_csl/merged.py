"""One listing of the several rows that trade.gov prints under one number and one name."""

import functools
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from service.model.listing import Listing
from service.parse.printed_names import collect_names


def united(rows: Iterable[tuple[str, Listing, bool]]) -> list[tuple[str, Listing]]:
    """The keys and listings in the order of their first rows.

    A row is a key, its listing, and whether the key is the publisher's own number for a party:
    under one number, one primary name and one type the rows are one party (Bank of Kunlun,
    printed twice in 2022, once for each address). Under one number and two names they are two,
    and so are rows of one name without numbers, each an order or a designation of its own.
    """
    found = defaultdict[tuple[str, str, str | None, int], list[Listing]](list)
    for place, (key, listing, is_numbered) in enumerate(rows):
        own_place = -1 if is_numbered else place
        found[key, listing.primary_name, listing.entity_type, own_place].append(listing)
    return [(key, _one_of(listings)) for (key, *_), listings in found.items()]


def _one_of(listings: list[Listing]) -> Listing:
    """One listing of all, the same in whichever order they are printed."""
    if len(listings) == 1:
        return listings[0]
    return functools.reduce(_merged, sorted(listings, key=msgspec.json.encode))


def _merged(one: Listing, other: Listing) -> Listing:
    """Everything either row says, without repeats; where both say one thing, the first's word.

    `listed_on` is the earlier day that is told; remarks stand one below the other.
    """
    days = [day for day in (one.listed_on, other.listed_on) if day is not None]
    remarks = [text for text in (one.remarks, other.remarks) if text is not None]
    return msgspec.structs.replace(
        one,
        names=collect_names(one.primary_name, (*one.names[1:], *other.names[1:])),
        addresses=_joined(one.addresses, other.addresses),
        countries=_joined(one.countries, other.countries),
        identifiers=_joined(one.identifiers, other.identifiers),
        programmes=_joined(one.programmes, other.programmes),
        licence_requirement=one.licence_requirement or other.licence_requirement,
        licence_review_policy=one.licence_review_policy or other.licence_review_policy,
        citations=_joined(one.citations, other.citations),
        listed_on=min(days, default=None),
        expires_on=one.expires_on or other.expires_on,
        remarks="\n".join(dict.fromkeys(remarks)) or None,
        facts=_joined(one.facts, other.facts),
    )


def _joined[T](one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other)))
