"""The parties of OFAC's files, whatever their format, and the listings that they make."""

import calendar
import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

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
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.records import give_ids, key_of_name, key_of_number
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_groups,
)
from abeyance_screening.engine.lists.reading.xml import ElementRow
from abeyance_screening.engine.lists.us_csl.files import is_pointer, is_remark
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- OFAC's lists, and which of them an entry is on.

SDN = "us_ofac_sdn"
NON_SDN = "us_ofac_cons"
# The list for entries of the non-SDN file whose list the file does not give. It is separate, and
# searched by default and whenever one of the six is asked for (`asked_with` in the catalogue): no
# name is lost, none is assigned to a list that it may not be on, and the six do not seem to shrink
# when the code becomes known one day and its parties move to their list.
UNKNOWN_LIST = "us_ofac_nonsdn"
SDN_LISTS = frozenset({SDN})
NON_SDN_LISTS = frozenset(
    {"us_ofac_capta", "us_ofac_cmic", "us_ofac_fse"}
    | {"us_ofac_mbs", "us_ofac_plc", "us_ofac_ssi", UNKNOWN_LIST}
)
LISTS_OF = {SDN: SDN_LISTS, NON_SDN: NON_SDN_LISTS}

# The enhanced and delta files name the lists; `Consolidated List` is the umbrella over the others.
_BY_NAME = {
    "SDN List": SDN,
    "CAPTA List": "us_ofac_capta",
    "FSE List": "us_ofac_fse",
    "Non-SDN CMIC List": "us_ofac_cmic",
    "Non-SDN Menu-Based Sanctions List": "us_ofac_mbs",
    "Non-SDN Palestinian Legislative Council List": "us_ofac_plc",
    "Sectoral Sanctions Identifications List": "us_ofac_ssi",
}
UMBRELLA = "Consolidated List"
STRAY = ""
"""The code of a list whose printed name is not known, until `lists_in` places its parties."""

# The other files have only the programmes. The following put nobody on the SDN List, so an entry
# without any other programme is not on that list.
_NON_SDN_ALONE = {
    "561-Related": "us_ofac_capta",
    "CMIC-EO13959": "us_ofac_cmic",
    "FSE-IR": "us_ofac_fse",
    "FSE-SY": "us_ofac_fse",
    "NS-PLC": "us_ofac_plc",
}
# Sectoral parties are on their list whether or not they were blocked since. The Hong Kong
# Autonomy Act, on the menu-based list since 2026, blocks nobody under its own programme.
_NON_SDN = _NON_SDN_ALONE | {"UKRAINE-EO13662": "us_ofac_ssi", "HKAA": "us_ofac_mbs"}
# Programmes with both blocking and lesser measures; other printed words show which one it is.
_BY_MEASURE = {
    "RUSSIA-EO14024": (
        (re.compile(r"Listing Date \(EO 14024 Directive (?:1a?|3|4)\)"), "us_ofac_mbs"),
        (re.compile(r"Listing Date \(EO 14024 Directive 2\)"), "us_ofac_capta"),
    ),
    "BURMA-EO14014": ((re.compile(r"Listing Date \(EO 14014 Directive \d\)"), "us_ofac_mbs"),),
    "CAATSA - RUSSIA": ((re.compile("CAATSA Section 235 Information"), "us_ofac_mbs"),),
    "ILLICIT-DRUGS-EO14059": ((re.compile("Executive Order 14059 information"), "us_ofac_mbs"),),
    # From May to August 2021 all 14 parties blocked "except importation of goods" (FAQ 895).
    "PEESA": ((re.compile("PEESA Information:"), "us_ofac_mbs"),),
}
# Since 2024 printed for each party that is blocked under that order, whose directives then no
# longer keep the party on a list: true of all 87 parties in the enhanced file of January 2025.
_BLOCKED = {"RUSSIA-EO14024": re.compile("section 11 of Executive Order 14024", re.IGNORECASE)}
# Programmes that the files of 2021 to 2026 have on the SDN List alone: together with one of the
# above they mean that the party was blocked as well. A code that is in none of these is unknown.
_SDN_CODES = (
    "BALKANS|BALKANS-EO14033|BELARUS|BELARUS-EO14038|BPI-RUSSIA-EO14024|BURUNDI|CAATSA - IRAN|"
    "CAR|CUBA|CUBA-EO14404|CYBER2|CYBER3|CYBER4|DARFUR|DPRK|DPRK-NKSPEA|DPRK2|DPRK3|DPRK4|"
    "DRCONGO|ELECTION-EO13848|ETHIOPIA-EO14046|FTO|GLOMAG|HIFPAA|HK-EO13936|HOSTAGES-EO14078|"
    "HRIT-IR|HRIT-SY|ICC-EO14203|IFCA|IFSR|ILLICIT-DRUGS-EO|IRAN|IRAN-CON-ARMS-EO|IRAN-EO13846|"
    "IRAN-EO13871|IRAN-EO13876|IRAN-EO13902|IRAN-HR|IRAN-TRA|IRAQ2|IRAQ3|IRGC|ISA|LEBANON|"
    "LIBYA2|LIBYA3|MAGNIT|MALI-EO13882|NICARAGUA|NICARAGUA-NHRAA|NPWMD|PAARSSR-EO13894|PAIPA|"
    "PEESA-EO14039|RUSSIA-EO14065|SDGT|SDNT|SDNTK|SOMALIA|SOUTH SUDAN|SSIDES|SUDAN-EO14098|"
    "SYRIA|SYRIA-CAESAR|SYRIA-EO13894|TCO|UHRPA|UKRAINE-EO13660|UKRAINE-EO13661|"
    "UKRAINE-EO13685|VENEZUELA|VENEZUELA-EO13850|VENEZUELA-EO13884|WEST-BANK-EO14115|YEMEN|"
    "ZIMBABWE"
)
SDN_ALONE = frozenset(_SDN_CODES.split("|"))
# The entries that decide a file's source: all of a file of the non-SDN lists, 460 at most so far.
_MOST_ENTRIES = 1_000


