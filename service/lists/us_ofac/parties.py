"""The parties of OFAC's files, whatever their format, and the listings that they make."""

import calendar
import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Address, EntityType, Fact, Identifier, Listing, Name, NameKind
from service.lists.reading.countries import country_code
from service.lists.reading.days import find_day, read_day
from service.lists.reading.ids import give_ids, key_of_number
from service.lists.reading.names import collect_names
from service.lists.reading.xml import ElementRow
from service.lists.us_csl.files import is_remark

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

    Raises:
        RowRefusedError: The list is unknown.
    """
    if printed == UMBRELLA:
        return None
    if printed not in _BY_NAME:
        raise RowRefusedError(where, f"unknown list {printed!r}")
    return _BY_NAME[printed]


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
    """Refuse an entry of another list in a file of the SDN List.

    Raises:
        RowRefusedError: The entry has only programmes that put nobody on the SDN List.
    """
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


def ties_to_country(fact: Fact) -> bool:
    """Return whether a fact names a country that the party belongs to."""
    return fact.kind in _TYING


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

    Raises:
        RowRefusedError: An entry of the SDN List's file has only programmes of the other source.
    """
    if source != SDN:
        return tuple(map(OnList, non_sdn_lists(programmes, printed)))
    check_sdn(where, programmes)
    return (OnList(SDN),)


class OfacParty(msgspec.Struct, frozen=True, kw_only=True):
    """One party as a file describes it; it makes one listing for each of its lists.

    `number` is OFAC's lasting number: `ent_num` of the CSV files, `uid` of the classic XML, `id`
    of an entity in the enhanced and delta files. `names` are as printed, the primary one first.
    """

    number: str
    entity_type: EntityType
    lists: tuple[OnList, ...]
    names: tuple[Name, ...]
    programmes: tuple[str, ...]
    addresses: tuple[Address, ...]
    details: tuple[OfacDetail, ...]
    citations: tuple[str, ...] = ()
    remarks: str | None = None


def listings_of(
    parties: Iterable[OfacParty], list_codes: Iterable[str]
) -> dict[str, tuple[Listing, ...]]:
    """Return the listings by list code, in printed order; parties on other lists are left out."""
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
    source: str, parties: Iterable[OfacParty], published_on: date | None
) -> tuple[ParsedEdition, ...]:
    """Return one edition for each list of the source that has entries, by list code.

    Raises:
        ListRefusedError: There is no entry.
        RowRefusedError: A party occurs twice, or is on no list of this source.
    """
    checked = _checked(source, parties)
    if not checked:
        raise ListRefusedError(source, "the file has no entries")
    return tuple(
        ParsedEdition(list_code=code, published_on=published_on, listings=listings)
        for code, listings in listings_of(checked, LISTS_OF[source]).items()
    )


def entity_type(where: str, printed: str) -> EntityType:
    """Return the type of party for a printed word in upper or lower case.

    Raises:
        RowRefusedError: The word is unknown.
    """
    if printed.casefold() not in _ENTITY_TYPES:
        raise RowRefusedError(where, f"unknown kind of party {printed!r}")
    return _ENTITY_TYPES[printed.casefold()]


def alias_kind(where: str, printed: str, *, weak: bool) -> NameKind:
    """Return the kind of a further name: `aka`, `F.K.A.`, or `nka` for a party's present name.

    Raises:
        RowRefusedError: The word is unknown.
    """
    word = printed.replace(".", "").casefold()
    if word not in _NAME_KINDS:
        raise RowRefusedError(where, f"unknown kind of name {printed!r}")
    kind = _NAME_KINDS[word]
    return "weak_alias" if weak and kind == "alias" else kind


def _checked(source: str, parties: Iterable[OfacParty]) -> list[OfacParty]:
    found = dict[str, OfacParty]()
    for party in parties:
        where = f"entry {party.number}"
        if party.number in found:
            raise RowRefusedError(where, "occurs twice in the file")
        if not any(each.list_code in LISTS_OF[source] for each in party.lists):
            raise RowRefusedError(where, "is on none of the lists of this file")
        found[party.number] = party
    return list(found.values())


def _doubt(party: OfacParty, list_code: str) -> Iterator[Fact]:
    """Yield the fact that the listing's list is not known, where it is not."""
    if list_code == UNKNOWN_LIST:
        further = " further" if len(party.lists) > 1 else ""
        value = f"which{further} one of OFAC's non-SDN lists it is on, the file does not say"
        yield Fact(kind="list_not_known", value=value)


