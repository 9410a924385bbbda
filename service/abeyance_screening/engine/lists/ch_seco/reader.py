"""Read the consolidated list of sanctions targets of Switzerland in its XML format.

Source: https://www.sesam.search.admin.ch/sesam-search-web/pages/search.xhtml
"""

import re
from collections.abc import Container, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import count

import msgspec

from abeyance_screening.engine.lists.ch_seco.identities import (
    Identity,
    PrintedDocument,
    Reference,
    SanctionsSet,
    SecoElement,
    category,
    identity_of,
    noting_faults,
    printed_names,
    read_parts,
)
from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
)
from abeyance_screening.engine.lists.reading.days import read_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import filled, key_of_number, one_edition
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import HeldNotes, Rescued, read_records
from abeyance_screening.engine.lists.reading.xml import ElementRow, root_of
from abeyance_screening.primitives.errors import RowRefusedError

# --- The days on which a target was put on the list and taken off it.

_CHANGES = {"listed": "listed", "amended": "amended", "de-listed": "de-listed"}
_DAYS = ("effective-date", "enactment-date", "publication-date")


class ListingDays(msgspec.Struct, frozen=True):
    """The day a listing took effect, and the first day on which it is off the list, if any."""

    listed_on: date | None
    delisted_on: date | None


class _SecoChange(msgspec.Struct, frozen=True):
    kind: str
    on: date | None


# --- Targets.

_SUBJECTS: dict[str, EntityType] = {"individual": "person", "entity": "organisation"}
_OBJECT = "object"
_OBJECT_TYPES: dict[str, EntityType | None] = {"vessel": "vessel", "aircraft": "aircraft"}


