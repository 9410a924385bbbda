"""A record of the Canadian list as a listing."""

from collections.abc import Iterator

from service.model.errors import RowRefusedError
from service.model.listing import EntityType, Fact, Identifier, Listing
from service.parse.ca_sema.names import alias_names, entity_names, person_names
from service.parse.ca_sema.records import Record
from service.parse.days import read_day
from service.parse.listing_ids import key_of_name
from service.parse.printed_names import collect_names

LIST_CODE = "ca_sema"
SOURCE_URL = (
    "https://www.international.gc.ca/world-monde/international_relations-relations_internationales"
    "/sanctions/consolidated-consolide.aspx"
)
# One regulation has been printed in several ways over the years; the register and the ids know
# it by the first. By the English half; all others stay as printed.
_PROGRAMMES = {
    "Belarus": "Belarus / Bélarus",
    "Burma": "Burma / Birmanie",
    "China": "China/Chine",
    "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR)": (
        "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR) / Règlement "
        "relatif à la justice pour les victimes de dirigeants étrangers corrompus (RJVDEC)"
    ),
    "Myanmar (Burma)": "Burma / Birmanie",
    "Russia": "Russia / Russie",
    "South Sudan": "South Sudan / Soudan du sud",
    "Syria": "Syria / Syrie",
}
_NO_SCHEDULE = "N/A"


def listing_of(record: Record) -> tuple[str, Listing]:
    """The key and the listing, with an empty id that its whole list is needed for.

    Canada gives no numbers that last: an item is renumbered when one before it goes. So the key
    is made of the regulation and the name. `programmes` is that regulation, named by its country;
    it is not the party's country, and the list prints none, so `countries` is empty.

    Raises:
        RowRefusedError: no name, both a person's and an entity's, or a day that cannot be read.
    """
    is_person = record.last_name is not None or record.given_name is not None
    if is_person == (record.entity is not None):
        reason = "has no name" if record.entity is None else "names both a person and an entity"
        raise RowRefusedError(record.where, reason)
    primary, beside = (
        entity_names(record.entity)
        if record.entity is not None
        else person_names(record.given_name, record.last_name)
    )
    programme = _programme(record.country)
    aliases = alias_names(record.aliases, is_person=is_person)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, (*beside, *aliases)),
        entity_type=_entity_type(record),
        identifiers=_identifiers(record),
        programmes=(programme,),
        citations=_citations(record),
        listed_on=read_day(record.where, "DateOfListing", record.listed),
        facts=tuple(_facts(record)),
        source_url=SOURCE_URL,
        information_url=SOURCE_URL,
    )
    return key_of_name(f"{programme}: {primary}"), listing


def _programme(country: str) -> str:
    english = country.partition("/")[0].strip()
    return _PROGRAMMES.get(english, country)


def _entity_type(record: Record) -> EntityType:
    if record.entity is None:
        return "person"
    # Only ships have a number, and the title of an entity is the type of a ship.
    return "organisation" if record.imo_number is None and record.title is None else "vessel"


def _identifiers(record: Record) -> tuple[Identifier, ...]:
    if record.imo_number is None:
        return ()
    return (Identifier(kind="IMO number", value=record.imo_number),)


def _citations(record: Record) -> tuple[str, ...]:
    """`Russia / Russie, Schedule 1, Part 1, item 94`: the place in the regulation."""
    schedule = None if record.schedule in {None, _NO_SCHEDULE} else f"Schedule {record.schedule}"
    item = None if record.item is None else f"item {record.item}"
    place = ", ".join(filter(None, (schedule, item)))
    return (f"{record.country}, {place}",) if place else ()


def _facts(record: Record) -> Iterator[Fact]:
    is_ship = _entity_type(record) == "vessel"
    printed = (
        ("vessel_type" if is_ship else "title", record.title),
        ("build_date" if is_ship else "date_of_birth", record.born),
        ("regulation", record.country),
        ("schedule", record.schedule),
        ("item", record.item),
        ("aliases_as_printed", "; ".join(record.aliases) or None),
    )
    for kind, value in printed:
        if value is not None:
            yield Fact(kind=kind, value=value)