def _listing(party: OfacParty) -> Listing:
    """Return a party as a listing without id, list and day.

    `countries` are those of its addresses, nationality, citizenship and registration, but not a
    vessel's flag, a document's issuer or a birthplace.
    """
    facts = tuple(fact_of(each) for each in party.details if not is_number(each))
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
        identifiers=tuple(identifier_of(each) for each in party.details if is_number(each)),
        programmes=party.programmes,
        citations=party.citations,
        remarks=party.remarks,
        facts=facts,
        information_url=f"{_INFORMATION_URL}{party.number}",
    )


# --- The kinds of numbers and facts that OFAC prints in its remarks, by their first word.
#
# Source: the reference values `ID DOCUMENT TYPE` and the feature types of CONS_ENHANCED.XML of
# 2025-01-10, and the remarks in SDN.CSV from 2021 to 2024.

_DOCUMENTS = """
Afghan Money Service Provider License Number; Aircraft Serial Identification;
Birth Certificate Number; Bosnian Personal ID No.; Branch Unit Number;
British National Overseas Passport; Business Number; Business Registration Document #;
Business Registration Number; C.I.F.; C.I.N.; C.R. No.; C.U.I.; C.U.I.P.; C.U.I.T.; C.U.R.P.;
CNP (Personal Numerical Code); Cartilla de Servicio Militar Nacional; Cedula No.;
Central Registration System Number; Certificate of Incorporation Number;
Chamber of Commerce Number; Chinese Commercial Code; Citizen's Card Number;
Commercial Registry Number; Company Number; Credencial electoral; D.N.I.; Diplomatic Passport;
Driver's License No.; Dubai Chamber of Commerce Membership No.; Economic Register Number (CBLS);
Electoral Registry No.; Enterprise Number; File Number; Fiscal Code; Folio Mercantil No.;
Global Intermediary Identification Number; Government Gazette Number; I.F.E.;
Identification Number; Immigration No.; Istanbul Chamber of Comm. No.; Italian Fiscal Code;
Kenyan ID No.; LE Number; Legal Entity Number; License; MMSI; MSB Registration Number;
Matricula Mercantil No; Military Registration Number; Moroccan Personal ID No.; N.I.E.; N.I.F.;
NIT #; National Foreign ID Number; National ID No.;
Numero Unico de Identificacao Tributaria (NUIT); Numero de Identidad; Organization Code;
Paraguayan tax identification number; Passport; Permit Number; Personal ID Card;
Pilot License Number; Public Registration Number; Public Security and Immigration No.; R.F.C.;
RFC; RIF #; RSIN; RTN; RUC #; Refugee ID Card; Registered Charity No.;
Registration Certificate Number (Dubai); Registration ID; Registration Number; Residency Number;
Romanian C.R.; Romanian Permanent Resident; Romanian Tax Registration;
Russian State Individual Business Registration Number Pattern (OGRNIP); SRE Permit No.; SSN;
Seafarer's Identification Document; Serial No.; Stateless Person ID Card;
Stateless Person Passport; Tax ID No.; Tazkira National ID Card; Tourism License No.;
Trade License No.; Trademark number; Travel Document Number; Turkish Identification Number;
UAE Identification; UK Company Number; US FEIN; Unified Social Credit Code (USCC);
United Social Credit Code Certificate (USCCC); V.A.T. Number;
Vessel Registration Identification; VisaNumberID
"""
_FEATURES = """
Additional Sanctions Information -; Aircraft Manufacture Date;
Aircraft Construction Number (also called L/N or S/N or F/N);
Aircraft Manufacturer's Serial Number (MSN); Aircraft Mode S Transponder Code; Aircraft Model;
Aircraft Operator; Aircraft Tail Number; BIK (RU); CAATSA Section 235 Information:; D-U-N-S Number;
DOB; Email Address; Equity Ticker; Former Vessel Flag; Gender; IFCA Determination -; ISIN;
Issuer Name; Linked To:; MICEX Code; Nationality of Registration; Organization Established Date;
Organization Type:; Other Vessel Call Sign; Other Vessel Flag; Other Vessel Type;
PEESA Information:; POB; Phone Number; Previous Aircraft Tail Number;
Purchase/Sales For Divestment Date (CMIC); SWIFT/BIC; Secondary sanctions risk:; Target Type;
Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions:;
UN/LOCODE; Vessel Year of Build; Website; citizen; nationality
"""
# Kinds that are added with every order and every currency.
_PATTERN = re.compile(
    r"(?:Digital Currency Address - \w+|(?:Effective|Listing) Date \([^)]*\):?"
    r"|Executive Order \d+ (?:Directive )?(?:Determination|[Ii]nformation)(?: -|:)?)(?= )"
)


def _by_first_word(*texts: str) -> dict[str, tuple[str, ...]]:
    """Return the kinds by their first word, longest first."""
    found = defaultdict[str, list[str]](list)
    for text in texts:
        for kind in " ".join(text.split()).split("; "):
            found[kind.partition(" ")[0]].append(kind)
    return {word: tuple(sorted(kinds, key=len, reverse=True)) for word, kinds in found.items()}