def list_of_name(where: str, printed: str) -> str | None:
    """Return our code for a list by its printed name, None for the umbrella over several lists.

    The code of a list that is not known is `STRAY`.
    """
    if printed == UMBRELLA:
        return None
    if printed not in _BY_NAME:
        note_unknown(where, "name of a list", printed or "blank", may_hide="kind")
    return code_of_name(printed)


def code_of_name(printed: str) -> str:
    """Return our code for a list by its printed name, or `STRAY`."""
    return _BY_NAME.get(printed, STRAY)


def non_sdn_lists(programmes: Sequence[str], printed: str) -> tuple[str, ...]:
    """Return the non-SDN lists of an entry whose file has only programmes.

    `printed` is all other text of the entry. An unknown code may put the entry on any of the
    lists, even in addition to those of its other codes; `UNKNOWN_LIST` is then among the result.
    It is the whole result where nothing gives a list, whether the codes are known or not.
    """
    found = dict[str, None]()
    for programme in programmes:
        if programme in _NON_SDN:
            found[_NON_SDN[programme]] = None
        elif programme in _BY_MEASURE:
            found |= dict.fromkeys(_lists_by_measure(programme, printed))
        elif programme not in SDN_ALONE:
            found[UNKNOWN_LIST] = None
    return tuple(found) or (UNKNOWN_LIST,)


def _lists_by_measure(programme: str, printed: str) -> list[str]:
    blocked = _BLOCKED.get(programme)
    if blocked is not None and blocked.search(printed):
        return []
    return [code for words, code in _BY_MEASURE[programme] if words.search(printed)]


def check_sdn(where: str, programmes: Sequence[str]) -> None:
    """Refuse an entry of another list in a file of the SDN List."""
    if programmes and all(programme in _NON_SDN_ALONE for programme in programmes):
        codes = ", ".join(programmes)
        raise RowRefusedError(where, f"programmes {codes}: an entry of the non-SDN lists")


def source_of(entries: Iterable[Sequence[str]]) -> str | None:
    """Return the source of a file by its first entries' programmes, None where they are undecided.

    The majority decides, because a single entry may be of a new programme, and an SDN entry may
    also have a code of the other lists. It serves only to recognise formats.
    """
    votes = 0
    for programmes in itertools.islice(entries, _MOST_ENTRIES):
        if not _NON_SDN.keys().isdisjoint(programmes):
            votes += 1
        elif not SDN_ALONE.isdisjoint(programmes):
            votes -= 1
    if votes == 0:
        return None
    return NON_SDN if votes > 0 else SDN


# --- Details of a party other than names and addresses: issued numbers, and facts.

