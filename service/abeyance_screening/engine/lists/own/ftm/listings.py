"""Turn FollowTheMoney entities into listings: each party with the entities linked to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

import msgspec

from abeyance_screening.engine.lists.listing import (
    Address,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.own.ftm.entities import (
    DOCUMENTS,
    ENDS,
    NAMES,
    NUMBERS,
    POINTERS,
    FtmEntity,
    FtmUnknown,
    ends_of,
    entity_type_of,
    fact_kind,
    is_known_schema,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day
from abeyance_screening.engine.lists.reading.records import filled, key_of_number
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    notes_are_taken,
    read_records,
)
from abeyance_screening.primitives.errors import RowRefusedError

# Properties that tie a party to a country; a place of birth or a ship's flag does not.
_COUNTRIES = ("country", "jurisdiction", "mainCountry", "nationality", "citizenship")
# Properties that have their own field in a listing.
_READ = {*NAMES, *NUMBERS, *POINTERS, "address", "program", "notes"}
_ADDRESS_READ = {"full", "street", "street2", "city", "postalCode", "region", "state", "country"}
_DOCUMENT_READ = {"holder", "type", "country", "number", "passportNumber", "startDate", "endDate"}


class Graph(Protocol):
    """Entities that can be asked for one by one, and the links between them."""

    def find(self, entity_id: str) -> FtmEntity | None:
        """Return the entity with an id, None where there is none."""
        ...

    def pointing(self, entity_id: str) -> Sequence[FtmEntity]:
        """Return the links and documents that point to an entity, by their ids."""
        ...


class HeldEntities:
    """A few entities that are held in memory."""

    def __init__(self, entities: Iterable[FtmEntity]) -> None:
        """Take the entities, in any order, each once."""
        self._entities = {each.id: each for each in entities}
        self._pointing = defaultdict[str, list[FtmEntity]](list)
        for _, entity in sorted(self._entities.items()):
            for other in ends_of(entity):
                self._pointing[other].append(entity)

    @property
    def marked(self) -> bool:
        """Whether it is known which entities are listed; else every party is."""
        return any(each.target is not None for each in self._entities.values())

    def candidates(self) -> Iterator[FtmEntity]:
        """Yield all entities."""
        yield from self._entities.values()

    def has(self, entity_id: str) -> bool:
        """Return whether there is an entity with an id."""
        return entity_id in self._entities

    def find(self, entity_id: str) -> FtmEntity | None:
        """Return the entity with an id, None where there is none."""
        return self._entities.get(entity_id)

    def pointing(self, entity_id: str) -> Sequence[FtmEntity]:
        """Return the links and documents that point to an entity, by their ids."""
        return self._pointing.get(entity_id, ())


def listed_parties(entities: Iterable[FtmEntity], *, marked: bool) -> Iterator[FtmEntity]:
    """Yield the entities that are listed, in the order given.

    They are those marked as target. Where no entity has the mark (`marked` is false), every party
    is listed. What is unknown in the other entities is noted.
    """
    for entity in entities:
        is_strange = entity.target is True and not entity.is_party
        if is_strange and not notes_are_taken():
            reason = f"is marked as target, but {entity.schema} is not a party"
            raise RowRefusedError(entity.id, reason)
        if is_strange and is_known_schema(entity.schema):
            part = FtmUnknown("target that is no party", entity.schema, "kind")
            yield msgspec.structs.replace(entity, unknown=(*entity.unknown, part))
        elif is_strange or (entity.is_party and _is_target(entity, marked=marked)):
            yield entity
        else:
            _note(entity)


def listings_of(list_code: str, parties: Iterable[FtmEntity], graph: Graph) -> Iterator[Listing]:
    """Yield the listings of parties; one that cannot be read is kept by its names."""

    def read(party: FtmEntity) -> Listing:
        if party.fault is not None:
            raise RowRefusedError(party.id, party.fault)
        _note(party)
        return listing_of(list_code, party, graph)

    def rescue(party: FtmEntity) -> Rescued:
        names = (text for name in NAMES for text in party.values(name))
        return Rescued(
            names=[*filter(None, [party.caption]), *names],
            list_code=list_code,
            entry_id=party.id,
            entity_type=entity_type_of(party.schema),
            programmes=_programmes(party, _sanctions(party, graph)),
        )

    for party, listing in read_records(parties, read, rescue):
        yield msgspec.structs.replace(listing, id=f"{list_code}-{key_of_number(party.id)}")


def is_listed(entity: FtmEntity, *, marked: bool) -> bool:
    """Return whether `listed_parties` yields an entity."""
    return entity.target is True or (entity.is_party and _is_target(entity, marked=marked))


def _is_target(entity: FtmEntity, *, marked: bool) -> bool:
    """Return whether a party is listed; one whose mark cannot be read is."""
    if entity.fault is not None:
        return entity.target is not False
    return bool(entity.target) or not marked


def _note(entity: FtmEntity) -> None:
    for part in entity.unknown:
        note_unknown(entity.id, part.what, part.value, may_hide=part.may_hide)


def _sanctions(party: FtmEntity, graph: Graph) -> list[FtmEntity]:
    return [each for each in graph.pointing(party.id) if each.schema == "Sanction"]


def listing_of(list_code: str, party: FtmEntity, graph: Graph) -> Listing:
    """Return the listing of a party, with its id.

    Names, numbers, addresses and days are used as printed, and nothing is extracted from them.
    `listed_on` is the first day on which a Sanction starts, or else is listed; `expires_on` the
    last day on which one ends, provided that each of them ends on a day. Data without a field in a
    listing become facts under the name of their property, or of the schema they are from.
    """
    pointing = graph.pointing(party.id)
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


def _addresses(party: FtmEntity, graph: Graph) -> Iterator[Address]:
    texts = set[str]()
    for other in party.values("addressEntity"):
        entity = graph.find(other)
        address = None if entity is None else _address(entity)
        if address is not None and address.text not in texts:
            texts.add(address.text)
            yield address
    for text in party.values("address"):
        if text not in texts:
            texts.add(text)
            yield Address(text=text)


def _address(entity: FtmEntity) -> Address | None:
    def joined(*names: str) -> str | None:
        return ", ".join(value for name in names for value in entity.values(name)) or None

    parts = joined("postOfficeBox", "street", "street2", "postalCode", "city", "region", "state")
    text = joined("full") or parts or joined("summary", "remarks", "name") or joined("country")
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
        street=joined("street", "street2"),
        city=joined("city"),
        region=joined("region", "state"),
        postal_code=joined("postalCode"),
        country=next(countries, None),
        note="; ".join(notes) or None,
    )


def _code(printed: str) -> str | None:
    """Return the country of `ru`, `gb-sct` or `ua-cri`; None for `suhh` and `eu`."""
    return country_code(printed.partition("-")[0].upper())


def _names(party: FtmEntity) -> tuple[Name, ...]:
    """Return the names, the caption first if it is one; a wallet without one has its key."""
    printed = list[tuple[str, NameKind]]()
    for name, kind in NAMES.items():
        for text in party.values(name):
            printed.append((text, kind))
    texts = [text for text, _ in printed]
    caption = (party.caption or "").strip()
    numbers = [value for name in sorted(NUMBERS) for value in party.values(name)]
    first = next(
        filter(None, (caption if caption in texts else "", *texts, caption, *numbers)), None
    )
    if first is None:
        raise RowRefusedError(party.id, f"the {party.schema} has no name")
    names = {first: Name(text=first, kind="primary")}
    for text, kind in printed:
        names.setdefault(text, Name(text=text, kind=kind))
    return tuple(names.values())


def _countries(party: FtmEntity, addresses: tuple[Address, ...]) -> tuple[str, ...]:
    codes = [_code(code) for name in _COUNTRIES for code in party.values(name)]
    codes += [address.country for address in addresses]
    return tuple(dict.fromkeys(filter(None, codes)))


def _identifiers(party: FtmEntity, documents: list[FtmEntity]) -> Iterator[Identifier]:
    numbers = set[str]()
    for document in documents:
        for number in document.values("number") or document.values("passportNumber"):
            numbers.add(number)
            yield _document(document, number)
    for name, values in party.properties.items():
        for value in values if name in NUMBERS else ():
            # a person's passport is repeated in the person's own properties
            if not (name in {"passportNumber", "idNumber"} and value in numbers):
                yield Identifier(kind=name, value=value)


def _document(document: FtmEntity, number: str) -> Identifier:
    start, end = _first(document, "startDate"), _first(document, "endDate")
    issued_on, expires_on = find_day(start or ""), find_day(end or "")
    notes = [
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
        note="; ".join(filter(None, notes)) or None,
    )


def _first(entity: FtmEntity, name: str) -> str | None:
    return next(iter(entity.values(name)), None)


def _programmes(party: FtmEntity, sanctions: list[FtmEntity]) -> tuple[str, ...]:
    printed = [each.values("program") or each.values("programId") for each in (party, *sanctions)]
    return filled(text for texts in printed for text in texts)


def _start(sanction: FtmEntity) -> date | None:
    days = sanction.values("startDate") or sanction.values("listingDate")
    return min(filter(None, map(find_day, days)), default=None)


def _expiry(sanctions: list[FtmEntity]) -> date | None:
    """Return the last day of the last sanction; None unless each of them ends on a day."""
    ends = [find_day(max(each.values("endDate"), default="")) for each in sanctions]
    days = [end for end in ends if end is not None]
    return max(days, default=None) if len(days) == len(ends) else None


def _facts(party: FtmEntity, pointing: Sequence[FtmEntity], graph: Graph) -> Iterator[Fact]:
    yield Fact(kind="schema", value=party.schema)
    for name in party.properties:
        for value in _remaining(party, name, graph):
            yield Fact(kind=fact_kind(name), value=value)
    for link in pointing:
        if link.schema not in DOCUMENTS:
            yield Fact(kind=fact_kind(link.schema), value=_link(party, link, graph))
    yield from (Fact(kind="dataset", value=value) for value in sorted(party.datasets))
    yield from (Fact(kind="referent", value=value) for value in sorted(party.referents))


def _remaining(party: FtmEntity, name: str, graph: Graph) -> tuple[str, ...]:
    """Return the values of a property that no field of the listing holds."""
    values = party.values(name)
    if name in POINTERS:
        return _pointed_entities(name, values, graph)
    if name == "country":
        return tuple(code for code in values if _code(code) is None)
    return () if name in _READ else values


def _pointed_entities(name: str, ids: tuple[str, ...], graph: Graph) -> tuple[str, ...]:
    """Return the entities a property points to; addresses that the listing holds are left out."""
    return tuple(
        _caption(other, graph)
        for other in ids
        if name != "addressEntity"
        or (entity := graph.find(other)) is None
        or _address(entity) is None
    )


def _caption(entity_id: str, graph: Graph) -> str:
    entity = graph.find(entity_id)
    names = () if entity is None else (entity.caption or "", *entity.values("name"))
    name = next(filter(None, names), None)
    return entity_id if name is None else f"{name} ({entity_id})"


def _link(party: FtmEntity, link: FtmEntity, graph: Graph) -> str:
    """Return all properties of a link on one line: `owner: Sun Ltd. (NK-1); percentage: 50`."""
    ends = ENDS[link.schema]
    texts = list[str]()
    for name in (*ends, *sorted(link.properties.keys() - set(ends))):
        others = [value for value in link.values(name) if name not in ends or value != party.id]
        is_id = name in ends or name == "proof"
        texts += (f"{name}: {_caption(each, graph) if is_id else each}" for each in others)
    return "; ".join(texts) or link.schema
