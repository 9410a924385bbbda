"""Parties of the advanced file, before it says which lists they are on."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

import msgspec

from service.errors import RowRefusedError
from service.lists.listing import Address, EntityType, Name
from service.lists.reading.xml import ElementRow, local_name
from service.lists.us_ofac.parties import OfacDetail, alias_kind, entity_type, period_words
from service.lists.us_ofac.xml import address_of

# --- The words that the advanced file stands for by numbers, each kind in a set of its own.

_SUFFIX = "Values"
# What says nothing of a party: how the words themselves are ordered, and of whom they are.
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
"""The names of the sets that are known."""
UNKNOWN = "Unknown"
"""The word for what OFAC does not say."""


class References:
    """The words by their kind and number."""

    def __init__(self) -> None:
        self._words = defaultdict[str, dict[str, str]](dict)
        self._party_types = dict[str, str]()

    def read(self, element: Element) -> None:
        """Take in one set.

        Raises:
            RowRefusedError: A word without a number, or a number without a word.
        """
        kind = local_name(element.tag).removesuffix(_SUFFIX)
        if kind not in _READ:
            return
        for each in element:
            number = each.get("ID", "")
            # an area's text is its code; the country's name stands beside it
            word = " ".join((each.get("Description") or each.text or "").split())
            if not number or not word:
                raise RowRefusedError(
                    local_name(element.tag), f"no ID or word of {number or word!r}"
                )
            self._words[kind][number] = word
            if kind == "PartySubType":
                self._party_types[number] = each.get("PartyTypeID", "")

    def word(self, where: str, kind: str, number: str) -> str:
        """The word of that kind.

        Raises:
            RowRefusedError: No such number stands in the set.
        """
        word = self._words[kind].get(number)
        if word is None:
            raise RowRefusedError(where, f"{kind} {number!r} is not among the reference values")
        return word

    def said(self, where: str, kind: str, number: str | None) -> str | None:
        """The word, None where there is no number or the word is `Unknown`."""
        word = None if number is None else self.word(where, kind, number)
        return None if word == UNKNOWN else word

    def party_type(self, where: str, number: str) -> str:
        """`Vessel`, `Aircraft`, `Entity`, `Individual`: the narrower word where there is one."""
        narrow = self.said(where, "PartySubType", number)
        return narrow or self.word(where, "PartyType", self._party_types[number])


# --- Locations of the advanced file: addresses, and the countries that parties are tied to.

_REGION = "Region: "


class ProfileLocation(msgspec.Struct, frozen=True):
    """One location: its parts, each behind its kind, and the country's name as printed."""

    parts: tuple[tuple[str, str], ...]
    country: str | None

    @property
    def name(self) -> str:
        """The whole place on one line: of a nationality or a flag, the country alone."""
        return ", ".join((*(value for _, value in self.parts), *filter(None, (self.country,))))

    def address(self, where: str) -> Iterator[Address]:
        """The place as an address, in the shape that the enhanced file gives it.

        Raises:
            RowRefusedError: A part is of an unknown kind.
        """
        yield from address_of(where, self.parts, self.country)


def read_place(row: ElementRow, references: References) -> tuple[str, ProfileLocation]:
    """The number of a location, and the location.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable.
    """
    # the same country once more as a code; alone only where the place is none that has one
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
    number = row.take_attribute("ID")
    row.close("FeatureVersionReference")
    return number, ProfileLocation(tuple(parts), ", ".join(names) or None)


def _place_parts(row: ElementRow, references: References) -> Iterator[tuple[str | None, str]]:
    """The parts with their kinds, None for one whose kind OFAC does not say: a country's name."""
    for part in row.rows("LocationPart"):
        number = part.take_attribute("LocPartTypeID")
        kind = references.said(part.where, "LocPartType", number)
        for value in part.rows("LocationPartValue"):
            text, comment = value.take("Value"), value.find("Comment")
            value.close("Primary", "LocPartValueTypeID", "LocPartValueStatusID")
            yield kind, " ".join(filter(None, (text, comment)))
        part.close()


def _closed(row: ElementRow, name: str) -> str:
    number = row.take_attribute(name)
    row.close("CountryRelevanceID")
    return number


# --- What several elements of the advanced file have in common: truths and days.

_TRUTHS = {"true": True, "false": False}
_FIXED = ("YearFixed", "MonthFixed", "DayFixed")
_DECEMBER = 12


def truth(row: ElementRow, name: str) -> bool:
    """An attribute that must be there and be `true` or `false`.

    Raises:
        RowRefusedError: It is missing, blank or something else.
    """
    printed = row.take_attribute(name)
    if printed not in _TRUTHS:
        raise RowRefusedError(row.where, f"{name}: {printed!r} is neither true nor false")
    return _TRUTHS[printed]