# Our word for each kind that different files print in different words.
_FACT_KINDS = {
    "Birthdate": "date_of_birth",
    "DOB": "date_of_birth",
    "Place of Birth": "place_of_birth",
    "POB": "place_of_birth",
    "Nationality Country": "nationality",
    "nationality": "nationality",
    "Citizenship Country": "citizenship",
    "citizen": "citizenship",
    "Title": "title",
    "Location": "location",
    "VESSEL TYPE": "vessel_type",
    "Vessel Call Sign": "call_sign",
    "Vessel Flag": "vessel_flag",
    "Vessel Owner": "vessel_owner",
    "Vessel Tonnage": "gross_tonnage",
    "Vessel Gross Registered Tonnage": "gross_registered_tonnage",
    "sanctions type": "sanctions_type",
}
# Facts that name a country which the party belongs to.
_TYING = frozenset({"nationality", "citizenship", "nationality_of_registration"})


class OfacDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One detail as printed: `kind` in the file's words, `country` as a name, days as text.

    `value` is blank for a document of which only the country is known.
    """

    kind: str
    value: str
    country: str | None = None
    issued: str | None = None
    expires: str | None = None
    note: str | None = None


def is_number(detail: OfacDetail) -> bool:
    """Return whether a detail is an issued number or code, and not a property or a remark."""
    return detail.kind not in _FACT_KINDS and not is_remark(detail.kind) and bool(detail.value)


def identifier_of(detail: OfacDetail) -> Identifier:
    """Return a detail as an identifier; unreadable days and countries are kept in its note."""
    issued, expires, country = detail.issued or "", detail.expires or "", detail.country or ""
    issued_on, expires_on, code = find_day(issued), find_day(expires), country_code(country)
    words = (
        f"of {country}" if country and code is None else None,
        f"issued {issued}" if issued and issued_on is None else None,
        f"expires {expires}" if expires and expires_on is None else None,
        detail.note,
    )
    return Identifier(
        kind=detail.kind,
        value=detail.value,
        country=code,
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, words)) or None,
    )


def fact_of(detail: OfacDetail) -> Fact:
    """Return a detail as a fact; for a document without a number, with all else that is known."""
    days = (
        f"issued {detail.issued}" if detail.issued else None,
        f"expires {detail.expires}" if detail.expires else None,
    )
    words = (detail.value, detail.country, *days, detail.note)
    return Fact(kind=fact_kind(detail.kind), value=" ".join(filter(None, words)))


# Some sixty kinds, printed a hundred thousand times.
@functools.lru_cache(maxsize=1024)
def fact_kind(printed: str) -> str:
    """Return our snake_case word for a printed kind, such as `secondary_sanctions_risk`."""
    known = _FACT_KINDS.get(printed)
    return known or re.sub(r"[^a-z0-9]+", "_", printed.casefold()).strip("_")


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
    """A list that a party is on, and since when, where the file gives the day."""

    list_code: str
    listed_on: date | None = None


def lists_of_programmes(
    source: str, where: str, programmes: tuple[str, ...], printed: str
) -> tuple[OnList, ...]:
    """Return the lists of a party whose file names only programmes.

    `printed` is all other text of the entry. Every entry in the SDN List's file is on that list,
    whatever its programme.
    """
    if source != SDN:
        return tuple(map(OnList, non_sdn_lists(programmes, printed)))
    check_sdn(where, programmes)
    return (OnList(SDN),)


def likely_lists(source: str, programmes: tuple[str, ...], printed: str) -> tuple[str, ...]:
    """Return the lists of a party that cannot be read, by its file or its programmes."""
    return (SDN,) if source == SDN else non_sdn_lists(programmes, printed)


class OfacParty(msgspec.Struct, frozen=True, kw_only=True):
    """One party as a file describes it; it makes one listing for each of its lists.

    `number` is OFAC's lasting number: `uid` of the classic XML, `id` of an entity in the enhanced
    and delta files. `names` are as printed, the primary one first.
    """

    number: str
    entity_type: EntityType | None
    lists: tuple[OnList, ...]
    names: tuple[Name, ...]
    programmes: tuple[str, ...]
    addresses: tuple[Address, ...]
    details: tuple[OfacDetail, ...]
    citations: tuple[str, ...] = ()
    remarks: str | None = None


def lists_in(
    source: str, lists: Collection[OnList], *, is_whole: bool = True
) -> tuple[OnList, ...]:
    """Return the lists of a source that a party is on, each once.

    A party of a list that is not known goes to `UNKNOWN_LIST`, in a full file (`is_whole`) of the
    SDN List to that list alone, which such a file is of.
    """
    found = dict[str, OnList]()
    for each in lists:
        if each.list_code in LISTS_OF[source]:
            found.setdefault(each.list_code, each)
        elif each.list_code == STRAY and source != SDN:
            found.setdefault(UNKNOWN_LIST, OnList(UNKNOWN_LIST, each.listed_on))
    strays = [each for each in lists if each.list_code == STRAY]
    if source == SDN and is_whole and strays and not found:
        return (OnList(SDN, strays[0].listed_on),)
    return tuple(found.values())


def placed(party: OfacParty, lists: Iterable[OnList]) -> tuple[Listing, ...]:
    """Return one listing of a party for each of these lists, with the id that its number gives."""
    listing, key = _listing(party), key_of_number(party.number)
    return tuple(
        msgspec.structs.replace(
            listing,
            id=f"{each.list_code}-{key}",
            list_code=each.list_code,
            listed_on=each.listed_on,
            source_url=_SOURCE_URLS[each.list_code == SDN],
            facts=(*listing.facts, *_doubt(party, each.list_code)),
        )
        for each in lists
    )


class PartyScraps(msgspec.Struct, frozen=True, kw_only=True):
    """What can be read of a party that cannot be read whole, as in `OfacParty`."""

    number: str | None
    entity_type: str
    lists: tuple[str, ...]
    names: tuple[str, ...]
    programmes: tuple[str, ...] = ()

    def on_lists(self, source: str, *, is_whole: bool = True) -> tuple[Rescued, ...]:
        """Return it for each of its lists of a source; without any, for the one of strays.

        Where the file is not whole, a party of the other source's lists alone is left out.
        """
        found = lists_in(source, tuple(map(OnList, self.lists)), is_whole=is_whole)
        if not found and (is_whole or not self.lists):
            found = (OnList(SDN if source == SDN else UNKNOWN_LIST),)
        return tuple(
            Rescued(
                names=every_name(self.names),
                list_code=each.list_code,
                entry_id=self.number,
                entity_type=_ENTITY_TYPES.get(self.entity_type.casefold()),
                programmes=self.programmes,
            )
            for each in found
        )


def read_listings[R](
    records: Iterable[R],
    read: Callable[[R], Sequence[Listing]],
    rescue: Callable[[R], Sequence[Rescued]],
) -> dict[str, tuple[Listing, ...]]:
    """Return the listings of all records by list code, in printed order; see `read_groups`."""
    keyed, known = defaultdict[str, list[tuple[str, Listing]]](list), set[str]()
    for _, listings in read_groups(records, read, rescue):
        numbers = {each.entry_id for each in listings if each.entry_id is not None}
        for where in (f"entry {number}" for number in numbers & known):
            raise RowRefusedError(where, "occurs twice in the file")
        known |= numbers
        for each in listings:
            keyed[each.list_code].append((_key(each), _linked(each)))
    return {code: give_ids(code, pairs) for code, pairs in sorted(keyed.items())}


def placed_in(source: str, party: OfacParty) -> tuple[Listing, ...]:
    """Return the listings of a party of a source's full file."""
    lists, where = lists_in(source, party.lists), f"entry {party.number}"
    if not lists:
        raise RowRefusedError(where, "is on none of the lists of this file")
    return placed(party, lists)


