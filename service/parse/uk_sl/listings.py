"""A subject of the UK Sanctions List as a listing."""

import re
from collections.abc import Iterable, Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Address, EntityType, Fact, Identifier, Listing, Name, NameKind
from service.parse.countries import country_code
from service.parse.days import read_day_first
from service.parse.printed_names import collect_names, tidy
from service.parse.uk_sl.registrations import registrations
from service.parse.uk_sl.subjects import (
    IMO_NUMBER,
    OTHER_INFORMATION,
    PASSPORT,
    REGIME,
    SANCTIONS_IMPOSED,
    Document,
    Subject,
    SubjectAddress,
    SubjectName,
)

LIST_CODE = "uk_sl"
SOURCE_URL = "https://sanctionslist.fcdo.gov.uk/"
INFORMATION_URL = "https://www.gov.uk/government/publications/the-uk-sanctions-list"

# Three letters for the regime, and a number: `RUS0001`.
_UNIQUE_ID = re.compile(r"([A-Z]{3})\d{3,5}")
_ENTITY_TYPES: dict[str, EntityType] = {
    "individual": "person",
    "entity": "organisation",
    "ship": "vessel",
}
# The list prints `Primary Name`, `Primary name` and one `ALias`; a name without a type is one
# that nobody filed.
_NAME_KINDS: dict[str, NameKind] = {
    "primary name": "primary",
    "primary name variation": "alias",
    "alias": "alias",
    "": "alias",
}
_STRENGTHS: dict[str, NameKind | None] = {
    "good quality a.k.a": "alias",
    "low quality a.k.a": "weak_alias",
    "": None,
}
_NON_LATIN = "non-Latin script"
_IMO = re.compile(r"IMO\s*(?=\d)", re.IGNORECASE)
_NAMED_ELSEWHERE = frozenset({REGIME, OTHER_INFORMATION})


def listing_of(subject: Subject) -> Listing:
    """The listing, with an empty id that its whole list is needed for.

    The programme is the letters of the Unique ID, which stand for the regime; the regulations of
    the regime are the citation. `countries` are those of its addresses and nationalities.

    Raises:
        RowRefusedError: no name, a Unique ID of another form, a day that is none, or an unknown
            type, name type or alias strength.
    """
    unique_id = _UNIQUE_ID.fullmatch(subject.unique_id)
    if unique_id is None:
        reason = f"Unique ID: {subject.unique_id!r} is not three letters and a number"
        raise RowRefusedError(subject.where, reason)
    addresses = tuple(_addresses(subject.addresses))
    nationalities = _texts(subject, "nationality")
    codes = [*(address.country for address in addresses), *map(country_code, nationalities)]
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=_names(subject),
        entity_type=_entity_type(subject),
        entry_id=subject.unique_id,
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=tuple(dict.fromkeys(_identifiers(subject.documents))),
        programmes=(unique_id[1],),
        citations=_texts(subject, REGIME),
        listed_on=read_day_first(subject.where, "Date Designated", subject.date_designated),
        remarks="\n".join(_texts(subject, OTHER_INFORMATION)) or None,
        facts=tuple(_facts(subject)),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def _texts(subject: Subject, kind: str) -> tuple[str, ...]:
    return tuple(text for word, text in subject.texts if word == kind)


def _entity_type(subject: Subject) -> EntityType:
    entity_type = _ENTITY_TYPES.get(subject.type.casefold())
    if entity_type is None:
        raise RowRefusedError(subject.where, f"unknown type of designation {subject.type!r}")
    return entity_type


def _names(subject: Subject) -> tuple[Name, ...]:
    """The primary name first; where none is called so, the first one; a second is an alias."""
    named = [
        Name(text=text, kind=_kind(subject.where, name))
        for name in subject.names
        if (text := _full(name))
    ]
    if not named:
        raise RowRefusedError(subject.where, "the subject has no name")
    primary = next((name for name in named if name.kind == "primary"), named[0])
    others = [
        Name(text=name.text, kind="alias" if name.kind == "primary" else name.kind)
        for name in named
        if name is not primary
    ]
    return collect_names(primary.text, [*others, *_non_latin(subject)])


def _full(name: SubjectName) -> str:
    return " ".join(" ".join(name.parts).split()).strip(" ;,")


def _kind(where: str, name: SubjectName) -> NameKind:
    kind = _NAME_KINDS.get(" ".join(name.type.split()).casefold())
    if kind is None:
        raise RowRefusedError(where, f"unknown name type {name.type!r}")
    strength = " ".join(name.strength.split()).casefold().rstrip(".")
    if strength not in _STRENGTHS:
        raise RowRefusedError(where, f"unknown alias strength {name.strength!r}")
    return kind if kind == "primary" else _STRENGTHS[strength] or kind


def _non_latin(subject: Subject) -> Iterator[Name]:
    for name in subject.non_latin_names:
        language = ", ".join(filter(None, (name.script, name.language)))
        if text := tidy(name.text).strip("،, "):
            yield Name(text=text, kind="alias", language=language or _NON_LATIN)


def _addresses(printed: Iterable[SubjectAddress]) -> Iterator[Address]:
    for address in printed:
        *street, city = (" ".join(line.split()).strip(" ,") for line in address.lines)
        street_line = ", ".join(filter(None, street))
        parts = (street_line, city, address.postal_code, address.country)
        if text := ", ".join(filter(None, parts)):
            yield Address(
                text=" ".join(text.split()),
                street=street_line or None,
                city=city or None,
                postal_code=address.postal_code or None,
                country=country_code(address.country),
            )


def _identifiers(documents: Iterable[Document]) -> Iterator[Identifier]:
    for document in documents:
        note = " ".join(document.note.split()) or None
        if document.kind == PASSPORT and document.number:
            yield Identifier(kind=PASSPORT, value=document.number, note=note)
        elif document.kind == IMO_NUMBER and document.number:
            yield Identifier(kind=IMO_NUMBER, value=_IMO.sub("", document.number).strip())
        else:
            yield from registrations(document.kind, document.number, note)


def _facts(subject: Subject) -> Iterator[Fact]:
    for kind, text in subject.texts:
        if kind == SANCTIONS_IMPOSED:
            yield from (
                Fact(kind=kind, value=sanction.strip())
                for sanction in text.split("|")
                if sanction.strip()
            )
        elif kind not in _NAMED_ELSEWHERE:
            yield Fact(kind=kind, value=text)
    for place in subject.birthplaces:
        text = ", ".join(filter(None, (place.town, place.country)))
        if text:
            yield Fact(kind="place_of_birth", value=" ".join(text.split()))
    for document in subject.documents:
        if not document.number and document.note:
            yield Fact(kind="document", value=f"{document.kind}: {document.note}")