def read_day(row: ElementRow, *, last: bool = False) -> date:
    """The day of an element with year, month and day; without these its first or `last` one.

    Raises:
        RowRefusedError: No year, or a day that no calendar has.
    """
    year, month, day = (_number(row, tag) for tag in ("Year", "Month", "Day"))
    row.close("CalendarTypeID")
    if year is None:
        raise RowRefusedError(row.where, "Year is missing")
    month = month or (_DECEMBER if last else 1)
    try:
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        raise RowRefusedError(row.where, f"no calendar has {year}-{month}-{day}") from None


def read_dates(row: ElementRow) -> str | None:
    """The period of an element's DatePeriod in words; None where it has none or it is empty.

    Raises:
        RowRefusedError: A bound is no day, or an element is unknown.
    """
    period = row.row("DatePeriod")
    if period is None:
        return None
    days, approximate = list[date](), False
    for tag in ("Start", "End"):
        bound = period.row(tag)
        if bound is None:
            continue
        approximate = truth(bound, "Approximate") or approximate
        for end, last in (("From", False), ("To", True)):
            moment = bound.row(end)
            if moment is not None:
                days.append(read_day(moment, last=last))
        bound.close(*_FIXED)
    period.close("CalendarTypeID", *_FIXED)
    return period_words(days, is_approximate=approximate) if days else None


def _number(row: ElementRow, tag: str) -> int | None:
    printed = row.find(tag)
    if printed is None:
        return None
    if not (printed.isascii() and printed.isdigit()):
        raise RowRefusedError(row.where, f"{tag}: {printed!r} is no number")
    return int(printed)


# --- Identity documents of the advanced file, which stand apart from the parties that hold them.

_ISSUED, _EXPIRES = "Issue Date", "Expiration Date"
_VALID = "Valid"


class ProfileDocument(msgspec.Struct, frozen=True):
    """A document and the numbers of the identity that holds it and of the name printed on it."""

    identity: str
    bearer: str | None
    said: OfacDetail

    def of(self, names: Mapping[str, Name]) -> OfacDetail:
        """The document of a party with these names, noting one that is not its primary name."""
        bearer = None if self.bearer is None else names.get(self.bearer)
        if bearer is None or bearer.kind == "primary":
            return self.said
        notes = (f"in the name of {bearer.text}", self.said.note)
        return msgspec.structs.replace(self.said, note="; ".join(filter(None, notes)))


