"""The page of a party, with all its listings and their history."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from http import HTTPStatus

import msgspec
from litestar import get, post
from litestar.response import Template

from abeyance_screening.engine.screening.answer import PartyAnswer, PartyHit
from abeyance_screening.engine.screening.changes import ListingState
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.wording.hits import gone_in_words, not_known_then
from abeyance_screening.engine.wording.parties import PartyFact, link_in_words, party_facts
from abeyance_screening.engine.wording.shapes import Scale
from abeyance_screening.engine.wording.titles import list_authority, list_title
from abeyance_screening.features.parties.api import TheSplits
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.pages.cards import MeasureRow, PageContext, RelatedLink, beside
from abeyance_screening.platform.pages.frame import (
    AddressDays,
    AnyRequest,
    Frame,
    ListingId,
    TheDesk,
    page,
    read_clocks,
    sent_form,
    text_of,
)
from abeyance_screening.primitives.errors import BadInputError

# --- The page of a party: its listings over all lists, why they are one, and its history.

_PAST_NOTE = (
    "Which listings are one party is decided by the newest editions of all lists, whatever day is "
    "asked about."
)


class PartyListing(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of the party, with its measures on the day."""

    id: str
    list_title: str
    authority: str
    name: str
    gone: str | None
    unsure: str | None
    rows: tuple[MeasureRow, ...]


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """What happened on a day to a listing of the party."""

    on: date
    list_title: str
    text: str


class PartyPage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page of a party."""

    id: str
    name: str
    facts: tuple[PartyFact, ...]
    listings: tuple[PartyListing, ...]
    scale: Scale
    evidence: tuple[str, ...]
    perhaps: tuple[RelatedLink, ...]
    related: tuple[RelatedLink, ...]
    history: tuple[HistoryLine, ...]
    note: str


@get("/parties/{listing_id:str}", opt=needs("read"), include_in_schema=False)
async def party_page(request: AnyRequest, listing_id: ListingId, desk: TheDesk) -> Template:
    """Show a party on the day asked about, by its id or that of any listing of it."""
    clocks, faults = read_clocks(request.query_params)
    now = desk.now()
    answer = await desk.party(listing_id, clocks.days(now))
    states = {each.listing.id: await desk.states(each.listing.id) for each in answer.listings}
    frame = Frame(
        title=answer.name,
        path=f"/parties/{answer.id}",
        section="/",
        now=now,
        clocks=clocks,
        faults=faults,
    )
    history = sorted(_history(answer, states), key=lambda each: each.on, reverse=True)
    content = _content(answer, PageContext.of(desk.board, frame), desk.current.get(), history)
    return page("party.html", frame, content)


def _content(
    answer: PartyAnswer, asking: PageContext, index: ListingIndex, history: Sequence[HistoryLine]
) -> PartyPage:
    listings = tuple(_listing(each, answer, asking) for each in answer.listings)
    return PartyPage(
        id=answer.id,
        name=answer.name,
        facts=party_facts(answer),
        listings=listings,
        scale=asking.scale(row for each in listings for row in each.rows),
        evidence=tuple(map(link_in_words, answer.evidence)),
        perhaps=tuple(beside(answer.perhaps, index)),
        related=tuple(beside(answer.related, index)),
        history=tuple(history),
        note=_PAST_NOTE,
    )


def _listing(hit: PartyHit, answer: PartyAnswer, asking: PageContext) -> PartyListing:
    listing = hit.listing
    prints = (listing, *(copy.listing for copy in hit.copies))
    return PartyListing(
        id=listing.id,
        list_title=list_title(listing.list_code),
        authority=list_authority(listing.list_code),
        name=listing.primary_name,
        gone=gone_in_words(hit.standing),
        unsure=not_known_then(hit.standing, answer.as_of, listing.citations),
        rows=tuple(asking.row(each, prints) for each in hit.measures),
    )


def _history(
    answer: PartyAnswer, states: Mapping[str, Sequence[ListingState]]
) -> Iterator[HistoryLine]:
    """Yield what the lists say of their days, and what our editions show."""
    for found in answer.listings:
        listing, title = found.listing, list_title(found.listing.list_code)
        if listing.listed_on is not None:
            yield HistoryLine(on=listing.listed_on, list_title=title, text="listed, by its list")
        if listing.delisted_on is not None:
            text = "taken off, by its list"
            yield HistoryLine(on=listing.delisted_on, list_title=title, text=text)
        for on, text in _seen(states[listing.id]):
            yield HistoryLine(on=on, list_title=title, text=text)


def _seen(states: Sequence[ListingState]) -> Iterator[tuple[date, str]]:
    """Yield when a listing was first in an edition, changed, and was in none any more."""
    begun = {(each.source, each.seen_on) for each in states}
    for state in states:
        changed = ", ".join(state.changed).replace("_", " ")
        yield (
            state.seen_on,
            f"changed: {changed}" if changed else "seen in an edition for the first time",
        )
        if state.until is not None and (state.source, state.until) not in begun:
            yield state.until, "no longer in the edition"


# --- A person's word that two parties are one, or are not.


class DecidedPage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page after a decision: what was decided, its number, and the way back."""

    one: str
    other: str
    are_one: bool
    number: int
    back: str


@post(
    "/parties/decision",
    opt=needs("register", change="party.join", local=True),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def decide_page(request: AnyRequest, desk: TheDesk, splits: TheSplits) -> Template:
    """Record that two parties of an answer are one, or are not, by the press of a button.

    The form has the ids of the parties as `one` and `other`, the `word` (`same` or `different`)
    and the `question` of the answer, to which the page leads back.
    """
    given, by = await sent_form(request), caller_of(request).author
    table = desk.current.get().parties
    one, other = (table.members(table.of(text_of(given, each))) for each in ("one", "other"))
    question, word = text_of(given, "question"), text_of(given, "word")
    because = "decided on the page of an answer"
    if word not in {"same", "different"}:
        raise BadInputError("word", "is neither same nor different")
    decide = splits.join if word == "same" else splits.split
    recorded = await decide(one, other, because, by)
    index = desk.current.get()
    named = [entry.primary_name(0) for entry in map(index.by_id, (one[0], other[0])) if entry]
    frame = Frame(
        title="Recorded",
        path="/parties/decision",
        section="/",
        now=desk.now(),
        clocks=AddressDays(),
    )
    content = DecidedPage(
        one=named[0],
        other=named[-1],
        are_one=word == "same",
        number=recorded.id,
        back=f"/?{question}",
    )
    return page("decided.html", frame, content)


PAGES = (party_page, decide_page)
