"""Listings out of entities: the parties, each with what points to it and what it points to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedDelta
from service.lists.ftm.entities import (
    DOCUMENTS,
    ENDS,
    NUMBERS,
    PARTIES,
    POINTERS,
    FtmChange,
    FtmEntity,
    entity_type_of,
    fact_kind,
)
from service.lists.listing import Address, Fact, Identifier, Listing, Name, NameKind
from service.lists.reading.countries import country_code
from service.lists.reading.days import find_day
from service.lists.reading.ids import key_of_number
from service.lists.reading.tables import filled

_NAMES: Mapping[str, NameKind] = {
    "name": "alias",
    "alias": "alias",
    "weakAlias": "weak_alias",
    # the model keeps both of these from being matched
    "abbreviation": "weak_alias",
    "previousName": "former",
}
# Countries that tie a party to them; where it was born or a ship's flag does not.
_COUNTRIES = ("country", "jurisdiction", "mainCountry", "nationality", "citizenship")
# Said by the listing's own fields.
_READ = {*_NAMES, *NUMBERS, *POINTERS, "address", "program", "notes"}
_ADDRESS_READ = {"full", "street", "street2", "city", "postalCode", "region", "state", "country"}
_DOCUMENT_READ = {"holder", "type", "country", "number", "passportNumber", "startDate", "endDate"}


class Graph(msgspec.Struct, frozen=True):
    """All entities by id, and for each id the links and documents that point to it."""

    entities: Mapping[str, FtmEntity]
    pointing: Mapping[str, list[FtmEntity]]


def graph_of(entities: Mapping[str, FtmEntity]) -> Graph:
    """The entities with what points to what; the order in which they stand does not matter."""
    pointing = defaultdict[str, list[FtmEntity]](list)
    for entity in sorted(entities.values(), key=lambda each: each.id):
        ends = ENDS.get(entity.schema, ())
        for other in dict.fromkeys(each for end in ends for each in entity.values(end)):
            pointing[other].append(entity)
    return Graph(entities, pointing)


def listed(entities: Mapping[str, FtmEntity]) -> list[FtmEntity]:
    """The entities that are listed, in printed order.

    They are those marked as target. A file of which no line has the mark lists every party in it.

    Raises:
        RowRefusedError: something is marked that is no party.
    """
    marked = any(entity.target is not None for entity in entities.values())
    found = list[FtmEntity]()
    for entity in entities.values():
        is_party = entity.schema in PARTIES
        if entity.target and not is_party:
            raise RowRefusedError(entity.id, f"marked as target, and {entity.schema} is no party")
        if is_party and (entity.target or not marked):
            found.append(entity)
    return found


def listing_of(list_code: str, party: FtmEntity, graph: Graph) -> Listing:
    """The listing of a party, with its id.

    Names, numbers, addresses and days are taken as they stand, nothing is taken out of them.
    `listed_on` is the first day on which a Sanction starts, or else is listed; `expires_on` the
    last on which one ends, where every one of them ends on a day. Whatever has no field of its
    own is a fact under its property's name, or under the name of the schema that says it.

    Raises:
        RowRefusedError: the party has no name.
    """
    pointing = graph.pointing.get(party.id, [])
    sanctions = [each for each in pointing if each.schema == "Sanction"]
    documents = [each for each in pointing if each.schema in DOCUMENTS]
    addresses = tuple(_addresses(party, graph))
    urls = filled(url for each in (party, *sanctions) for url in each.values("sourceUrl"))
    return Listing(
        id=f"{list_code}-{key_of_number(party.id)}",
        list_code=list_code,
        names=_names(party),
        entity_type=entity_type_of(party.schema),
        entry_id=party.id,
        addresses=addresses,
        countries=_countries(party, addresses),
        identifiers=tuple(_identifiers(party, documents)),
        programmes=_programmes(party, sanctions),
        listed_on=min(filter(None, map(_start, sanctions)), default=None),
        expires_on=_expiry(sanctions),
        remarks="\n".join(party.values("notes")) or None,
        facts=tuple(dict.fromkeys(_facts(party, pointing, graph))),
        source_url=urls[0] if urls else None,
    )


def _names(party: FtmEntity) -> tuple[Name, ...]:
    """The caption first, where it is one of the names; a wallet without a name has its key."""
    printed = list[tuple[str, NameKind]]()
    for name, kind in _NAMES.items():
        for text in party.values(name):
            printed.append((text, kind))
    texts = [text for text, _ in printed]
    caption = (party.caption or "").strip()
    numbers = [value for name in sorted(NUMBERS) for value in party.values(name)]
    first = next(
        filter(None, (caption if caption in texts else "", *texts, caption, *numbers)), None
    )
    if first is None:
        raise RowRefusedError(party.id, f"no name stands in the {party.schema}")
    names = {first: Name(text=first, kind="primary")}
    for text, kind in printed:
        names.setdefault(text, Name(text=text, kind=kind))
    return tuple(names.values())


def _addresses(party: FtmEntity, graph: Graph) -> Iterator[Address]:
    texts = set[str]()
    for other in party.values("addressEntity"):
        entity = graph.entities.get(other)
        address = None if entity is None else _address(entity)
        if address is not None and address.text not in texts:
            texts.add(address.text)
            yield address
    for text in party.values("address"):
        if text not in texts:
            texts.add(text)
            yield Address(text=text)


def _address(entity: FtmEntity) -> Address | None:
    def one(*names: str) -> str | None:
        return ", ".join(value for name in names for value in entity.values(name)) or None

    parts = one("postOfficeBox", "street", "street2", "postalCode", "city", "region", "state")
    text = one("full") or parts or one("summary", "remarks", "name") or one("country")
    if text is None:
        return None
    countries = filter(None, map(_code, entity.values("country")))
    notes = [
        value if name == "remarks" else f"{fact_kind(name)}: {value}"
        for name in entity.properties
        for value in entity.values(name)
        if name not in _ADDRESS_READ
    ]
    return Address(
        text=" ".join(text.split()),
        street=one("street", "street2"),
        city=one("city"),
        region=one("region", "state"),
        postal_code=one("postalCode"),
        country=next(countries, None),
        note="; ".join(notes) or None,
    )


def _countries(party: FtmEntity, addresses: tuple[Address, ...]) -> tuple[str, ...]:
    codes = [_code(code) for name in _COUNTRIES for code in party.values(name)]
    codes += [address.country for address in addresses]
    return tuple(dict.fromkeys(filter(None, codes)))


def _code(printed: str) -> str | None:
    """`ru`, `gb-sct` and `ua-cri` as the country; None for `suhh` and `eu`, which are none."""
    return country_code(printed.partition("-")[0].upper())


def _identifiers(party: FtmEntity, documents: list[FtmEntity]) -> Iterator[Identifier]:
    numbers = set[str]()
    for document in documents:
        for number in document.values("number") or document.values("passportNumber"):
            numbers.add(number)
            yield _document(document, number)
    for name, values in party.properties.items():
        for value in values if name in NUMBERS else ():
            # a person's passport stands once more under the person's own properties
            if not (name in {"passportNumber", "idNumber"} and value in numbers):
                yield Identifier(kind=name, value=value)


def _document(document: FtmEntity, number: str) -> Identifier:
    start, end = _first(document, "startDate"), _first(document, "endDate")
    issued_on, expires_on = find_day(start or ""), find_day(end or "")
    said = [
        f"issued {start}" if start is not None and issued_on is None else None,
        f"expires {end}" if end is not None and expires_on is None else None,
        *(
            f"{fact_kind(name)}: {value}"
            for name, values in document.properties.items()
            for value in values
            if name not in _DOCUMENT_READ
        ),
    ]
    return Identifier(
        kind=_first(document, "type") or document.schema,
        value=number,
        country=next(filter(None, map(_code, document.values("country"))), None),
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, said)) or None,
    )


def _programmes(party: FtmEntity, sanctions: list[FtmEntity]) -> tuple[str, ...]:
    told = [each.values("program") or each.values("programId") for each in (party, *sanctions)]
    return filled(text for texts in told for text in texts)


def _start(sanction: FtmEntity) -> date | None:
    days = sanction.values("startDate") or sanction.values("listingDate")
    return min(filter(None, map(find_day, days)), default=None)


def _expiry(sanctions: list[FtmEntity]) -> date | None:
    """The last day of the last sanction; None where one of them has no end that is a day."""
    ends = [find_day(max(each.values("endDate"), default="")) for each in sanctions]
    days = [end for end in ends if end is not None]
    return max(days, default=None) if len(days) == len(ends) else None


def _first(entity: FtmEntity, name: str) -> str | None:
    return next(iter(entity.values(name)), None)


def _facts(party: FtmEntity, pointing: list[FtmEntity], graph: Graph) -> Iterator[Fact]:
    yield Fact(kind="schema", value=party.schema)
    for name in party.properties:
        for value in _said(party, name, graph):
            yield Fact(kind=fact_kind(name), value=value)
    for link in pointing:
        if link.schema not in DOCUMENTS:
            yield Fact(kind=fact_kind(link.schema), value=_link(party, link, graph))
    yield from (Fact(kind="dataset", value=value) for value in sorted(party.datasets))
    yield from (Fact(kind="referent", value=value) for value in sorted(party.referents))


def _said(party: FtmEntity, name: str, graph: Graph) -> tuple[str, ...]:
    """What a property says that no field of the listing says already."""
    values = party.values(name)
    if name in POINTERS:
        return _pointed(name, values, graph)
    if name == "country":
        return tuple(code for code in values if _code(code) is None)
    return () if name in _READ else values


def _pointed(name: str, ids: tuple[str, ...], graph: Graph) -> tuple[str, ...]:
    """Whom a property of the party points to; addresses that were read are left out."""
    return tuple(
        _caption(other, graph)
        for other in ids
        if name != "addressEntity"
        or (entity := graph.entities.get(other)) is None
        or _address(entity) is None
    )


def _link(party: FtmEntity, link: FtmEntity, graph: Graph) -> str:
    """Everything a link says, on one line: `owner: Sun Ltd. (NK-1); percentage: 50`."""
    ends = ENDS[link.schema]
    said = list[str]()
    for name in (*ends, *sorted(link.properties.keys() - set(ends))):
        others = [value for value in link.values(name) if name not in ends or value != party.id]
        known = name in ends or name == "proof"
        said += (f"{name}: {_caption(each, graph) if known else each}" for each in others)
    return "; ".join(said) or link.schema


def _caption(entity_id: str, graph: Graph) -> str:
    entity = graph.entities.get(entity_id)
    names = () if entity is None else (entity.caption or "", *entity.values("name"))
    name = next(filter(None, names), None)
    return entity_id if name is None else f"{name} ({entity_id})"


# --- Deltas of FollowTheMoney exports: what changed from one version of a dataset to the next.


def apply_changes(
    list_code: str, entities: Mapping[str, FtmEntity], deltas: Sequence[Sequence[FtmChange]]
) -> dict[str, FtmEntity]:
    """The entities of a full export after deltas that followed on it, each id once.

    The result is what the later full export holds, because a delta has every entity whole that it
    adds or changes. Nothing in a delta says its place among others, so several are taken only
    where none of them touches what another one does.

    Raises:
        ListRefusedError: two deltas touch one entity.
        RowRefusedError: an entity is changed or deleted that is not there, or added that is.
    """
    after, touched = dict(entities), set[str]()
    for changes in deltas:
        own = {change.id for change in changes}
        if both := sorted(own & touched):
            reason = f"two deltas change {both[0]!r}, and neither says which came first"
            raise ListRefusedError(list_code, f"{reason}; load them one at a time")
        touched |= own
        for change in changes:
            _check(change, after)
            if change.entity is None:
                del after[change.id]
            else:
                after[change.id] = change.entity
    return after


def parse_delta(
    list_code: str, changes: Sequence[FtmChange], follows: tuple[str, ...]
) -> ParsedDelta:
    """A delta by itself, where all that it does to the list can be known from it alone.

    That is so where it adds parties with all that points to them, and deletes parties. A change
    of a party does not tell of the sanctions and documents that point to it and did not change,
    and an address or a sanction that changed does not tell of the rest of its party: those deltas
    are refused, and are read together with the full export that they follow on. A deletion has
    nothing but an id; one that is no listing's must be refused by whoever applies the delta.

    Raises:
        ListRefusedError: it does not say which parties are listed.
        RowRefusedError: a change whose effect cannot be known.
    """
    added = {change.id: change.entity for change in changes if change.entity is not None}
    for change in changes:
        if change.operation == "MOD":
            _refuse(change, "changes an entity, and what points to it may stand unchanged")
        if change.entity is not None:
            absent = [other for other in _points_to(change.entity) if other not in added]
            if absent:
                _refuse(change, f"points to {absent[0]!r}, which is not in it")
    parties = listed(added)
    if any(each.schema in PARTIES and each.target is None for each in added.values()):
        reason = "the delta does not say which parties are listed (no 'target')"
        raise ListRefusedError(list_code, reason)
    graph = graph_of(added)
    return ParsedDelta(
        list_code=list_code,
        published_on=None,
        put=tuple(listing_of(list_code, party, graph) for party in parties),
        gone=tuple(
            f"{list_code}-{key_of_number(change.id)}"
            for change in changes
            if change.entity is None
        ),
        follows=follows,
    )


def _points_to(entity: FtmEntity) -> list[str]:
    names = (*ENDS.get(entity.schema, ()), *sorted(POINTERS & entity.properties.keys()))
    return [other for name in names for other in entity.values(name)]


def _check(change: FtmChange, entities: Mapping[str, FtmEntity]) -> None:
    is_there = change.id in entities
    if is_there == (change.operation == "ADD"):
        found = "is there already" if is_there else "is not there"
        reason = (
            f"{change.operation} of {change.id!r}, which {found}: a delta before it is missing"
        )
        raise RowRefusedError(change.where, f"{reason}, or it was applied before")


def _refuse(change: FtmChange, why: str) -> None:
    reason = f"the delta {why}; give it together with the full export that it follows on"
    where = f"{change.where}, {change.id}"
    raise RowRefusedError(where, reason)