class Relation(msgspec.Struct, frozen=True):
    """A relation to another target, which is named by its number."""

    kind: str
    number: str
    remark: str | None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A target as printed; `names` holds exactly one primary name, first."""

    where: str
    number: str
    entity_type: EntityType | None
    names: tuple[Name, ...]
    sets: tuple[str, ...]
    identities: tuple[Identity, ...]
    justifications: tuple[str, ...]
    information: tuple[str, ...]
    relations: tuple[Relation, ...]
    facts: tuple[Fact, ...]
    days: ListingDays


class TargetRecord:
    """A target as read from its element, while what it refers to may still follow in the file."""

    def __init__(self, printed: SecoElement, *, is_again: bool) -> None:
        self.number = printed.number
        self.target: Target | None = None
        self._held = HeldNotes()
        is_read = self._held.hold(partial(self._read, printed, is_again=is_again))
        self.names = self._names() if is_read else printed_names(printed.element)

    def listing(self, reference: Reference) -> Listing:
        """Return the listing of the target; its id is "" until `give_ids` sets it."""
        self._held.release()
        if self.target is None:
            where = f"target {self.number}"
            raise RowRefusedError(where, "was not read")
        return listing_of(self.target, reference)

    def rescue(self) -> Rescued:
        """Return the target by its names, where it cannot be read."""
        return Rescued(
            names=self.names,
            list_code=LIST_CODE,
            entry_id=self.number or None,
            entity_type=None if self.target is None else self.target.entity_type,
        )

    def _names(self) -> tuple[str, ...]:
        return () if self.target is None else tuple(name.text for name in self.target.names)

    def _read(self, printed: SecoElement, *, is_again: bool) -> None:
        row = printed.row()
        if is_again:
            raise RowRefusedError(row.where, "is in the file twice")
        self.target = target_of(row)


# --- Listings.

LIST_CODE = "ch_seco"
SOURCE_URL = "https://www.sesam.search.admin.ch/sesam-search-web/pages/search.xhtml"
INFORMATION_URL = "https://www.seco.admin.ch/sanctions"

_DATES: dict[EntityType, str] = {
    "person": "date_of_birth",
    "organisation": "date_of_foundation",
    "vessel": "build_date",
    "aircraft": "build_date",
}
# `Registration number: 1027739609391`, `Taxpayer Identification Number : 7710401987.`,
# `SWIFT/BIC: CMSYSYDA`: the whole text is a label and one code, with a digit or of a bank.
_NUMBER = re.compile(
    r"(?P<kind>[A-Z][\w ()/.]{0,60}?(?:[Nn]umber|[Cc]ode|No\.?|ID|INN|OGRN|SWIFT(?:/BIC)?|BIC))"
    r" ?: ?(?P<value>(?=[A-Z/-]*\d)[0-9A-Z][0-9A-Z/-]{4,}|[A-Z]{6}[0-9A-Z]{2}(?:[0-9A-Z]{3})?)\.?"
)
_NO_NUMBER = re.compile(r"tel|phone|fax|mobile|post|zip|account", re.IGNORECASE)
# A ship's number in a company's entry is that of a ship which the company owns.
_OF_SHIP = re.compile(r"\b(?:IMO|vessel|ship)\b", re.IGNORECASE)


def target_of(row: ElementRow) -> Target:
    """Read a target; the sets, places and targets it refers to are still numbers."""
    number, older_set = row.take_attribute("ssid"), row.attribute("sanctions-set-id")
    sets = filled((older_set or "", *row.texts("sanctions-set-id")))
    if not sets:
        raise RowRefusedError(row.where, "'sanctions-set-id' is missing")
    foreign = tuple(
        Fact(kind="foreign_identifier", value=text) for text in row.texts("foreign-identifier")
    )
    subject, entity_type = _subject(row)
    sex = subject.attribute("sex")
    identities = tuple(identity_of(part) for part in subject.rows("identity"))
    target = Target(
        where=row.where,
        number=number,
        entity_type=entity_type,
        names=_names(row.where, identities),
        sets=sets,
        identities=identities,
        justifications=_texts(subject, "justification"),
        information=_texts(subject, "other-information"),
        relations=tuple(_relation(part) for part in subject.rows("relation")),
        facts=(
            *foreign,
            *(() if sex is None else (Fact(kind="gender", value=sex),)),
            *_generic_attributes(row),
            *_generic_attributes(subject),
        ),
        days=listing_days_of(row),
    )
    subject.close("ssid")
    row.close()
    return target


def listing_of(target: Target, reference: Reference) -> Listing:
    """Return the listing of a target; its id is "" until `give_ids` sets it.

    `countries` are those of the addresses and nationalities. `programmes` are the English keys of
    the ordinances, `citations` their full names.
    """
    sets = [reference.sanctions_set(target.where, number) for number in target.sets]
    addresses = tuple(
        dict.fromkeys(
            address
            for identity in target.identities
            for printed in identity.addresses
            if (address := printed.address(reference)).text
        )
    )
    documents = [each for identity in target.identities for each in identity.documents]
    numbered = (_document(each, reference) for each in documents if each.identifier.value)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=target.names,
        entity_type=target.entity_type,
        entry_id=target.number,
        addresses=addresses,
        countries=_countries(addresses, target.identities),
        identifiers=tuple(dict.fromkeys((*numbered, *_numbers_in_texts(target)))),
        programmes=tuple(dict.fromkeys(each.programme for each in sets)),
        citations=tuple(dict.fromkeys(filter(None, (each.ordinance for each in sets)))),
        listed_on=target.days.listed_on,
        delisted_on=target.days.delisted_on,
        remarks="\n".join(target.justifications) or None,
        facts=tuple(dict.fromkeys(_facts(target, sets, documents, reference))),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def listing_days_of(target: ElementRow) -> ListingDays:
    """Return the days that the modifications of a target, all of which the file keeps, amount to.

    A target is off the list if its newest modification is `de-listed`, and from that day on. The
    newest is the one with the latest day, and among those of one day the one printed first; the
    printed order alone does not decide, because some were printed out of order. `listed_on` is the
    day of the first `listed` after the last time that the target was off the list. A kind of
    modification that is not known takes no target off the list.
    """
    changes = _by_age([_change(row) for row in target.rows("modification")])
    listed_on, is_on = None, False
    for change in changes:
        if change.kind == "listed" and not is_on:
            listed_on, is_on = change.on, True
        elif change.kind == "de-listed":
            is_on = False
    is_off = bool(changes) and changes[-1].kind == "de-listed"
    return ListingDays(listed_on, changes[-1].on if is_off else None)


def _subject(row: ElementRow) -> tuple[ElementRow, EntityType | None]:
    found = [(tag, part) for tag in (*_SUBJECTS, _OBJECT) for part in row.rows(tag)]
    if len(found) != 1:
        words = (
            "neither an individual nor an entity nor an object" if not found else "two subjects"
        )
        raise RowRefusedError(row.where, f"is {words}")
    tag, subject = found[0]
    if tag == _OBJECT:
        return subject, category(
            subject, "object-type", _OBJECT_TYPES, otherwise=None, may_hide="kind"
        )
    return subject, _SUBJECTS[tag]


def _names(where: str, identities: Sequence[Identity]) -> tuple[Name, ...]:
    """Return all names, the best primary name first: the main identity's, unless it is weak."""
    ordered = sorted(identities, key=lambda identity: not identity.is_main)
    names = [name for identity in ordered for name in identity.names]
    if not names:
        raise RowRefusedError(where, "has no name")
    first = next((name for name in names if name.kind == "primary"), names[0])
    others = [_other(name) for name in names if name is not first]
    return collect_names(first.text, others)


