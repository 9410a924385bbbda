"""An entry of the Consolidated Screening List as a listing."""

import re
from collections.abc import Iterable, Sequence

from service.model.errors import RowRefusedError
from service.model.listing import Address, EntityType, Fact, Identifier, Listing, Name
from service.parse.citations import read_citations
from service.parse.countries import country_code
from service.parse.days import find_day, read_day
from service.parse.listing_ids import key_of_name, key_of_number
from service.parse.printed_names import collect_names, split_names, tidy
from service.parse.rows import filled
from service.parse.us_csl.entries import CslAddress, CslEntry, CslId
from service.parse.us_csl.identifiers import is_remark
from service.parse.us_csl.turned_names import as_turned, turned_back

_TURNED_LIST = "us_ddtc"
_ENTITY_TYPES: dict[str, EntityType] = {
    "Individual": "person",
    "Entity": "organisation",
    "Vessel": "vessel",
    "Aircraft": "aircraft",
}
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP"
)
# 279 of the 665 addresses of the Denied Persons List of 2023 end so, without a country.
_US_END = re.compile(rf",\s*(?:{_STATES.replace(' ', '|')}),?\s+\d{{5}}(?:-\d{{4}})?$")


def listing_of(where: str, list_code: str, entry: CslEntry) -> Listing:
    """The listing, with an empty id that its whole list is needed for.

    A name turned round with its aliases is put right; it stays among the facts as printed.
    `countries` are those that the publisher ties the party to: of its addresses, its nationality
    and its citizenship; not a vessel's flag, not where a passport was issued, not a birthplace.

    Raises:
        RowRefusedError: no name, an unknown type, or a day that is none.
    """
    name = tidy(entry.name)
    if not name:
        raise RowRefusedError(where, "name is blank")
    turned = turned_back(entry.name.strip()) if list_code == _TURNED_LIST else None
    names = _names(*(turned or (name, ())), entry.alt_names or ())
    addresses = tuple(filter(None, map(_address, entry.addresses or ())))
    ids = tuple(entry.ids or ())
    return Listing(
        id="",
        list_code=list_code,
        names=names,
        entity_type=_entity_type(where, entry.type),
        entry_id=_first(entry.hex_id, entry.id, entry.entity_number),
        addresses=addresses,
        countries=_countries(addresses, entry),
        identifiers=tuple(_identifier(number) for number in ids if _is_number(number)),
        programmes=filled(entry.programs or ()),
        licence_requirement=_text(entry.license_requirement),
        licence_review_policy=_text(entry.license_policy),
        citations=read_citations(entry.federal_register_notice),
        listed_on=read_day(where, "start_date", entry.start_date)
        or read_day(where, "date_of_listing", entry.date_of_listing),
        expires_on=read_day(where, "end_date", entry.end_date),
        remarks=_text(entry.remarks),
        facts=(*_facts(entry, ids), *_printed_name(name, names)),
        source_url=_text(entry.source_list_url),
        information_url=_text(entry.source_information_url),
    )


def key_of(entry: CslEntry, listing: Listing) -> str:
    """What the id is made of: the lasting number, or the name as the newest files print it."""
    number = number_of(entry)
    if number is not None:
        return key_of_number(number)
    name = listing.primary_name
    return key_of_name(as_turned(name) if listing.list_code == _TURNED_LIST else name)


def number_of(entry: CslEntry) -> str | None:
    """The publisher's lasting number, None where it has none (BIS, State)."""
    return _text(entry.entity_number)


def _names(primary: str, inside: Sequence[Name], printed: Iterable[str]) -> tuple[Name, ...]:
    # `A; B; and C` is how the Federal Register ends a row of aliases; also seen: `A; and; B`.
    texts = (text.removeprefix("and ") for item in printed for text in split_names(item))
    aliases = (Name(text=text, kind="alias") for text in texts if text != "and")
    return collect_names(primary, (*inside, *aliases))


def _entity_type(where: str, printed: str | None) -> EntityType | None:
    text = _text(printed)
    if text is None:
        return None
    if text not in _ENTITY_TYPES:
        raise RowRefusedError(where, f"type: unknown kind of party {text!r}")
    return _ENTITY_TYPES[text]