def editions_of(
    source: str, listings: Mapping[str, tuple[Listing, ...]], published_on: date | None
) -> tuple[ParsedEdition, ...]:
    """Return one edition for each list of the source that has entries, by list code."""
    if not listings:
        raise ListRefusedError(source, "the file has no entries")
    return tuple(
        ParsedEdition(list_code=code, published_on=published_on, listings=of_list)
        for code, of_list in sorted(listings.items())
    )


def entity_type(where: str, printed: str) -> EntityType | None:
    """Return the type of party for a printed word in upper or lower case."""
    if printed.casefold() not in _ENTITY_TYPES:
        note_unknown(where, "kind of party", printed)
    return _ENTITY_TYPES.get(printed.casefold())


def alias_kind(where: str, printed: str, *, weak: bool) -> NameKind:
    """Return the kind of a further name: `aka`, `F.K.A.`, or `nka` for a party's present name.

    A name of an unknown kind is an alias.
    """
    word = printed.strip().replace(".", "").casefold()
    if word not in _NAME_KINDS:
        note_unknown(where, "kind of name", printed)
    kind = _NAME_KINDS.get(word, "alias")
    return "weak_alias" if weak and kind == "alias" else kind


def one_primary(where: str, primary: Sequence[Name], others: Sequence[Name]) -> tuple[Name, ...]:
    """Return the names with the primary one first; of several or without any, the first counts."""
    names = (*primary, *others)
    if len(primary) == 1:
        return names
    if not names:
        raise RowRefusedError(where, "0 primary names; one is expected")
    note_unknown(where, "number of primary names", f"{len(primary)}")
    rest = (
        msgspec.structs.replace(each, kind="alias") if each.kind == "primary" else each
        for each in names[1:]
    )
    return (msgspec.structs.replace(names[0], kind="primary"), *rest)