def _other(name: Name) -> Name:
    return msgspec.structs.replace(name, kind="alias") if name.kind == "primary" else name


def _texts(row: ElementRow, tag: str) -> tuple[str, ...]:
    texts = [(part.own_text(), part) for part in row.rows(tag)]
    for _, part in texts:
        part.close("ssid")
    return filled(text for text, _ in texts if text is not None)


def _relation(row: ElementRow) -> Relation:
    kind, number = row.take_attribute("relation-type"), row.take_attribute("target-id")
    remark = row.find("remark")
    row.close("ssid")
    return Relation(kind, number, remark)


def _generic_attributes(row: ElementRow) -> Iterator[Fact]:
    for part in row.rows("generic-attribute"):
        name, text = part.take_attribute("name"), part.own_text()
        part.close("ssid")
        if text is not None:
            yield Fact(kind="generic_attribute", value=f"{name}: {text}")


def _document(printed: PrintedDocument, reference: Reference) -> Identifier:
    """Return the document's number, with the place of issue added to its note."""
    note = _issued_at(printed, reference)
    number = printed.identifier
    return Identifier(
        kind=number.kind,
        value=number.value,
        country=number.country,
        issued_on=number.issued_on,
        expires_on=number.expires_on,
        note="; ".join(filter(None, (note, number.note))) or None,
    )


def _issued_at(printed: PrintedDocument, reference: Reference) -> str | None:
    if printed.issued_at is None:
        return None
    return f"issued in {printed.issued_at.address(reference).text}"


def _countries(addresses: Sequence[Address], identities: Sequence[Identity]) -> tuple[str, ...]:
    codes = [address.country for address in addresses]
    codes += [code for identity in identities for _, code in identity.nationalities]
    return tuple(dict.fromkeys(filter(None, codes)))


def _numbers_in_texts(target: Target) -> Iterator[Identifier]:
    """Yield the numbers that the list prints only in its `other-information` texts."""
    for text in target.information:
        match = _NUMBER.fullmatch(text)
        if match is None or _NO_NUMBER.search(match["kind"]):
            continue
        if target.entity_type == "vessel" or not _OF_SHIP.search(match["kind"]):
            yield Identifier(kind=match["kind"].strip(), value=match["value"])