def _address(printed: CslAddress) -> Address | None:
    street, city, region = _line(printed.address), _line(printed.city), _line(printed.state)
    postal_code, country = _line(printed.postal_code), _line(printed.country)
    text = ", ".join(filter(None, (street, city, region, postal_code, country)))
    if not text:
        return None
    if text == street:
        return Address(text=text.removeprefix("and "), country=_country_at_end(text))
    return Address(
        text=text,
        street=street,
        city=city,
        region=region,
        postal_code=postal_code,
        country=None if country is None else country_code(country),
    )


def _country_at_end(text: str) -> str | None:
    return "US" if _US_END.search(text) else country_code(text.rpartition(", ")[2])


def _countries(addresses: tuple[Address, ...], entry: CslEntry) -> tuple[str, ...]:
    told = [entry.country or "", *(entry.nationalities or ()), *(entry.citizenships or ())]
    codes = [*(address.country for address in addresses), *map(country_code, told)]
    return tuple(dict.fromkeys(filter(None, codes)))


def _is_number(printed: CslId) -> bool:
    return not is_remark(_kind(printed)) and _text(printed.number) is not None


def _kind(printed: CslId) -> str:
    return _text(printed.type) or "identifier"


def _identifier(printed: CslId) -> Identifier:
    issued, expires = printed.issue_date or "", printed.expiration_date or ""
    issued_on, expires_on = find_day(issued), find_day(expires)
    # `1999` and `May 2006` are no days; they stay as words.
    vague = (
        f"issued {issued}" if issued and issued_on is None else None,
        f"expires {expires}" if expires and expires_on is None else None,
    )
    return Identifier(
        kind=_kind(printed),
        value=_text(printed.number) or "",
        country=country_code(printed.country or ""),
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, (printed.note, *vague))) or None,
    )


def _facts(entry: CslEntry, ids: tuple[CslId, ...]) -> list[Fact]:
    notice = _text(entry.federal_register_notice)
    says_more = notice is not None and "; ".join(read_citations(notice)) != notice
    printed = [
        ("title", _text(entry.title)),
        ("date_of_listing", _text(entry.date_of_listing)),
        # `0097-06-30`: no day a list means, so it is kept as it is printed
        *((field, day) for field, day in _days(entry) if read_day(field, field, day) is None),
        ("standard_order", _text(entry.standard_order)),
        ("federal_register_notice", notice if says_more else None),
        ("call_sign", _text(entry.call_sign)),
        ("vessel_type", _text(entry.vessel_type)),
        ("gross_tonnage", _text(entry.gross_tonnage)),
        ("gross_registered_tonnage", _text(entry.gross_registered_tonnage)),
        ("vessel_flag", _text(entry.vessel_flag)),
        ("vessel_owner", _text(entry.vessel_owner)),
        *(("date_of_birth", text) for text in filled(entry.dates_of_birth or ())),
        *(("place_of_birth", text) for text in filled(entry.places_of_birth or ())),
        *(("nationality", text) for text in filled(entry.nationalities or ())),
        *(("citizenship", text) for text in filled(entry.citizenships or ())),
        *((_word(_kind(said)), _first(*_said(said))) for said in ids if not _is_number(said)),
    ]
    return [Fact(kind=kind, value=value) for kind, value in printed if value is not None]


def _printed_name(printed: str, names: tuple[Name, ...]) -> list[Fact]:
    """The name as printed, where the listing has it in another order."""
    is_kept = printed == names[0].text
    return [] if is_kept else [Fact(kind="printed_name", value=printed)]


def _days(entry: CslEntry) -> list[tuple[str, str]]:
    printed = (("start_date", _text(entry.start_date)), ("end_date", _text(entry.end_date)))
    return [(field, day) for field, day in printed if day is not None]


def _said(printed: CslId) -> tuple[str | int | None, ...]:
    """What an id says, the best first; one without a number may still name a country or day."""
    days = (printed.issue_date, printed.expiration_date)
    return (printed.number, printed.note, printed.country, *days)


def _word(kind: str) -> str:
    """`Secondary sanctions risk:` → `secondary_sanctions_risk`."""
    return re.sub(r"[^a-z0-9]+", "_", kind.casefold()).strip("_")


def _first(*printed: str | int | None) -> str | None:
    return next(filter(None, map(_text, printed)), None)


def _line(printed: str | None) -> str | None:
    return None if printed is None else " ".join(printed.split()) or None


def _text(printed: str | int | None) -> str | None:
    return None if printed is None else str(printed).strip() or None
