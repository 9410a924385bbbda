"""The parties of OFAC's advanced files, without the lists that they are on."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

import msgspec

from abeyance_screening.engine.lists.edition import MayHide
from abeyance_screening.engine.lists.listing import Address, EntityType, Name
from abeyance_screening.engine.lists.reading.notes import (
    Ahead,
    is_in_record,
    note_unknown,
    read_ahead,
)
from abeyance_screening.engine.lists.reading.xml import ElementRow, local_name
from abeyance_screening.engine.lists.us_ofac.parties import (
    OfacDetail,
    PartyScraps,
    alias_kind,
    entity_type,
    one_primary,
    period_words,
)
from abeyance_screening.engine.lists.us_ofac.xml import address_of, texts_of
from abeyance_screening.primitives.errors import RowRefusedError

# --- Reference values: the words for numbers, with one set for each kind.

_SUFFIX = "Values"
# Sets that carry nothing about a party: how the words are arranged, and who issued them.
_UNREAD = (
    *("AreaCodeType", "CalendarType", "CountryRelevance", "DecisionMakingBody", "DetailType"),
    *("EntryLinkType", "ExRefType", "FeatureTypeGroup", "IdentityFeatureLinkType"),
    *("LegalBasisType", "LocPartValueStatus", "LocPartValueType", "Organisation"),
    *("SanctionsProgram", "ScriptStatus", "SubsidiaryBody", "SupInfoType", "TargetType"),
)
_READ = (
    *("AliasType", "AreaCode", "Country", "DetailReference", "DocNameStatus", "EntryEventType"),
    *("FeatureType", "IDRegDocDateType", "IDRegDocType", "LegalBasis", "List", "LocPartType"),
    *("NamePartType", "PartySubType", "PartyType", "RelationQuality", "RelationType"),
    *("Reliability", "SanctionsType", "Script", "Validity"),
)
SETS = frozenset(f"{kind}{_SUFFIX}" for kind in (*_READ, *_UNREAD))
"""The names of all known sets."""
# What may hide behind a number without a word.
_MAY_HIDE: dict[str, MayHide] = {"EntryEventType": "status", "List": "kind"}
UNKNOWN = "Unknown"
"""OFAC's word for a value that is not known."""


class References:
    """The reference values: words by kind and number."""

    def __init__(self) -> None:
        self._words = defaultdict[str, dict[str, str]](dict)
        self._party_types = dict[str, str]()

    def read(self, element: Element) -> None:
        """Add one set."""
        kind = local_name(element.tag).removesuffix(_SUFFIX)
        if kind not in _READ:
            return
        for each in element:
            number = each.get("ID", "")
            # An area's text is its code; the description is the country's name.
            word = " ".join((each.get("Description") or each.text or "").split())
            if not number or not word:
                what = f"half of a pair in {local_name(element.tag)}"
                note_unknown(local_name(element.tag), what, number or word or "blank")
                continue
            self._words[kind][number] = word
            if kind == "PartySubType":
                self._party_types[number] = each.get("PartyTypeID", "")

    def word(self, where: str, kind: str, number: str) -> str:
        """Return the word for a number of one kind; without a word it is kind and number."""
        word = self.printed(kind, number)
        if word is None:
            may_hide = _MAY_HIDE.get(kind)
            note_unknown(where, f"number of {kind}", number, may_hide=may_hide)
            return f"{kind} {number}"
        return word

    def printed(self, kind: str, number: str) -> str | None:
        """Return the word for a number of one kind, or None if it is not in the set."""
        return self._words[kind].get(number)

    def known_word(self, where: str, kind: str, number: str | None) -> str | None:
        """Return the word for a number, None where there is no number or the word is `Unknown`."""
        word = None if number is None else self.word(where, kind, number)
        return None if word == UNKNOWN else word

    def party_type(self, where: str, number: str) -> str:
        """Return `Vessel`, `Aircraft`, `Entity` or `Individual`, the narrowest word there is."""
        narrow = self.known_word(where, "PartySubType", number)
        return narrow or self.word(where, "PartyType", self._party_types.get(number, ""))

    def printed_party_type(self, number: str) -> str:
        """Return what `party_type` does, or "" if there is no word."""
        narrow = self.printed("PartySubType", number)
        if narrow is not None and narrow != UNKNOWN:
            return narrow
        return self.printed("PartyType", self._party_types.get(number, "")) or ""