def _facts(
    target: Target,
    sets: Sequence[SanctionsSet],
    documents: Sequence[PrintedDocument],
    reference: Reference,
) -> Iterator[Fact]:
    for identity in target.identities:
        yield from identity.facts
        kind = "date" if target.entity_type is None else _DATES[target.entity_type]
        yield from _births(identity, kind, reference)
    yield from target.facts
    yield from (_document_fact(each, reference) for each in documents if not each.identifier.value)
    yield from (Fact(kind="other_information", value=text) for text in target.information)
    for relation in target.relations:
        remark = None if relation.remark is None else f"({relation.remark})"
        words = (relation.kind, reference.name(relation.number), remark)
        yield Fact(kind="relation", value=" ".join(filter(None, words)))
    for each in sets:
        for kind, text in (("sanctions_set", each.text), ("origin", each.origin)):
            if text is not None:
                yield Fact(kind=kind, value=text)


def _births(identity: Identity, kind: str, reference: Reference) -> Iterator[Fact]:
    yield from (Fact(kind=kind, value=day) for day in identity.dates)
    for place in identity.birthplaces:
        born = place.address(reference)
        note = None if born.note in {None, born.text} else f"({born.note})"
        yield Fact(kind="place_of_birth", value=" ".join(filter(None, (born.text, note))))
    yield from (Fact(kind="nationality", value=text) for text, _ in identity.nationalities)


def _document_fact(printed: PrintedDocument, reference: Reference) -> Fact:
    document = printed.identifier
    parts = (document.kind, document.country, _issued_at(printed, reference), document.note)
    return Fact(kind="document", value=", ".join(filter(None, parts)))


def _by_age(printed: Sequence[_SecoChange]) -> list[_SecoChange]:
    """Return the changes, oldest first; one without a day keeps its printed place."""
    return sorted(_with_days(printed[::-1]), key=lambda change: change.on or date.min)


def _with_days(changes: Sequence[_SecoChange]) -> Iterator[_SecoChange]:
    before = None
    for change in changes:
        before = change.on or before
        yield _SecoChange(change.kind, before)


def _change(row: ElementRow) -> _SecoChange:
    kind = category(row, "modification-type", _CHANGES, otherwise="unknown", may_hide="status")
    days = [read_day(row.where, name, row.attribute(name)) for name in _DAYS]
    # What it added and removed is already reflected in the target.
    row.close("added", "removed")
    return _SecoChange(kind, next((day for day in days if day is not None), None))


# --- The file.


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the file; `published_on` is the `date` of the root element.

    Targets that were taken off the list stay in the file and are returned with their
    `delisted_on`. Ids are made from the `ssid`, which the file does not change, because other
    targets refer to it.
    """
    refuse_other_files(LIST_CODE, content)
    reference, targets, published_on = Reference(), dict[str, TargetRecord](), None
    for part in read_parts(LIST_CODE, content):
        what = f"{part.tag} that cannot be read"
        if part.tag == "sanctions-program":
            noting_faults(what, partial(reference.add_programme, part.row()))
        elif part.tag == "place":
            noting_faults(what, partial(reference.add_place, part.row()))
        elif part.tag == "target":
            record = TargetRecord(part, is_again=part.number in targets)
            targets[_free_key(part.number or "".join(record.names[:1]), targets)] = record
            reference.add_name(part.number, "".join(record.names[:1]))
        else:
            published_on = _day(part.row())
    keyed = [
        (key_of_number(key), listing)
        for (key, _), listing in read_records(
            targets.items(),
            lambda item: item[1].listing(reference),
            lambda item: item[1].rescue(),
        )
    ]
    return one_edition(LIST_CODE, keyed, published_on)


def _free_key(key: str, taken: Container[str]) -> str:
    """Return the key, with a number behind it where a target before has it already."""
    others = (f"{key}.{number}" for number in count(2))
    return key if key not in taken else next(each for each in others if each not in taken)


def _day(root: ElementRow) -> date | None:
    day = read_day(root.where, "date", root.take_attribute("date"))
    root.close("list-type")
    return day


FORMATS = (
    Format(
        word="ch_xml",
        source=LIST_CODE,
        title="swiss-sanctions-list.xml, the whole list",
        tells=lambda file: root_of(file.head)[1] == "swiss-sanctions-list",
        read=one_file(parse_xml),
    ),
)
"""The formats that SECO publishes."""
