"""A party as any of OFAC's files prints it, and the listings it makes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError, RowRefusedError
from service.model.listing import Address, EntityType, Fact, Listing, Name, NameKind
from service.parse.countries import country_code
from service.parse.listing_ids import give_ids, key_of_number
from service.parse.printed_names import collect_names
from service.parse.us_ofac.lists import LISTS_OF, SDN, UNKNOWN_LIST, check_sdn, non_sdn_lists
from service.parse.us_ofac.said import Said, fact_of, identifier_of, is_number, ties_to_country

_SOURCE_URLS = {
    True: "https://sanctionslist.ofac.treas.gov/Home/SdnList",
    False: "https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
}
_INFORMATION_URL = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
_ENTITY_TYPES: dict[str, EntityType] = {
    "individual": "person",
    "entity": "organisation",
    "vessel": "vessel",
    "aircraft": "aircraft",
}
_NAME_KINDS: dict[str, NameKind] = {"aka": "alias", "fka": "former", "nka": "alias"}


class OnList(msgspec.Struct, frozen=True):
    """That a party is on a list, and since when, where the file says so."""

    list_code: str
    listed_on: date | None = None


def lists_of_programmes(
    source: str, where: str, programmes: tuple[str, ...], printed: str
) -> tuple[OnList, ...]:
    """The lists of a party whose file names only programmes; `printed` is all it says.

    Whatever stands in the SDN List's file is on that list, of which programme it may be.

    Raises:
        RowRefusedError: the programmes of an entry of the SDN List belong to the other source.
    """
    if source != SDN:
        return tuple(map(OnList, non_sdn_lists(programmes, printed)))
    check_sdn(where, programmes)
    return (OnList(SDN),)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """One party with all that a file says of it; it is a listing of each of its lists.

    `number` is OFAC's lasting one: `ent_num` of the CSV files, `uid` of the classic XML, `id` of
    an entity of the enhanced and delta files. `names` are as printed, the primary one first.
    """

    number: str
    entity_type: EntityType
    lists: tuple[OnList, ...]
    names: tuple[Name, ...]
    programmes: tuple[str, ...]
    addresses: tuple[Address, ...]
    said: tuple[Said, ...]
    citations: tuple[str, ...] = ()
    remarks: str | None = None


def listings_of(
    parties: Iterable[Party], list_codes: Iterable[str]
) -> dict[str, tuple[Listing, ...]]:
    """The listings by list, in printed order; parties on none of these lists make none."""
    wanted = frozenset(list_codes)
    keyed = defaultdict[str, list[tuple[str, Listing]]](list)
    for party in parties:
        on_lists = [each for each in party.lists if each.list_code in wanted]
        if not on_lists:
            continue
        listing = _listing(party)
        for each in on_lists:
            placed = msgspec.structs.replace(
                listing,
                listed_on=each.listed_on,
                source_url=_SOURCE_URLS[each.list_code == SDN],
                facts=(*listing.facts, *_doubt(party, each.list_code)),
            )
            keyed[each.list_code].append((key_of_number(party.number), placed))
    return {code: give_ids(code, pairs) for code, pairs in sorted(keyed.items())}


def editions_of(
    source: str, parties: Iterable[Party], published_on: date | None
) -> tuple[ParsedEdition, ...]:
    """One edition for each list of the source that has entries, by list code.

    Raises:
        ListRefusedError: not a single entry.
        RowRefusedError: a party stands twice, or is on no list of this source.
    """
    checked = _checked(source, parties)
    if not checked:
        raise ListRefusedError(source, "the file has no entries")
    return tuple(
        ParsedEdition(list_code=code, published_on=published_on, listings=listings)
        for code, listings in listings_of(checked, LISTS_OF[source]).items()
    )


def entity_type(where: str, printed: str) -> EntityType:
    """The type of party, whatever its capitals.

    Raises:
        RowRefusedError: another word.
    """
    if printed.casefold() not in _ENTITY_TYPES:
        raise RowRefusedError(where, f"unknown kind of party {printed!r}")
    return _ENTITY_TYPES[printed.casefold()]


def alias_kind(where: str, printed: str, *, weak: bool) -> NameKind:
    """The kind of a further name: `aka`, `F.K.A.`; `nka` is what a party is called now.

    Raises:
        RowRefusedError: another word.
    """
    word = printed.replace(".", "").casefold()
    if word not in _NAME_KINDS:
        raise RowRefusedError(where, f"unknown kind of name {printed!r}")
    kind = _NAME_KINDS[word]
    return "weak_alias" if weak and kind == "alias" else kind


def _checked(source: str, parties: Iterable[Party]) -> list[Party]:
    found = dict[str, Party]()
    for party in parties:
        where = f"entry {party.number}"
        if party.number in found:
            raise RowRefusedError(where, "stands twice in the file")
        if not any(each.list_code in LISTS_OF[source] for each in party.lists):
            raise RowRefusedError(where, "is on none of the lists of this file")
        found[party.number] = party
    return list(found.values())


def _doubt(party: Party, list_code: str) -> Iterator[Fact]:
    """What the listing says of a list that is not known."""
    if list_code == UNKNOWN_LIST:
        further = " further" if len(party.lists) > 1 else ""
        value = f"which{further} one of OFAC's non-SDN lists it is on, the file does not say"
        yield Fact(kind="list_not_known", value=value)


def _listing(party: Party) -> Listing:
    """The listing without id, list and day. `countries` as the party is tied to them.

    Those are the ones of its addresses, nationality, citizenship and registration; not a
    vessel's flag, not where a document was issued, not a birthplace.
    """
    facts = tuple(fact_of(said) for said in party.said if not is_number(said))
    tying = (country_code(fact.value) for fact in facts if ties_to_country(fact))
    codes = (*(address.country for address in party.addresses), *tying)
    return Listing(
        id="",
        list_code="",
        names=collect_names(party.names[0].text, party.names[1:]),
        entity_type=party.entity_type,
        entry_id=party.number,
        addresses=party.addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=tuple(identifier_of(said) for said in party.said if is_number(said)),
        programmes=party.programmes,
        citations=party.citations,
        remarks=party.remarks,
        facts=facts,
        information_url=f"{_INFORMATION_URL}{party.number}",
    )
