"""Read the Consolidated List of the United Nations Security Council in its XML format.

Source: https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day, read_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, split_names, tidy
from abeyance_screening.engine.lists.reading.records import filled, give_ids, key_of_number
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.engine.lists.reading.xml import ElementRow, read_elements, root_of
from abeyance_screening.primitives.errors import ListRefusedError

# --- Addresses, printed in parts or in a note alone.

# `Branch Office 1: i) Chohar Mir Road, …, Pakistan; ii) Room number 1, …, Pakistan`.
_BRANCH = re.compile(r"(?P<label>Branch Office \d+):\s*")
_NUMERAL = re.compile(r"(?:^|[\s;]{1,3})[ivx]+\)\s+")
_OPERATES = re.compile(r"Operates in (?P<places>.+)")
_STOPS = " ;,."
_AND = re.compile(r",\s*+|(?<!\s)\s++and\s++")
# What may follow a place: telephone numbers, a remark in brackets, since when it applies.
_AFTER_PLACE = re.compile(
    r"(?:\b(?:Tel(?:ephone)?|Phone|Fax|Mobile|e-mail)\b.*|\([^()]*\)"
    r"|\b(?:since|as (?:of|at)) [^,]*)$",
    re.IGNORECASE,
)
# What may precede a country without a comma: `Support network in`, `Jakarta 13440`, `location -`.
_BEFORE_COUNTRY = re.compile(r"(?:\bin|\d|\s-)\s+")


# --- Aliases, and the remarks on them.

_QUALITIES: dict[str, NameKind] = {
    "Good": "alias",
    "a.k.a.": "alias",
    "Low": "weak_alias",
    "f.k.a.": "former",
}
_FORMERLY = ("previously listed as", "formerly listed as")
_ORIGINAL_SCRIPT = "original script"
# `Mohammad Sabet b) M. Javad Kareemi Sabet`: the letters of a list printed as one text.
_LETTER = re.compile(r"(?:^|(?<!\s)\s++)[a-h]\)\s++")
# A remark inside the name that belongs in the note: `X born in 1963`, `X (combat name)`.
_REMARK = re.compile(
    r"(?!(?<=\s)\s)(?:,?\s++\b(?P<born>born (?:in|on|\d).*)"
    r"|\s*+\((?P<aside>(?:previously|formerly) listed as|false identity [^()]*+"
    r"|(?:birth|combat) name|[A-Z]{3}\.\d{3})\))$",
    re.IGNORECASE | re.DOTALL,
)


class _Alias(msgspec.Struct, frozen=True):
    text: str
    remark: str | None


# --- Parties.

_ROOT = "CONSOLIDATED_LIST"
_PARTIES = (
    (_ROOT, "INDIVIDUALS", "INDIVIDUAL"),
    (_ROOT, "ENTITIES", "ENTITY"),
)


class UnParty(msgspec.Struct, frozen=True):
    """An INDIVIDUAL or ENTITY element, and the `dateGenerated` of its file."""

    tag: str
    row: ElementRow
    generated: str


# --- Listings.

LIST_CODE = "un_sc"
SOURCE_URL = "https://scsanctions.un.org/"
INFORMATION_URL = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"

_ENTITY_TYPES: dict[str, EntityType] = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
# Sort keys and the version of the entry's layout, which say nothing of the party.
_IGNORED = ("VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD", "LIST_TYPE")


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the file; `published_on` is the UTC day of its `dateGenerated`.

    Ids are made from the reference number (`QDe.004`), which the UN do not change.
    """
    refuse_other_files(LIST_CODE, content)
    keyed, generated = list[tuple[str, Listing]](), ""
    for party, listing in read_records(read_parties(LIST_CODE, content), listing_of, _rescue):
        generated = party.generated
        keyed.append((key_of_number(listing.entry_id or listing.primary_name), listing))
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=_utc_day(generated),
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def read_parties(list_code: str, content: bytes) -> Iterator[UnParty]:
    """Yield the parties of the file in printed order; each is freed before the next is read."""
    generated = ""
    for path, element in read_elements(list_code, content, _PARTIES):
        if path == (_ROOT,):
            generated = _generated(list_code, element)
            continue
        printed = element.findtext("REFERENCE_NUMBER") or element.findtext("DATAID") or "?"
        row = ElementRow(f"{path[-1]} {printed.strip()}", element)
        yield UnParty(path[-1], row, generated)


