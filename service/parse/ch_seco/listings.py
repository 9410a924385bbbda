"""A target of the Swiss list as a listing."""

import re
from collections.abc import Iterator, Sequence

from service.model.listing import Address, EntityType, Fact, Identifier, Listing
from service.parse.ch_seco.identities import Identity, PrintedDocument
from service.parse.ch_seco.reference import Reference, SanctionsSet
from service.parse.ch_seco.targets import Target

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
# A ship's number beside a company is that of a ship which the company owns.
_OF_SHIP = re.compile(r"\b(?:IMO|vessel|ship)\b", re.IGNORECASE)


def listing_of(target: Target, reference: Reference) -> Listing:
    """The listing, with an empty id that its whole list is needed for.

    `countries` are those of its addresses and nationalities. `programmes` are the English keys of
    the ordinances, `citations` their full names.

    Raises:
        RowRefusedError: the file lacks a set or a place that the target refers to.
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
        identifiers=tuple(dict.fromkeys((*numbered, *_told_numbers(target)))),
        programmes=tuple(dict.fromkeys(each.programme for each in sets)),
        citations=tuple(dict.fromkeys(filter(None, (each.ordinance for each in sets)))),
        listed_on=target.standing.listed_on,
        delisted_on=target.standing.delisted_on,
        remarks="\n".join(target.justifications) or None,
        facts=tuple(dict.fromkeys(_facts(target, sets, documents, reference))),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def _countries(addresses: Sequence[Address], identities: Sequence[Identity]) -> tuple[str, ...]:
    codes = [address.country for address in addresses]
    codes += [code for identity in identities for _, code in identity.nationalities]
    return tuple(dict.fromkeys(filter(None, codes)))


def _document(printed: PrintedDocument, reference: Reference) -> Identifier:
    """The document with the place where it was issued in its note."""
    note = _issued_at(printed, reference)
    one = printed.identifier
    return Identifier(
        kind=one.kind,
        value=one.value,
        country=one.country,
        issued_on=one.issued_on,
        expires_on=one.expires_on,
        note="; ".join(filter(None, (note, one.note))) or None,
    )


def _issued_at(printed: PrintedDocument, reference: Reference) -> str | None:
    if printed.issued_at is None:
        return None
    return f"issued in {printed.issued_at.address(reference).text}"


def _told_numbers(target: Target) -> Iterator[Identifier]:
    """The numbers that the list only tells in words."""
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
        yield from _births(identity, _DATES[target.entity_type], reference)
    yield from target.facts
    yield from (_unnumbered(each, reference) for each in documents if not each.identifier.value)
    yield from (Fact(kind="other_information", value=text) for text in target.information)
    for relation in target.relations:
        remark = None if relation.remark is None else f"({relation.remark})"
        said = (relation.kind, reference.name(relation.number), remark)
        yield Fact(kind="relation", value=" ".join(filter(None, said)))
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


def _unnumbered(printed: PrintedDocument, reference: Reference) -> Fact:
    one = printed.identifier
    said = (one.kind, one.country, _issued_at(printed, reference), one.note)
    return Fact(kind="document", value=", ".join(filter(None, said)))