def read_document(
    row: ElementRow, references: References, places: Mapping[str, ProfileLocation]
) -> ProfileDocument:
    """One document.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable.
    """
    kind = references.word(row.where, "IDRegDocType", row.take_attribute("IDRegDocTypeID"))
    country = references.said(row.where, "Country", row.attribute("IssuedBy-CountryID"))
    validity = references.word(row.where, "Validity", row.take_attribute("ValidityID"))
    location = places.get(row.attribute("IssuedIn-LocationID") or "")
    authority, days = row.find("IssuingAuthority"), _days(row, references)
    notes = (
        None if authority is None else f"issued by {authority}",
        None if location is None else f"issued in {location.name}",
        None if validity == _VALID else "not valid",
        row.find("Comment"),
    )
    reference = row.row("DocumentedNameReference")
    document = ProfileDocument(
        identity=row.take_attribute("IdentityID"),
        bearer=None if reference is None else reference.take_attribute("DocumentedNameID"),
        said=OfacDetail(
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


# --- Names of the advanced file, put together of their parts as OFAC's other files print them.

# What the enhanced file makes of the same parts, in all 1,673 names of 2025 that it prints with
# them: the family's names in capitals before a comma, the given ones as they are behind it.
# Where a maiden name stands is not known; OFAC's dictionary has it, those files do not.
_FAMILY = ("Patronymic", "Matronymic", "Last Name", "Maiden Name")
_GIVEN = ("First Name", "Middle Name")
_WHOLE = ("Entity Name", "Vessel Name", "Aircraft Name")
_NICKNAME = "Nickname"
_LATIN, _MAIN = "Latin", "Primary Latin"
_PRIMARY = "Name"


def read_names(identity: ElementRow, references: References) -> dict[str, Name]:
    """The names by their numbers, the primary one first, then the others as printed.

    Raises:
        RowRefusedError: Not one primary name, or a part of a name is of an unknown kind.
    """
    kinds = _part_kinds(identity, references)
    primary, others = dict[str, Name](), dict[str, Name]()
    for alias in identity.rows("Alias"):
        is_primary, weak = truth(alias, "Primary"), truth(alias, "LowQuality")
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
    if len(primary) != 1:
        raise RowRefusedError(identity.where, f"{len(primary)} primary names; one is expected")
    return primary | others


def _part_kinds(identity: ElementRow, references: References) -> dict[str, str]:
    """What each part of a name is, by the number of its group."""
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
    """The name and its script; of parts in two scripts, the one that is not Latin."""
    parts, scripts = list[tuple[str, str]](), dict[str, None]()
    for kind, script, text in _parts(documented, kinds, references):
        parts.append((kind, text))
        scripts[script] = None
    whole = _joined(parts, _WHOLE).upper() or _joined(parts, (_NICKNAME,))
    person = ", ".join(filter(None, (_joined(parts, _FAMILY).upper(), _joined(parts, _GIVEN))))
    name = " ".join(filter(None, (person, whole)))
    if not name:
        raise RowRefusedError(documented.where, "the name has no parts")
    return name, next((each for each in scripts if each != _LATIN), _LATIN)


def _parts(
    documented: ElementRow, kinds: dict[str, str], references: References
) -> Iterator[tuple[str, str, str]]:
    for part in documented.rows("DocumentedNamePart"):
        for value in part.rows("NamePartValue"):
            kind = kinds.get(value.take_attribute("NamePartGroupID"))
            if kind not in {*_FAMILY, *_GIVEN, *_WHOLE, _NICKNAME}:
                raise RowRefusedError(value.where, f"unknown part of a name {kind!r}")
            script = references.word(value.where, "Script", value.take_attribute("ScriptID"))
            text = value.own_text()
            if text is None:
                raise RowRefusedError(value.where, f"the {kind} is blank")
            value.close("ScriptStatusID", "Acronym")
            yield kind, script, text
        part.close()


def _joined(parts: list[tuple[str, str]], kinds: tuple[str, ...]) -> str:
    return " ".join(text for wanted in kinds for kind, text in parts if kind == wanted)


_ADDRESS, _TITLE = "Location", "Title"
# As in the enhanced file: how far OFAC trusts a feature is left out but for false ones.
_RELIABILITIES = {None: None, "Confirmed": None, "Reported": None, "False": "(false)"}


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A party with what the file says of it alone; `number` is OFAC's lasting one."""

    profile: str
    number: str
    entity_type: EntityType
    names: tuple[Name, ...]
    addresses: tuple[Address, ...]
    said: tuple[OfacDetail, ...]
    remarks: str | None


class Surroundings(msgspec.Struct, frozen=True):
    """What stands in front of the parties: the words, the places, the documents by identity."""

    references: References
    places: dict[str, ProfileLocation]
    documents: dict[str, list[ProfileDocument]]


def read_profile(row: ElementRow, around: Surroundings) -> Profile:
    """One party; its documents are taken out of those that stood before it.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable, or a place is
            referred to that is not in the file.
    """
    number, remarks = row.take_attribute("FixedRef"), row.find("Comment")
    profile = row.row("Profile")
    if profile is None:
        raise RowRefusedError(row.where, "Profile is missing")
    printed = around.references.party_type(row.where, profile.take_attribute("PartySubTypeID"))
    names, documents = dict[str, Name](), list[OfacDetail]()
    for identity in profile.rows("Identity"):
        names |= read_names(identity, around.references)
        held = around.documents.pop(identity.take_attribute("ID"), [])
        documents += [document.of(names) for document in held]
        identity.close("FixedRef", "Primary", "False")
    addresses, said = list[Address](), list[OfacDetail]()
    for feature in profile.rows("Feature"):
        for each in _feature(feature, around):
            if isinstance(each, Address):
                addresses.append(each)
            else:
                said.append(each)
    read = Profile(
        profile=profile.take_attribute("ID"),
        number=number,
        entity_type=entity_type(row.where, printed),
        names=tuple(names.values()),
        addresses=tuple(addresses),
        said=(*sorted(said, key=_is_no_title), *documents),
        remarks=remarks,
    )
    profile.close()
    row.close()
    return read


def _is_no_title(said: OfacDetail) -> bool:
    return said.kind != _TITLE


def _feature(row: ElementRow, around: Surroundings) -> Iterator[OfacDetail | Address]:
    number = row.take_attribute("FeatureTypeID")
    kind = around.references.word(row.where, "FeatureType", number)
    for version in row.rows("FeatureVersion"):
        yield from _version(version, kind, around)
    row.close("ID", "IdentityReference")


def _version(row: ElementRow, kind: str, around: Surroundings) -> Iterator[OfacDetail | Address]:
    """What one version says: a place, a text or word, or a period."""
    reliability = around.references.said(row.where, "Reliability", row.attribute("ReliabilityID"))
    if reliability not in _RELIABILITIES:
        raise RowRefusedError(row.where, f"reliability: unknown {reliability!r}")
    period, details = read_dates(row), list(_details(row, around.references))
    places = [_place(each, around.places) for each in row.rows("VersionLocation")]
    note = " ".join(filter(None, (row.find("Comment"), _RELIABILITIES[reliability]))) or None
    row.close("ID")
    if kind == _ADDRESS and not details:
        for place in places:
            yield from place.address(row.where)
        return
    values = [*details, *filter(None, (period,)), *(place.name for place in places)]
    if not values:
        raise RowRefusedError(row.where, f"{kind} has no value")
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


def _place(row: ElementRow, places: Mapping[str, ProfileLocation]) -> ProfileLocation:
    number = row.take_attribute("LocationID")
    row.close()
    if number not in places:
        raise RowRefusedError(row.where, f"location {number} is not in the file: it is not whole")
    return places[number]
