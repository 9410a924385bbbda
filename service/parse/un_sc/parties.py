"""A party of the UN list as a listing."""

from collections.abc import Iterator

from service.model.listing import EntityType, Fact, Identifier, Listing, Name
from service.parse.countries import country_code
from service.parse.days import find_day, read_day
from service.parse.elements import ElementRow
from service.parse.printed_names import collect_names, split_names, tidy
from service.parse.un_sc.addresses import read_addresses
from service.parse.un_sc.aliases import read_aliases
from service.parse.un_sc.elements import Party, values

LIST_CODE = "un_sc"
SOURCE_URL = "https://scsanctions.un.org/"
INFORMATION_URL = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"

_ENTITY_TYPES: dict[str, EntityType] = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
# Sorting aids and the version of the entry's own layout.
_SAYS_NOTHING = ("VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD", "LIST_TYPE")


def listing_of(party: Party) -> Listing:
    """The listing, with an empty id that its whole list is needed for.

    `countries` are those of its addresses and nationalities; a birthplace or the country of a
    passport ties nobody to a country. `listed_on` is None where the UN have left the day blank, as
    they had for QDi.434 in April 2023.

    Raises:
        RowRefusedError: an element is missing, unknown or unreadable.
    """
    row = party.row
    reference = row.take("REFERENCE_NUMBER")
    identifiers, document_facts = _documents(row)
    aliases, alias_facts = read_aliases(row, party.tag)
    addresses = read_addresses(row, party.tag)
    nationalities = values(row, "NATIONALITY")
    codes = [*(address.country for address in addresses), *map(country_code, nationalities)]
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(_primary(row), [*_original(row), *aliases]),
        entity_type=_ENTITY_TYPES[party.tag],
        entry_id=reference,
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=tuple(identifiers),
        programmes=(row.take("UN_LIST_TYPE"),),
        listed_on=read_day(row.where, "LISTED_ON", row.take_or_blank("LISTED_ON")),
        remarks=row.find("COMMENTS1"),
        facts=(
            *_facts(row),
            *(Fact(kind="nationality", value=text) for text in nationalities),
            *document_facts,
            *alias_facts,
        ),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )
    row.close(*_SAYS_NOTHING)
    return listing


def _primary(row: ElementRow) -> str:
    first = row.take("FIRST_NAME")
    others = (row.find(f"{nth}_NAME") for nth in ("SECOND", "THIRD", "FOURTH"))
    return " ".join(map(tidy, filter(None, (first, *others))))


def _original(row: ElementRow) -> Iterator[Name]:
    printed = row.find("NAME_ORIGINAL_SCRIPT")
    for text in split_names(printed or ""):
        yield Name(text=text, kind="alias", language="original script")


def _documents(row: ElementRow) -> tuple[list[Identifier], list[Fact]]:
    """The documents: those with a number, and in words those whose number stands in a remark."""
    documents = [_document(document) for document in row.rows("INDIVIDUAL_DOCUMENT")]
    numbered = [document for document in documents if document.value]
    remarked = [document for document in documents if not document.value]
    told = [": ".join(filter(None, (document.kind, document.note))) for document in remarked]
    return numbered, [Fact(kind="document", value=text) for text in told]


def _document(row: ElementRow) -> Identifier:
    kind, kind_2, number = (
        row.find(tag) for tag in ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER")
    )
    issuer, country = row.find("ISSUING_COUNTRY"), row.find("COUNTRY_OF_ISSUE")
    city, note = row.find("CITY_OF_ISSUE"), row.find("NOTE")
    issued, expires = row.find("DATE_OF_ISSUE"), row.find("DATE_OF_EXPIRY")
    row.close()
    issued_on, expires_on = find_day(issued or ""), find_day(expires or "")
    place = ", ".join(filter(None, (city, country)))
    said = (
        kind_2 if kind is not None else None,
        f"issued in {place}" if place else None,
        f"issued {issued}" if issued is not None and not (issued_on and number) else None,
        f"expires {expires}" if expires is not None and not (expires_on and number) else None,
        f"issued by {issuer}" if issuer is not None and not number else None,
        note,
    )
    return Identifier(
        kind=kind or kind_2 or "document",
        value=number or "",
        country=country_code(issuer or country or ""),
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, said)) or None,
    )


def _facts(row: ElementRow) -> Iterator[Fact]:
    printed = [
        *(("title", text) for text in values(row, "TITLE")),
        *(("designation", text) for text in values(row, "DESIGNATION")),
        ("gender", row.find("GENDER")),
        *(("date_of_birth", text) for text in _births(row)),
        *(("place_of_birth", text) for text in _birthplaces(row)),
        ("submitted_by", row.find("SUBMITTED_BY")),
        ("submitted_on", row.find("SUBMITTED_ON")),
        *(("last_updated", text) for text in values(row, "LAST_DAY_UPDATED")),
        ("data_id", row.take("DATAID")),
        ("has_interpol_link", row.find("HAS_INTERPOL_LINK")),
        ("interpol_link", row.find("INTERPOL_LINK")),
    ]
    for kind, value in printed:
        if value is not None:
            yield Fact(kind=kind, value=value)


def _births(row: ElementRow) -> Iterator[str]:
    """`1964-07-17`, `1965 to 1969`, `approximately 1958 (from false passport)`."""
    for birth in row.rows("INDIVIDUAL_DATE_OF_BIRTH"):
        kind, day, year = birth.find("TYPE_OF_DATE"), birth.find("DATE"), birth.find("YEAR")
        years = " to ".join(filter(None, (birth.find("FROM_YEAR"), birth.find("TO_YEAR"))))
        note = birth.find("NOTE")
        birth.close()
        about = "approximately" if kind == "APPROXIMATELY" else None
        remark = None if note is None else f"({note})"
        text = " ".join(filter(None, (about, day or year or years, remark)))
        if day or year or years or note:
            yield text


def _birthplaces(row: ElementRow) -> Iterator[str]:
    for place in row.rows("INDIVIDUAL_PLACE_OF_BIRTH"):
        parts = [
            place.find(tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")
        ]
        place.close()
        yield ", ".join(filter(None, parts))
