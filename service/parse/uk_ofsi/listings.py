"""A group of OFSI's list as a listing: all rows with one Group ID."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from service.model.errors import RowRefusedError
from service.model.listing import Address, EntityType, Fact, Identifier, Listing, Name, NameKind
from service.parse.countries import country_code
from service.parse.days import read_day_first
from service.parse.numbered import filled_numbered, split_numbered
from service.parse.printed_names import collect_names, tidy
from service.parse.rows import filled
from service.parse.uk_ofsi.documents import read_documents
from service.parse.uk_ofsi.entries import Entry
from service.parse.uk_ofsi.remarks import read_remarks

LIST_CODE = "uk_ofsi"
INFORMATION_URL = (
    "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets"
)

_ENTITY_TYPES: dict[str, EntityType] = {
    "Individual": "person",
    "Entity": "organisation",
    "Ship": "vessel",
}
_NAME_KINDS: dict[str, NameKind] = {
    "Prime Alias": "primary",
    "Primary name": "primary",
    "Primary name variation": "alias",
    "AKA": "alias",
    "FKA": "former",
}
_QUALITIES: dict[str, NameKind | None] = {
    "Good quality": None,
    "Low quality": "weak_alias",
    "": None,
}
# All seventeen are listed for what they did in the Democratic Republic.
_NATIONS = {"Congolese": "CD"}
_CODE_LENGTH = 2
_NON_LATIN = "non-Latin script"
# What stands among the remarks and is a number somebody issued.
_NUMBERS = {
    "imo_number": "IMO number",
    "business_reg_no": "Business Reg No",
    "hull_number": "Hull number",
}


def listing_of(entries: Sequence[Entry]) -> Listing:
    """The listing of a group's rows, with an empty id that its whole list is needed for.

    The regimes are the programmes; `listed_on` is the first day of several. `countries` are those
    of its addresses and nationalities.

    Raises:
        RowRefusedError: no name, a day that is none, rows that contradict each other, or an
            unknown group type, alias type or alias quality.
    """
    addresses = tuple(dict.fromkeys(filter(None, map(_address, entries))))
    nationalities = _each(entry.nationality for entry in entries)
    codes = [*(address.country for address in addresses), *map(_nation, nationalities)]
    remarks = _remarks(entries)
    documents = _documents(entries)
    days = [read_day_first(entry.where, "Listed On", entry.listed_on) for entry in entries]
    numbers = (_number(kind, text) for kind, text in remarks if kind in _NUMBERS)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=_names(entries),
        entity_type=_entity_type(entries),
        entry_id=entries[0].group_id,
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=(*(each for each in documents if isinstance(each, Identifier)), *numbers),
        programmes=filled(entry.regime for entry in entries),
        listed_on=min(filter(None, days), default=None),
        remarks="\n".join(text for kind, text in remarks if not kind) or None,
        facts=(
            *_facts(entries, nationalities),
            *(each for each in documents if isinstance(each, Fact)),
            *(
                Fact(kind=kind, value=text)
                for kind, text in remarks
                if kind not in {"", *_NUMBERS}
            ),
        ),
        information_url=INFORMATION_URL,
    )


def _each(cells: Iterable[str]) -> tuple[str, ...]:
    """The things in numbered cells, without repeats."""
    return filled(thing for cell in dict.fromkeys(cells) for thing in filled_numbered(cell))


def _entity_type(entries: Sequence[Entry]) -> EntityType:
    first, *others = dict.fromkeys(entry.group_type for entry in entries)
    if others:
        reason = f"Group Type: rows of one group say {first!r} and {others[0]!r}"
        raise RowRefusedError(entries[0].where, reason)
    if first not in _ENTITY_TYPES:
        raise RowRefusedError(entries[0].where, f"unknown Group Type {first!r}")
    return _ENTITY_TYPES[first]


def _names(entries: Sequence[Entry]) -> tuple[Name, ...]:
    """The primary name first; where none is called so, the first one; a second is an alias."""
    named = [
        Name(text=text, kind=_kind(entry)) for entry in entries if (text := _full(entry.parts))
    ]
    if not named:
        raise RowRefusedError(entries[0].where, "the group has no name")
    primary = next((name for name in named if name.kind == "primary"), named[0])
    others = (
        Name(text=name.text, kind="alias" if name.kind == "primary" else name.kind)
        for name in dict.fromkeys(named)
        if name != primary
    )
    return collect_names(primary.text, [*others, *_non_latin(entries)])


def _full(parts: tuple[str, ...]) -> str:
    """`KONY, Joseph` stands as Name 6 and Name 1 and is read as `Joseph KONY`."""
    return " ".join(" ".join(parts).split()).strip(" ;,")


def _kind(entry: Entry) -> NameKind:
    kind = _NAME_KINDS.get(entry.alias_type)
    if kind is None:
        raise RowRefusedError(entry.where, f"unknown Alias Type {entry.alias_type!r}")
    if entry.alias_quality not in _QUALITIES:
        raise RowRefusedError(entry.where, f"unknown Alias Quality {entry.alias_quality!r}")
    return kind if kind == "primary" else _QUALITIES[entry.alias_quality] or kind


def _non_latin(entries: Sequence[Entry]) -> Iterator[Name]:
    for printed, script, language in dict.fromkeys(entry.non_latin for entry in entries):
        said = ", ".join(filter(None, (script, language)))
        # one Arabic name of 2022 begins with a comma
        if text := tidy(printed).strip("\u060c,. "):
            yield Name(text=text, kind="alias", language=said or _NON_LATIN)


def _nation(printed: str) -> str | None:
    return _NATIONS.get(printed) or country_code(printed)


def _address(entry: Entry) -> Address | None:
    *street, city = (" ".join(line.split()).strip(" ,") for line in entry.lines)
    street_line = ", ".join(filter(None, street))
    text = ", ".join(filter(None, (street_line, city, entry.postal_code, entry.country)))
    if not text:
        return None
    # in 2020 a country often stands behind the last line of the address, `Pyongyang, DPRK.`
    last = text.rpartition(",")[2].strip(" .")
    country = entry.country or (last if len(last) > _CODE_LENGTH else "")
    return Address(
        text=" ".join(text.split()),
        street=street_line or None,
        city=city or None,
        postal_code=entry.postal_code or None,
        country=country_code(country),
    )


def _documents(entries: Sequence[Entry]) -> list[Identifier | Fact]:
    found = dict[Identifier | Fact, None]()
    for kind, pairs in (
        ("Passport", (entry.passport for entry in entries)),
        ("National Identification", (entry.national_id for entry in entries)),
    ):
        for numbers, details in dict.fromkeys(pairs):
            found.update((each, None) for each in read_documents(kind, numbers, details))
    return list(found)


def _remarks(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """What the remarks say, each with our word for it; "" for a text without a name."""
    found = dict[tuple[str, str], None]()
    for printed in dict.fromkeys(entry.other_information for entry in entries):
        for remark in read_remarks(printed):
            # a reason may count its points as other cells count their things
            whole = remark.kind in {"", "statement_of_reasons"}
            texts = [remark.text] if whole else filled_numbered(remark.text)
            found.update(((remark.kind, text), None) for text in texts)
    return list(found)


def _number(kind: str, text: str) -> Identifier:
    return Identifier(kind=_NUMBERS[kind], value=text)


def _facts(entries: Sequence[Entry], nationalities: tuple[str, ...]) -> Iterator[Fact]:
    printed = {
        "title": _each(entry.title for entry in entries),
        "date_of_birth": filled(entry.date_of_birth for entry in entries),
        "place_of_birth": tuple(_birthplaces(entries)),
        "nationality": nationalities,
        "position": _each(entry.position for entry in entries),
        "listed_under": _listings(entries),
        "designated_on": filled(entry.designated_on for entry in entries),
        "last_updated": filled(entry.last_updated for entry in entries),
    }
    for kind, values in printed.items():
        yield from (Fact(kind=kind, value=value) for value in values)


def _listings(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Each regime with its day, where a group stands under several."""
    found = dict.fromkeys((entry.regime, entry.listed_on) for entry in entries)
    return tuple(f"{regime}: {day}" for regime, day in found) if len(found) > 1 else ()


def _birthplaces(entries: Sequence[Entry]) -> Iterator[str]:
    """Towns with their countries; a country counted with several numbers stands alone."""
    found = dict[str, None]()
    for towns, countries in dict.fromkeys(entry.birthplace for entry in entries):
        pairs = zip_longest(split_numbered(towns), split_numbered(countries), fillvalue="")
        found.update((", ".join(filter(None, pair)), None) for pair in pairs)
    yield from filled(found)