def listing_of(party: UnParty) -> Listing:
    """Return the listing of a party; its id is "" until `give_ids` sets it.

    `countries` are those of the addresses and nationalities; a birthplace or the country of a
    passport ties nobody to a country. `listed_on` is None where the UN left the day blank, as in
    QDi.434 in April 2023.
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
    row.close(*_IGNORED)
    return listing


def read_aliases(row: ElementRow, tag: str) -> tuple[list[Name], list[Fact]]:
    """Return the names of the alias elements, and their remarks as facts.

    An alias element without a name is where the UN print a further date of birth.
    """
    found, facts = list[Name](), list[Fact]()
    for alias in row.rows(f"{tag}_ALIAS"):
        note = alias.find("NOTE")
        names, remarks = _names(alias, note)
        born = [alias.find(f"{what}_OF_BIRTH") for what in ("DATE", "CITY", "COUNTRY")]
        alias.close()
        found += [*names, *_in_script(note, names)]
        facts += remarks
        if text := ", ".join(filter(None, (*born, note))):
            facts.append(_note(names[0].text if names else "", text))
    return found, facts


def read_addresses(row: ElementRow, tag: str) -> tuple[Address, ...]:
    """Return all addresses of a party; a note that numbers several gives one address for each.

    An address in a note has the country it ends with. A note that says a party operates in several
    countries gives one address for each country.
    """
    return tuple(address for part in row.rows(f"{tag}_ADDRESS") for address in _addresses(part))


def values(row: ElementRow, tag: str) -> list[str]:
    """Return the texts of the VALUE children of a child, without blank ones."""
    found = list[str]()
    for each in row.rows(tag):
        found += each.texts("VALUE")
        each.close()
    return found


def _rescue(party: UnParty) -> Rescued:
    """Return a party that cannot be read by all its names, the parts of the primary one joined."""
    first = (party.row.printed(f"{nth}_NAME") for nth in ("FIRST", "SECOND", "THIRD", "FOURTH"))
    return Rescued(
        names=(" ".join(filter(None, first)), *party.row.printed_names()),
        list_code=LIST_CODE,
        entry_id=party.row.printed("REFERENCE_NUMBER") or None,
        entity_type=_ENTITY_TYPES[party.tag],
        programmes=tuple(filter(None, [party.row.printed("UN_LIST_TYPE")])),
    )


def _utc_day(printed: str) -> date:
    try:
        moment = datetime.fromisoformat(printed)
    except ValueError:
        reason = f"dateGenerated: {printed!r} is not a time (2026-02-27T00:00:09Z)"
        raise ListRefusedError(LIST_CODE, reason) from None
    return (
        (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
        .astimezone(UTC)
        .date()
    )


def _generated(list_code: str, root: Element) -> str:
    row = ElementRow(_ROOT, root)
    generated = row.attribute("dateGenerated")
    if generated is None:
        raise ListRefusedError(list_code, f"{_ROOT}: 'dateGenerated' is missing")
    row.close()
    return generated


def _documents(row: ElementRow) -> tuple[list[Identifier], list[Fact]]:
    """Return the documents that have a number, and as facts those whose number is in a remark."""
    documents = [_document(document) for document in row.rows("INDIVIDUAL_DOCUMENT")]
    numbered = [document for document in documents if document.value]
    remarked = [document for document in documents if not document.value]
    texts = [": ".join(filter(None, (document.kind, document.note))) for document in remarked]
    return numbered, [Fact(kind="document", value=text) for text in texts]


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
    notes = (
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
        note="; ".join(filter(None, notes)) or None,
    )


def _primary(row: ElementRow) -> str:
    first = row.take("FIRST_NAME")
    others = (row.find(f"{nth}_NAME") for nth in ("SECOND", "THIRD", "FOURTH"))
    return " ".join(map(tidy, filter(None, (first, *others))))


def _original(row: ElementRow) -> Iterator[Name]:
    printed = row.find("NAME_ORIGINAL_SCRIPT")
    for text in split_names(printed or ""):
        yield Name(text=text, kind="alias", language="original script")


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
    """Yield each date of birth: `1964-07-17`, `1965 to 1969`, `approximately 1958 (from …)`."""
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


def _names(alias: ElementRow, note: str | None) -> tuple[list[Name], list[Fact]]:
    """Return the names of one element, and the remarks printed inside them."""
    printed, quality = alias.find("ALIAS_NAME"), alias.find("QUALITY")
    if printed is None:
        return [], []
    kind = _QUALITIES.get(quality or "")
    if kind is None:
        note_unknown(alias.where, "QUALITY of an alias", quality or "blank")
    aliases = list(_split_aliases(printed))
    former = _is_former(note)
    names = [
        Name(
            text=each.text,
            kind="former" if former or _is_former(each.remark) else kind or "alias",
        )
        for each in aliases
    ]
    remarks = ((each.text, each.remark) for each in aliases if each.remark is not None)
    return names, [_note(text, remark) for text, remark in remarks]


def _split_aliases(printed: str) -> Iterator[_Alias]:
    for piece in split_names(printed):
        for part in filter(None, _LETTER.split(piece)):
            match = _REMARK.search(part)
            text = part if match is None else part[: match.start()]
            remark = None if match is None else match["born"] or match["aside"]
            yield _Alias(text.lstrip(") ,").strip(), remark)


def _is_former(remark: str | None) -> bool:
    return (remark or "").casefold().startswith(_FORMERLY)


def _note(name: str, text: str) -> Fact:
    return Fact(kind="alias_note", value=f"{name}: {text}" if name else text)


def _in_script(note: str | None, names: list[Name]) -> Iterator[Name]:
    """Yield the name in a note `original script: X`, with the kind of the alias it belongs to."""
    script = (note or "").removeprefix(f"{_ORIGINAL_SCRIPT}:").strip()
    if names and note is not None and script != note:
        yield Name(text=script, kind=names[0].kind, language=_ORIGINAL_SCRIPT)


def _addresses(row: ElementRow) -> Iterator[Address]:
    street, city, region = row.find("STREET"), row.find("CITY"), row.find("STATE_PROVINCE")
    postal_code, country, note = row.find("ZIP_CODE"), row.find("COUNTRY"), row.find("NOTE")
    row.close()
    parts = ", ".join(filter(None, (street, city, region, postal_code, country)))
    if not parts:
        yield from _in_note(note or "")
        return
    yield Address(
        text=tidy(parts),
        street=street,
        city=city,
        region=region,
        postal_code=postal_code,
        country=None if country is None else country_code(country),
        note=note,
    )


def _in_note(note: str) -> Iterator[Address]:
    branch = _BRANCH.match(note)
    printed = note if branch is None else note[branch.end() :]
    pieces = filled(_NUMERAL.split(printed))
    is_split = branch is not None or len(pieces) > 1
    for piece in pieces:
        label = None if branch is None else branch["label"]
        for country in _countries(piece):
            yield Address(
                text=tidy(piece), country=country, note=label if is_split else note or None
            )


def _countries(piece: str) -> tuple[str | None, ...]:
    operates = _OPERATES.match(piece)
    places = [] if operates is None else _AND.split(operates["places"])
    codes = tuple(dict.fromkeys(filter(None, map(country_code, places))))
    return codes or (_last_country(piece),)


def _last_country(piece: str) -> str | None:
    text = piece.rstrip(_STOPS)
    while (shorter := _AFTER_PLACE.sub("", text).rstrip(_STOPS)) != text:
        text = shorter
    last = text.rpartition(",")[2].strip()
    return country_code(last) or country_code(_BEFORE_COUNTRY.split(last)[-1])


FORMATS = (
    Format(
        word="un_xml",
        source=LIST_CODE,
        title="consolidated.xml",
        tells=lambda file: root_of(file.head)[1] == "CONSOLIDATED_LIST",
        read=one_file(parse_xml),
    ),
)
"""The formats that the United Nations publish."""
