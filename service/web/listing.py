"""The page of one listing: everything its publisher prints, its measures, and our editions."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter
from litestar.response import Template

from service.lists.listing import Address, Identifier, Listing, NameKind
from service.screening.answer import ListingAnswer
from service.screening.changes import ListingState, versions_of
from service.web.badges import ActLink, day, links_to, safe_link
from service.web.frame import Frame, read_clocks
from service.web.lanes import Scale
from service.web.pages import AnyRequest, TheDesk, page
from service.web.rows import Asking, MeasureRow
from service.wording import licence_in_words, policies_in_words
from service.wording.answers import STATES
from service.wording.hits import acts_of_entry, gone_in_words, not_known_then
from service.wording.titles import country_name, list_authority, list_title

_KINDS: Mapping[NameKind, str] = MappingProxyType(
    {
        "primary": "Listed name",
        "alias": "Aliases",
        "weak_alias": "Weak aliases",
        "former": "Former names",
    }
)

ListingId = Annotated[str, PathParameter(max_length=200)]


class NamesOfKind(msgspec.Struct, frozen=True, kw_only=True):
    """The names of one kind, each with its language where the publisher prints one."""

    kind: str
    names: tuple[str, ...]


class ListingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A printed field of a listing: its name and its text."""

    name: str
    text: str


class ListingPage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page of one listing."""

    listing: Listing
    list_title: str
    authority: str
    names: tuple[NamesOfKind, ...]
    printed: tuple[ListingLine, ...]
    acts: tuple[ActLink, ...]
    url: str | None
    licence: str | None
    licence_notes: tuple[str, ...]
    standing: tuple[ListingLine, ...]
    unlisted: str | None
    gone: str | None
    unsure: str | None
    rows: tuple[MeasureRow, ...]
    conditions: tuple[MeasureRow, ...]
    scale: Scale
    copies: tuple[ListingLine, ...]
    versions: tuple[ListingState, ...]


@get("/listings/{listing_id:str}", include_in_schema=False)
async def listing_page(request: AnyRequest, listing_id: ListingId, desk: TheDesk) -> Template:
    """Show one listing on the day asked about."""
    clocks, faults = read_clocks(request.query_params)
    now = desk.now()
    answer = desk.listing(listing_id, clocks.days(now))
    frame = Frame(
        title=answer.listing.primary_name,
        path=f"/listings/{listing_id}",
        section="/",
        now=now,
        clocks=clocks,
        faults=faults,
    )
    asking = Asking.of(desk.board, frame)
    index = desk.current.get()
    entry = index.by_id(listing_id)
    versions = () if entry is None else versions_of(entry, index.lists)
    return page("listing.html", frame, _content(answer, asking, versions))


def _content(
    answer: ListingAnswer, asking: Asking, versions: tuple[ListingState, ...]
) -> ListingPage:
    listing = answer.listing
    prints = (listing, *(copy.listing for copy in answer.copies))
    rows = tuple(asking.row(each, prints) for each in answer.measures)
    terms = answer.licence
    return ListingPage(
        listing=listing,
        list_title=list_title(listing.list_code),
        authority=list_authority(listing.list_code),
        names=tuple(_names(listing)),
        printed=tuple(_printed(listing, answer.unknown_programmes)),
        acts=links_to(acts_of_entry(listing.citations)),
        url=safe_link(listing.source_url),
        licence=None if terms is None else licence_in_words(terms),
        licence_notes=() if terms is None else policies_in_words(terms),
        standing=tuple(_standing(answer)),
        unlisted=answer.on_no_list,
        gone=gone_in_words(answer.standing),
        unsure=not_known_then(answer.standing, answer.as_of, answer.listing.citations),
        rows=tuple(row for row in rows if row.measure.condition is None),
        conditions=tuple(row for row in rows if row.measure.condition is not None),
        scale=asking.scale(rows),
        copies=tuple(
            ListingLine(name=copy.source, text=", ".join(name.text for name in copy.listing.names))
            for copy in answer.copies
        ),
        versions=versions,
    )


def _names(listing: Listing) -> Iterable[NamesOfKind]:
    for kind, title in _KINDS.items():
        names = [each for each in listing.names if each.kind == kind]
        if names:
            texts = (
                each.text if each.language is None else f"{each.text} ({each.language})"
                for each in names
            )
            yield NamesOfKind(kind=title, names=tuple(texts))


def _printed(listing: Listing, unknown_programmes: tuple[str, ...]) -> Iterable[ListingLine]:
    single: tuple[tuple[str, str | None], ...] = (
        ("Could not be read", listing.unread),
        ("Type", listing.entity_type),
        ("Countries", ", ".join(map(country_name, listing.countries)) or None),
        ("Programmes", ", ".join(listing.programmes) or None),
        ("Programmes not in the register", ", ".join(unknown_programmes) or None),
        ("Listed on", _day(listing.listed_on)),
        ("Term ends on", _day(listing.expires_on)),
        ("Taken off on", _day(listing.delisted_on)),
        ("Licence requirement", listing.licence_requirement),
        ("Licence review policy", listing.licence_review_policy),
        ("Remarks", listing.remarks),
    )
    yield from (ListingLine(name=name, text=text) for name, text in single if text is not None)
    yield from (ListingLine(name="Address", text=_address(each)) for each in listing.addresses)
    yield from (ListingLine(name=each.kind, text=_number(each)) for each in listing.identifiers)
    yield from (
        ListingLine(name=each.kind.replace("_", " ").capitalize(), text=each.value)
        for each in listing.facts
    )


def _day(on: date | None) -> str | None:
    return None if on is None else day(on)


def _address(address: Address) -> str:
    return address.text if address.note is None else f"{address.text} ({address.note})"


def _number(identifier: Identifier) -> str:
    pieces = [identifier.value]
    if identifier.country is not None:
        pieces.append(country_name(identifier.country))
    if identifier.note is not None:
        pieces.append(identifier.note)
    return ", ".join(pieces)


def _standing(answer: ListingAnswer) -> Iterable[ListingLine]:
    standing, covered = answer.standing, answer.on_list
    yield ListingLine(name="First seen in our edition of", text=day(standing.first_seen_on))
    yield ListingLine(name="Read from", text=f"{standing.source}, edition {standing.edition}")
    state = STATES[covered.state]
    yield ListingLine(
        name="State of the list", text=state if covered.reason is None else covered.reason
    )
    if covered.published_on is not None:
        yield ListingLine(name="Edition published on", text=day(covered.published_on))