def _key(listing: Listing) -> str:
    number = listing.entry_id
    return key_of_name(listing.primary_name) if number is None else key_of_number(number)


def _linked(listing: Listing) -> Listing:
    """Return a listing that could not be read with the links to its list and its entry."""
    if listing.unread is None:
        return listing
    return msgspec.structs.replace(
        listing,
        source_url=_SOURCE_URLS[listing.list_code == SDN],
        information_url=listing.entry_id and f"{_INFORMATION_URL}{listing.entry_id}",
    )


def _doubt(party: OfacParty, list_code: str) -> Iterator[Fact]:
    """Yield the fact that the listing's list is not known, where it is not."""
    is_stray = any(each.list_code == STRAY for each in party.lists)
    if list_code == UNKNOWN_LIST and not is_stray:
        further = " further" if len(party.lists) > 1 else ""
        value = f"which{further} one of OFAC's non-SDN lists it is on, the file does not say"
        yield Fact(kind="list_not_known", value=value)


def _listing(party: OfacParty) -> Listing:
    """Return a party as a listing without id, list and day.

    `countries` are those of its addresses, nationality, citizenship and registration, but not a
    vessel's flag, a document's issuer or a birthplace.
    """
    told = (each for each in party.details if not (is_number(each) or is_pointer(each.value)))
    facts = tuple(map(fact_of, told))
    tying = (country_code(fact.value) for fact in facts if fact.kind in _TYING)
    codes = (*(address.country for address in party.addresses), *tying)
    return Listing(
        id="",
        list_code="",
        names=collect_names(party.names[0].text, party.names[1:]),
        entity_type=party.entity_type,
        entry_id=party.number,
        addresses=party.addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=tuple(identifier_of(each) for each in party.details if is_number(each)),
        programmes=party.programmes,
        citations=party.citations,
        remarks=party.remarks,
        facts=facts,
        information_url=f"{_INFORMATION_URL}{party.number}",
    )


# --- The periods of the enhanced and delta files, each printed as four days.

_BOUNDS = ("fromDateBegin", "fromDateEnd", "toDateBegin", "toDateEnd")


def read_period(row: ElementRow, tag: str) -> str | None:
    """Return a period in the words of the older files, None where there is none.

    The words are `14 Dec 2005`, `Dec 2005`, `2005`, or `14 Dec 2005 to 20 Jan 2006`, with `circa`
    before an approximate period. A period with a bound that cannot be read is as printed.
    """
    period = row.row(tag)
    if period is None:
        return None
    printed = [period.take(bound) for bound in _BOUNDS]
    days = [read_day(period.where, *each) for each in zip(_BOUNDS, printed, strict=True)]
    is_approximate = period.take("isApproximate") == "true"
    period.close("isDateRange")
    read = [day for day in days if day is not None]
    if len(read) < len(days):
        return " to ".join(dict.fromkeys(printed))
    text = _words(min(read), max(read))
    return f"circa {text}" if is_approximate else text


def _words(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d %b %Y}"
    begins, ends = first.day == 1, last.day == calendar.monthrange(last.year, last.month)[1]
    if begins and ends and (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    if begins and ends and (first.month, last.month) == (1, 12):
        years = dict.fromkeys((f"{first.year}", f"{last.year}"))
        return " to ".join(years)
    return f"{first:%d %b %Y} to {last:%d %b %Y}"
