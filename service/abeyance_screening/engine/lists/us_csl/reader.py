"""The reader of the US Consolidated Screening List, in both of trade.gov's formats.

Source: https://www.trade.gov/consolidated-screening-list
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial, reduce

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day, read_citations, read_day
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, split_names, tidy
from abeyance_screening.engine.lists.reading.records import (
    filled,
    give_ids,
    key_of_name,
    key_of_number,
    read_struct,
    refusal_of,
    texts_under,
)
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.engine.lists.us_csl.files import (
    COLUMNS,
    CslAddress,
    CslEntry,
    CslFile,
    CslId,
    entry_of,
    is_pointer,
    is_remark,
    is_type_last,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

SOURCE = "us_csl"


class CslRecord(msgspec.Struct, frozen=True):
    """A row or result that is not read yet; what `read` refuses is kept by its names.

    `source` is the printed list, `names` the printed cells of names, `number` the publisher's
    lasting number.
    """

    where: str
    read: Callable[[], CslEntry]
    source: str
    names: tuple[str, ...]
    number: str | None

    @property
    def is_numbered(self) -> bool:
        """Whether the publisher gives a lasting number."""
        return bool((self.number or "").strip())


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=T|$)")


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read `consolidated.csv` into one edition for each list that has entries, by list code.

    A file that was truncated between two records, or in some cases within the last cell
    (`read_rows`), cannot be told from a whole one; any other truncated file is refused.
    """
    rows = list(read_rows(SOURCE, read_text(SOURCE, content), COLUMNS))
    type_last = is_type_last([row.printed("ids") or "" for row in rows])
    records = (
        CslRecord(
            row.where,
            partial(entry_of, row, type_last=type_last),
            source=row.printed("source") or "",
            names=tuple(filter(None, (row.printed("name"), row.printed("alt_names")))),
            number=row.printed("entity_number"),
        )
        for row in rows
    )
    return _editions(records, None)