# --- Locations: addresses, and the countries that parties are tied to.

_REGION = "Region: "


class ProfileLocation(msgspec.Struct, frozen=True):
    """One location: its parts as pairs of kind and value, and the country's name as printed."""

    parts: tuple[tuple[str, str], ...]
    country: str | None

    @property
    def name(self) -> str:
        """The whole place on one line; for a nationality or a flag, the country alone."""
        return ", ".join((*(value for _, value in self.parts), *filter(None, (self.country,))))

    def address(self, where: str) -> Iterator[Address]:
        """Yield the place as an address, like those of the enhanced file."""
        yield from address_of(where, self.parts, self.country)


def read_place(row: ElementRow, references: References) -> ProfileLocation:
    """Read a location."""
    # An area is the same country as a code; it is used only where no country is printed.
    areas = [
        references.word(each.where, "AreaCode", _closed(each, "AreaCodeID"))
        for each in row.rows("LocationAreaCode")
    ]
    countries = [
        references.word(each.where, "Country", _closed(each, "CountryID"))
        for each in row.rows("LocationCountry")
    ]
    parts, names = list[tuple[str, str]](), [*(countries or areas)]
    for kind, value in _place_parts(row, references):
        if kind is None:
            names.append(value)
        else:
            parts.append((kind, value.removeprefix(_REGION)))
    row.close("ID", "FeatureVersionReference")
    return ProfileLocation(tuple(parts), ", ".join(names) or None)


def _place_parts(row: ElementRow, references: References) -> Iterator[tuple[str | None, str]]:
    """Yield the parts with their kinds; the kind None (`Unknown`) means a country's name."""
    for part in row.rows("LocationPart"):
        number = part.take_attribute("LocPartTypeID")
        kind = references.known_word(part.where, "LocPartType", number)
        for value in part.rows("LocationPartValue"):
            text, comment = value.take("Value"), value.find("Comment")
            value.close("Primary", "LocPartValueTypeID", "LocPartValueStatusID")
            yield kind, " ".join(filter(None, (text, comment)))
        part.close()


def _closed(row: ElementRow, name: str) -> str:
    number = row.take_attribute(name)
    row.close("CountryRelevanceID")
    return number


# --- Booleans and days, which several elements have.

_BOOLEANS = {"true": True, "false": False}
_FIXED = ("YearFixed", "MonthFixed", "DayFixed")
_DECEMBER = 12


def read_boolean(row: ElementRow, name: str) -> bool:
    """Read an attribute that must be `true` or `false`; anything else counts as `false`."""
    printed = row.take_attribute(name)
    if printed not in _BOOLEANS:
        note_unknown(row.where, name, printed)
    return _BOOLEANS.get(printed, False)


def read_day(row: ElementRow, *, last: bool = False) -> date | None:
    """Read a day; where month or day is missing, return the first or `last` day of the period."""
    printed = {tag: row.find(tag) for tag in ("Year", "Month", "Day")}
    row.close("CalendarTypeID")
    try:
        return _day(row.where, printed, last=last)
    except RowRefusedError:
        if not is_in_record():
            raise
        note_unknown(row.where, "day", "-".join(filter(None, printed.values())) or "blank")
        return None


def _day(where: str, printed: Mapping[str, str | None], *, last: bool) -> date:
    year, month, day = (_number(where, *each) for each in printed.items())
    if year is None:
        raise RowRefusedError(where, "Year is missing")
    month = month or (_DECEMBER if last else 1)
    try:
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        raise RowRefusedError(where, f"no calendar has {year}-{month}-{day}") from None


def read_dates(row: ElementRow) -> str | None:
    """Return the period of an element's DatePeriod in words, None where it is missing or empty.

    A period with a bound that is no day is none.
    """
    period = row.row("DatePeriod")
    if period is None:
        return None
    days, approximate = list[date | None](), False
    for tag in ("Start", "End"):
        bound = period.row(tag)
        if bound is None:
            continue
        approximate = read_boolean(bound, "Approximate") or approximate
        for end, last in (("From", False), ("To", True)):
            moment = bound.row(end)
            if moment is not None:
                days.append(read_day(moment, last=last))
        bound.close(*_FIXED)
    period.close("CalendarTypeID", *_FIXED)
    read = [day for day in days if day is not None]
    if not read or len(read) < len(days):
        return None
    return period_words(read, is_approximate=approximate)


