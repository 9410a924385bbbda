"""The page of drafts: what new documents say, for a person to confirm or correct."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import get_args

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from abeyance_screening.engine.measures.measure import Event, EventKind, Measure, UntilBound
from abeyance_screening.engine.measures.place_state import OpenDocument
from abeyance_screening.engine.measures.places import Proposal, place_of, places
from abeyance_screening.engine.wording.shapes import safe_link
from abeyance_screening.engine.wording.titles import measure_title
from abeyance_screening.features.watch.proposals.from_places import drafts_from
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.frame import AnyRequest, Frame, TheDesk, page, read_clocks
from abeyance_screening.platform.postgres.database import ConnectedStore
from abeyance_screening.platform.stores.places import open_documents

# As many documents as a person reads at one sitting, the oldest first.
DOCUMENTS = 20
IN_ENGLISH = "In English: "
"""How the note of a confirmed draft begins that has the act's words in English."""
KINDS: tuple[EventKind, ...] = get_args(EventKind)
BOUNDS: tuple[UntilBound, ...] = get_args(UntilBound)
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3000-\ufaff]")
# What a form says itself, or what a register adds.
_NOT_SENT = frozenset({"id", "words", "origin", "recorded_at", "recorded_by", "stored_at"})


class UnreadDocuments(ConnectedStore):
    """The documents of all places that no person has read yet."""

    async def every(self) -> tuple[OpenDocument, ...]:
        """Return them, oldest first."""
        async with self._connect() as connection:
            return await open_documents(connection, [each.id for each in places()])


TheUnread = NamedDependency[SkipValidation[UnreadDocuments]]


class DraftForm(msgspec.Struct, frozen=True, kw_only=True):
    """One draft of a document: what was read, the words that say so, and what is missing.

    `event` is the event as JSON, for the script to send with what the person changes. `measures`
    are the ids and titles to choose from, the one that is meant alone if it is certain.
    """

    number: int
    measures: tuple[tuple[str, str], ...]
    kind: EventKind
    effective_on: date | None
    until: date | None
    until_bound: UntilBound | None
    quote: str
    is_english: bool
    why: str
    missing: tuple[str, ...]
    event: str


class DraftCard(msgspec.Struct, frozen=True, kw_only=True):
    """One new document with its drafts; a gap has none and says what to look at."""

    document: int
    place: str
    place_title: str
    home: str | None
    title: str
    url: str | None
    dated_on: date | None
    is_gap: bool
    was_read: bool
    drafts: tuple[DraftForm, ...]


class DraftsView(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page; `more` counts documents beyond those shown."""

    cards: tuple[DraftCard, ...]
    more: int
    kinds: tuple[EventKind, ...] = KINDS
    bounds: tuple[UntilBound, ...] = BOUNDS


@get("/register/drafts", opt=needs("read"), include_in_schema=False)
async def drafts_page(request: AnyRequest, desk: TheDesk, unread: TheUnread) -> Template:
    """Show what new documents say, each finding with its words, to be confirmed by a person."""
    clocks, faults = read_clocks(request.query_params)
    frame = Frame(
        title="New documents",
        path="/register/drafts",
        section="/measures",
        now=desk.now(),
        clocks=clocks,
        faults=faults,
    )
    documents = await unread.every()
    measures = desk.board.register.measures
    cards = tuple(_card(each, measures) for each in documents[:DOCUMENTS])
    content = DraftsView(cards=cards, more=max(0, len(documents) - DOCUMENTS))
    return page("drafts.html", frame, content)


def _card(document: OpenDocument, measures: Sequence[Measure]) -> DraftCard:
    place = place_of(document.place)
    found = () if document.is_gap else drafts_from(document, measures)
    titles = {each.id: measure_title(each.id, each.title) for each in measures}
    return DraftCard(
        document=document.id,
        place=place.id,
        place_title=place.title,
        home=safe_link(place.home),
        title=document.title,
        url=safe_link(document.url),
        dated_on=document.dated_on,
        is_gap=document.is_gap,
        was_read=document.body is not None,
        drafts=tuple(_form(number, each, titles) for number, each in enumerate(found, start=1)),
    )


def _form(number: int, draft: Proposal, titles: dict[str, str]) -> DraftForm:
    ids: Iterable[str] = draft.candidates if draft.measure is None else (draft.measure,)
    return DraftForm(
        number=number,
        measures=tuple((each, titles[each]) for each in ids),
        kind=draft.event.kind,
        effective_on=draft.event.effective_on,
        until=draft.event.until,
        until_bound=draft.event.until_bound,
        quote=draft.quote,
        is_english=_OTHER_SCRIPT.search(draft.quote) is None,
        why=draft.why,
        missing=tuple(each for each in draft.missing if not each.startswith("event.confidence")),
        event=msgspec.json.encode(_sent(draft.event)).decode(),
    )


def _sent(event: Event) -> dict[str, object]:
    """Return the fields of an event that the endpoint takes, those without a value left out."""
    fields: dict[str, object] = msgspec.structs.asdict(event)
    return {
        name: value
        for name, value in fields.items()
        if name not in _NOT_SENT and value is not None
    }


PAGES = (drafts_page,)