_KINDS = _by_first_word(_DOCUMENTS, _FEATURES)


def kind_ahead(text: str) -> str | None:
    """Return the known kind that a text begins with, followed by a space, or None."""
    for kind in _KINDS.get(text.partition(" ")[0], ()):
        if text.startswith(f"{kind} "):
            return kind
    match = _PATTERN.match(text)
    return None if match is None else match[0]


# --- The remarks of OFAC's older files, with much that the newer ones have in separate elements.

# In characters, the longest remark of a primary file; longer ones continue in the comments.
LONGEST_REMARK = 1_000
_ALIAS = re.compile(r"([afn])\.k\.a\. (?P<quote>['\"]?)(?P<name>.+)(?P=quote)")
_DOCUMENT = re.compile(
    r"(?P<value>.+?)(?: \((?P<country>[^()]+)\))?"
    r"(?: issued (?P<issued>[\w ]+?))?(?: expires (?P<expires>[\w ]+))?"
)
# Where the last part ends like this, the final full stop belongs to the name.
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.[A-Z]|\b(?:Bhd|Co|Corp|Inc|Ltd|Ltda))$", re.IGNORECASE)
_LINKED = re.compile(r"\(?(Linked To:) (.+?)\)?")


class OfacRemark(msgspec.Struct, frozen=True):
    """The contents of a remark: further names, and the details that have a known kind."""

    names: tuple[Name, ...]
    details: tuple[OfacDetail, ...]


def is_cut(remark: str) -> bool:
    """Return whether a remark has the full length without a final full stop, so is cut."""
    return len(remark) >= LONGEST_REMARK and not remark.endswith(".")


def read_remark(remark: str) -> OfacRemark:
    """Read the parts of a remark that have a known kind; the others stay in the remark alone.

    Names in a remark are weak aliases: strong ones have their own file or element. The last part
    of a cut remark is left out, because half a number is a wrong number.
    """
    ended = remark.removesuffix(".")
    parts = (remark if _ABBREVIATED.search(ended) else ended).split("; ")
    if is_cut(remark):
        parts.pop()
    names, details = list[Name](), list[OfacDetail]()
    for part in parts:
        text = part.strip().removeprefix("alt. ")
        alias = _ALIAS.fullmatch(text)
        if alias is not None:
            kind: NameKind = "former" if alias[1] == "f" else "weak_alias"
            names.append(Name(text=alias["name"].strip(), kind=kind))
        else:
            details += _details(text)
    return OfacRemark(tuple(names), tuple(details))


def linked_to(remark: str) -> Iterator[OfacDetail]:
    """Yield the parties that a remark of the classic XML links to: `(Linked To: ROSTEC)`."""
    for part in remark.split("; "):
        match = _LINKED.fullmatch(part.strip().removesuffix("."))
        if match is not None:
            yield OfacDetail(kind=match[1], value=match[2])


def _details(text: str) -> Iterator[OfacDetail]:
    kind = kind_ahead(text)
    if kind is None:
        return
    value = " ".join(text[len(kind) :].split())
    plain = OfacDetail(kind=kind, value=value)
    match = _DOCUMENT.fullmatch(value) if is_number(plain) else None
    if match is None:
        yield plain
        return
    yield OfacDetail(kind=kind, **match.groupdict())


# --- The periods of the enhanced and delta files, each printed as four days.

_BOUNDS = ("fromDateBegin", "fromDateEnd", "toDateBegin", "toDateEnd")


def read_period(row: ElementRow, tag: str) -> str | None:
    """Return a period in the words of the older files, None where there is none.

    The words are `14 Dec 2005`, `Dec 2005`, `2005`, or `14 Dec 2005 to 20 Jan 2006`, with `circa`
    before an approximate period.

    Raises:
        RowRefusedError: A bound is missing or no day, or an element is unknown.
    """
    period = row.row(tag)
    if period is None:
        return None
    days = [_day(period, bound) for bound in _BOUNDS]
    is_approximate = period.take("isApproximate") == "true"
    period.close("isDateRange")
    return period_words(days, is_approximate=is_approximate)


def period_words(days: Collection[date], *, is_approximate: bool) -> str:
    """Return the period from the earliest to the latest day, in the words of `read_period`."""
    text = _words(min(days), max(days))
    return f"circa {text}" if is_approximate else text


def _day(row: ElementRow, tag: str) -> date:
    day = read_day(row.where, tag, row.take(tag))
    if day is None:
        raise RowRefusedError(row.where, f"{tag} is blank")
    return day


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