def _number(where: str, tag: str, printed: str | None) -> int | None:
    if printed is None:
        return None
    if not (printed.isascii() and printed.isdigit()):
        raise RowRefusedError(where, f"{tag}: {printed!r} is no number")
    return int(printed)


# --- Identity documents, which are separate from the parties that hold them.

_ISSUED, _EXPIRES = "Issue Date", "Expiration Date"
_VALID = "Valid"


class ProfileDocument(msgspec.Struct, frozen=True):
    """A document, with the numbers of the identity that holds it and of the name printed on it."""

    identity: str
    bearer: str | None
    detail: OfacDetail

    def of(self, names: Mapping[str, Name]) -> OfacDetail:
        """Return the document's detail; a bearer's name other than the primary one is noted."""
        bearer = None if self.bearer is None else names.get(self.bearer)
        if bearer is None or bearer.kind == "primary":
            return self.detail
        notes = (f"in the name of {bearer.text}", self.detail.note)
        return msgspec.structs.replace(self.detail, note="; ".join(filter(None, notes)))


def read_document(
    row: ElementRow, references: References, places: Mapping[str, Ahead[ProfileLocation]]
) -> ProfileDocument:
    """Read one document."""
    kind = references.word(row.where, "IDRegDocType", row.take_attribute("IDRegDocTypeID"))
    country = references.known_word(row.where, "Country", row.attribute("IssuedBy-CountryID"))
    validity = references.word(row.where, "Validity", row.take_attribute("ValidityID"))
    location = places.get(row.attribute("IssuedIn-LocationID") or "")
    authority, days = row.find("IssuingAuthority"), _days(row, references)
    notes = (
        None if authority is None else f"issued by {authority}",
        None if location is None else f"issued in {location.result().name}",
        None if validity == _VALID else "not valid",
        row.find("Comment"),
    )
    reference = row.row("DocumentedNameReference")
    document = ProfileDocument(
        identity=row.take_attribute("IdentityID"),
        bearer=None if reference is None else reference.take_attribute("DocumentedNameID"),
        detail=OfacDetail(
            kind=kind,
            value=row.find("IDRegistrationNo") or "",
            country=country,
            issued=days.get(_ISSUED),
            expires=days.get(_EXPIRES),
            note="; ".join(filter(None, notes)) or None,
        ),
    )
    row.close("ID")
    return document


def _days(row: ElementRow, references: References) -> dict[str, str]:
    days = dict[str, str]()
    for each in row.rows("DocumentDate"):
        number = each.take_attribute("IDRegDocDateTypeID")
        kind = references.word(each.where, "IDRegDocDateType", number)
        if (period := read_dates(each)) is not None:
            days[kind] = period
        each.close()
    return days


# --- Names, composed of their parts as OFAC's other files print them.

# The enhanced file composes the same parts in this way, in all 1,673 names of 2025 that it prints
# with their parts: family names in capitals, a comma, given names as they are. The place of a
# maiden name is not known: OFAC's dictionary has the kind, but none of those files uses it.
_FAMILY = ("Patronymic", "Matronymic", "Last Name", "Maiden Name")
_GIVEN = ("First Name", "Middle Name")
_WHOLE = ("Entity Name", "Vessel Name", "Aircraft Name")
_NICKNAME = "Nickname"
_PART_KINDS = frozenset({*_FAMILY, *_GIVEN, *_WHOLE, _NICKNAME})
_LATIN, _MAIN = "Latin", "Primary Latin"
_PRIMARY = "Name"


