"""One listing of the several entries that the EU list prints for one party."""

from collections.abc import Iterator

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Fact, Listing, Name
from service.parse.printed_names import collect_names


def merged(one: Listing, other: Listing) -> Listing:
    """Both prints of one party in one: the Commission prints it anew for each programme.

    Everything either print says is kept, without repeats, and the first print's primary name.
    `listed_on` is the earlier of the days that are told: from then on the party was listed under
    one programme at least; each act with its own days stays among the facts.

    Raises:
        RowRefusedError: the prints contradict each other on what the party is.
    """
    if one.entity_type != other.entity_type:
        where = f"sanctionEntity {one.entry_id}"
        reason = f"is printed as {one.entity_type} and again as {other.entity_type}"
        raise RowRefusedError(where, reason)
    days = [day for day in (one.listed_on, other.listed_on) if day is not None]
    again = Name(text=other.primary_name, kind="alias")
    remarks = [text for text in (one.remarks, other.remarks) if text is not None]
    return msgspec.structs.replace(
        one,
        names=collect_names(one.primary_name, (*one.names[1:], again, *other.names[1:])),
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        countries=tuple(dict.fromkeys((*one.countries, *other.countries))),
        identifiers=tuple(dict.fromkeys((*one.identifiers, *other.identifiers))),
        programmes=tuple(dict.fromkeys((*one.programmes, *other.programmes))),
        citations=tuple(dict.fromkeys((*one.citations, *other.citations))),
        listed_on=min(days, default=None),
        remarks="\n".join(dict.fromkeys(remarks)) or None,
        facts=tuple(dict.fromkeys((*one.facts, *other.facts, *_further_act(one, other)))),
        information_url=one.information_url or other.information_url,
    )


def _further_act(one: Listing, other: Listing) -> Iterator[Fact]:
    url = other.information_url
    if one.information_url is not None and url not in {None, one.information_url}:
        yield Fact(kind="act_url", value=f"{url}")