def parse_json(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read `consolidated.json` into one edition for each list that has entries, by list code.

    The day of `search_performed_at`, where there is one, is the day of publication.
    """
    text = read_text(SOURCE, content)
    try:
        file = msgspec.json.decode(text, type=CslFile)
    except msgspec.ValidationError as error:
        raise refusal_of(error, CslFile) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(SOURCE, f"not readable as JSON: {error}") from None
    if file.total is not None and file.total != len(file.results):
        reason = f"total gives {file.total} entries, but the file has {len(file.results)}"
        raise ListRefusedError(SOURCE, reason)
    records = (_json_record(place, result) for place, result in enumerate(file.results))
    return _editions(records, _day_of(file.search_performed_at))


def _json_record(place: int, result: dict[str, object]) -> CslRecord:
    where = f"results[{place}]"
    return CslRecord(
        where,
        partial(read_struct, where, result, CslEntry),
        source="".join(texts_under(result, "source")),
        names=texts_under(result, "name", "alt_names"),
        number=None if result.get("entity_number") is None else str(result["entity_number"]),
    )


def _editions(
    records: Iterable[CslRecord], published_on: date | None
) -> tuple[ParsedEdition, ...]:
    lists = defaultdict[str, list[tuple[str, Listing, bool]]](list)
    for record, listing in read_records(records, _listing_of, _rescue):
        key = key_of(record.number, listing)
        lists[listing.list_code].append((key, listing, record.is_numbered))
    if not lists:
        raise ListRefusedError(SOURCE, "the file has no entries")
    return tuple(
        ParsedEdition(
            list_code=list_code,
            published_on=published_on,
            listings=give_ids(list_code, united(rows)),
        )
        for list_code, rows in sorted(lists.items())
    )


def _listing_of(record: CslRecord) -> Listing:
    entry = record.read()
    return listing_of(record.where, list_code_of(record.where, entry.source), entry)


def _rescue(record: CslRecord) -> Rescued:
    return Rescued(
        names=tuple(name for text in record.names for name in split_names(text)),
        list_code=known_list_of(record.source),
    )


def _day_of(printed: str | None) -> date | None:
    match = _ISO_DAY.match(printed or "")
    return None if match is None else find_day(match[0])


def _is_csv(file: GivenFile) -> bool:
    return "source" in (header := file.head.partition("\n")[0]) and "entity_number" in header


FORMATS = (
    Format(
        word="csl_json",
        source=SOURCE,
        title="consolidated.json",
        tells=lambda file: file.head.startswith("{"),
        read=one_file(parse_json),
    ),
    Format(
        word="csl_csv",
        source=SOURCE,
        title="consolidated.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""The formats in which trade.gov publishes the list."""


# --- Names on DDTC's list whose words trade.gov has reordered, aliases included.
#
# DDTC prints `Akem, Roger (a/k/a Akembuom, Roger)`. From a name without aliases trade.gov makes
# `Roger Akem`. From this one it makes `Roger) Roger (a/k/a Akembuom Akem`: the text is split at
# its commas, and the parts are joined from the last to the first.

_MARK = r"a(?:/k/a|\.\s?k\.\s?a\b\.?):?\s++"
# `Wilson, Cory (a.k.a Jason Cory Wilson)`, which has only one comma, and `Precision Image
# Corporation (a.k.a. Precision Industries, Inc.)`, which trade.gov leaves as it is.
_WHOLE = re.compile(
    rf"(?P<before>[^();\t]+) \({_MARK}(?P<aliases>[^()]+)\)(?P<after> [^()]+)?",
    re.IGNORECASE,
)
# `Akem, Roger (a/k/a Akembuom, Roger)` and `Nji, Eric Fru<tab>a/k/a Ngi, Eric Fru`.
_SAME_GIVEN = re.compile(
    rf"(?P<given>[^();\t]{{1,300}})(?:\) (?P=given) \(| (?P=given)\t){_MARK}"
    r"(?P<alias>\S+) (?P<family>\S+)",
    re.IGNORECASE,
)
# `Panchernikov, Igor<tab>a/k/a Maru, Mike`
_OTHER_GIVEN = re.compile(
    rf"(?P<other>\w+) (?P<given>\w+)\t{_MARK}(?P<alias>\w+) (?P<family>\w+)", re.IGNORECASE
)
# `Shifrin, Elena; a.k.a Belov, Alexander; a.k.a. Elena Leonidovna Shifrin`
_BETWEEN = re.compile(rf";\s++{_MARK}", re.IGNORECASE)
_COMPANY = re.compile(
    r"[()]|\b(?:inc|co|corp|company|corporation|ltd|limited|llc|gmbh|international|s\.?a)\b",
    re.IGNORECASE,
)
_SUFFIXED = re.compile(r"(?P<given>[^,]+) (?P<family>[^ ,]+), (?P<suffix>Jr\.?|Sr\.?|II|III|IV)")


def turned_back(printed: str) -> tuple[str, tuple[Name, ...]] | None:
    """Return the name in the order that trade.gov prints without aliases, and the aliases.

    The result is None where the original order is not certain. A family name is assumed to be
    one word, as are all those reordered in 2026.
    """
    same = _SAME_GIVEN.fullmatch(printed)
    if same is not None:
        given = same["given"]
        return f"{given} {same['family']}", _named([f"{given} {same['alias']}"])
    other = _OTHER_GIVEN.fullmatch(printed)
    if other is not None:
        alias = f"{other['other']} {other['alias']}"
        return f"{other['given']} {other['family']}", _named([alias])
    whole = _WHOLE.fullmatch(printed)
    if whole is not None:
        name = f"{whole['before']}{whole['after'] or ''}"
        return name, _named(text.strip() for text in whole["aliases"].split(";"))
    pieces = _BETWEEN.split(printed)
    return _row_turned_back(pieces) if len(pieces) > 1 else None


def as_turned(name: str) -> str:
    """Return a name in today's order: `Ramon Jr. Andrade` for `Ramon Andrade, Jr.` of 2022."""
    found = _SUFFIXED.fullmatch(name)
    return name if found is None else f"{found['given']} {found['suffix']} {found['family']}"


def _row_turned_back(pieces: Sequence[str]) -> tuple[str, tuple[Name, ...]] | None:
    """Restore the name and aliases of pieces that were separated by marks.

    Each piece after the first begins with a family name, or with the last alias, and goes on with
    given names. In the piece with the last alias the border between the two is certain only if
    the piece has two words, or contains the party's family name.
    """
    if any(_COMPANY.search(piece) for piece in pieces):
        return None
    words = [piece.split() for piece in pieces]
    family = words[-1][-1]
    heads, given = list[str](), [pieces[0]]
    for place in range(1, len(words)):
        halves = _halves(words, place, family)
        if halves is None:
            return None
        heads.append(halves[0])
        given.append(halves[1])
    # In DDTC's order of the aliases; the last of `given` are the party's own names.
    aliases = [f"{own} {alias}" for own, alias in zip(given[-3::-1], heads[:0:-1], strict=True)]
    return f"{given[-2]} {family}", _named([*aliases, heads[0]])


def _halves(words: Sequence[Sequence[str]], place: int, family: str) -> tuple[str, str] | None:
    """Split a piece into its two parts, or return None where their border is not certain."""
    here, last = words[place], len(words) - 1
    if len(here) < len(("head", "tail")):
        return None
    cut = len(here) - 1 if place == last else 1
    if place == 1 and (place == last or len(here) > len(("head", "tail"))):
        after_family = [count for count in range(1, len(here)) if here[count - 1] == family]
        if not after_family:
            return None
        cut = after_family[-1]
    return " ".join(here[:cut]), " ".join(here[cut:])


def _named(texts: Iterable[str]) -> tuple[Name, ...]:
    return tuple(Name(text=text, kind="alias") for text in texts)


# --- One entry as a listing.

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
# 279 of the 665 addresses on the Denied Persons List of 2023 end like this, without a country.
_US_END = re.compile(rf",\s*(?:{_STATES.replace(' ', '|')}),?\s+\d{{5}}(?:-\d{{4}})?$")


def listing_of(where: str, list_code: str, entry: CslEntry) -> Listing:
    """Return an entry as a listing with an empty id, which depends on the whole list.

    A name that was reordered together with its aliases is restored, and kept as printed among
    the facts. `countries` are those that the publisher ties the party to by address, nationality
    and citizenship, but not by a vessel's flag, a passport's issuer or a birthplace.
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


def key_of(number: str | None, listing: Listing) -> str:
    """Return the key for the id: the lasting number, or the name as the newest files print it."""
    if number is not None and number.strip():
        return key_of_number(number)
    name = listing.primary_name
    return key_of_name(as_turned(name) if listing.list_code == _TURNED_LIST else name)


def _names(primary: str, inside: Sequence[Name], printed: Iterable[str]) -> tuple[Name, ...]:
    # The Federal Register prints aliases as `A; B; and C`; also seen: `A; and; B`.
    texts = (text.removeprefix("and ") for item in printed for text in split_names(item))
    aliases = (Name(text=text, kind="alias") for text in texts if text != "and")
    return collect_names(primary, (*inside, *aliases))


def _entity_type(where: str, printed: str | None) -> EntityType | None:
    text = _text(printed)
    if text is None:
        return None
    if text not in _ENTITY_TYPES:
        note_unknown(where, "kind of party in 'type'", text)
    return _ENTITY_TYPES.get(text)


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
    printed = [entry.country or "", *(entry.nationalities or ()), *(entry.citizenships or ())]
    codes = [*(address.country for address in addresses), *map(country_code, printed)]
    return tuple(dict.fromkeys(filter(None, codes)))


def _is_number(printed: CslId) -> bool:
    return not is_remark(_kind(printed)) and _text(printed.number) is not None


def _kind(printed: CslId) -> str:
    return _text(printed.type) or "identifier"


def _identifier(printed: CslId) -> Identifier:
    issued, expires = printed.issue_date or "", printed.expiration_date or ""
    issued_on, expires_on = find_day(issued), find_day(expires)
    # `1999` and `May 2006` are no days; they are kept in the note.
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
        # `0097-06-30` is no plausible day, so it is kept as printed.
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
        *((_word(_kind(each)), _first(*_contents(each))) for each in ids if not _is_number(each)),
    ]
    return [
        Fact(kind=kind, value=value)
        for kind, value in printed
        if value is not None and not is_pointer(value)
    ]


def _printed_name(printed: str, names: tuple[Name, ...]) -> list[Fact]:
    """Return the name as printed, as a fact, where the listing has another order."""
    is_kept = printed == names[0].text
    return [] if is_kept else [Fact(kind="printed_name", value=printed)]


def _days(entry: CslEntry) -> list[tuple[str, str]]:
    printed = (("start_date", _text(entry.start_date)), ("end_date", _text(entry.end_date)))
    return [(field, day) for field, day in printed if day is not None]


def _contents(printed: CslId) -> tuple[str | int | None, ...]:
    """Return the contents of an id, the best first; without a number, a country or day may do."""
    days = (printed.issue_date, printed.expiration_date)
    return (printed.number, printed.note, printed.country, *days)


def _word(kind: str) -> str:
    """Return a kind in snake_case: `Secondary sanctions risk:` as `secondary_sanctions_risk`."""
    return re.sub(r"[^a-z0-9]+", "_", kind.casefold()).strip("_")


def _first(*printed: str | int | None) -> str | None:
    return next(filter(None, map(_text, printed)), None)


def _line(printed: str | None) -> str | None:
    return None if printed is None else " ".join(printed.split()) or None


def _text(printed: str | int | None) -> str | None:
    return None if printed is None else str(printed).strip() or None


# --- Several rows of one party, merged into one listing.


def united(rows: Iterable[tuple[str, Listing, bool]]) -> list[tuple[str, Listing]]:
    """Merge the rows of one party; return keys and listings in the order of their first rows.

    A row is a key, its listing, and whether the key is the publisher's number for a party. Rows
    with the same number, primary name and type are one party (Bank of Kunlun, printed twice in
    2022, once for each address). Rows with one number and two names are two parties. Rows of one
    name without numbers stay separate, as each is an order or a designation in its own right.
    """
    found = defaultdict[tuple[str, str, str | None, int], list[Listing]](list)
    for place, (key, listing, is_numbered) in enumerate(rows):
        own_place = -1 if is_numbered else place
        found[key, listing.primary_name, listing.entity_type, own_place].append(listing)
    return [(key, _one_of(listings)) for (key, *_), listings in found.items()]


def _one_of(listings: list[Listing]) -> Listing:
    """Merge listings into one that does not depend on their printed order."""
    if len(listings) == 1:
        return listings[0]
    return reduce(_merged, sorted(listings, key=msgspec.json.encode))


def _merged(one: Listing, other: Listing) -> Listing:
    """Merge two listings without repeats; the first's single values and the earlier day count."""
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


# --- The lists that the US Consolidated Screening List is made of.

# By the code in brackets in a row's `source`. Some codes have changed over the years: the
# menu-based list is also printed `NS-MBS List`, State's bureau for non-proliferation ISN or ACN.
_LIST_CODES = {
    "DPL": "us_bis_dpl",
    "EL": "us_bis_el",
    "MEU": "us_bis_meu",
    "UVL": "us_bis_uvl",
    "SDN": "us_ofac_sdn",
    "SSI": "us_ofac_ssi",
    "PLC": "us_ofac_plc",
    "NS-PLC": "us_ofac_plc",
    "CMIC": "us_ofac_cmic",
    "NS-CMIC": "us_ofac_cmic",
    "MBS": "us_ofac_mbs",
    "NS-MBS": "us_ofac_mbs",
    "CAP": "us_ofac_capta",
    "CAPTA": "us_ofac_capta",
    "FSE": "us_ofac_fse",
    "DTC": "us_ddtc",
    "ISN": "us_state_isn",
    "ACN": "us_state_isn",
}
UNKNOWN_LIST = "us_csl_other"
_BRACKET = re.compile(r"\(([A-Z-]+)(?: List)?\)")


def list_code_of(where: str, source: str) -> str:
    """Return our code for the list that a row names, `us_csl_other` for an unknown one."""
    code = known_list_of(source)
    if code == UNKNOWN_LIST:
        note_unknown(where, "list in 'source'", source)
    return code


def known_list_of(source: str) -> str:
    """Return our code for a printed list, `us_csl_other` for an unknown one."""
    match = _BRACKET.search(source)
    return UNKNOWN_LIST if match is None else _LIST_CODES.get(match[1], UNKNOWN_LIST)