def read_names(identity: ElementRow, references: References) -> dict[str, Name]:
    """Return the names by their numbers, the primary one first, then the others as printed."""
    kinds = _part_kinds(identity, references)
    primary, others = dict[str, Name](), dict[str, Name]()
    for alias in identity.rows("Alias"):
        is_primary, weak = read_boolean(alias, "Primary"), read_boolean(alias, "LowQuality")
        printed = references.word(alias.where, "AliasType", alias.take_attribute("AliasTypeID"))
        is_name = is_primary and printed == _PRIMARY
        kind = "alias" if is_name else alias_kind(alias.where, printed, weak=weak)
        for documented in alias.rows("DocumentedName"):
            status = references.word(
                alias.where, "DocNameStatus", documented.take_attribute("DocNameStatusID")
            )
            text, script = _text(documented, kinds, references)
            first = is_name and status == _MAIN
            name = Name(
                text=text,
                kind="primary" if first else kind,
                language=None if script == _LATIN else script,
            )
            (primary if first else others)[documented.take_attribute("ID")] = name
            documented.close("FixedRef")
        alias.close("FixedRef")
    names = one_primary(identity.where, tuple(primary.values()), tuple(others.values()))
    return dict(zip((*primary, *others), names, strict=True))


def _part_kinds(identity: ElementRow, references: References) -> dict[str, str]:
    """Return the kind of each part of a name, by the number of its group."""
    kinds = dict[str, str]()
    for groups in identity.rows("NamePartGroups"):
        for master in groups.rows("MasterNamePartGroup"):
            for group in master.rows("NamePartGroup"):
                number = group.take_attribute("NamePartTypeID")
                kind = references.word(group.where, "NamePartType", number)
                kinds[group.take_attribute("ID")] = kind
                group.close()
            master.close()
        groups.close()
    return kinds


def _text(
    documented: ElementRow, kinds: dict[str, str], references: References
) -> tuple[str, str]:
    """Return the name and its script; for parts in two scripts, the one that is not Latin."""
    parts, scripts = list[tuple[str, str]](), dict[str, None]()
    for kind, script, text in _parts(documented, kinds, references):
        parts.append((kind, text))
        scripts[script] = None
    whole = _joined(parts, _WHOLE).upper() or _joined(parts, (_NICKNAME,))
    person = ", ".join(filter(None, (_joined(parts, _FAMILY).upper(), _joined(parts, _GIVEN))))
    others = " ".join(text for kind, text in parts if kind not in _PART_KINDS)
    name = " ".join(filter(None, (person, whole, others)))
    if not name:
        raise RowRefusedError(documented.where, "the name has no parts")
    return name, next((each for each in scripts if each != _LATIN), _LATIN)


def _parts(
    documented: ElementRow, kinds: dict[str, str], references: References
) -> Iterator[tuple[str, str, str]]:
    for part in documented.rows("DocumentedNamePart"):
        for value in part.rows("NamePartValue"):
            kind = kinds.get(value.take_attribute("NamePartGroupID"))
            if kind not in _PART_KINDS:
                note_unknown(value.where, "part of a name", kind or "blank")
            script = references.word(value.where, "Script", value.take_attribute("ScriptID"))
            text = value.own_text()
            if text is None:
                raise RowRefusedError(value.where, f"the {kind} is blank")
            value.close("ScriptStatusID", "Acronym")
            yield kind or "", script, text
        part.close()


def _joined(parts: list[tuple[str, str]], kinds: tuple[str, ...]) -> str:
    return " ".join(text for wanted in kinds for kind, text in parts if kind == wanted)


# --- Parties.

