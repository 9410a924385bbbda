"""Turn an entry of the EU list into a listing."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial, reduce
from xml.etree.ElementTree import Element

import msgspec

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
from abeyance_screening.engine.lists.reading.days import read_day
from abeyance_screening.engine.lists.reading.names import collect_names, is_latin, tidy
from abeyance_screening.engine.lists.reading.records import filled
from abeyance_screening.engine.lists.reading.unknown_parts import Rescued, note_unknown
from abeyance_screening.engine.lists.reading.xml import (
    ElementRow,
    local_name,
    names_in,
    read_elements,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Legal acts.

# `Date of listing: 26.7.2010`, `Date of designation 12/04/2011.`, `Date of UN designation:
# 9.7.2012`, `Date of listing: 2012-02-27`: the day first, or the year.
_LISTED = re.compile(
    r"\bdate of (?:UN )?(?:listing|designation) ?:? ?"
    r"(?:(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2}))\b",
    re.IGNORECASE,
)


class EuAct(msgspec.Struct, frozen=True, kw_only=True):
    """The act under which an entry is listed; `number` is as printed, `2019/555 (OJ L97)`."""

    programme: str
    number: str
    kind: str
    body: str | None
    published_on: date | None
    in_force_on: date | None
    urls: tuple[str, ...]

    @property
    def fact(self) -> Fact:
        """The act in words, with both its days, because the entry's own day may be another."""
        days = (
            None if self.published_on is None else f"published {self.published_on}",
            None if self.in_force_on is None else f"in force {self.in_force_on}",
        )
        by = None if self.body is None else f"of the {self.body}"
        what = " ".join(filter(None, (self.number, self.kind, by)))
        return Fact(kind="regulation", value=", ".join(filter(None, (what, *days))))


class DetailAct(msgspec.Struct, frozen=True):
    """An act that added a detail to an entry, and the day it was published."""

    number: str | None
    published_on: date | None


# --- Entries.

_ROOT = "export"
_ENTRY = (_ROOT, "sanctionEntity")
_TRUTHS = {"true": True, "false": False}


class EntityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a file prints of a party in one place: an element, or the rows with its number.

    `number` is the permanent id of the database, "" if it is blank, and `generated` the day of
    the file as printed. `entries` takes the entries apart, one for each act, and `names` finds
    what is printed of names where that fails.
    """

    number: str
    reference: str
    generated: str
    entries: Callable[[], Sequence[ElementRow]]
    names: Callable[[], tuple[str, ...]]


# --- Details: places, births and documents.

# Numbers of the database and the language of the act say nothing of the party.
_IGNORED = ("logicalId", "regulationLanguage")
_NO_COUNTRY = "00"
_CONTACTS = {"PHONE": "telephone", "FAX": "fax", "EMAIL": "email", "WEB": "website"}
_FLAGS = {
    "diplomatic": "diplomatic",
    "knownExpired": "known to be expired",
    "knownFalse": "known to be false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked by its issuer",
}


class Details:
    """Collects the details of one entry in printed order, and the acts that added them."""

    def __init__(self) -> None:
        self.addresses: list[Address] = []
        self.identifiers: list[Identifier] = []
        self.facts: list[Fact] = []
        self.nationalities: list[str] = []
        self.sources: list[DetailAct] = []

    def read(self, row: ElementRow) -> None:
        """Read all details of the entry."""
        self.facts += [fact for part in row.rows("birthdate") for fact in self._birth(part)]
        for part in row.rows("citizenship"):
            self._citizenship(part)
        for part in row.rows("address"):
            self._address(part)
        documents = map(self._document, row.rows("identification"))
        self.identifiers += filter(None, documents)

    def _birth(self, row: ElementRow) -> Iterator[Fact]:
        """Yield the day (`circa 1958`, `1958 to 1963`, `1965-12-12`), the place and the remark."""
        about = "circa" if truth(row, "circa") else None
        day, year, month = row.attribute("birthdate"), row.attribute("year"), _month(row)
        from_year, to_year = row.attribute("yearRangeFrom"), row.attribute("yearRangeTo")
        calendar, remark = row.attribute("calendarType"), self._remark(row)
        place, code = _place(row, ("place", "city", "zipCode", "region"))
        years = " to ".join(filter(None, (from_year, to_year)))
        in_month = None if year is None or month is None else f"{year}-{month:02}"
        date = day or in_month or year or years
        self._close(row, "dayOfMonth")
        kind = None if calendar in {None, "GREGORIAN"} else f"({calendar} calendar)"
        if date:
            yield Fact(kind="date_of_birth", value=" ".join(filter(None, (about, date, kind))))
        country = None if code is None else code[1]
        if birthplace := ", ".join(filter(None, (*place, country))):
            yield Fact(kind="place_of_birth", value=birthplace)
        if remark is not None:
            yield Fact(kind="birth_remark", value=remark)

    def _citizenship(self, row: ElementRow) -> None:
        place, code = _place(row, ("region",))
        remark = self._remark(row)
        self._close(row)
        printed = None if code is None else code[1]
        where = ", ".join(filter(None, (*place, printed)))
        note = None if remark is None else f"({remark})"
        if value := " ".join(filter(None, (where, note))):
            self.facts.append(Fact(kind="nationality", value=value))
        if code is not None and code[0] is not None:
            self.nationalities.append(code[0])

    def _address(self, row: ElementRow) -> None:
        at_listing = truth(row, "asAtListingTime")
        box, postal_code = row.attribute("poBox"), row.attribute("zipCode")
        (street, place, city, region), code = _place(row, ("street", "place", "city", "region"))
        country = None if code is None else code[1]
        note = "; ".join(
            filter(None, ("at the time of listing" if at_listing else None, self._remark(row)))
        )
        self.facts += map(_contact, row.rows("contactInfo"))
        self._close(row)
        parts = (street, box, place, city, region, postal_code, country)
        if text := tidy(", ".join(filter(None, parts)) or note):
            self.addresses.append(
                Address(
                    text=text,
                    street=", ".join(filter(None, (street, box, place))) or None,
                    city=city,
                    region=region,
                    postal_code=postal_code,
                    country=None if code is None else code[0],
                    note=note or None,
                )
            )

    def _document(self, row: ElementRow) -> Identifier | None:
        kind = row.attribute("identificationTypeDescription")
        code = row.attribute("identificationTypeCode")
        number, latin = row.attribute("number"), row.attribute("latinNumber")
        issued, valid = row.attribute("issueDate"), row.attribute("validFrom")
        (region,), country = _place(row, ("region",))
        issuer, holder = row.attribute("issuedBy"), row.attribute("nameOnDocument")
        flags = [words for name, words in _FLAGS.items() if truth(row, name)]
        expires_on = read_day(row.where, "validTo", row.attribute("validTo"))
        remark = self._remark(row)
        self._close(row)
        if number is None or code is None:
            what = "number" if number is None else "identificationTypeCode"
            note_unknown(row.where, f"{what} of an identification", "blank")
        if number is None:
            return None
        place = ", ".join(filter(None, (issuer, region)))
        notes = (
            *flags,
            f"issued by {place}" if place else None,
            f"valid from {valid}" if valid is not None and issued is not None else None,
            f"in Latin letters {latin}" if latin is not None and latin != number else None,
            f"name on the document: {holder}" if holder is not None else None,
            remark,
        )
        return Identifier(
            kind=kind or code or "document",
            value=number,
            country=None if country is None else country[0],
            issued_on=read_day(row.where, "issueDate", issued or valid),
            expires_on=expires_on,
            note="; ".join(filter(None, notes)) or None,
        )

    def _remark(self, row: ElementRow) -> str | None:
        return "; ".join(dict.fromkeys(row.texts("remark"))) or None

    def _close(self, row: ElementRow, *ignore: str) -> None:
        self.sources += read_sources(row)
        row.close(*_IGNORED, *ignore)


# --- Listings.

LIST_CODE = "eu_fsf"
SOURCE_URL = (
    "https://data.europa.eu/data/datasets/"
    "consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions"
)

_ENTITY_TYPES: dict[str, EntityType] = {"person": "person", "enterprise": "organisation"}
# The UN's remarks on a name, which the Commission copies into the name's remark.
_WEAK = "low quality alias"
_FORMERLY = ("previously listed", "formerly listed")
_PLAIN_LANGUAGES = frozenset({None, "EN"})
_INITIALS = re.compile(r"[A-Z-]{2,9}")


class _PrintedName(msgspec.Struct, frozen=True):
    name: Name
    facts: tuple[Fact, ...]
    sources: tuple[DetailAct, ...]


def read_entries(list_code: str, content: bytes) -> Iterator[EntityRecord]:
    """Yield the entries in printed order; each is freed before the next is read."""
    generated = ""
    for path, element in read_elements(list_code, content, (_ENTRY,)):
        if path == (_ROOT,):
            generated = _generated(list_code, element)
            continue
        reference, number = (
            element.get(name, "").strip() for name in ("euReferenceNumber", "logicalId")
        )
        yield EntityRecord(
            number=number,
            reference=reference,
            generated=generated,
            entries=partial(_rows_of, f"sanctionEntity {reference or number or '?'}", element),
            names=partial(printed_names, element),
        )


def printed_names(entry: Element) -> tuple[str, ...]:
    """Return the names of an entry, whether it can be read or not, then what else may be one."""
    parts = [part for part in entry if local_name(part.tag) == "nameAlias"]
    known = {" ".join(text.split()) for part in parts for text in part.attrib.values()}
    others = (text for text in names_in(entry) if text not in known)
    return filled((*(_full_name(part.attrib.get) for part in parts), *others))


def party_of(record: EntityRecord) -> Listing:
    """Return the listing of a record; its id is "" until `give_ids` sets it."""
    return reduce(merge, map(listing_of, record.entries()))


def rescue(record: EntityRecord) -> Rescued:
    """Return a record that cannot be read, by what is printed of its names."""
    return Rescued(
        names=record.names(),
        list_code=LIST_CODE,
        entry_id=record.reference or record.number or None,
    )


def listing_of(row: ElementRow) -> Listing:
    """Return the listing of an entry; its id is "" until `give_ids` sets it.

    `countries` are those of the addresses and citizenships. `citations` are the acts under which
    the entry is listed, then those that added single names and details.
    """
    number, reference = row.take_attribute("logicalId"), row.attribute("euReferenceNumber")
    acts, printed, details = read_acts(row), _names(row), Details()
    details.read(row)
    sources = [*(source for each in printed for source in each.sources), *details.sources]
    remarks = row.texts("remark")
    urls = list(dict.fromkeys(url for act in acts for url in act.urls))
    texts = _texts(row, urls)
    dated = [*remarks, *(text for kind, text in texts if text and kind == "designation_details")]
    day = read_day(row.where, "designationDate", dict(texts)["designation_date"])
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=_primary_first([each.name for each in printed]),
        entity_type=_entity_type(row),
        entry_id=reference or number,
        addresses=tuple(details.addresses),
        countries=_countries(details),
        identifiers=tuple(details.identifiers),
        programmes=tuple(dict.fromkeys(act.programme for act in acts)),
        citations=_citations(acts, sources),
        listed_on=listing_day(acts, sources, day, dated),
        remarks="\n".join(remarks) or None,
        facts=tuple(dict.fromkeys(_facts(acts, printed, details, texts))),
        source_url=SOURCE_URL,
        information_url=next(iter(urls), None),
    )
    row.close()
    return listing


def merge(one: Listing, other: Listing) -> Listing:
    """Return one listing for two entries of one party, which is printed once for each programme.

    Everything that either entry prints is kept, without repeats, and the primary name of `one`.
    `listed_on` is the earlier of the two days: from then on the party was listed under at least
    one programme. Each act with its own days is among the facts. An entry that could not be read
    adds its names, and leaves the party unread.
    """
    if one.unread is not None and other.unread is None:
        one, other = other, one
    days = [day for day in (one.listed_on, other.listed_on) if day is not None]
    again = Name(text=other.primary_name, kind="alias")
    remarks = [text for text in (one.remarks, other.remarks) if text is not None]
    return msgspec.structs.replace(
        one,
        names=collect_names(one.primary_name, (*one.names[1:], again, *other.names[1:])),
        entity_type=_agreed_type(one, other),
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        countries=tuple(dict.fromkeys((*one.countries, *other.countries))),
        identifiers=tuple(dict.fromkeys((*one.identifiers, *other.identifiers))),
        programmes=tuple(dict.fromkeys((*one.programmes, *other.programmes))),
        citations=tuple(dict.fromkeys((*one.citations, *other.citations))),
        listed_on=min(days, default=None),
        remarks="\n".join(dict.fromkeys(remarks)) or None,
        facts=tuple(dict.fromkeys((*one.facts, *other.facts, *_further_act(one, other)))),
        information_url=one.information_url or other.information_url,
        unread=one.unread or other.unread,
    )


def _agreed_type(one: Listing, other: Listing) -> EntityType | None:
    """Return the type that two entries agree on, or that one alone says; None for two types."""
    first, second = one.entity_type, other.entity_type
    if first is None or second is None or first == second:
        return first or second
    where = f"sanctionEntity {one.entry_id}"
    note_unknown(where, "kind of party, both", f"{first} and {second}", may_hide="kind")
    return None


def read_acts(row: ElementRow) -> tuple[EuAct, ...]:
    """Return the acts under which the entry is listed now, in printed order; at least one."""
    acts = tuple(_act(part) for part in row.rows("regulation"))
    if not acts:
        raise RowRefusedError(row.where, "'regulation' is missing")
    return acts


def truth(row: ElementRow, name: str, *, otherwise: bool = False) -> bool:
    """Return the value of an attribute that must be `true` or `false`.

    Anything else, also a blank, counts as `otherwise` and is noted.
    """
    printed = row.attribute(name) or "blank"
    if printed not in _TRUTHS:
        note_unknown(row.where, f"word in {name!r}", printed)
    return _TRUTHS.get(printed, otherwise)


def read_sources(row: ElementRow) -> tuple[DetailAct, ...]:
    """Return the acts that added one detail of an entry, such as a name or an address."""
    return tuple(_source(part) for part in row.rows("regulationSummary"))


def listing_day(
    acts: Sequence[EuAct],
    sources: Sequence[DetailAct],
    printed: date | None,
    remarks: Sequence[str],
) -> date | None:
    """Return the earliest day on which the entry is known to have been listed, else None.

    Known days are the `designationDate`, the days of listing in remarks, and, if all acts are of
    kind `regulation`, with which a programme begins, the days on which they entered into force.
    The Commission moves the `designationDate` forward when it amends an entry, so an earlier day
    on which the Official Journal published one of its details is the better evidence. Such days do
    not count alone: an `amendment` may have changed one letter of an entry twenty years old.
    """
    known = [day for remark in remarks for day in _days_in(remark)]
    known += [] if printed is None else [printed]
    if all(act.kind == "regulation" for act in acts):
        known += [act.in_force_on for act in acts if act.in_force_on is not None]
    if not known:
        return None
    return min(*known, *(day for day in (each.published_on for each in sources) if day), date.max)


def _month(row: ElementRow) -> int | None:
    printed = row.attribute("monthOfYear")
    if printed is None:
        return None
    if not printed.isascii() or not printed.isdigit() or int(printed) not in range(1, 13):
        note_unknown(row.where, "month in 'monthOfYear'", printed)
        return None
    return int(printed)


def _place(
    row: ElementRow, names: tuple[str, ...]
) -> tuple[list[str | None], tuple[str | None, str] | None]:
    """Return the parts of a place by name, and its country as ISO code and printed words."""
    parts = [row.attribute(name) for name in names]
    code, printed = row.attribute("countryIso2Code"), row.attribute("countryDescription")
    if code in {None, _NO_COUNTRY} and printed in {None, "UNKNOWN"}:
        return parts, None
    iso = country_code(code or "") or country_code(printed or "")
    return parts, (iso, printed or code or "")


def _contact(row: ElementRow) -> Fact:
    key, value = row.take_attribute("key"), row.take_attribute("value")
    row.close()
    if key not in _CONTACTS:
        note_unknown(row.where, "key of 'contactInfo'", key)
    return Fact(kind=_CONTACTS.get(key, "contact"), value=value)


def _generated(list_code: str, root: Element) -> str:
    row = ElementRow(_ROOT, root)
    generated = row.attribute("generationDate")
    if generated is None:
        raise ListRefusedError(list_code, f"{_ROOT}: 'generationDate' is missing")
    # A running number of the export, which nothing refers to.
    row.close("globalFileId")
    return generated


def _names(row: ElementRow) -> list[_PrintedName]:
    parts = row.rows("nameAlias")
    names = [name for name in map(_name, parts) if name is not None]
    if parts and not names:
        raise RowRefusedError(row.where, "wholeName of 'nameAlias' is blank")
    if not names:
        raise RowRefusedError(row.where, "'nameAlias' is missing")
    return names


def _name(row: ElementRow) -> _PrintedName | None:
    text = _full_name(row.attribute)
    if not text:
        note_unknown(row.where, "wholeName of 'nameAlias'", "blank", may_hide="name")
        return None
    remark = "; ".join(row.texts("remark")) or None
    name = Name(text=text, kind=_kind(row, remark), language=row.attribute("nameLanguage"))
    texts = (
        ("title", row.attribute("title")),
        ("function", row.attribute("function")),
        ("gender", row.attribute("gender")),
        ("name_remark", None if remark is None else f"{text}: {remark}"),
    )
    sources = read_sources(row)
    row.close("logicalId", "regulationLanguage")
    facts = tuple(Fact(kind=kind, value=value) for kind, value in texts if value is not None)
    return _PrintedName(name, facts, sources)


def _full_name(attribute: Callable[[str], str | None]) -> str:
    """Return the whole name of a nameAlias, else its parts, by what returns an attribute."""
    names = ("firstName", "middleName", "lastName", "wholeName")
    *parts, whole = (" ".join((attribute(name) or "").split()) for name in names)
    return tidy(whole or " ".join(filter(None, parts))).rstrip(" ,")


def _kind(row: ElementRow, remark: str | None) -> NameKind:
    words, is_strong = (remark or "").casefold(), truth(row, "strong", otherwise=True)
    if any(phrase in words for phrase in _FORMERLY):
        return "former"
    return "alias" if is_strong and _WEAK not in words else "weak_alias"


def _texts(row: ElementRow, urls: list[str]) -> tuple[tuple[str, str | None], ...]:
    """Return the texts of the entry that become facts, each with the kind of its fact."""
    return (
        *(("act_url", url) for url in urls[1:]),
        ("designation_details", row.attribute("designationDetails")),
        ("designation_date", row.attribute("designationDate")),
        ("united_nations_id", row.attribute("unitedNationId")),
    )


def _primary_first(names: Sequence[Name]) -> tuple[Name, ...]:
    """Return the names with the primary one first, which the file does not mark.

    It is the first name that is strong, in Latin letters, in English or without a language (the
    Union prints a group's name in all its languages, in no order) and not bare initials. If no
    name meets all of these, the first that fails the least important ones is used.
    """
    first = min(names, key=_distance)
    return collect_names(first.text, [name for name in names if name is not first])


def _distance(name: Name) -> tuple[bool, ...]:
    return (
        name.kind != "alias",
        not name.text.isascii() and not is_latin(name.text),
        name.language not in _PLAIN_LANGUAGES,
        _INITIALS.fullmatch(name.text) is not None,
    )


def _entity_type(row: ElementRow) -> EntityType | None:
    """Return the kind of party, None where it is missing or an unknown one."""
    subject, code = row.row("subjectType"), None
    if subject is not None:
        code = subject.attribute("code")
        subject.close("classificationCode")
    if code not in _ENTITY_TYPES:
        note_unknown(row.where, "code of 'subjectType'", code or "blank", may_hide="kind")
    return _ENTITY_TYPES.get(code or "")


def _rows_of(where: str, entry: Element) -> tuple[ElementRow]:
    return (ElementRow(where, entry),)


def _countries(details: Details) -> tuple[str, ...]:
    codes = (address.country for address in details.addresses)
    return tuple(dict.fromkeys(filter(None, (*codes, *details.nationalities))))


def _citations(acts: Sequence[EuAct], sources: Sequence[DetailAct]) -> tuple[str, ...]:
    further = (source.number for source in sources if source.number is not None)
    return tuple(dict.fromkeys((*(act.number for act in acts), *further)))


def _facts(
    acts: Sequence[EuAct],
    printed: Sequence[_PrintedName],
    details: Details,
    texts: Sequence[tuple[str, str | None]],
) -> Iterator[Fact]:
    for each in printed:
        yield from each.facts
    yield from details.facts
    yield from (act.fact for act in acts)
    for kind, value in texts:
        if value is not None:
            yield Fact(kind=kind, value=value)


def _further_act(one: Listing, other: Listing) -> Iterator[Fact]:
    url = other.information_url
    if one.information_url is not None and url not in {None, one.information_url}:
        yield Fact(kind="act_url", value=f"{url}")


def _act(row: ElementRow) -> EuAct:
    programme, number = row.take_attribute("programme"), row.take_attribute("numberTitle")
    kind, body = row.attribute("regulationType"), row.attribute("organisationType")
    if kind is None:
        note_unknown(row.where, "regulationType", "blank")
    published_on = read_day(row.where, "publicationDate", row.attribute("publicationDate"))
    in_force_on = read_day(row.where, "entryIntoForceDate", row.attribute("entryIntoForceDate"))
    urls = filled(row.texts("publicationUrl"))
    row.close("logicalId", "regulationLanguage")
    return EuAct(
        programme=programme,
        number=number,
        kind=kind or "act",
        body=body,
        published_on=published_on,
        in_force_on=in_force_on,
        urls=urls,
    )


def _source(row: ElementRow) -> DetailAct:
    published = row.attribute("publicationDate")
    source = DetailAct(
        row.attribute("numberTitle"), read_day(row.where, "publicationDate", published)
    )
    # The Journal's page is found by the number, which names it.
    row.close("regulationType", "publicationUrl")
    return source


def _days_in(remark: str) -> Iterator[date]:
    for match in _LISTED.finditer(remark):
        try:
            if match["iso"] is not None:
                yield date.fromisoformat(match["iso"])
            else:
                yield date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:  # no calendar has it: a slip, and the remark is kept as a remark
            continue