_ADDRESS, _TITLE = "Location", "Title"
# As in the enhanced file, how reliable OFAC considers a feature is kept only for false ones.
_RELIABILITIES = {None: None, "Confirmed": None, "Reported": None, "False": "(false)"}


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A party without its lists; `number` is OFAC's lasting one, `profile` the file's own."""

    profile: str
    number: str
    entity_type: EntityType | None
    names: tuple[Name, ...]
    addresses: tuple[Address, ...]
    details: tuple[OfacDetail, ...]
    remarks: str | None


class Surroundings(msgspec.Struct, frozen=True):
    """The contents before the parties: reference values, places, and documents by identity."""

    references: References
    places: dict[str, Ahead[ProfileLocation]]
    documents: dict[str, list[Ahead[ProfileDocument]]]


def read_profile(row: ElementRow, around: Surroundings) -> Profile:
    """Read one party; its documents are removed from `around`."""
    number, remarks = row.take_attribute("FixedRef"), row.find("Comment")
    profile = row.row("Profile")
    if profile is None:
        raise RowRefusedError(row.where, "Profile is missing")
    printed = around.references.party_type(row.where, profile.take_attribute("PartySubTypeID"))
    names, documents = dict[str, Name](), list[OfacDetail]()
    for identity in profile.rows("Identity"):
        names |= read_names(identity, around.references)
        held = around.documents.pop(identity.take_attribute("ID"), [])
        documents += [document.result().of(names) for document in held]
        identity.close("FixedRef", "Primary", "False")
    addresses, details = list[Address](), list[OfacDetail]()
    for feature in profile.rows("Feature"):
        for each in _feature(feature, around):
            if isinstance(each, Address):
                addresses.append(each)
            else:
                details.append(each)
    read = Profile(
        profile=profile.take_attribute("ID"),
        number=number,
        entity_type=entity_type(row.where, printed),
        names=tuple(names.values()),
        addresses=tuple(addresses),
        details=(*sorted(details, key=_is_no_title), *documents),
        remarks=remarks,
    )
    profile.close()
    row.close()
    return read


def _is_no_title(detail: OfacDetail) -> bool:
    return detail.kind != _TITLE


def _feature(row: ElementRow, around: Surroundings) -> Iterator[OfacDetail | Address]:
    number = row.take_attribute("FeatureTypeID")
    kind = around.references.word(row.where, "FeatureType", number)
    for version in row.rows("FeatureVersion"):
        yield from _version(version, kind, around)
    row.close("ID", "IdentityReference")


def _version(row: ElementRow, kind: str, around: Surroundings) -> Iterator[OfacDetail | Address]:
    """Yield what one version holds: places, texts and words, or a period."""
    reliability = around.references.known_word(
        row.where, "Reliability", row.attribute("ReliabilityID")
    )
    if reliability not in _RELIABILITIES:
        note_unknown(row.where, "reliability", reliability or "blank")
    period, details = read_dates(row), list(_details(row, around.references))
    places = [_place(each, around.places) for each in row.rows("VersionLocation")]
    note = " ".join(filter(None, (row.find("Comment"), _RELIABILITIES.get(reliability)))) or None
    row.close("ID")
    if kind == _ADDRESS and not details:
        for place in places:
            yield from place.address(row.where)
        return
    values = [*details, *filter(None, (period,)), *(place.name for place in places)]
    if not values:
        note_unknown(row.where, "feature without a value", kind)
    for value in values:
        yield OfacDetail(kind=kind, value=value, note=note)


def _details(row: ElementRow, references: References) -> Iterator[str]:
    for detail in row.rows("VersionDetail"):
        looked_up = detail.attribute("DetailReferenceID")
        if looked_up is not None:
            yield references.word(detail.where, "DetailReference", looked_up)
        text = detail.own_text()
        if text is not None:
            yield text
        detail.close("DetailTypeID")


def _place(row: ElementRow, places: Mapping[str, Ahead[ProfileLocation]]) -> ProfileLocation:
    number = row.take_attribute("LocationID")
    row.close()
    if number not in places:
        raise RowRefusedError(row.where, f"location {number} is not in the file: it is not whole")
    return places[number].result()


# --- A party that cannot be read.


def scraps_of(element: Element, references: References) -> PartyScraps:
    """Return what can be read of a party that cannot be read whole, without its lists."""
    profile = element.find("{*}Profile")
    kind = "" if profile is None else profile.get("PartySubTypeID", "")
    return PartyScraps(
        number=element.get("FixedRef", "").strip() or None,
        entity_type=references.printed_party_type(kind),
        lists=(),
        names=tuple(_printed_names(element, references)),
    )


def _printed_names(element: Element, references: References) -> Iterator[str]:
    for each in element.iterfind("{*}Profile/{*}Identity"):
        identity = ElementRow("identity", each)
        names = read_ahead(lambda row=identity: read_names(row, references)).value
        if names is not None:
            yield from (name.text for name in names.values())
            continue
        for name in each.iterfind("{*}Alias/{*}DocumentedName"):
            yield " ".join(texts_of(name, "DocumentedNamePart/{*}NamePartValue"))
